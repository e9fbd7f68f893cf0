import {
  canonicalAor,
  type Dialog,
  dialogFromRequest,
  from,
  type Instant,
  type Machine,
  retryAfter,
  Tokens,
} from '@sip-simple/sip-core';
import { busy, type EventsError, refusal, refused } from './errors.ts';
import type { EventPackage } from './event-package.ts';
import {
  type Decision,
  defaultNotifierLimits,
  type NotifierAction,
  type NotifierInput,
  type NotifierLimits,
  type NotifierOptions,
} from './notifier-io.ts';
import { NotifySender } from './notify-sender.ts';
import { headerOf } from './refresh.ts';
import type { FinalAnswer } from './sent-requests.ts';
import { readSubscribe, type SubscribeRequest } from './subscribe-request.ts';
import { acceptSubscribe } from './subscribe-response.ts';
import type { Subscription, WaitingSubscribe } from './subscription.ts';
import { SubscriptionKeeper } from './subscription-keeper.ts';
import { endsSubscription, type TerminationReason } from './subscription-state.ts';

type Input<T extends NotifierInput['type']> = Extract<NotifierInput, { type: T }>;
type Answerable = Pick<Input<'request'>, 'transaction' | 'request'>;

/**
 * The notifier of RFC 6665 §4.2: takes SUBSCRIBE requests, keeps subscriptions, sends NOTIFY requests.
 *
 * It owns no state of resources: `stateOf` is asked for it, and a 'state' input tells of a change. NOTIFYs that
 * such changes cause go out one at a time for each subscription; what changes meanwhile is told by one NOTIFY
 * after the answer. The NOTIFY that answers a SUBSCRIBE and the last one of a subscription never wait.
 */
export class Notifier implements Machine<NotifierInput, NotifierAction> {
  readonly #options: NotifierOptions;
  readonly #limits: NotifierLimits;
  readonly #packages: ReadonlyMap<string, EventPackage>;
  readonly #keeper: SubscriptionKeeper;
  readonly #sender: NotifySender;
  readonly #tokens: Tokens;
  #now: Instant = 0;
  #actions: NotifierAction[] = [];

  constructor(options: NotifierOptions) {
    this.#options = options;
    this.#limits = { ...defaultNotifierLimits, ...options.limits };
    this.#packages = new Map(options.packages.map((eventPackage) => [eventPackage.name, eventPackage]));
    this.#keeper = new SubscriptionKeeper({
      dialogs: options.dialogs,
      packages: this.#packages,
      isPersistent: options.isPersistent !== false,
      emit: (action) => this.#actions.push(action),
    });
    this.#sender = new NotifySender(options);
    this.#tokens = new Tokens(options.random);
  }

  /** How many subscriptions there are, those that wait for a decision included. */
  get size(): number {
    return this.#keeper.size;
  }

  get deadline(): Instant | undefined {
    return this.#keeper.deadline;
  }

  /** Whether a change of this resource would be told to anybody. */
  isWatched(event: string, resource: string): boolean {
    return this.#keeper.watched(event, resource) !== undefined;
  }

  handle(input: NotifierInput, now: Instant): readonly NotifierAction[] {
    this.#now = now;
    this.#actions = [];
    switch (input.type) {
      case 'request':
        if (input.request.method === 'SUBSCRIBE') this.#subscribe(input);
        break;
      case 'response':
      case 'failed':
        this.#answered(this.#sender.ended(input));
        break;
      case 'decision':
        this.#decide(input);
        break;
      case 'state':
        this.#stateChanged(input);
        break;
      case 'terminate':
        this.#terminate(input);
        break;
      case 'restore':
        this.#keeper.restore(input.key, input.record);
        break;
      case 'tick':
        for (const subscription of this.#keeper.due(now)) this.#timeUp(subscription);
        break;
    }
    return this.#actions;
  }

  #subscribe(input: Input<'request'>): void {
    try {
      const asked = readSubscribe(input.request, this.#packages);
      if (input.usage === undefined) this.#begin(input, asked);
      else this.#refresh(input, asked);
    } catch (error) {
      this.#actions.push(refusal(input, error, this.#tokens.next()));
    }
  }

  /** RFC 6665 §4.2.1.1: a new subscription, or a fetch when it lasts no time. */
  #begin(input: Input<'request'>, asked: SubscribeRequest): void {
    const { request, transaction, peer, dialog } = input;
    const { seconds } = asked;
    const resource = this.#options.resourceOf(request);
    if (resource === undefined) throw refused(404, 'nobody is watched under this URI', 'RFC 3261 §8.2.2.1');
    const watcher = this.#options.watcherOf?.(request) ?? canonicalAor(request.get(from)?.uri ?? '');
    const to = { ...asked, resource, watcher };
    if (this.#keeper.isFull(to, this.#limits)) throw this.#busy();
    const subscription = this.#keeper.add(`sub/${this.#tokens.next()}`, to);
    subscription.waiting = { transaction, request, peer, seconds, dialog };
    if (this.#options.policy === 'allow') {
      this.#answer(subscription, subscription.waiting, 'allow');
    } else {
      this.#keeper.wake(subscription, this.#now + this.#limits.decisionSeconds * 1000);
      const { key, event } = subscription;
      this.#actions.push({ type: 'authorize', subscription: key, watcher, resource, event, request });
    }
  }

  /** Answers the SUBSCRIBE that began a subscription, now that its policy has spoken. */
  #answer(subscription: Subscription, waiting: WaitingSubscribe, decision: Decision): void {
    const { request, peer, seconds } = waiting;
    try {
      if (decision === 'block') throw refused(403, 'the watcher is blocked', 'RFC 6665 §4.2.1.3');
      const dialog =
        waiting.dialog ??
        dialogFromRequest(request, {
          localTag: this.#tokens.next(),
          contact: this.#options.contact(request, peer),
          peer,
        });
      subscription.waiting = undefined;
      subscription.dialog = dialog.id;
      this.#options.dialogs.open(dialog, subscription);
      this.#admit(subscription, decision);
      this.#accept(subscription, waiting, dialog, seconds);
    } catch (error) {
      this.#actions.push(refusal(waiting, error, this.#tokens.next()));
      this.#keeper.remove(subscription, 'rejected');
    }
  }

  /** RFC 6665 §4.2.1.4; a refresh that lasts no time ends the subscription. */
  #refresh(input: Input<'request'>, asked: SubscribeRequest): void {
    const subscription = this.#keeper.get(input.usage ?? '');
    if (subscription === undefined || input.dialog === undefined) {
      throw refused(481, 'the usage is no subscription', 'RFC 6665 §4.2.1.4');
    }
    // RFC 3856 §6.7: "the Accept header field in the most recent SUBSCRIBE request"
    subscription.mediaType = asked.mediaType;
    this.#accept(subscription, input, input.dialog, asked.seconds);
  }

  /** Answers 200 and sends a NOTIFY at once, whatever the state of authorization (RFC 6665 §4.2.1.2). */
  #accept(subscription: Subscription, input: Answerable, dialog: Dialog, seconds: number): void {
    const { request, transaction } = input;
    const response = acceptSubscribe(request, dialog, seconds, this.#packages.keys());
    subscription.expiresAt = this.#now + seconds * 1000;
    const notify =
      seconds === 0 ? this.#lastNotify(subscription, 'timeout') : this.#sender.next(subscription, this.#now);
    subscription.watched.settle();
    if (seconds > 0) {
      this.#keeper.wake(subscription, subscription.expiresAt);
      this.#keeper.save(subscription);
    }
    this.#actions.push({ type: 'respond', transaction, response }, notify);
  }

  #busy(): EventsError {
    return busy('too many subscriptions', 'RFC 3261 §21.5.4', this.#limits.retryAfterSeconds);
  }

  #decide(input: Input<'decision'>): void {
    const subscription = this.#keeper.get(input.subscription);
    if (subscription === undefined) return;
    const { waiting } = subscription;
    subscription.view = input.view ?? '';
    if (waiting !== undefined) {
      this.#answer(subscription, waiting, input.decision);
    } else if (input.decision === 'block') {
      this.#end(subscription, 'rejected');
    } else {
      this.#admit(subscription, input.decision);
      subscription.isBehind = true;
      subscription.notBefore = this.#now;
      this.#keeper.save(subscription);
      this.#catchUp(subscription);
    }
  }

  #admit(subscription: Subscription, decision: 'allow' | 'confirm' | 'polite-block'): void {
    subscription.isPolitelyBlocked = decision === 'polite-block';
    this.#keeper.move(subscription, decision === 'confirm' ? 'policy-needed' : 'granted');
  }

  #stateChanged({ event, resource, state }: Input<'state'>): void {
    const watched = this.#keeper.watched(event, resource);
    if (watched === undefined) return;
    watched.changed(state);
    for (let each = watched.first; each !== undefined; each = each.nextWatcher) {
      if (each.state !== 'active' || each.isPolitelyBlocked) continue;
      each.isBehind = true;
      this.#catchUp(each);
    }
    watched.settle();
  }

  /** Sends what a subscription has missed, unless a NOTIFY is still out or it is too soon. */
  #catchUp(subscription: Subscription): void {
    if (!subscription.isBehind || subscription.outstanding > 0) return;
    if (this.#now < subscription.notBefore) {
      this.#keeper.wake(subscription, Math.min(subscription.notBefore, subscription.expiresAt));
    } else {
      const notify = this.#sender.next(subscription, this.#now);
      this.#keeper.saveSequence(subscription);
      this.#actions.push(notify);
    }
  }

  /** RFC 6665 §4.2.2: which failures end a subscription, and which only lose this NOTIFY. */
  #answered(answer: FinalAnswer<Subscription> | undefined): void {
    if (answer === undefined || answer.of.state === 'terminated') return;
    const { of: subscription, status, response } = answer;
    if (status === 408 || endsSubscription(status)) {
      this.#keeper.remove(subscription, 'notify-failed');
      return;
    }
    const seconds = status === 503 ? headerOf(response, retryAfter)?.seconds : undefined;
    if (seconds !== undefined) {
      subscription.isBehind = true;
      subscription.notBefore = this.#now + seconds * 1000;
    }
    this.#catchUp(subscription);
  }

  #timeUp(subscription: Subscription): void {
    if (subscription.waiting !== undefined) {
      this.#answer(subscription, subscription.waiting, 'confirm');
    } else if (this.#now >= subscription.expiresAt) {
      this.#end(subscription, 'timeout');
    } else {
      this.#keeper.wake(subscription, subscription.expiresAt);
      this.#catchUp(subscription);
    }
  }

  #terminate(input: Input<'terminate'>): void {
    const { reason, retryAfterSeconds, event, resource, subscription: key } = input;
    for (const subscription of this.#keeper.all()) {
      if (key !== undefined && subscription.key !== key) continue;
      if (event !== undefined && subscription.event !== event) continue;
      if (resource !== undefined && subscription.watched.resource !== resource) continue;
      this.#end(subscription, reason, retryAfterSeconds);
    }
  }

  /** Ends a subscription with its last NOTIFY, or with an error when its SUBSCRIBE is not answered yet. */
  #end(subscription: Subscription, reason: TerminationReason, retryAfterSeconds?: number | undefined): void {
    if (subscription.waiting === undefined) {
      this.#actions.push(this.#lastNotify(subscription, reason, retryAfterSeconds));
    } else {
      this.#actions.push(refusal(subscription.waiting, this.#busy(), this.#tokens.next()));
      this.#keeper.remove(subscription, reason);
    }
  }

  /** Makes the last NOTIFY; its answer changes nothing any more. */
  #lastNotify(
    subscription: Subscription,
    reason: TerminationReason,
    retryAfterSeconds?: number | undefined,
  ): NotifierAction {
    const last = this.#sender.last(subscription, reason, retryAfterSeconds);
    this.#keeper.remove(subscription, reason);
    return last;
  }
}
