/** `token = 1*(alphanum / "-" / "." / "!" / "%" / "*" / "_" / "+" / "`" / "'" / "~")` (RFC 3261 §25.1). */
export const TOKEN = 1;
/** What an unquoted parameter value may hold: token, host and IPv6 characters, and what peers in the field add. */
export const VALUE = 2;
/** `hostname / IPv4address`; the underscore is not in the grammar but in the field. */
export const HOST = 4;
/** `user = 1*(unreserved / escaped / user-unreserved)`, without the escapes. */
export const USER = 8;
/** `password = *(unreserved / escaped / "&" / "=" / "+" / "$" / ",")`, without the escapes. */
export const PASSWORD = 16;
/** `paramchar = param-unreserved / unreserved / escaped`, without the escapes. */
export const URI_PARAM = 32;
/** `hnv-unreserved / unreserved / escaped`, without the escapes. */
export const URI_HEADER = 64;
/** What RFC 2396 allows in a URI: visible ASCII but `" < > \ ^ { | }` and the backquote; without the escapes. */
export const URI = 128;
/** `A` to `Z`. */
export const UPPER = 256;
/** Visible ASCII but `"`, `<` and `>`. */
export const REQUEST_URI = 512;

/** The classes of each byte. Bytes above 127 have none. */
export const classes: Uint16Array = /* @__PURE__ */ characterClasses();

/** Gives the first place from `at` on whose byte is not of the class `mask`. */
export function skipClass(bytes: Uint8Array, at: number, end: number, mask: number): number {
  let place = at;
  while (place < end && ((classes[bytes[place] ?? 0] ?? 0) & mask) !== 0) place++;
  return place;
}

/** As `skipClass`, over `escaped = "%" HEXDIG HEXDIG` too. */
export function skipEscapable(bytes: Uint8Array, at: number, end: number, mask: number): number {
  let place = at;
  while (place < end) {
    const byte = bytes[place] ?? 0;
    if (((classes[byte] ?? 0) & mask) !== 0) place++;
    else if (byte === 0x25 && place + 2 < end && isHex(bytes[place + 1]) && isHex(bytes[place + 2]))
      place += 3;
    else break;
  }
  return place;
}

/** Gives the first place from `at` on that holds neither space nor tab. */
export function skipSpace(bytes: Uint8Array, at: number, end: number): number {
  let place = at;
  while (place < end && (bytes[place] === 0x20 || bytes[place] === 0x09)) place++;
  return place;
}

/** Says whether `text` is a token (§25.1). */
export function isToken(text: string): boolean {
  return /^[\w\-.!%*+`'~]+$/.test(text);
}

function isHex(byte: number | undefined): boolean {
  const code = (byte ?? 0) | 0x20;
  return (code >= 0x30 && code <= 0x39) || (code >= 0x61 && code <= 0x66);
}

function characterClasses(): Uint16Array {
  const table = new Uint16Array(256);
  const add = (characters: string, mask: number): void => {
    for (const character of characters) {
      const code = character.charCodeAt(0);
      table[code] = (table[code] ?? 0) | mask;
    }
  };
  const capitals = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
  const alphanum = `${capitals}${capitals.toLowerCase()}0123456789`;
  const unreserved = `${alphanum}-_.!~*'()`;
  for (let code = 0x21; code < 0x7f; code++) table[code] = REQUEST_URI;
  for (const excluded of '"<>') table[excluded.charCodeAt(0)] = 0;
  add(capitals, UPPER);
  add(`${alphanum}-.!%*_+\`'~`, TOKEN | VALUE);
  add('[]:/@?=&$#()^|{}\\', VALUE);
  add(`${alphanum}-._`, HOST);
  add(`${unreserved}&=+$,;?/`, USER);
  add(`${unreserved}&=+$,`, PASSWORD);
  add(`${unreserved}[]/:&+$`, URI_PARAM);
  add(`${unreserved}[]/?:+$`, URI_HEADER);
  add(`${unreserved};/?:@&=+$,[]#`, URI);
  return table;
}
