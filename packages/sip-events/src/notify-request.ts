import { type Dialogs, type Instant, type SipRequest, set } from '@sip-simple/sip-core';
import { eventText } from './event-match.ts';
import type { Subscription } from './subscription.ts';
import type { TerminationReason } from './subscription-state.ts';
import type { Shown } from './watched.ts';

/** Gives the state of a resource; `undefined` for the neutral one. */
export type StateOf = (event: string, resource: string) => unknown;

/**
 * Makes the NOTIFY of a live subscription: its state, the seconds left, and the body of its class of watchers.
 * @see RFC 6665 §4.2.2
 */
export function liveNotify(
  subscription: Subscription,
  dialogs: Dialogs,
  stateOf: StateOf,
  now: Instant,
): SipRequest {
  // rounded down: "MUST NOT be used to lengthen a subscription"
  const left = Math.max(0, Math.floor((subscription.expiresAt - now) / 1000));
  const state = `${subscription.state};expires=${left}`;
  return build(subscription, dialogs, state, bodyFor(subscription, stateOf));
}

/**
 * Makes the last NOTIFY of a subscription. One that ran out carries the state, as polls need it (RFC 6665
 * §4.4.3); the other reasons leave nothing to show.
 */
export function finalNotify(
  subscription: Subscription,
  dialogs: Dialogs,
  stateOf: StateOf,
  reason: TerminationReason,
  retryAfterSeconds: number | undefined,
): SipRequest {
  const retryAfter = retryAfterSeconds === undefined ? '' : `;retry-after=${retryAfterSeconds}`;
  const body = reason === 'timeout' ? bodyFor(subscription, stateOf) : undefined;
  return build(subscription, dialogs, `terminated;reason=${reason}${retryAfter}`, body);
}

function bodyFor(subscription: Subscription, stateOf: StateOf): Uint8Array {
  const { watched, mediaType, view } = subscription;
  return watched.body(shownTo(subscription), mediaType, view, () =>
    stateOf(watched.package.name, watched.resource),
  );
}

/** RFC 6665 §6.2: one who is blocked politely is shown the neutral state as if it were true. */
function shownTo(subscription: Subscription): Shown {
  if (subscription.isPolitelyBlocked) return 'hidden';
  return subscription.state === 'pending' ? 'pending' : 'state';
}

function build(
  subscription: Subscription,
  dialogs: Dialogs,
  state: string,
  body: Uint8Array | undefined,
): SipRequest {
  const headers = [set('Event', eventText(subscription)), set('Subscription-State', state)];
  const hasBody = body !== undefined && body.length > 0;
  return dialogs.request(subscription.dialog, 'NOTIFY', {
    headers,
    body: hasBody ? body : undefined,
    contentType: hasBody ? subscription.mediaType : undefined,
  });
}
