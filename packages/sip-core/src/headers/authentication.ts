import { classes, skipClass, skipSpace, TOKEN } from '../chars.ts';
import { SipError } from '../errors.ts';
import { addParam, noParams, type Params, paramName } from '../params.ts';
import { type Source, skipQuoted } from '../source.ts';
import type { HeaderType } from './header-type.ts';
import { headerType } from './syntax.ts';

/** A challenge or credentials (RFC 3261 §25.1, RFC 7235 §2.1). */
export interface Authentication {
  /** As written: `Digest`, `Bearer`. */
  readonly scheme: string;
  /** Names in lower case, values as written, quotes included; see `unquote`. */
  readonly params: Params;
  /** What stands in place of parameters, as after `Bearer` (RFC 8898 §3). */
  readonly token68?: string | undefined;
}

/** RFC 3261 §20.44. */
export const wwwAuthenticate: HeaderType<Authentication> = authentication('WWW-Authenticate');
/** RFC 3261 §20.27. */
export const proxyAuthenticate: HeaderType<Authentication> = authentication('Proxy-Authenticate');
/** RFC 3261 §20.7. */
export const authorization: HeaderType<Authentication> = authentication('Authorization');
/** RFC 3261 §20.28. */
export const proxyAuthorization: HeaderType<Authentication> = authentication('Proxy-Authorization');
/** RFC 3261 §20.6: `nextnonce`, `qop`, `rspauth`, `cnonce`, `nc`. */
export const authenticationInfo: HeaderType<Params> = info('Authentication-Info');
/** RFC 7615 §4. */
export const proxyAuthenticationInfo: HeaderType<Params> = info('Proxy-Authentication-Info');

/** These may be repeated, but their commas separate parameters, not values (§7.3.1). */
function authentication(name: string): HeaderType<Authentication> {
  return headerType({ name, repeats: true, read: readAuthentication, serialize: serializeAuthentication });
}

function info(name: string): HeaderType<Params> {
  return headerType({ name, read: readAuthParams, serialize: serializeAuthParams });
}

/** `challenge = auth-scheme LWS ( auth-param *( COMMA auth-param ) / token68 )` */
function readAuthentication(source: Source, start: number, end: number): Authentication {
  const { bytes } = source;
  const schemeEnd = skipClass(bytes, start, end, TOKEN);
  const at = skipSpace(bytes, schemeEnd, end);
  if (schemeEnd === start || (at === schemeEnd && at < end)) throw bad('no scheme', start);
  const scheme = source.slice(start, schemeEnd);
  const tokenEnd = endOfToken68(bytes, at, end);
  if (tokenEnd === end && at < end) return { scheme, params: noParams, token68: source.slice(at, end) };
  return { scheme, params: readAuthParams(source, at, end) };
}

/** `token68 = 1*( ALPHA / DIGIT / "-" / "." / "_" / "~" / "+" / "/" ) *"="` (RFC 7235 §2.1) */
function endOfToken68(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end && (((classes[bytes[at] ?? 0] ?? 0) & TOKEN) !== 0 || bytes[at] === SLASH)) at++;
  while (at < end && bytes[at] === EQUALS) at++;
  return at;
}

/** `auth-param *( COMMA auth-param )`, `auth-param = token EQUAL ( token / quoted-string )` */
function readAuthParams(source: Source, start: number, end: number): Params {
  const { bytes } = source;
  const found = new Map<string, string | undefined>();
  for (let at = start; at < end; ) {
    const nameEnd = skipClass(bytes, at, end, TOKEN);
    const equals = skipSpace(bytes, nameEnd, end);
    if (nameEnd === at || bytes[equals] !== EQUALS || equals >= end) throw bad('a parameter has no "="', at);
    const valueStart = skipSpace(bytes, equals + 1, end);
    const isQuoted = valueStart < end && bytes[valueStart] === QUOTE;
    const valueEnd = isQuoted ? skipQuoted(bytes, valueStart, end) : endOfBareValue(bytes, valueStart, end);
    // `a==` is a token68, however much space is in it.
    if (valueEnd === valueStart || bytes[valueStart] === EQUALS)
      throw bad('a parameter has no value', valueStart);
    addParam(found, paramName(source, at, nameEnd), source.slice(valueStart, valueEnd), at);
    at = skipSpace(bytes, valueEnd, end);
    if (at === end) break;
    if (bytes[at] !== COMMA) throw bad('expected "," after a parameter', at);
    while (at < end && (bytes[at] === COMMA || bytes[at] === 0x20 || bytes[at] === 0x09)) at++;
  }
  return found;
}

/** Peers leave quotes out where values have more characters than a token: up to comma or white space. */
function endOfBareValue(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end && (bytes[at] ?? 0) > 0x20 && bytes[at] !== COMMA && bytes[at] !== QUOTE) at++;
  return at;
}

function serializeAuthentication(value: Authentication): string {
  if (value.token68 !== undefined) return `${value.scheme} ${value.token68}`;
  return `${value.scheme} ${serializeAuthParams(value.params)}`;
}

function serializeAuthParams(params: Params): string {
  return [...params].map(([name, value = '""']) => `${name}=${value}`).join(', ');
}

const QUOTE = 0x22;
const COMMA = 0x2c;
const SLASH = 0x2f;
const EQUALS = 0x3d;

function bad(message: string, offset: number): SipError {
  return new SipError('value', message, { rfc: 'RFC 3261 §25.1', offset });
}
