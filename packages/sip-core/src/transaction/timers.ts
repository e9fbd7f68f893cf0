import type { TimerName, TransactionTable } from './tables.ts';
import { inviteServer } from './tables.ts';

/** The three values all timers are made of, in milliseconds (RFC 3261 appendix A). */
export interface TransactionTimers {
  /** Round-trip time estimate; smaller values are for closed private networks only (§17.1.1.2). */
  readonly t1: number;
  /** The longest interval between retransmissions of non-INVITE requests and INVITE responses. */
  readonly t2: number;
  /** How long a message may remain in the network. */
  readonly t4: number;
}

/** RFC 3261's values: 500 ms, 4 s and 5 s. */
export const defaultTimers: TransactionTimers = { t1: 500, t2: 4000, t4: 5000 };

/**
 * The first value of a timer in milliseconds; `undefined` for one that does not run on this transport.
 *
 * @see RFC 3261 appendix A, RFC 6026 §8.11, RFC 4320 §4.1
 */
export function timerValue(
  name: TimerName,
  { t1, t2, t4 }: TransactionTimers,
  reliable: boolean,
  table: TransactionTable,
): number | undefined {
  switch (name) {
    case 'A':
    case 'E':
    case 'G':
      return reliable ? undefined : t1;
    case 'B':
    case 'F':
    case 'H':
    case 'L':
    case 'M':
      return 64 * t1;
    case 'D':
      // §17.1.1.2: at least 32 s, whatever T1 is here: the server's T1 is not known.
      return reliable ? 0 : Math.max(32_000, 64 * t1);
    case 'J':
      return reliable ? 0 : 64 * t1;
    case 'I':
    case 'K':
      return reliable ? 0 : t4;
    case '100':
      return table === inviteServer ? 200 : timeUntilSlow(t1, t2);
  }
}

/** How long a client's timer E takes to be reset to T2: when RFC 4320 §4.1 wants the 100. */
function timeUntilSlow(t1: number, t2: number): number {
  let elapsed = 0;
  for (let interval = t1; interval < t2; interval *= 2) elapsed += interval;
  return elapsed;
}
