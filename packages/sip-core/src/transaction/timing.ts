import type { Instant } from '../machine.ts';
import type { Wheel } from '../wheel.ts';
import type { TimerName, TransactionAction } from './tables.ts';
import { type TransactionTimers, timerValue } from './timers.ts';
import { never, type Transaction } from './transaction.ts';

/** Carries out `start X`, `double X` or `hold X`. */
export function startTimer(
  transaction: Transaction,
  action: TransactionAction,
  now: Instant,
  timers: TransactionTimers,
  reliable: boolean,
): void {
  const name = timerOf(action);
  if (!repeats(name)) {
    const value = timerValue(name, timers, reliable, transaction.table);
    transaction.endTimer = value === undefined ? undefined : name;
    transaction.endAt = value === undefined ? never : now + value;
    return;
  }
  const interval = nextInterval(transaction, action, name, timers, reliable);
  if (interval === undefined) return;
  transaction.interval = interval;
  transaction.repeatTimer = name;
  transaction.repeatAt = now + interval;
}

/** Carries out `stop X`; nothing happens when X does not run. */
export function stopTimer(transaction: Transaction, action: TransactionAction): void {
  const name = timerOf(action);
  if (transaction.repeatTimer === name) {
    transaction.repeatTimer = undefined;
    transaction.repeatAt = never;
  } else if (transaction.endTimer === name) {
    transaction.endTimer = undefined;
    transaction.endAt = never;
  }
}

/** Stops the timer for which a transaction was woken, and names it. */
export function takeDue(transaction: Transaction): TimerName | undefined {
  const { repeatTimer, endTimer } = transaction;
  const due = transaction.repeatAt <= transaction.endAt ? repeatTimer : endTimer;
  if (due !== undefined) stopTimer(transaction, `stop ${due}`);
  return due;
}

/** Puts a transaction into the wheel for the earlier of its two timers. */
export function wakeAt(wheel: Wheel<Transaction>, transaction: Transaction): void {
  const at = Math.min(transaction.repeatAt, transaction.endAt);
  if (at === never) wheel.cancel(transaction);
  else if (transaction.slot < 0 || transaction.tick !== at) wheel.set(transaction, at);
}

function nextInterval(
  { interval, table }: Transaction,
  action: TransactionAction,
  name: TimerName,
  timers: TransactionTimers,
  reliable: boolean,
): number | undefined {
  if (action.startsWith('start ')) return timerValue(name, timers, reliable, table);
  if (action.startsWith('hold ')) return timers.t2;
  return name === 'A' ? interval * 2 : Math.min(interval * 2, timers.t2);
}

function timerOf(action: TransactionAction): TimerName {
  // The actions of timers are a verb, a space and the timer's name.
  return action.slice(action.indexOf(' ') + 1) as TimerName;
}

function repeats(name: TimerName): boolean {
  return name === 'A' || name === 'E' || name === 'G' || name === '100';
}
