import { all, escapesAreWhole, HOST, IPV6, isDigit, PASSWORD, URI_HEADER, URI_PARAM, USER } from './chars.ts';
import { SipError } from './errors.ts';
import { noParams, type Params } from './params.ts';

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
 * @throws SipError `uri`, `duplicate` (a parameter twice, §19.1.1)
 * @see RFC 3261 §19.1.1, §25.1
 */
export function parseUri(text: string): Uri {
  const first = text.charCodeAt(0) | 0x20;
  if (first === 0x73 && (text.charCodeAt(1) | 0x20) === 0x69 && (text.charCodeAt(2) | 0x20) === 0x70) {
    if (text.charCodeAt(3) === COLON) return parseSipUri(text, 'sip', 4);
    if ((text.charCodeAt(3) | 0x20) === 0x73 && text.charCodeAt(4) === COLON)
      return parseSipUri(text, 'sips', 5);
  }
  const colon = text.indexOf(':');
  const scheme = text.slice(0, Math.max(colon, 0)).toLowerCase();
  if (!/^[a-z][a-z0-9+.-]*$/.test(scheme)) throw bad('a URI has no scheme', 0);
  const rest = text.slice(colon + 1);
  // absoluteURI: visible ASCII without the delimiters that RFC 2396 excludes.
  if (!/^[!#-;=?-~]+$/.test(rest)) throw bad('a URI holds a character that must be escaped', colon + 1);
  if (!escapesAreWhole(text, colon + 1, text.length))
    throw bad('"%" without two hexadecimal digits', colon + 1);
  return { type: 'other', scheme, rest };
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
const noHeaders: SipUri['headers'] = [];

/** `SIP-URI = "sip:" [ userinfo ] hostport uri-parameters [ headers ]` */
function parseSipUri(text: string, scheme: 'sip' | 'sips', start: number): SipUri {
  let user: string | undefined;
  let password: string | undefined;
  let at = start;
  // No part but the userinfo is followed by "@", and none may hold one unescaped.
  const sign = text.indexOf('@', start);
  if (sign !== -1) {
    const colon = text.indexOf(':', start);
    const userEnd = colon !== -1 && colon < sign ? colon : sign;
    if (userEnd === start) throw bad('"@" without a user before it', start);
    if (!all(text, start, userEnd, USER)) throw bad('a user holds a character that must be escaped', start);
    user = text.slice(start, userEnd);
    if (userEnd < sign) {
      if (!all(text, userEnd + 1, sign, PASSWORD))
        throw bad('a password holds a character that must be escaped', userEnd);
      password = text.slice(userEnd + 1, sign);
    }
    if (!escapesAreWhole(text, start, sign)) throw bad('"%" without two hexadecimal digits', start);
    at = sign + 1;
  }
  const hostEnd = endOfHost(text, at);
  const host = text.slice(at, hostEnd);
  at = hostEnd;
  let port: number | undefined;
  if (text.charCodeAt(at) === COLON) {
    const portStart = at + 1;
    port = 0;
    for (at = portStart; at < text.length && isDigit(text.charCodeAt(at)); at++) {
      port = port * 10 + text.charCodeAt(at) - 48;
      if (port > 65535) throw bad('a port is larger than 65535', portStart);
    }
    if (at === portStart) throw bad('":" without a port', portStart);
  }
  let params = noParams;
  let headers = noHeaders;
  if (at < text.length) {
    const question = text.indexOf('?', at);
    const paramsEnd = question === -1 ? text.length : question;
    if (paramsEnd > at) params = parseUriParams(text, at, paramsEnd);
    if (question !== -1) headers = parseUriHeaders(text, question + 1);
    if (!escapesAreWhole(text, at, text.length)) throw bad('"%" without two hexadecimal digits', at);
  }
  return { type: 'sip', scheme, user, password, host, port, params, headers };
}

/**
 * Gives where the host that begins at `start` ends.
 *
 * @throws SipError `uri`
 */
export function endOfHost(text: string, start: number): number {
  let at = start;
  if (text.charCodeAt(at) === 0x5b) {
    at = text.indexOf(']', start);
    if (at === -1 || !isIpv6(text, start + 1, at)) throw bad('not an IPv6 address between brackets', start);
    return at + 1;
  }
  while (at < text.length && all(text, at, at + 1, HOST)) at++;
  if (at === start) throw bad('a host is missing or holds a character that none has', start);
  return at;
}

function isIpv6(text: string, start: number, end: number): boolean {
  if (end - start < 2 || end - start > 45 || !all(text, start, end, IPV6)) return false;
  const address = text.slice(start, end);
  const halves = address.split('::');
  if (halves.length > 2) return false;
  let groups = 0;
  for (const [index, half] of halves.entries()) {
    if (half === '') continue;
    const parts = half.split(':');
    for (const [place, part] of parts.entries()) {
      const isLast = index === halves.length - 1 && place === parts.length - 1;
      if (isLast && part.includes('.')) {
        if (!/^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.test(part)) return false;
        groups += 2;
      } else if (/^[0-9a-fA-F]{1,4}$/.test(part)) groups += 1;
      else return false;
    }
  }
  return halves.length === 2 ? groups <= 7 : groups === 8;
}

/** `uri-parameters = *( ";" uri-parameter )` */
function parseUriParams(text: string, start: number, end: number): Params {
  if (text.charCodeAt(start) !== 0x3b) throw bad('a character that no host has', start);
  const found = new Map<string, string | undefined>();
  for (let at = start; at < end; ) {
    const semicolon = text.indexOf(';', at + 1);
    const stop = semicolon === -1 || semicolon > end ? end : semicolon;
    const equals = text.indexOf('=', at + 1);
    const nameEnd = equals === -1 || equals > stop ? stop : equals;
    if (nameEnd === at + 1 || !all(text, at + 1, nameEnd, URI_PARAM))
      throw bad('not a parameter name', at + 1);
    const name = text.slice(at + 1, nameEnd).toLowerCase();
    let value: string | undefined;
    if (nameEnd < stop) {
      if (nameEnd + 1 === stop || !all(text, nameEnd + 1, stop, URI_PARAM))
        throw bad('not a parameter value', nameEnd);
      value = text.slice(nameEnd + 1, stop);
    }
    if (found.has(name)) {
      throw new SipError('duplicate', `URI parameter ${name} appears twice`, {
        rfc: 'RFC 3261 §19.1.1',
        offset: at,
      });
    }
    found.set(name, value);
    at = stop;
  }
  return found;
}

/** `headers = "?" header *( "&" header )` */
function parseUriHeaders(text: string, start: number): SipUri['headers'] {
  const found: (readonly [string, string])[] = [];
  let at = start;
  for (const part of text.slice(start).split('&')) {
    const equals = part.indexOf('=');
    if (equals < 1) throw bad('a URI header without a name or "="', at);
    if (!all(part, 0, equals, URI_HEADER) || !all(part, equals + 1, part.length, URI_HEADER)) {
      throw bad('a URI header holds a character that must be escaped', at);
    }
    found.push([part.slice(0, equals), part.slice(equals + 1)]);
    at += part.length + 1;
  }
  return found;
}

function bad(message: string, offset: number): SipError {
  return new SipError('uri', message, { rfc: 'RFC 3261 §19.1', offset });
}
