import {
  accept,
  acceptEncoding,
  allowEvents,
  contentEncoding,
  contentType,
  event,
  expires,
  minExpires,
  params,
  type SipRequest,
  set,
  sipIfMatch,
  unquote,
} from '@sip-simple/sip-core';
import { refused } from './errors.ts';
import type { EventPackage, ExpiryBounds, PublicationRules } from './event-package.ts';

/** A package that can be published. */
export interface PublishablePackage {
  readonly package: EventPackage;
  readonly rules: PublicationRules;
}

/** The body of a PUBLISH, read by its package. */
export interface PublishedBody {
  readonly bytes: Uint8Array;
  readonly mediaType: string;
  readonly charset: string | undefined;
  readonly document: unknown;
}

/**
 * The package that a PUBLISH is for (RFC 3903 §6 step 2).
 * @throws EventsError `refused` with status 489
 */
export function publishedPackage(
  request: SipRequest,
  packages: ReadonlyMap<string, PublishablePackage>,
): PublishablePackage {
  const found = packages.get(request.get(event)?.package ?? '');
  if (found !== undefined) return found;
  throw refused(489, 'no such event package', 'RFC 3903 §6', set(allowEvents, ...packages.keys()));
}

/**
 * The entity-tag that a PUBLISH is conditional on (step 3).
 * @throws EventsError `refused` with status 400 when there is more than one
 * @throws SipError when it is no token
 */
export function precondition(request: SipRequest): string | undefined {
  if (request.raw('SIP-If-Match').length > 1) throw refused(400, 'more than one entity-tag', 'RFC 3903 §6');
  return request.get(sipIfMatch);
}

/**
 * The interval granted (step 4): what was asked for or the default, at most the maximum.
 * @throws EventsError `refused` with status 423 when it is above zero and below the minimum
 */
export function grantedSeconds(request: SipRequest, bounds: ExpiryBounds): number {
  const asked = request.get(expires) ?? bounds.default;
  if (asked > 0 && asked < bounds.min) {
    throw refused(423, 'the interval is too brief', 'RFC 3903 §6', set(minExpires, bounds.min));
  }
  return Math.min(asked, bounds.max);
}

/**
 * Reads the body (step 5); `undefined` when there is none.
 * @throws EventsError `refused` with status 413 or 415
 * @throws what the package throws when the body is malformed
 */
export function publishedBody(
  request: SipRequest,
  rules: PublicationRules,
  maxBytes: number,
): PublishedBody | undefined {
  const { body } = request;
  if (body.length === 0) return undefined;
  if (body.length > maxBytes) throw refused(413, 'the body is too large', 'RFC 3261 §21.4.11');
  const isEncoded = (encoding: string): boolean => encoding.toLowerCase() !== 'identity';
  if (request.has(contentEncoding) && request.getAll(contentEncoding).some(isEncoded)) {
    const identity = { token: 'identity', params: params({}) };
    throw refused(415, 'the body is encoded', 'RFC 3261 §8.2.3', set(acceptEncoding, identity));
  }
  const value = request.get(contentType);
  const mediaType = value?.type;
  if (mediaType === undefined || !rules.mediaTypes.includes(mediaType)) {
    const types = rules.mediaTypes.map((type) => ({ type, params: params({}) }));
    throw refused(415, 'the body is of no type of this package', 'RFC 3903 §6', set(accept, ...types));
  }
  // a copy: the message's buffer holds much more, and goes
  const bytes = body.slice();
  const charset = unquote(value?.params.get('charset'));
  return { bytes, mediaType, charset, document: rules.read(bytes, mediaType, charset) };
}
