import {
  contact,
  createResponse,
  dialogFromNotify,
  event,
  expires,
  type Instant,
  type Machine,
  minExpires,
  retryAfter,
  type SipRequest,
  type SipResponse,
  type SubscriptionState,
  serializeUri,
  TimerWheel,
} from '@sip-simple/sip-core';
import { answerOf, refused } from './errors.ts';
import { headerOf, refreshAt } from './refresh.ts';
import {
  type Ending,
  endedByNotify,
  failedAttempt,
  pauseSeconds,
  refusedRefresh,
  silence,
} from './resubscription.ts';
import type {
  SubscribedPackage,
  SubscriberAction,
  SubscriberInput,
  SubscriberOptions,
} from './subscriber-io.ts';
import { Attempt, Leg, type Wanted } from './subscriber-leg.ts';
import { initialSubscribe, readNotify, subscribeHeaders } from './subscriber-requests.ts';
import { endsSubscription, subscriberStates } from './subscription-state.ts';
import { createTokens } from './tokens.ts';

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
  readonly #usages = new Map<string, Attempt | Leg>();
  /** Whose SUBSCRIBE a client transaction is. */
  readonly #awaited = new Map<string, Attempt | Leg>();
  readonly #timers = new TimerWheel<Attempt | Leg | Wanted>();
  readonly #token: () => string;
  #sent = 0;
  #now: Instant = 0;
  #actions: SubscriberAction[] = [];

  constructor(options: SubscriberOptions) {
    this.#options = options;
    this.#packages = new Map(options.packages.map((each) => [each.name, each]));
    this.#token = createTokens(options.random);
  }

  get deadline(): Instant | undefined {
    return this.#timers.deadline;
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
        if (input.response.status >= 200) this.#answered(input.id, input.response.status, input.response);
        break;
      case 'failed':
        this.#answered(input.id, input.reason === 'timeout' ? 408 : 503, undefined);
        break;
      case 'tick':
        for (const due of this.#timers.expire(now)) this.#timeUp(due);
        break;
    }
    return this.#actions;
  }

  #subscribe(asked: Input<'subscribe'>): void {
    const known = this.#packages.get(asked.event);
    if (known === undefined) throw new RangeError(`no event package ${asked.event}`);
    if (this.#wanted.has(asked.subscription)) throw new RangeError(`${asked.subscription} is subscribed`);
    const seconds = asked.expiresSeconds ?? known.expires.default;
    const wanted: Wanted = {
      asked,
      package: known,
      mediaTypes: asked.mediaTypes ?? known.mediaTypes,
      seconds,
      attempt: undefined,
      legs: new Set(),
      isEnding: seconds === 0,
      failures: 0,
    };
    this.#wanted.set(asked.subscription, wanted);
    this.#attempt(wanted);
  }

  /** §4.1.2.1, each time with a new Call-ID and tag (§4.1.2.2). */
  #attempt(wanted: Wanted): void {
    const { uri } = wanted.asked;
    const ids = { key: `attempt/${this.#token()}`, callId: this.#token(), localTag: this.#token() };
    const attempt = new Attempt(wanted, ids, this.#options.contact(uri), this.#now + this.#timerN());
    wanted.attempt = attempt;
    this.#usages.set(attempt.key, attempt);
    this.#options.dialogs.expect(attempt, attempt);
    this.#timers.set(attempt, attempt.timerN);
    this.#tell(wanted, { dialog: undefined, state: 'notify_wait' });
    this.#send(attempt, initialSubscribe(attempt));
  }

  #refresh(leg: Leg, seconds: number = leg.wanted.seconds): void {
    leg.refreshAt = undefined;
    leg.timerN = this.#now + this.#timerN();
    this.#timers.set(leg, leg.deadline);
    const headers = subscribeHeaders(leg.wanted, seconds);
    this.#send(leg, this.#options.dialogs.request(leg.dialog, 'SUBSCRIBE', { headers }));
  }

  #send(what: Attempt | Leg, request: SipRequest): void {
    this.#sent += 1;
    const id = `${this.#options.name ?? 'subscriber'}/${this.#sent}`;
    this.#awaited.set(id, what);
    this.#actions.push({ type: 'send', id, request });
  }

  /** §4.1.2.3; before the first NOTIFY there is no dialog yet, so its arrival is awaited. */
  #unsubscribe(name: string): void {
    const wanted = this.#wanted.get(name);
    if (wanted === undefined || wanted.isEnding) return;
    wanted.isEnding = true;
    for (const leg of wanted.legs) this.#refresh(leg, 0);
    if (wanted.legs.size === 0 && wanted.attempt === undefined) {
      // between two attempts
      this.#timers.cancel(wanted);
      this.#wanted.delete(name);
      this.#tell(wanted, { dialog: undefined, state: 'terminated' });
    }
  }

  #notified(input: Input<'request'>): void {
    const { request, transaction } = input;
    try {
      const usage = this.#usages.get(input.usage ?? '');
      if (usage === undefined) {
        if (!this.#packages.has(request.get(event)?.package ?? '')) {
          throw refused(489, 'no such event package', 'RFC 6665 §4.1.3');
        }
        throw refused(481, 'Subscription does not exist', 'RFC 6665 §4.1.3');
      }
      const { state, mediaType } = readNotify(request, usage.wanted);
      const leg = usage instanceof Leg ? usage : this.#begin(usage, input);
      this.#actions.push({ type: 'respond', transaction, response: createResponse(request, 200) });
      const { subscription } = leg.wanted.asked;
      const { body } = request;
      this.#take(leg, state, () =>
        this.#actions.push({ type: 'notified', subscription, dialog: leg.dialog, body, mediaType }),
      );
    } catch (error) {
      const { status, headers } = answerOf(error);
      const response = createResponse(request, status, { toTag: this.#token(), headers });
      this.#actions.push({ type: 'respond', transaction, response });
    }
  }

  /** §4.4.1: the NOTIFY makes the dialog, also each of several that a fork brings. */
  #begin(attempt: Attempt, { request, peer }: Input<'request'>): Leg {
    const { wanted, sequence } = attempt;
    const dialog = dialogFromNotify(request, { contact: attempt.contact, localSequence: sequence, peer });
    const leg = new Leg(`leg/${this.#token()}`, wanted, dialog.id, this.#now);
    this.#options.dialogs.open(dialog, leg);
    this.#usages.set(leg.key, leg);
    wanted.legs.add(leg);
    this.#schedule(leg, attempt.granted ?? wanted.seconds);
    // §5.4.9: further NOTIFYs are answered 481 once nothing expects them
    if (wanted.package.forks === 'one') this.#close(attempt);
    return leg;
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
    if (value.expires !== undefined) this.#schedule(leg, value.expires);
    else this.#timers.set(leg, leg.deadline);
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

  #schedule(leg: Leg, seconds: number): void {
    leg.expiresAt = this.#now + seconds * 1000;
    leg.refreshAt = leg.wanted.isEnding ? undefined : refreshAt(this.#now, seconds);
    // a fetch lasts no time, yet its NOTIFY says so itself
    if (leg.expiresAt <= this.#now) leg.expiresAt = this.#now + this.#timerN();
    this.#timers.set(leg, leg.deadline);
  }

  #answered(id: string, status: number, response: SipResponse | undefined): void {
    const what = this.#awaited.get(id);
    this.#awaited.delete(id);
    if (what === undefined || this.#usages.get(what.key) !== what) return;
    if (what instanceof Leg) this.#refreshed(what, status, response);
    else this.#initialAnswered(what, status, response);
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
      this.#close(attempt);
      wanted.seconds = minimum;
      this.#attempt(wanted);
      return;
    }
    const retryAfterSeconds = headerOf(response, retryAfter)?.seconds;
    this.#close(attempt);
    this.#over(wanted, undefined, failedAttempt(status, wanted.failures, retryAfterSeconds));
  }

  /** §4.1.2.2: which errors end a subscription; the others leave it until it expires. */
  #refreshed(leg: Leg, status: number, response: SipResponse | undefined): void {
    if (status < 300) {
      this.#retarget(leg, response);
      // RFC 5839 §4: 204 says that no NOTIFY will come
      if (status === 204) leg.timerN = undefined;
      const seconds = headerOf(response, expires);
      if (seconds !== undefined && seconds > 0) this.#schedule(leg, seconds);
      else this.#timers.set(leg, leg.deadline);
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
      this.#timers.set(leg, leg.deadline);
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
      this.#close(due);
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

  #close(attempt: Attempt): void {
    this.#timers.cancel(attempt);
    this.#usages.delete(attempt.key);
    this.#options.dialogs.unexpect(attempt, attempt.key);
    if (attempt.wanted.attempt === attempt) attempt.wanted.attempt = undefined;
  }

  #end(leg: Leg, ending: Ending): void {
    const { wanted } = leg;
    leg.state = subscriberStates[leg.state][ending.event] ?? 'terminated';
    this.#timers.cancel(leg);
    this.#usages.delete(leg.key);
    this.#options.dialogs.close(leg.dialog, leg.key);
    wanted.legs.delete(leg);
    if (this.#now - leg.since >= soonMs) wanted.failures = 0;
    if (wanted.legs.size > 0) {
      const { reason, status } = ending;
      this.#tell(wanted, { dialog: leg.dialog, state: 'terminated', reason, status });
    } else {
      if (wanted.attempt !== undefined) this.#close(wanted.attempt);
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
    else this.#timers.set(wanted, retryAt);
  }

  #tell(
    wanted: Wanted,
    change: Omit<Extract<SubscriberAction, { type: 'subscription' }>, 'type' | 'subscription'>,
  ): void {
    this.#actions.push({ type: 'subscription', subscription: wanted.asked.subscription, ...change });
  }

  #timerN(): number {
    return this.#options.timerN ?? 32_000;
  }
}
