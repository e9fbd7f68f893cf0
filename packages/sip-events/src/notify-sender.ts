import type { Instant } from '@sip-simple/sip-core';
import type { NotifierAction, NotifierOptions } from './notifier-io.ts';
import { finalNotify, liveNotify } from './notify-request.ts';
import type { Subscription } from './subscription.ts';
import type { TerminationReason } from './subscription-state.ts';

type Send = Extract<NotifierAction, { type: 'send' }>;

/** Makes the NOTIFYs of a notifier and knows which of them await an answer. */
export class NotifySender {
  readonly #options: NotifierOptions;
  readonly #name: string;
  /** Whose NOTIFY a client transaction is, until it is answered. */
  readonly #awaited: Map<string, Subscription> = new Map();
  #sent = 0;

  constructor(options: NotifierOptions) {
    this.#options = options;
    this.#name = options.name ?? 'notifier';
  }

  /** The next NOTIFY of a live subscription: with it the subscription knows the newest state. */
  next(subscription: Subscription, now: Instant): Send {
    const { dialogs, stateOf } = this.#options;
    const request = liveNotify(subscription, dialogs, stateOf, now);
    const id = this.#nextId();
    this.#awaited.set(id, subscription);
    subscription.outstanding += 1;
    subscription.isBehind = false;
    subscription.notBefore = now + (subscription.package.notifyInterval ?? 0) * 1000;
    return { type: 'send', id, request, to: dialogs.nextHop(subscription.dialog) };
  }

  /** The last NOTIFY of a subscription; nobody waits for its answer. */
  last(subscription: Subscription, reason: TerminationReason, retryAfterSeconds: number | undefined): Send {
    const { dialogs, stateOf } = this.#options;
    const request = finalNotify(subscription, dialogs, stateOf, reason, retryAfterSeconds);
    return { type: 'send', id: this.#nextId(), request, to: dialogs.nextHop(subscription.dialog) };
  }

  /** Takes the final answer of a NOTIFY; `undefined` for one that nobody waits for. */
  answered(id: string): Subscription | undefined {
    const subscription = this.#awaited.get(id);
    if (subscription === undefined) return undefined;
    this.#awaited.delete(id);
    subscription.outstanding -= 1;
    return subscription;
  }

  #nextId(): string {
    this.#sent += 1;
    return `${this.#name}/${this.#sent}`;
  }
}
