import {
  accept,
  acceptEncoding,
  contentEncoding,
  contentType,
  type MediaType,
  params,
  type SipRequest,
  set,
} from '@sip-simple/sip-core';
import { refused } from './errors.ts';

/**
 * Checks that the body of a MESSAGE is one that can be read, and not too large.
 *
 * @param mediaTypes those that can be; `undefined` for any
 * @returns its media type; `undefined` when there is no body
 * @throws PageModeError `refused` with status 400, 413 or 415
 * @see RFC 3261 §8.2.3, §21.4.13
 */
export function checkedBody(
  request: SipRequest,
  mediaTypes: readonly string[] | undefined,
  maxBytes: number,
): MediaType | undefined {
  const { length } = request.body;
  if (length > maxBytes) throw refused(413, 'the body is too large', 'RFC 3261 §21.4.11');
  const media = request.get(contentType);
  if (length === 0) return media;
  if (media === undefined) throw refused(400, 'a body without Content-Type', 'RFC 3261 §20.15');
  const isEncoded = request.getAll(contentEncoding).some((encoding) => encoding.toLowerCase() !== 'identity');
  if (isEncoded) {
    const identity = { token: 'identity', params: params({}) };
    throw refused(415, 'the body is encoded', 'RFC 3261 §8.2.3', set(acceptEncoding, identity));
  }
  if (mediaTypes !== undefined && !mediaTypes.includes(media.type)) {
    const types = mediaTypes.map((type) => ({ type, params: params({}) }));
    throw refused(415, `the body is ${media.type}`, 'RFC 3261 §8.2.3', set(accept, ...types));
  }
  return media;
}
