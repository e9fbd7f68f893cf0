import {
  accept,
  allowEvents,
  contact,
  event,
  expires,
  minExpires,
  type SipRequest,
  set,
} from '@sip-simple/sip-core';
import { negotiate } from './accept.ts';
import { refused } from './errors.ts';
import type { EventPackage, ExpiryBounds } from './event-package.ts';

/** A SUBSCRIBE as far as its package understands it. */
export interface SubscribeRequest {
  readonly package: EventPackage;
  readonly eventId: string | undefined;
  readonly mediaType: string;
  /** The duration granted: not longer than asked for. */
  readonly seconds: number;
}

/**
 * Reads a SUBSCRIBE as RFC 6665 §4.2.1.1 says: known event package, acceptable body type, fitting duration.
 * @param packages the packages that are served
 * @throws EventsError `refused` with status 400, 406, 423 or 489
 * @throws SipError when a header field is malformed
 */
export function readSubscribe(
  request: SipRequest,
  packages: ReadonlyMap<string, EventPackage>,
): SubscribeRequest {
  // §4.2.3: without an Event header field it would be PINT, which is not served here
  const eventType = request.get(event);
  const eventPackage = eventType && packages.get(eventType.package);
  if (eventPackage === undefined) {
    throw refused(489, 'no such event package', 'RFC 6665 §4.2.1.1', set(allowEvents, ...packages.keys()));
  }
  const ranges = request.has(accept) ? request.getAll(accept) : undefined;
  const mediaType = negotiate(eventPackage.mediaTypes, ranges);
  if (mediaType === undefined) throw refused(406, 'no body type is accepted', 'RFC 6665 §4.1.2.1');
  const seconds = grantedSeconds(request, eventPackage.expires);
  const contacts = request.getAll(contact);
  if (contacts.length !== 1 || contacts[0] === '*') {
    throw refused(400, 'SUBSCRIBE needs one Contact, for our NOTIFYs', 'RFC 3261 §12.1.1');
  }
  return { package: eventPackage, eventId: eventType?.params.get('id'), mediaType, seconds };
}

/** RFC 6665 §4.2.1.1: 423 only above zero, below an hour and below the minimum. */
const oneHour = 3600;

function grantedSeconds(request: SipRequest, bounds: ExpiryBounds): number {
  const asked = request.get(expires) ?? bounds.default;
  if (asked > 0 && asked < oneHour && asked < bounds.min) {
    throw refused(423, 'the interval is too brief', 'RFC 6665 §4.2.1.1', set(minExpires, bounds.min));
  }
  return Math.min(asked, bounds.max);
}
