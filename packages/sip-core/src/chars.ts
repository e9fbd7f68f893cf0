/** `token = 1*(alphanum / "-" / "." / "!" / "%" / "*" / "_" / "+" / "`" / "'" / "~")` (RFC 3261 §25.1). */
export const TOKEN = 1;
/** What an unquoted parameter value may hold: token, host and IPv6 characters, and what peers in the field add. */
export const VALUE = 2;
/** `hostname / IPv4address`; the underscore is not in the grammar but in the field. */
export const HOST = 4;
/** `user = 1*(unreserved / escaped / user-unreserved)`. */
export const USER = 8;
/** `password = *(unreserved / escaped / "&" / "=" / "+" / "$" / ",")`. */
export const PASSWORD = 16;
/** `paramchar = param-unreserved / unreserved / escaped`. */
export const URI_PARAM = 32;
/** `hnv-unreserved / unreserved / escaped`. */
export const URI_HEADER = 64;
/** `1*HEXDIG` and what else IPv6 literals hold. */
export const IPV6 = 128;

const alphanum = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const unreserved = `${alphanum}-_.!~*'()%`;
const classes: Uint8Array = /* @__PURE__ */ characterClasses();

/** Says whether the UTF-16 code unit `code` belongs to the class `mask`. */
export function is(code: number, mask: number): boolean {
  return code < 128 && ((classes[code] ?? 0) & mask) !== 0;
}

/** Says whether all of `text` from `start` to `end` belongs to the class `mask`. */
export function all(text: string, start: number, end: number, mask: number): boolean {
  for (let at = start; at < end; at++) {
    const code = text.charCodeAt(at);
    if (code > 127 || ((classes[code] ?? 0) & mask) === 0) return false;
  }
  return true;
}

/** Says whether `text` is a token (§25.1). */
export function isToken(text: string): boolean {
  return text.length > 0 && all(text, 0, text.length, TOKEN);
}

/** Says whether `code` is a decimal digit. */
export function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

/** Says whether every `%` between `start` and `end` begins an `escaped = "%" HEXDIG HEXDIG`. */
export function escapesAreWhole(text: string, start: number, end: number): boolean {
  for (let at = text.indexOf('%', start); at !== -1 && at < end; at = text.indexOf('%', at + 1)) {
    if (at + 2 >= end || !isHex(text.charCodeAt(at + 1)) || !isHex(text.charCodeAt(at + 2))) return false;
  }
  return true;
}

function isHex(code: number): boolean {
  return isDigit(code) || (code >= 65 && code <= 70) || (code >= 97 && code <= 102);
}

function characterClasses(): Uint8Array {
  const table = new Uint8Array(128);
  const add = (characters: string, mask: number): void => {
    for (const character of characters)
      table[character.charCodeAt(0)] = (table[character.charCodeAt(0)] ?? 0) | mask;
  };
  add(`${alphanum}-.!%*_+\`'~`, TOKEN | VALUE);
  add('[]:/@?=&$#()^|{}\\', VALUE);
  add(`${alphanum}-._`, HOST);
  add(`${unreserved}&=+$,;?/`, USER);
  add(`${unreserved}&=+$,`, PASSWORD);
  add(`${unreserved}[]/:&+$`, URI_PARAM);
  add(`${unreserved}[]/?:+$`, URI_HEADER);
  add('0123456789abcdefABCDEF:.', IPV6);
  return table;
}
