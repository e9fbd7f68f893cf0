import type { Instant } from '@sip-simple/sip-core';
import type { NotifierAction, NotifierInput, NotifierOptions } from './notifier-io.ts';
import { finalNotify, liveNotify } from './notify-request.ts';
import { type FinalAnswer, SentRequests } from './sent-requests.ts';
import type { Subscription } from './subscription.ts';
import type { TerminationReason } from './subscription-state.ts';

type Send = Extract<NotifierAction, { type: 'send' }>;

/** Makes the NOTIFYs of a notifier and knows which of them await an answer. */
export class NotifySender {
  readonly #options: NotifierOptions;
  readonly #sent: SentRequests<Subscription>;

  constructor(options: NotifierOptions) {
    this.#options = options;
    this.#sent = new SentRequests(options.name ?? 'notifier');
  }

  /** The next NOTIFY of a live subscription: with it the subscription knows the newest state. */
  next(subscription: Subscription, now: Instant): Send {
    const { dialogs, stateOf } = this.#options;
    const request = liveNotify(subscription, dialogs, stateOf, now);
    subscription.outstanding += 1;
    subscription.isBehind = false;
    subscription.notBefore = now + (subscription.package.notifyInterval ?? 0) * 1000;
    return this.#sent.send(request, subscription, dialogs.nextHop(subscription.dialog));
  }

  /** The last NOTIFY of a subscription; nobody waits for its answer. */
  last(subscription: Subscription, reason: TerminationReason, retryAfterSeconds: number | undefined): Send {
    const { dialogs, stateOf } = this.#options;
    const request = finalNotify(subscription, dialogs, stateOf, reason, retryAfterSeconds);
    return this.#sent.send(request, undefined, dialogs.nextHop(subscription.dialog));
  }

  /** Takes what became of a NOTIFY; `undefined` for what nobody waits for. */
  ended(
    outcome: Extract<NotifierInput, { type: 'response' | 'failed' }>,
  ): FinalAnswer<Subscription> | undefined {
    const answer = this.#sent.ended(outcome);
    if (answer !== undefined) answer.of.outstanding -= 1;
    return answer;
  }
}
