import { domainKey } from './domain.ts';

/** A URI taken apart for comparison. */
export interface Uri {
  /**
   * The whole of it in a form that is equal for equivalent URIs, but for the parameters in `ignorable`: two
   * URIs with the same `exact` still differ when those do.
   */
  readonly exact: string;
  /** Whom it names: its scheme, user and domain or number, without port, password, parameters and headers. */
  readonly whom: string;
  /** The domain it belongs to, as `domainKey` has it; telephone numbers and names have none. */
  readonly domain: string | undefined;
  /** Parameters of a SIP URI that matter only where both URIs have them (RFC 3261 §19.1.4). */
  readonly ignorable: ReadonlyMap<string, string> | undefined;
}

/**
 * Takes a URI apart: SIP and SIPS URIs by the rules of RFC 3261 §19.1.4, tel URIs by RFC 3966 §4, others by
 * the syntax-based normalization of RFC 3986 §6.2.2, a domain after `@` or `//` by RFC 4745 §7.1.3.
 *
 * @returns `undefined` when it is no URI of its scheme
 */
export function uriOf(text: string): Uri | undefined {
  const colon = text.indexOf(':');
  if (colon < 1 || NOT_IN_URI.test(text)) return undefined;
  const scheme = text.slice(0, colon).toLowerCase();
  if (!SCHEME.test(scheme)) return undefined;
  const rest = text.slice(colon + 1);
  try {
    if (scheme === 'sip' || scheme === 'sips') return sip(scheme, rest);
    if (scheme === 'tel') return tel(rest);
    return general(scheme, rest);
  } catch (error) {
    // What decodeURIComponent and encodeURIComponent say to bytes and surrogates that are no characters.
    if (error instanceof URIError) return undefined;
    throw error;
  }
}

/** True when two URIs are equivalent; URIs of different schemes never are (RFC 5025 §3.1.1.2). */
export function areEquivalent(a: Uri, b: Uri): boolean {
  if (a.exact !== b.exact) return false;
  if (a.ignorable === undefined || b.ignorable === undefined) return true;
  for (const [name, value] of a.ignorable) {
    const other = b.ignorable.get(name);
    if (other !== undefined && other !== value) return false;
  }
  return true;
}

function sip(scheme: string, rest: string): Uri | undefined {
  const at = rest.indexOf('@');
  if (at === 0 || at !== rest.lastIndexOf('@')) return undefined;
  const userinfo = at < 0 ? undefined : rest.slice(0, at);
  const parts = HOST_PORT_PARAMETERS_HEADERS.exec(rest.slice(at + 1));
  const host = domainKey(parts?.[1] ?? '');
  const parameters = fields((parts?.[3] ?? '').slice(1), ';');
  const headers = fields(parts?.[4] ?? '', '&');
  if (parts === null || host === undefined || parameters === undefined || headers === undefined)
    return undefined;
  const deciding: string[] = [];
  let ignorable: Map<string, string> | undefined;
  for (const [name, value] of parameters) {
    if (DECIDING.has(name)) deciding.push(`;${name}=${value.toLowerCase()}`);
    else {
      ignorable ??= new Map();
      ignorable.set(name, value.toLowerCase());
    }
  }
  const asked = Array.from(headers, ([name, value]) => `?${name}=${value}`);
  const canonical = userinfo === undefined ? '' : `${unescaped(userinfo, SIP_RESERVED)}@`;
  const port = parts[2] === undefined ? '' : `:${Number(parts[2])}`;
  return {
    exact: `${scheme}:${canonical}${host}${port}${deciding.sort().join('')}${asked.sort().join('')}`,
    whom: `${scheme}:${userinfo === undefined ? '' : named(userinfo.replace(/:.*/s, ''))}@${host}`,
    domain: host,
    ignorable,
  };
}

function tel(rest: string): Uri | undefined {
  const [number = '', ...written] = rest.toLowerCase().split(';');
  const digits = number.replace(VISUAL_SEPARATORS, '');
  const parameters = fields(written.join(';'), ';');
  if (!NUMBER.test(digits) || parameters === undefined) return undefined;
  const place = parameters.get('phone-context');
  // RFC 3966 §5.1.4: a local number says where it is one.
  if (!digits.startsWith('+') && place === undefined) return undefined;
  const context = place?.startsWith('+') ? place.replace(VISUAL_SEPARATORS, '') : place;
  const sorted = Array.from(parameters, ([name, value]) =>
    name === 'phone-context' ? `;${name}=${context}` : `;${name}=${value}`,
  ).sort();
  return {
    exact: `tel:${digits}${sorted.join('')}`,
    whom: `tel:${digits}${context === undefined || digits.startsWith('+') ? '' : `;${context}`}`,
    domain: undefined,
    ignorable: undefined,
  };
}

function general(scheme: string, rest: string): Uri | undefined {
  const [, path = '', query = ''] = /^([^?#]*)(.*)$/s.exec(rest) ?? [];
  const further = unescaped(query, URI_RESERVED);
  const authority = /^\/\/(?:([^/@]*)@)?([^/:@]*|\[[^\]/]*\])(?::([0-9]*))?(\/.*)?$/s.exec(path);
  if (authority === null && path.startsWith('//')) return undefined;
  if (authority !== null) {
    const [, user, host = '', port, below = ''] = authority;
    const domain = domainKey(host);
    // Such as file:///etc: no one's domain.
    if (domain === undefined && host !== '') return undefined;
    const whole = `${scheme}://${user === undefined ? '' : `${unescaped(user, URI_RESERVED)}@`}${domain ?? ''}${port ? `:${port}` : ''}${unescaped(below, URI_RESERVED)}`;
    return { exact: whole + further, whom: whole, domain, ignorable: undefined };
  }
  const at = path.indexOf('@');
  if (at < 0) {
    const name = scheme === 'urn' ? path.replace(URN_OF_NO_CASE, (part) => part.toLowerCase()) : path;
    const whole = `${scheme}:${unescaped(name, URI_RESERVED)}`;
    return path === ''
      ? undefined
      : { exact: whole + further, whom: whole, domain: undefined, ignorable: undefined };
  }
  const [, host = '', below = ''] = /^([^/;]*)(.*)$/s.exec(path.slice(at + 1)) ?? [];
  const domain = domainKey(host);
  if (at === 0 || at !== path.lastIndexOf('@') || domain === undefined) return undefined;
  const user = unescaped(path.slice(0, at), URI_RESERVED);
  return {
    exact: `${scheme}:${user}@${domain}${unescaped(below, URI_RESERVED)}${further}`,
    whom: `${scheme}:${named(path.slice(0, at))}@${domain}`,
    domain,
    ignorable: undefined,
  };
}

/** `name=value` fields by name in lower case; `undefined` when a name is missing or comes twice. */
function fields(text: string, separator: string): ReadonlyMap<string, string> | undefined {
  if (text === '') return NO_FIELDS;
  const found = new Map<string, string>();
  for (const field of text.split(separator)) {
    const equals = field.indexOf('=');
    const name = unescaped(equals < 0 ? field : field.slice(0, equals), SIP_RESERVED).toLowerCase();
    if (name === '' || found.has(name)) return undefined;
    found.set(name, equals < 0 ? '' : unescaped(field.slice(equals + 1), SIP_RESERVED));
  }
  return found;
}

/** Text with the escapes undone that mean the same as the character itself, the others in upper case. */
function unescaped(text: string, reserved: RegExp): string {
  if (NOTHING_ESCAPED.test(text)) return text;
  return text
    .replace(/[^\0-\x7F]+/g, encodeURIComponent)
    .replace(/%(?:([0-9A-Fa-f]{2})|)/g, (escaped, hex: string | undefined) => {
      if (hex === undefined) throw new URIError('% without digits');
      const character = String.fromCharCode(Number.parseInt(hex, 16));
      return PRINTED.test(character) && !reserved.test(character) ? character : escaped.toUpperCase();
    });
}

/** A user part with all escapes undone and done anew, so that one name has one form. */
function named(user: string): string {
  return encodeURIComponent(decodeURIComponent(user));
}

const NO_FIELDS: ReadonlyMap<string, string> = new Map();
const NOT_IN_URI = /[\0-\x20"<>\x7F]/;
const SCHEME = /^[a-z][a-z0-9+.-]*$/;
const HOST_PORT_PARAMETERS_HEADERS = /^(\[[^\]]*\]|[^:;?[]*)(?::([0-9]+))?((?:;[^;?]+)*)(?:\?(.+))?$/s;
/** RFC 3261 §19.1.4: a parameter of these that one URI lacks makes a difference. */
const DECIDING: ReadonlySet<string> = new Set(['user', 'ttl', 'method', 'maddr', 'transport']);
const VISUAL_SEPARATORS = /[-.()]/g;
const NUMBER = /^(?:\+[0-9]+|[0-9a-f*#]+)$/;
const NOTHING_ESCAPED = /^[!-$&-~]*$/;
const PRINTED = /[!-~]/;
/** RFC 2396 §2.2, and the percent sign. */
const SIP_RESERVED = /[;/?:@&=+$,%]/;
/** RFC 3986 §6.2.2.2: only escapes of unreserved characters are undone. */
const URI_RESERVED = /[^A-Za-z0-9._~-]/;
/** The parts of a URN that are compared without case: of all the namespace, of UUIDs the whole. */
const URN_OF_NO_CASE = /^(?:uuid:.*|[^:]*)/is;
