import { all, TOKEN, VALUE } from './chars.ts';
import { SipError } from './errors.ts';
import { skipQuoted, skipSpace } from './scan.ts';

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
    if (name.length === 0 || !all(name, 0, name.length, TOKEN))
      throw new TypeError(`no parameter name: ${name}`);
    made.set(name.toLowerCase(), value);
  }
  return made;
}

/**
 * Reads `*( SEMI generic-param )` from `start` to the end of `text`.
 *
 * @throws SipError `value`, `duplicate` (§7.3.1: a name at most once), `limit`
 * @see RFC 3261 §25.1 generic-param
 */
export function parseParams(text: string, start: number): Params {
  const end = text.length;
  let at = skipSpace(text, start);
  if (at === end) return noParams;
  const found = new Map<string, string | undefined>();
  while (at < end) {
    if (text.charCodeAt(at) !== SEMICOLON) throw bad('expected ";" before a parameter', at);
    const nameStart = skipSpace(text, at + 1);
    at = nameStart;
    while (at < end && all(text, at, at + 1, TOKEN)) at++;
    if (at === nameStart) throw bad('a parameter has no name', at);
    const name = text.slice(nameStart, at).toLowerCase();
    at = skipSpace(text, at);
    let value: string | undefined;
    if (at < end && text.charCodeAt(at) === EQUALS) {
      const valueStart = skipSpace(text, at + 1);
      at = skipValue(text, valueStart);
      value = text.slice(valueStart, at);
      at = skipSpace(text, at);
    }
    if (found.has(name)) {
      throw new SipError('duplicate', `parameter ${name} appears twice`, {
        rfc: 'RFC 3261 §7.3.1',
        offset: nameStart,
      });
    }
    if (found.size >= maxParams) {
      throw new SipError('limit', `more than ${maxParams} parameters`, {
        rfc: 'RFC 3261 §7.3.1',
        offset: nameStart,
      });
    }
    found.set(name, value);
  }
  return found;
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

/** `gen-value = token / host / quoted-string` */
function skipValue(text: string, start: number): number {
  if (start < text.length && text.charCodeAt(start) === QUOTE) return skipQuoted(text, start);
  let at = start;
  while (at < text.length && all(text, at, at + 1, VALUE)) at++;
  if (at === start) throw bad('a parameter has "=" and no value', at);
  return at;
}

function bad(message: string, offset: number): SipError {
  return new SipError('value', message, { rfc: 'RFC 3261 §25.1', offset });
}
