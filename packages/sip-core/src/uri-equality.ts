import { normalizeEscapes } from './escapes.ts';
import type { Params } from './params.ts';
import { parseUri, type SipUri, serializeUri, type Uri } from './uri.ts';

export { normalizeEscapes };

/**
 * Says whether two URIs are equivalent. Not transitive: a parameter that only one of them has is ignored.
 * URIs of other schemes are equal when their text is.
 *
 * @see RFC 3261 §19.1.4
 */
export function uriEquals(a: Uri | string, b: Uri | string): boolean {
  const left = typeof a === 'string' ? parseUri(a) : a;
  const right = typeof b === 'string' ? parseUri(b) : b;
  if (left.type === 'other' || right.type === 'other') return serializeUri(left) === serializeUri(right);
  return (
    left.scheme === right.scheme &&
    left.port === right.port &&
    left.host.toLowerCase() === right.host.toLowerCase() &&
    normal(left.user) === normal(right.user) &&
    normal(left.password) === normal(right.password) &&
    paramsMatch(left.params, right.params) &&
    paramsMatch(right.params, left.params) &&
    headersMatch(left.headers, right.headers)
  );
}

/**
 * Gives the index form of an address-of-record: parameters and headers removed, host in lower case, escapes of
 * characters that need none undone, the scheme's default port dropped. `pres:` and `im:` keep their scheme.
 * Reserved characters stay escaped, so that no two users share a form.
 *
 * @throws SipError `uri`
 * @see RFC 3261 §10.3 step 5
 */
export function canonicalAor(uri: Uri | string): string {
  const value = typeof uri === 'string' ? parseUri(uri) : uri;
  if (value.type === 'sip') {
    const user = value.user === undefined ? '' : normalizeEscapes(value.user);
    const password = value.password === undefined ? '' : `:${normalizeEscapes(value.password)}`;
    const isDefaultPort = value.port === undefined || value.port === (value.scheme === 'sip' ? 5060 : 5061);
    const port = isDefaultPort ? '' : `:${value.port}`;
    return `${value.scheme}:${user}${password}${user === '' ? '' : '@'}${value.host.toLowerCase()}${port}`;
  }
  // RFC 3859 §3: "PRES-URI = "pres:" [ to ] [ headers ]"; RFC 3860 §3 the same for im.
  const [address = ''] = value.rest.split('?', 1);
  const sign = address.lastIndexOf('@');
  if (sign === -1) return `${value.scheme}:${normalizeEscapes(address)}`;
  return `${value.scheme}:${normalizeEscapes(address.slice(0, sign))}@${address.slice(sign + 1).toLowerCase()}`;
}

/** A parameter of these in only one URI never matches (§19.1.4). */
const significant: ReadonlySet<string> = new Set(['user', 'ttl', 'method', 'maddr', 'transport']);

function paramsMatch(ours: Params, theirs: Params): boolean {
  for (const [name, value] of ours) {
    if (!theirs.has(name)) {
      if (significant.has(name)) return false;
      continue;
    }
    const theirsValue = theirs.get(name);
    // Methods are case-sensitive (§7.1), all other values are not.
    if (name === 'method' ? normal(value) !== normal(theirsValue) : fold(value) !== fold(theirsValue))
      return false;
  }
  return true;
}

function headersMatch(ours: SipUri['headers'], theirs: SipUri['headers']): boolean {
  if (ours.length !== theirs.length) return false;
  const form = (headers: SipUri['headers']): string =>
    headers
      .map(([name, value]) => `${normalizeEscapes(name).toLowerCase()}=${normalizeEscapes(value)}`)
      .sort()
      .join('&');
  return form(ours) === form(theirs);
}

function normal(text: string | undefined): string | undefined {
  return text === undefined ? undefined : normalizeEscapes(text);
}

function fold(text: string | undefined): string | undefined {
  return text === undefined ? undefined : normalizeEscapes(text).toLowerCase();
}
