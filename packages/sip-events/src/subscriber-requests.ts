import {
  contentType,
  createRequest,
  expires,
  type HeaderEdit,
  type SipRequest,
  type SubscriptionState,
  set,
  subscriptionState,
} from '@sip-simple/sip-core';
import { refused } from './errors.ts';
import { eventText } from './event-match.ts';
import { type Attempt, keyOf, type Wanted } from './subscriber-leg.ts';

/** The SUBSCRIBE outside of a dialog that begins an attempt (RFC 6665 §4.1.2.1). */
export function initialSubscribe(attempt: Attempt): SipRequest {
  const { wanted } = attempt;
  const { uri, from } = wanted.asked;
  const headers = [
    set('From', `<${from}>;tag=${attempt.localTag}`),
    set('To', `<${uri}>`),
    set('Call-ID', attempt.callId),
    set('CSeq', `${attempt.sequence} SUBSCRIBE`),
    set('Contact', attempt.contact),
    ...subscribeHeaders(wanted, wanted.seconds),
  ];
  return createRequest({ method: 'SUBSCRIBE', uri, headers });
}

/** What every SUBSCRIBE says, in a dialog and outside. */
export function subscribeHeaders(wanted: Wanted, seconds: number): HeaderEdit[] {
  return [
    set('Event', eventText(keyOf(wanted))),
    set(expires, seconds),
    set('Accept', wanted.mediaTypes.join(', ')),
  ];
}

/** A NOTIFY as far as a subscriber reads it. */
export interface Notification {
  readonly state: SubscriptionState;
  readonly mediaType: string | undefined;
}

/**
 * Reads a NOTIFY of a subscription.
 * @throws EventsError `refused` with status 400 without Subscription-State, 415 for a body that was not accepted
 * @throws SipError when a header field is malformed
 * @see RFC 6665 §4.1.3
 */
export function readNotify(request: SipRequest, wanted: Wanted): Notification {
  const state = request.get(subscriptionState);
  if (state === undefined) throw refused(400, 'NOTIFY without Subscription-State', 'RFC 6665 §4.1.3');
  if (request.body.length === 0) return { state, mediaType: undefined };
  const mediaType = request.get(contentType)?.type;
  if (mediaType !== undefined && wanted.mediaTypes.includes(mediaType)) return { state, mediaType };
  const types = wanted.mediaTypes.join(', ');
  throw refused(415, 'the body is of no type we accept', 'RFC 6665 §3.2.1', set('Accept', types));
}
