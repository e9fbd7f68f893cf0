import { classes, isToken, skipSpace, TOKEN, UPPER, VALUE } from './chars.ts';
import { SipError } from './errors.ts';
import { type Source, skipQuoted } from './source.ts';

/**
 * Parameters of a header field value or URI: names in lower case, values as written. A quoted-string keeps its
 * quotes, a parameter without `=` has the value `undefined`; `unquote` and `has` read them.
 */
export type Params = ReadonlyMap<string, string | undefined>;

/** No parameters. */
export const noParams: Params = new Map<string, string | undefined>();

/** More parameters in one value than this are refused (`limit`). */
export const maxParams = 64;

/**
 * Makes parameters from a record, e.g. `params({ tag: 'a6c85cf', lr: undefined })`.
 *
 * @param init names and values as they shall be written; `undefined` writes the name alone
 * @throws TypeError when a name is no token
 */
export function params(init: Readonly<Record<string, string | undefined>>): Params {
  const made = new Map<string, string | undefined>();
  for (const [name, value] of Object.entries(init)) {
    if (!isToken(name)) throw new TypeError(`no parameter name: ${name}`);
    made.set(name.toLowerCase(), value);
  }
  return made;
}

/**
 * Reads `*( SEMI generic-param )` from `start` to `end`.
 *
 * @throws SipError `value`, `duplicate` (§7.3.1: a name at most once), `limit`
 * @see RFC 3261 §25.1 generic-param
 */
export function readParams(source: Source, start: number, end: number): Params {
  const { bytes } = source;
  const at = start < end && isSpace(bytes[start]) ? skipSpace(bytes, start, end) : start;
  if (at === end) return noParams;
  if (bytes[at] !== SEMICOLON) throw bad('expected ";" before a parameter', at);
  return readLeadingParams(source, at + 1, end);
}

/**
 * Reads `generic-param *( SEMI generic-param )` from `start` to `end`.
 *
 * @throws SipError as `readParams`
 */
export function readLeadingParams(source: Source, start: number, end: number): Params {
  const { bytes } = source;
  const found = new Map<string, string | undefined>();
  for (let at = start; ; at++) {
    if (at < end && isSpace(bytes[at])) at = skipSpace(bytes, at, end);
    const nameStart = at;
    while (at < end && ((classes[bytes[at] ?? 0] ?? 0) & TOKEN) !== 0) at++;
    if (at === nameStart) throw bad('a parameter has no name', at);
    const name = paramName(source, nameStart, at);
    if (at < end && isSpace(bytes[at])) at = skipSpace(bytes, at, end);
    let value: string | undefined;
    if (at < end && bytes[at] === EQUALS) {
      at++;
      if (at < end && isSpace(bytes[at])) at = skipSpace(bytes, at, end);
      const valueStart = at;
      if (at < end && bytes[at] === QUOTE) at = skipQuoted(bytes, at, end);
      else while (at < end && ((classes[bytes[at] ?? 0] ?? 0) & VALUE) !== 0) at++;
      if (at === valueStart) throw bad('a parameter has "=" and no value', at);
      value = source.slice(valueStart, at);
      if (at < end && isSpace(bytes[at])) at = skipSpace(bytes, at, end);
    }
    addParam(found, name, value, nameStart);
    if (at >= end) return found;
    if (bytes[at] !== SEMICOLON) throw bad('expected ";" before a parameter', at);
  }
}

/**
 * Adds a parameter.
 *
 * @throws SipError `duplicate`, `limit`
 */
export function addParam(
  found: Map<string, string | undefined>,
  name: string,
  value: string | undefined,
  offset: number,
): void {
  const size = found.size;
  found.set(name, value);
  if (found.size === size) {
    throw new SipError('duplicate', `parameter ${name} is there twice`, { rfc: 'RFC 3261 §7.3.1', offset });
  }
  if (size >= maxParams) {
    throw new SipError('limit', `more than ${maxParams} parameters`, { rfc: 'RFC 3261 §7.3.1', offset });
  }
}

/** Gives a part of a source in lower case. */
export function lowerSlice(source: Source, start: number, end: number): string {
  const text = source.slice(start, end);
  for (let at = start; at < end; at++) {
    if (((classes[source.bytes[at] ?? 0] ?? 0) & UPPER) !== 0) return text.toLowerCase();
  }
  return text;
}

/** Writes `;name=value` for each parameter. */
export function serializeParams(values: Params): string {
  if (values.size === 0) return '';
  let text = '';
  for (const [name, value] of values) text += value === undefined ? `;${name}` : `;${name}=${value}`;
  return text;
}

/** Writes `text` as a quoted-string: `"` and `\` escaped (§25.1). */
export function quote(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}

/** Gives what a quoted-string says; any other text, and `undefined`, comes back unchanged. */
export function unquote(text: string): string;
export function unquote(text: string | undefined): string | undefined;
export function unquote(text: string | undefined): string | undefined {
  if (text === undefined || text.length < 2 || text.charCodeAt(0) !== QUOTE) return text;
  const inner = text.slice(1, -1);
  return inner.includes('\\') ? inner.replace(/\\([\s\S])/g, '$1') : inner;
}

const SEMICOLON = 0x3b;
const EQUALS = 0x3d;
const QUOTE = 0x22;

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x09;
}

/** Names that are common, by their length: found by their bytes, they need no new string and no new hash. */
const common: readonly (readonly string[])[] = [
  [],
  ['q'],
  ['lr', 'id', 'ob'],
  ['tag', 'ttl'],
  ['user'],
  ['rport', 'maddr'],
  ['branch', 'reason', 'method'],
  ['expires', 'charset'],
  ['received', 'boundary', 'instance'],
  ['transport'],
];
const none: readonly string[] = [];

/** Gives the name from `start` to `end` in lower case. */
export function paramName(source: Source, start: number, end: number): string {
  const { bytes } = source;
  const candidates = common[end - start] ?? none;
  for (let index = 0; index < candidates.length; index++) {
    const name = candidates[index] ?? '';
    let at = start;
    while (at < end && name.charCodeAt(at - start) === bytes[at]) at++;
    if (at === end) return name;
  }
  return lowerSlice(source, start, end);
}

function bad(message: string, offset: number): SipError {
  return new SipError('value', message, { rfc: 'RFC 3261 §25.1', offset });
}
