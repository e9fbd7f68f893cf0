import type { Uri } from '../uri.ts';
import { canonicalAor } from '../uri-equality.ts';

/**
 * The address-of-record that a URI means, in the form that bindings are kept under; `undefined` when it can be none.
 * Users of presence and instant messages are those of SIP (RFC 3859 §2, RFC 3860 §2).
 *
 * @see RFC 3261 §10.3 step 5
 */
export function addressOf(uri: Uri): string | undefined {
  if (uri.type === 'sip') return canonicalAor(uri);
  if (uri.scheme !== 'im' && uri.scheme !== 'pres') return undefined;
  return `sip:${canonicalAor(uri).slice(uri.scheme.length + 1)}`;
}

/** The domain of such a URI, in lower case; empty when it has none. */
export function domainOf(uri: Uri): string {
  if (uri.type === 'sip') return uri.host.toLowerCase();
  const address = addressOf(uri) ?? '';
  return address.slice(address.lastIndexOf('@') + 1);
}
