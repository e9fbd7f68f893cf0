import { type Dialogs, type Instant, Wheel } from '@sip-simple/sip-core';
import type { EventPackage } from './event-package.ts';
import type { NotifierAction, NotifierLimits } from './notifier-io.ts';
import { readSubscriptionRecord, type Subscription } from './subscription.ts';
import { type NotifierEvent, notifierStates, type TerminationReason } from './subscription-state.ts';
import { type SubscribedTo, SubscriptionTable } from './subscription-table.ts';
import type { Watched } from './watched.ts';

/** What a keeper works with. */
export interface KeeperParts {
  readonly dialogs: Dialogs;
  readonly packages: ReadonlyMap<string, EventPackage>;
  readonly isPersistent: boolean;
  /** Where its actions go, in order. */
  readonly emit: (action: NotifierAction) => void;
}

/** Keeps the subscriptions of a notifier: their states, timers, dialogs and records. */
export class SubscriptionKeeper {
  readonly #parts: KeeperParts;
  readonly #table = new SubscriptionTable();
  readonly #timers = new Wheel<Subscription>();

  constructor(parts: KeeperParts) {
    this.#parts = parts;
  }

  get size(): number {
    return this.#table.size;
  }

  get deadline(): Instant | undefined {
    return this.#timers.deadline;
  }

  get(key: string): Subscription | undefined {
    return this.#table.get(key);
  }

  all(): readonly Subscription[] {
    return [...this.#table.all()];
  }

  watched(event: string, resource: string): Watched | undefined {
    return this.#table.watched(event, resource);
  }

  isFull(to: SubscribedTo, limits: NotifierLimits): boolean {
    return this.#table.isFull(to.package.name, to.resource, to.watcher, limits);
  }

  add(key: string, to: SubscribedTo): Subscription {
    const subscription = this.#table.add(key, to);
    this.move(subscription, 'subscribe');
    return subscription;
  }

  /** Has a subscription come up in `due` at a moment; one moment for each subscription. */
  wake(subscription: Subscription, at: Instant): void {
    this.#timers.set(subscription, at);
  }

  due(now: Instant): readonly Subscription[] {
    return this.#timers.expire(now);
  }

  /** Moves a subscription along its table of states, and tells of it. */
  move(subscription: Subscription, event: NotifierEvent, reason?: TerminationReason | 'notify-failed'): void {
    const state = notifierStates[subscription.state][event];
    if (state === undefined) return;
    subscription.state = state;
    // nobody but its SUBSCRIBE knows of it yet
    if (state === 'resp_wait') return;
    const { key, watcher, watched } = subscription;
    const { resource } = watched;
    this.#parts.emit({
      type: 'changed',
      subscription: key,
      event: subscription.event,
      resource,
      watcher,
      state,
      reason,
    });
  }

  /**
   * Stores a subscription, and with it that its dialog has used {@link SEQUENCE_BLOCK} more CSeq numbers than it
   * has, so that the next NOTIFYs need not be stored. After a crash the dialog goes on behind them; its peer takes
   * the gap for NOTIFYs that were lost (RFC 3261 §12.2.2).
   */
  save(subscription: Subscription): void {
    if (!this.#parts.isPersistent) return;
    const dialog = this.#parts.dialogs.get(subscription.dialog);
    if (dialog === undefined) return;
    const { key, expiresAt } = subscription;
    const localSequence = (dialog.localSequence ?? 0) + SEQUENCE_BLOCK;
    subscription.storedSequence = localSequence;
    const record = subscription.toRecord({ ...dialog, localSequence });
    this.#parts.emit({ type: 'save', key, record, expiresAt });
  }

  /** Stores a subscription whose dialog has used up the CSeq numbers that were stored as used. */
  saveSequence(subscription: Subscription): void {
    const last = this.#parts.dialogs.lastSequence(subscription.dialog) ?? 0;
    if (last > subscription.storedSequence) this.save(subscription);
  }

  remove(subscription: Subscription, reason: TerminationReason | 'notify-failed'): void {
    this.#timers.cancel(subscription);
    this.#table.remove(subscription);
    if (subscription.dialog !== '') {
      this.#parts.dialogs.close(subscription.dialog, subscription.key);
      if (this.#parts.isPersistent) this.#parts.emit({ type: 'forget', key: subscription.key });
    }
    this.move(subscription, eventOf(reason), reason);
  }

  /**
   * Takes a subscription back from the store; its dialog goes on with the next CSeq.
   * @throws EventsError `record`
   */
  restore(key: string, record: Uint8Array): void {
    const stored = readSubscriptionRecord(record);
    const { dialogs, packages, emit } = this.#parts;
    const eventPackage = packages.get(stored.event);
    if (this.#table.get(key) !== undefined) return;
    if (eventPackage === undefined) {
      emit({ type: 'forget', key });
      return;
    }
    const subscription = this.#table.add(key, { ...stored, package: eventPackage });
    subscription.resume(stored);
    dialogs.open(stored.dialog, subscription);
    // of several subscriptions in one dialog, the record written last knows the CSeq
    const known = dialogs.get(stored.dialog.id)?.localSequence ?? 0;
    if (known < (stored.dialog.localSequence ?? 0)) dialogs.update(stored.dialog);
    this.wake(subscription, subscription.expiresAt);
  }
}

/** CSeq numbers stored ahead: a write is saved for each, and 2^31 of them last for longer than any dialog. */
const SEQUENCE_BLOCK = 64;

function eventOf(reason: TerminationReason | 'notify-failed'): NotifierEvent {
  if (reason === 'notify-failed') return reason;
  return reason === 'timeout' ? 'expired' : 'ended';
}
