/** States of a subscription at its notifier (RFC 6665 §4.2.2). */
export type NotifierState = 'init' | 'resp_wait' | 'pending' | 'active' | 'terminated';

/** What moves a subscription at its notifier. */
export type NotifierEvent = 'subscribe' | 'granted' | 'policy-needed' | 'notify-failed' | 'expired' | 'ended';

/** States of a subscription at its subscriber (RFC 6665 §4.1.2). */
export type SubscriberState = 'init' | 'notify_wait' | 'pending' | 'active' | 'terminated';

/** What moves a subscription at its subscriber. */
export type SubscriberEvent =
  | 'subscribe'
  | 'notified-active'
  | 'notified-pending'
  | 'notified-terminated'
  | 'timer-n'
  | 'refused'
  | 'expired'
  | 'retry';

/**
 * The notifier's diagram of RFC 6665 §4.2.2 as a table. An event without an entry leaves the state as it is.
 * A policy may also be taken back: 'active' goes to 'pending' when it is needed again.
 */
export const notifierStates: Readonly<
  Record<NotifierState, Readonly<Partial<Record<NotifierEvent, NotifierState>>>>
> = {
  init: { subscribe: 'resp_wait' },
  resp_wait: {
    granted: 'active',
    'policy-needed': 'pending',
    'notify-failed': 'terminated',
    expired: 'terminated',
    ended: 'terminated',
  },
  pending: { granted: 'active', 'notify-failed': 'terminated', expired: 'terminated', ended: 'terminated' },
  active: {
    'policy-needed': 'pending',
    'notify-failed': 'terminated',
    expired: 'terminated',
    ended: 'terminated',
  },
  terminated: {},
};

/** The subscriber's diagram of RFC 6665 §4.1.2 as a table. An event without an entry leaves the state as it is. */
export const subscriberStates: Readonly<
  Record<SubscriberState, Readonly<Partial<Record<SubscriberEvent, SubscriberState>>>>
> = {
  init: { subscribe: 'notify_wait' },
  notify_wait: {
    'notified-active': 'active',
    'notified-pending': 'pending',
    'notified-terminated': 'terminated',
    'timer-n': 'terminated',
    refused: 'terminated',
  },
  pending: {
    'notified-active': 'active',
    'notified-terminated': 'terminated',
    'timer-n': 'terminated',
    refused: 'terminated',
    expired: 'terminated',
  },
  active: {
    'notified-pending': 'pending',
    'notified-terminated': 'terminated',
    'timer-n': 'terminated',
    refused: 'terminated',
    expired: 'terminated',
  },
  terminated: { retry: 'init' },
};

/** Reason codes of `Subscription-State: terminated` (RFC 6665 §4.1.3). */
export type TerminationReason =
  | 'deactivated'
  | 'probation'
  | 'rejected'
  | 'timeout'
  | 'giveup'
  | 'noresource'
  | 'invariant';

/** What a subscriber does after a reason code. */
export interface ResubscribeRule {
  /** `now`, `later` (after Retry-After or a pause of the subscriber's own) or `never`. */
  readonly when: 'now' | 'later' | 'never';
  /** Whether `retry-after` has a meaning with this reason. */
  readonly retryAfter: boolean;
}

/** RFC 6665 §4.1.3, one line for each reason code. */
const resubscribeRules: Readonly<Record<TerminationReason, ResubscribeRule>> = {
  deactivated: { when: 'now', retryAfter: false },
  probation: { when: 'later', retryAfter: true },
  rejected: { when: 'never', retryAfter: false },
  timeout: { when: 'now', retryAfter: false },
  giveup: { when: 'later', retryAfter: true },
  noresource: { when: 'never', retryAfter: false },
  invariant: { when: 'never', retryAfter: false },
};

/** The rule for a reason code; an unknown or absent one allows another try, after `retry-after` if there is one. */
export function resubscribeRule(reason: string | undefined): ResubscribeRule {
  return reason !== undefined && Object.hasOwn(resubscribeRules, reason)
    ? // the key was just seen in the table
      resubscribeRules[reason as TerminationReason]
    : { when: 'later', retryAfter: true };
}

const endsUsage: ReadonlySet<number> = new Set([
  404, 405, 410, 416, 480, 481, 482, 483, 484, 485, 489, 501, 604,
]);

/**
 * Whether an error response to a refreshing SUBSCRIBE (RFC 6665 §4.1.2.2) or to a NOTIFY (§4.2.2) ends the
 * subscription; every other error leaves it as it was.
 */
export function endsSubscription(status: number): boolean {
  return endsUsage.has(status);
}
