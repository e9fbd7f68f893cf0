import {
  type Dialogs,
  dialogFromNotify,
  type Instant,
  type Peer,
  type SipRequest,
  TimerWheel,
  type Tokens,
} from '@sip-simple/sip-core';
import { refreshAt } from './refresh.ts';
import { Attempt, Leg, type Wanted } from './subscriber-leg.ts';

/** What a keeper works with. */
export interface SubscriberKeeperParts {
  readonly dialogs: Dialogs;
  readonly tokens: Tokens;
  /** Milliseconds to wait for a NOTIFY. */
  readonly timerN: number;
}

/** Keeps the attempts and legs of a subscriber: their dialogs, what is expected of them, and when they are due. */
export class SubscriberKeeper {
  readonly #parts: SubscriberKeeperParts;
  readonly #usages = new Map<string, Attempt | Leg>();
  readonly #timers = new TimerWheel<Attempt | Leg | Wanted>();

  constructor(parts: SubscriberKeeperParts) {
    this.#parts = parts;
  }

  get deadline(): Instant | undefined {
    return this.#timers.deadline;
  }

  due(now: Instant): readonly (Attempt | Leg | Wanted)[] {
    return this.#timers.expire(now);
  }

  get(key: string): Attempt | Leg | undefined {
    return this.#usages.get(key);
  }

  /** Whether this has not ended meanwhile. */
  has(usage: Attempt | Leg): boolean {
    return this.#usages.get(usage.key) === usage;
  }

  /** A new attempt, with a Call-ID and tag of its own (RFC 6665 §4.1.2.2). */
  attempt(wanted: Wanted, contact: string, now: Instant): Attempt {
    const { tokens, timerN, dialogs } = this.#parts;
    const ids = { key: `attempt/${tokens.next()}`, callId: tokens.next(), localTag: tokens.next() };
    const attempt = new Attempt(wanted, ids, contact, now + timerN);
    wanted.attempt = attempt;
    this.#usages.set(attempt.key, attempt);
    dialogs.expect(attempt, attempt);
    this.#timers.set(attempt, attempt.timerN);
    return attempt;
  }

  /** §4.4.1: the NOTIFY makes the dialog, also each of several that a fork brings. */
  begin(attempt: Attempt, notify: SipRequest, peer: Peer, now: Instant): Leg {
    const { wanted, contact, sequence } = attempt;
    const { tokens, dialogs } = this.#parts;
    const dialog = dialogFromNotify(notify, { contact, localSequence: sequence, peer });
    const leg = new Leg(`leg/${tokens.next()}`, wanted, dialog.id, now);
    dialogs.open(dialog, leg);
    this.#usages.set(leg.key, leg);
    wanted.legs.add(leg);
    this.lasts(leg, attempt.granted ?? wanted.seconds, now);
    // §5.4.9: further NOTIFYs are answered 481 once nothing expects them
    if (wanted.package.forks === 'one') this.close(attempt);
    return leg;
  }

  /** A leg lasts `seconds` from now, and is refreshed before. */
  lasts(leg: Leg, seconds: number, now: Instant): void {
    leg.expiresAt = now + seconds * 1000;
    leg.refreshAt = leg.wanted.isEnding ? undefined : refreshAt(now, seconds);
    // a fetch lasts no time, yet its NOTIFY says so itself
    if (leg.expiresAt <= now) leg.expiresAt = now + this.#parts.timerN;
    this.wake(leg);
  }

  /** From now on a NOTIFY is awaited, and nothing else. */
  awaitNotify(leg: Leg, now: Instant): void {
    leg.refreshAt = undefined;
    leg.timerN = now + this.#parts.timerN;
    this.wake(leg);
  }

  /** Has a leg come up in `due` at the next of its moments. */
  wake(leg: Leg): void {
    this.#timers.set(leg, leg.deadline);
  }

  /** Has what is wanted come up in `due`, to be tried again. */
  retry(wanted: Wanted, at: Instant): void {
    this.#timers.set(wanted, at);
  }

  /** Nothing is to be tried again. */
  giveUp(wanted: Wanted): void {
    this.#timers.cancel(wanted);
  }

  /** Ends an attempt: NOTIFYs that come for it later are answered 481. */
  close(attempt: Attempt): void {
    this.#timers.cancel(attempt);
    this.#usages.delete(attempt.key);
    this.#parts.dialogs.unexpect(attempt, attempt.key);
    if (attempt.wanted.attempt === attempt) attempt.wanted.attempt = undefined;
  }

  /** Ends a leg. */
  remove(leg: Leg): void {
    this.#timers.cancel(leg);
    this.#usages.delete(leg.key);
    this.#parts.dialogs.close(leg.dialog, leg.key);
    leg.wanted.legs.delete(leg);
  }
}
