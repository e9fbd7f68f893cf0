import { canonicalAor, parseUri, SipError, serializeUri, type Uri } from '@sip-simple/sip-core';

/**
 * The URI that a MESSAGE to somebody has as its Request-URI, and in To: without the header components of the URI,
 * and without its `method`.
 *
 * @throws SipError `uri`
 * @see RFC 3261 §19.1.1 table 1, RFC 5365 §7.3
 */
export function addressee(uri: string | Uri): string {
  const value = typeof uri === 'string' ? parseUri(uri) : uri;
  if (value.type === 'other') return serializeUri(value);
  if (!value.params.has('method')) return serializeUri({ ...value, headers: [] });
  const params = new Map(value.params);
  params.delete('method');
  return serializeUri({ ...value, params, headers: [] });
}

/**
 * By what two URIs are taken for the same destination: their address-of-record, which makes fewer differences than
 * RFC 3261 §19.1.4 does, so that what counts as equal there is never sent to side by side.
 */
export function destinationKey(uri: string): string {
  try {
    return canonicalAor(uri);
  } catch (error) {
    if (error instanceof SipError) return uri;
    throw error;
  }
}
