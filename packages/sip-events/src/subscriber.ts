import {
  contact,
  createResponse,
  event,
  expires,
  type Instant,
  type Machine,
  minExpires,
  retryAfter,
  type SipResponse,
  type SubscriptionState,
  serializeUri,
  Tokens,
} from '@sip-simple/sip-core';
import { refusal, refused } from './errors.ts';
import { headerOf } from './refresh.ts';
import {
  type Ending,
  endedByNotify,
  failedAttempt,
  pauseSeconds,
  refusedRefresh,
  silence,
} from './resubscription.ts';
import { type FinalAnswer, SentRequests } from './sent-requests.ts';
import type {
  SubscribedPackage,
  SubscriberAction,
  SubscriberInput,
  SubscriberOptions,
} from './subscriber-io.ts';
import { SubscriberKeeper } from './subscriber-keeper.ts';
import { Attempt, Leg, type Wanted, wantedOf } from './subscriber-leg.ts';
import { initialSubscribe, readNotify, subscribeHeaders } from './subscriber-requests.ts';
import { endsSubscription, subscriberStates } from './subscription-state.ts';

type Input<T extends SubscriberInput['type']> = Extract<SubscriberInput, { type: T }>;

/** A subscription that lives shorter than this counts as a failure when it ends. */
const soonMs = 60_000;

/**
 * The subscriber of RFC 6665 §4.1: subscribes, refreshes, takes NOTIFYs, and subscribes again when a reason code
 * allows it, with growing pauses when that ends soon again.
 *
 * The dialog is made by the NOTIFY, never by the 2xx (§4.4.1), so a NOTIFY may come first, and several notifiers
 * may answer one SUBSCRIBE that forked; a package whose `forks` is `one` keeps the first of them.
 */
export class Subscriber implements Machine<SubscriberInput, SubscriberAction> {
  readonly #options: SubscriberOptions;
  readonly #packages: ReadonlyMap<string, SubscribedPackage>;
  readonly #wanted = new Map<string, Wanted>();
  readonly #keeper: SubscriberKeeper;
  readonly #sent: SentRequests<Attempt | Leg>;
  readonly #tokens: Tokens;
  #now: Instant = 0;
  #actions: SubscriberAction[] = [];

  constructor(options: SubscriberOptions) {
    this.#options = options;
    this.#packages = new Map(options.packages.map((each) => [each.name, each]));
    this.#tokens = new Tokens(options.random);
    this.#sent = new SentRequests(options.name ?? 'subscriber', options.authenticator);
    const { dialogs, timerN = 32_000 } = options;
    this.#keeper = new SubscriberKeeper({ dialogs, tokens: this.#tokens, timerN });
  }

  get deadline(): Instant | undefined {
    return this.#keeper.deadline;
  }

  handle(input: SubscriberInput, now: Instant): readonly SubscriberAction[] {
    this.#now = now;
    this.#actions = [];
    switch (input.type) {
      case 'subscribe':
        this.#subscribe(input);
        break;
      case 'refresh':
        for (const leg of this.#wanted.get(input.subscription)?.legs ?? []) this.#refresh(leg);
        break;
      case 'unsubscribe':
        this.#unsubscribe(input.subscription);
        break;
      case 'request':
        if (input.request.method === 'NOTIFY') this.#notified(input);
        break;
      case 'response':
      case 'failed':
        this.#answered(this.#sent.ended(input));
        break;
      case 'tick':
        for (const due of this.#keeper.due(now)) this.#timeUp(due);
        break;
    }
    return this.#actions;
  }

  #subscribe(asked: Input<'subscribe'>): void {
    const known = this.#packages.get(asked.event);
    if (known === undefined) throw new RangeError(`no event package ${asked.event}`);
    if (this.#wanted.has(asked.subscription)) throw new RangeError(`${asked.subscription} is subscribed`);
    const wanted = wantedOf(asked, known);
    this.#wanted.set(asked.subscription, wanted);
    this.#attempt(wanted);
  }

  #attempt(wanted: Wanted): void {
    const attempt = this.#keeper.attempt(wanted, this.#options.contact(wanted.asked.uri), this.#now);
    this.#tell(wanted, { dialog: undefined, state: 'notify_wait' });
    this.#actions.push(this.#sent.send(initialSubscribe(attempt), attempt));
  }

  #refresh(leg: Leg, seconds: number = leg.wanted.seconds): void {
    const { dialogs } = this.#options;
    this.#keeper.awaitNotify(leg, this.#now);
    const headers = subscribeHeaders(leg.wanted, seconds);
    const request = dialogs.request(leg.dialog, 'SUBSCRIBE', { headers });
    this.#actions.push(this.#sent.send(request, leg));
  }

  /** §4.1.2.3; before the first NOTIFY there is no dialog yet, so its arrival is awaited. */
  #unsubscribe(name: string): void {
    const wanted = this.#wanted.get(name);
    if (wanted === undefined || wanted.isEnding) return;
    wanted.isEnding = true;
    for (const leg of wanted.legs) this.#refresh(leg, 0);
    if (wanted.legs.size === 0 && wanted.attempt === undefined) {
      // between two attempts
      this.#keeper.giveUp(wanted);
      this.#wanted.delete(name);
      this.#tell(wanted, { dialog: undefined, state: 'terminated' });
    }
  }

  #notified(input: Input<'request'>): void {
    const { request, transaction } = input;
    try {
      const usage = this.#keeper.get(input.usage ?? '');
      if (usage === undefined) {
        if (!this.#packages.has(request.get(event)?.package ?? '')) {
          throw refused(489, 'no such event package', 'RFC 6665 §4.1.3');
        }
        throw refused(481, 'Subscription does not exist', 'RFC 6665 §4.1.3');
      }
      const { state, mediaType } = readNotify(request, usage.wanted);
      const leg = usage instanceof Leg ? usage : this.#keeper.begin(usage, request, input.peer, this.#now);
      this.#actions.push({ type: 'respond', transaction, response: createResponse(request, 200) });
      const { subscription } = leg.wanted.asked;
      const { body } = request;
      this.#take(leg, state, () =>
        this.#actions.push({ type: 'notified', subscription, dialog: leg.dialog, body, mediaType }),
      );
    } catch (error) {
      this.#actions.push(refusal(input, error, this.#tokens.next()));
    }
  }

  /** §4.1.3: what each value of Subscription-State means. */
  #take(leg: Leg, value: SubscriptionState, deliver: () => void): void {
    const { wanted } = leg;
    leg.timerN = undefined;
    if (value.state === 'terminated') {
      deliver();
      this.#end(leg, endedByNotify(value));
      return;
    }
    if (value.expires !== undefined) this.#keeper.lasts(leg, value.expires, this.#now);
    else this.#keeper.wake(leg);
    // a state that no RFC knows yet is not "active"; it changes nothing that is known
    const isPending = value.state !== 'active' && leg.state === 'notify_wait';
    const event = value.state === 'active' ? 'notified-active' : 'notified-pending';
    const isKnown = value.state === 'active' || value.state === 'pending' || isPending;
    const next = isKnown ? subscriberStates[leg.state][event] : undefined;
    if (next !== undefined && next !== leg.state) {
      leg.state = next;
      this.#tell(wanted, { dialog: leg.dialog, state: next, expiresAt: leg.expiresAt });
    }
    deliver();
    // unsubscribed while the first NOTIFY was awaited
    const isToEnd = wanted.isEnding && wanted.seconds > 0 && next !== undefined && leg.since === this.#now;
    if (isToEnd) this.#refresh(leg, 0);
  }

  #answered(answer: FinalAnswer<Attempt | Leg> | undefined): void {
    if (answer === undefined || !this.#keeper.has(answer.of)) return;
    const { of: usage, status, response } = answer;
    if (answer.isChallenged) this.#sendAgain(usage);
    else if (usage instanceof Leg) this.#refreshed(usage, status, response);
    else this.#initialAnswered(usage, status, response);
  }

  /** With credentials and the next CSeq (RFC 3261 §22.2). */
  #sendAgain(usage: Attempt | Leg): void {
    if (usage instanceof Leg) this.#refresh(usage, usage.wanted.isEnding ? 0 : undefined);
    else this.#actions.push(this.#sent.send(initialSubscribe(usage.again()), usage));
  }

  #initialAnswered(attempt: Attempt, status: number, response: SipResponse | undefined): void {
    const { wanted } = attempt;
    if (status < 300) {
      attempt.granted = headerOf(response, expires);
      return;
    }
    // a NOTIFY said already that it worked
    if (wanted.legs.size > 0) return;
    const minimum = headerOf(response, minExpires) ?? 0;
    if (status === 423 && minimum > wanted.seconds) {
      this.#keeper.close(attempt);
      wanted.seconds = minimum;
      this.#attempt(wanted);
      return;
    }
    const retryAfterSeconds = headerOf(response, retryAfter)?.seconds;
    this.#keeper.close(attempt);
    this.#over(wanted, undefined, failedAttempt(status, wanted.failures, retryAfterSeconds));
  }

  /** §4.1.2.2: which errors end a subscription; the others leave it until it expires. */
  #refreshed(leg: Leg, status: number, response: SipResponse | undefined): void {
    if (status < 300) {
      this.#retarget(leg, response);
      // RFC 5839 §4: 204 says that no NOTIFY will come
      if (status === 204) leg.timerN = undefined;
      const seconds = headerOf(response, expires);
      if (seconds !== undefined && seconds > 0) this.#keeper.lasts(leg, seconds, this.#now);
      else this.#keeper.wake(leg);
    } else if (endsSubscription(status)) {
      this.#end(leg, refusedRefresh(status));
    } else if (status !== 408) {
      leg.timerN = undefined;
      const minimum = headerOf(response, minExpires) ?? 0;
      if (status === 423 && minimum > leg.wanted.seconds) {
        leg.wanted.seconds = minimum;
        this.#refresh(leg);
        return;
      }
      const pause = headerOf(response, retryAfter)?.seconds ?? (leg.expiresAt - this.#now) / 2000;
      leg.refreshAt = this.#now + Math.max(pause, 1) * 1000;
      this.#keeper.wake(leg);
    }
  }

  /** RFC 3261 §12.2.1.2: a 2xx to SUBSCRIBE may name a new target. */
  #retarget(leg: Leg, response: SipResponse | undefined): void {
    const target = headerOf(response, contact);
    const dialog = this.#options.dialogs.get(leg.dialog);
    if (dialog === undefined || target === undefined || target === '*') return;
    this.#options.dialogs.update({ ...dialog, remoteTarget: serializeUri(target.uri) });
  }

  #timeUp(due: Attempt | Leg | Wanted): void {
    if (due instanceof Attempt) {
      // §4.1.2.4: later NOTIFYs find nothing that expects them and are answered 481
      this.#keeper.close(due);
      const { wanted } = due;
      if (wanted.legs.size > 0) return;
      this.#over(wanted, undefined, failedAttempt(408, wanted.failures));
    } else if (due instanceof Leg) {
      if (due.timerN !== undefined && this.#now >= due.timerN) {
        this.#end(due, silence('timer-n'));
      } else if (this.#now >= due.expiresAt) this.#end(due, silence('expired'));
      else this.#refresh(due);
    } else this.#attempt(due);
  }

  #end(leg: Leg, ending: Ending): void {
    const { wanted } = leg;
    leg.state = subscriberStates[leg.state][ending.event] ?? 'terminated';
    this.#keeper.remove(leg);
    if (this.#now - leg.since >= soonMs) wanted.failures = 0;
    if (wanted.legs.size > 0) {
      const { reason, status } = ending;
      this.#tell(wanted, { dialog: leg.dialog, state: 'terminated', reason, status });
    } else {
      if (wanted.attempt !== undefined) this.#keeper.close(wanted.attempt);
      this.#over(wanted, leg.dialog, ending);
    }
  }

  /** Nothing is left of a subscription: ends it, or sets the moment to try again. */
  #over(wanted: Wanted, dialog: string | undefined, ending: Ending): void {
    const { reason, status } = ending;
    const { subscription } = wanted.asked;
    const seconds = wanted.isEnding ? undefined : pauseSeconds(ending, wanted.failures);
    if (seconds === undefined) {
      this.#wanted.delete(subscription);
      this.#tell(wanted, { dialog, state: 'terminated', reason, status });
      return;
    }
    wanted.failures += 1;
    const retryAt = this.#now + seconds * 1000;
    this.#tell(wanted, { dialog, state: 'terminated', reason, status, retryAt });
    if (seconds === 0) this.#attempt(wanted);
    else this.#keeper.retry(wanted, retryAt);
  }

  #tell(
    wanted: Wanted,
    change: Omit<Extract<SubscriberAction, { type: 'subscription' }>, 'type' | 'subscription'>,
  ): void {
    this.#actions.push({ type: 'subscription', subscription: wanted.asked.subscription, ...change });
  }
}
