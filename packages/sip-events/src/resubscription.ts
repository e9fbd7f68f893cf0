import type { SubscriptionState } from '@sip-simple/sip-core';
import { type ResubscribeRule, resubscribeRule, type SubscriberEvent } from './subscription-state.ts';

/** Why a subscription or an attempt is over, and what may be tried next. */
export interface Ending {
  readonly event: SubscriberEvent;
  readonly rule: ResubscribeRule;
  readonly reason?: string | undefined;
  readonly status?: number | undefined;
  readonly retryAfterSeconds?: number | undefined;
}

const never: ResubscribeRule = { when: 'never', retryAfter: false };
const later: ResubscribeRule = { when: 'later', retryAfter: true };
const now: ResubscribeRule = { when: 'now', retryAfter: false };

/** The end that a NOTIFY says (RFC 6665 §4.1.3). */
export function endedByNotify({ reason, retryAfter }: SubscriptionState): Ending {
  const rule = resubscribeRule(reason);
  const retryAfterSeconds = rule.retryAfter ? retryAfter : undefined;
  return { event: 'notified-terminated', rule, reason, retryAfterSeconds };
}

/**
 * The end of an attempt without any NOTIFY. One that never stood is the caller's to repeat; a subscription that
 * stood before is tried again after errors that pass.
 */
export function failedAttempt(status: number, failures: number, retryAfterSeconds?: number): Ending {
  const isTransient = status === 408 || status === 480 || (status >= 500 && status < 600);
  const rule = failures > 0 && isTransient ? later : never;
  return { event: status === 408 ? 'timer-n' : 'refused', rule, status, retryAfterSeconds };
}

/** The end that an error response to a refresh means: 481 says that the notifier has lost it, and a new one is the cure. */
export function refusedRefresh(status: number): Ending {
  return { event: 'refused', rule: status === 481 ? now : never, status };
}

/** The end for want of a NOTIFY, or of a refresh that worked. */
export function silence(event: 'timer-n' | 'expired'): Ending {
  return { event, rule: later, status: event === 'timer-n' ? 408 : undefined };
}

const firstPauseSeconds = 30;
const longestPauseSeconds = 1800;

/**
 * Seconds to wait before the next try, `undefined` for none. Ends that come soon after each other make it longer,
 * so that no notifier is hammered, and what the notifier asked for is kept.
 * @param failures how many such ends there were in a row
 */
export function pauseSeconds({ rule, retryAfterSeconds = 0 }: Ending, failures: number): number | undefined {
  if (rule.when === 'never') return undefined;
  const isAtOnce = rule.when === 'now' && failures === 0;
  const pause = isAtOnce ? 0 : Math.min(firstPauseSeconds * 2 ** failures, longestPauseSeconds);
  return Math.max(pause, retryAfterSeconds);
}
