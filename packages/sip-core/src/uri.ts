import {
  HOST,
  PASSWORD,
  skipClass,
  skipEscapable,
  TOKEN,
  URI,
  URI_HEADER,
  URI_PARAM,
  USER,
} from './chars.ts';
import { SipError } from './errors.ts';
import { normalizeEscapes } from './escapes.ts';
import { addParam, noParams, type Params, paramName } from './params.ts';
import { readText, type Source } from './source.ts';

/** A `sip:` or `sips:` URI; the parts as written, escapes kept (RFC 3261 §19.1). */
export interface SipUri {
  readonly type: 'sip';
  readonly scheme: 'sip' | 'sips';
  /** As written, escaped. */
  readonly user?: string | undefined;
  readonly password?: string | undefined;
  /** A name, an IPv4 address, or an IPv6 reference in its brackets. */
  readonly host: string;
  readonly port?: number | undefined;
  readonly params: Params;
  /** Header components: names and values as written, escaped, in order. */
  readonly headers: readonly (readonly [name: string, value: string])[];
}

/** Any other absolute URI: `tel:`, `pres:`, `im:`, ... */
export interface OtherUri {
  readonly type: 'other';
  /** Lower case. */
  readonly scheme: string;
  /** What follows the colon, as written. */
  readonly rest: string;
}

export type Uri = SipUri | OtherUri;

/**
 * Reads a URI.
 *
 * @throws SipError `uri`, `duplicate` (a parameter twice, §19.1.1), `limit`
 * @see RFC 3261 §19.1.1, §25.1
 */
export function parseUri(text: string): Uri {
  return readText(text, readUri);
}

/** Reads the URI from `start` to `end`. */
export function readUri(source: Source, start: number, end: number): Uri {
  const { bytes } = source;
  const isSip =
    ((bytes[start] ?? 0) | 0x20) === 0x73 &&
    ((bytes[start + 1] ?? 0) | 0x20) === 0x69 &&
    ((bytes[start + 2] ?? 0) | 0x20) === 0x70;
  if (isSip && start + 4 <= end) {
    if (bytes[start + 3] === COLON) return readSipUri(source, 'sip', start + 4, end);
    if (((bytes[start + 3] ?? 0) | 0x20) === 0x73 && start + 5 <= end && bytes[start + 4] === COLON) {
      return readSipUri(source, 'sips', start + 5, end);
    }
  }
  // "scheme = ALPHA *( ALPHA / DIGIT / "+" / "-" / "." )"; what else a token may hold is refused below.
  const colon = skipClass(bytes, start, end, TOKEN);
  const scheme = source.slice(start, colon).toLowerCase();
  if (colon === end || bytes[colon] !== COLON || !/^[a-z][a-z0-9+.-]*$/.test(scheme)) {
    throw bad('a URI has no scheme', start);
  }
  const stop = skipEscapable(bytes, colon + 1, end, URI);
  if (stop < end || colon + 1 === end) throw bad('a URI holds a character that must be escaped', stop);
  return { type: 'other', scheme, rest: source.slice(colon + 1, end) };
}

/** Writes a URI. */
export function serializeUri(uri: Uri): string {
  if (uri.type === 'other') return `${uri.scheme}:${uri.rest}`;
  let text = `${uri.scheme}:`;
  if (uri.user !== undefined)
    text += uri.password === undefined ? `${uri.user}@` : `${uri.user}:${uri.password}@`;
  text += uri.host;
  if (uri.port !== undefined) text += `:${uri.port}`;
  for (const [name, value] of uri.params) text += value === undefined ? `;${name}` : `;${name}=${value}`;
  let separator = '?';
  for (const [name, value] of uri.headers) {
    text += `${separator}${name}=${value}`;
    separator = '&';
  }
  return text;
}

const COLON = 0x3a;
const SEMICOLON = 0x3b;
const EQUALS = 0x3d;
const QUESTION = 0x3f;
const AT = 0x40;
const AMPERSAND = 0x26;
const PERCENT = 0x25;
const noHeaders: SipUri['headers'] = [];

/** `SIP-URI = "sip:" [ userinfo ] hostport uri-parameters [ headers ]` */
function readSipUri(source: Source, scheme: 'sip' | 'sips', start: number, end: number): SipUri {
  const { bytes } = source;
  let user: string | undefined;
  let password: string | undefined;
  let at = start;
  // No part but the userinfo is followed by "@", and none holds one unescaped.
  const userEnd = skipEscapable(bytes, start, end, USER);
  let sign = userEnd;
  if (sign < end && bytes[sign] === COLON) sign = skipEscapable(bytes, sign + 1, end, PASSWORD);
  if (sign < end && bytes[sign] === AT) {
    if (userEnd === start) throw bad('"@" without a user before it', start);
    user = source.slice(start, userEnd);
    if (userEnd < sign) password = source.slice(userEnd + 1, sign);
    at = sign + 1;
  }
  const hostStart = at;
  at = endOfHost(source, at, end);
  const host = source.slice(hostStart, at);
  if (at === end) {
    return {
      type: 'sip',
      scheme,
      user,
      password,
      host,
      port: undefined,
      params: noParams,
      headers: noHeaders,
    };
  }
  let port: number | undefined;
  if (bytes[at] === COLON) {
    const portEnd = skipDigits(bytes, at + 1, end);
    port = portAt(bytes, at + 1, portEnd);
    at = portEnd;
  }
  let params = noParams;
  let headers = noHeaders;
  if (at < end && bytes[at] === SEMICOLON) {
    const found = new Map<string, string | undefined>();
    at = readUriParams(source, at, end, found);
    params = found;
  }
  if (at < end && bytes[at] === QUESTION) headers = readUriHeaders(source, at + 1, end);
  else if (at < end) throw bad('a character that must be escaped', at);
  return { type: 'sip', scheme, user, password, host, port, params, headers };
}

/**
 * Gives where the host that begins at `start` ends.
 *
 * @throws SipError `uri`
 */
export function endOfHost(source: Source, start: number, end: number): number {
  const { bytes } = source;
  if (start < end && bytes[start] === 0x5b) {
    let at = start;
    while (at < end && bytes[at] !== 0x5d) at++;
    if (at === end || at - start > 47 || !isIpv6(source.slice(start + 1, at))) {
      throw bad('not an IPv6 address between brackets', start);
    }
    return at + 1;
  }
  const at = skipClass(bytes, start, end, HOST);
  if (at === start) throw bad('a host is missing or holds a character that none has', start);
  return at;
}

/** Gives where the digits that begin at `start` end. */
export function skipDigits(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end && (bytes[at] ?? 0) >= 0x30 && (bytes[at] ?? 0) <= 0x39) at++;
  return at;
}

/**
 * Reads the port whose digits are from `start` to `end`.
 *
 * @throws SipError `uri`
 */
export function portAt(bytes: Uint8Array, start: number, end: number): number {
  let port = 0;
  for (let at = start; at < end && port <= 65535; at++) port = port * 10 + (bytes[at] ?? 0) - 48;
  if (start === end || port > 65535) throw bad('not a port', start);
  return port;
}

/**
 * RFC 4291 §2.2, as RFC 5954 corrects the grammar of RFC 3261. The third colon before an IPv4 address, which that
 * grammar has, is let pass (RFC 5118 §4.10).
 */
export function isIpv6(address: string): boolean {
  const halves = address.split(/:::(?=\d+\.\d+\.)|::/);
  if (halves.length > 2) return false;
  let groups = 0;
  for (const [index, half] of halves.entries()) {
    if (half === '') continue;
    const parts = half.split(':');
    for (const [place, part] of parts.entries()) {
      const isLast = index === halves.length - 1 && place === parts.length - 1;
      if (isLast && /^\d{1,3}(?:\.\d{1,3}){3}$/.test(part)) groups += 2;
      else if (/^[0-9a-fA-F]{1,4}$/.test(part)) groups += 1;
      else return false;
    }
  }
  return halves.length === 2 ? groups <= 7 : groups === 8;
}

/** `uri-parameters = *( ";" uri-parameter )`; gives where they end. */
function readUriParams(
  source: Source,
  start: number,
  end: number,
  found: Map<string, string | undefined>,
): number {
  const { bytes } = source;
  let at = start;
  while (at < end && bytes[at] === SEMICOLON) {
    const nameStart = at + 1;
    at = skipClass(bytes, nameStart, end, URI_PARAM);
    const isEscaped = at < end && bytes[at] === PERCENT;
    if (isEscaped) at = skipEscapable(bytes, at, end, URI_PARAM);
    if (at === nameStart) throw bad('a URI parameter has no name', at);
    // `%6C%72` is `lr` (RFC 4475 §3.1.1.3).
    const written = paramName(source, nameStart, at);
    const name = isEscaped ? normalizeEscapes(written).toLowerCase() : written;
    let value: string | undefined;
    if (at < end && bytes[at] === EQUALS) {
      const valueStart = at + 1;
      at = skipEscapable(bytes, valueStart, end, URI_PARAM);
      if (at === valueStart) throw bad('a URI parameter has "=" and no value', at);
      value = source.slice(valueStart, at);
    }
    addParam(found, name, value, nameStart);
  }
  return at;
}

/** `headers = "?" header *( "&" header )` */
function readUriHeaders(source: Source, start: number, end: number): SipUri['headers'] {
  const { bytes } = source;
  const found: (readonly [string, string])[] = [];
  for (let at = start; ; at++) {
    const nameStart = at;
    at = skipEscapable(bytes, at, end, URI_HEADER);
    const nameEnd = at;
    if (at === nameStart || at === end || bytes[at] !== EQUALS)
      throw bad('a URI header without a name or "="', at);
    at = skipEscapable(bytes, at + 1, end, URI_HEADER);
    found.push([source.slice(nameStart, nameEnd), source.slice(nameEnd + 1, at)]);
    if (at === end) return found;
    if (bytes[at] !== AMPERSAND) throw bad('a URI header holds a character that must be escaped', at);
  }
}

function bad(message: string, offset: number): SipError {
  return new SipError('uri', message, { rfc: 'RFC 3261 §19.1', offset });
}
