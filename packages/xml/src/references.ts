/** Throws the error for a reference that means nothing, at this offset. */
export type RefuseReference = (offset: number) => never;

/** Line ends as they read: CR LF and CR are LF (XML 1.0 §2.11). */
export function normalizeLines(value: string): string {
  return value.includes('\r') ? value.replace(/\r\n?/g, '\n') : value;
}

/**
 * Puts in what references stand for: characters and the five predefined entities (XML 1.0 §4.1, §4.6).
 *
 * @param start the offset of `value` in the document, for errors
 */
export function resolveReferences(value: string, start: number, refuse: RefuseReference): string {
  let resolved = '';
  let from = 0;
  for (let at = value.indexOf('&'); at >= 0; at = value.indexOf('&', from)) {
    REFERENCE.lastIndex = at;
    const [whole, name, decimal, hexadecimal] = REFERENCE.exec(value) ?? [];
    if (whole === undefined) return refuse(start + at);
    const character = name === undefined ? characterOf(decimal, hexadecimal) : PREDEFINED[name];
    if (character === undefined) return refuse(start + at);
    resolved += value.slice(from, at) + character;
    from = at + whole.length;
  }
  return resolved + value.slice(from);
}

/** The value of an attribute: white space as spaces, but for what is there by reference (XML 1.0 §3.3.3). */
export function normalizeAttribute(value: string, start: number, refuse: RefuseReference): string {
  const spaced = value.replace(/\r\n?|[\t\n]/g, ' ');
  return spaced.includes('&') ? resolveReferences(spaced, start, refuse) : spaced;
}

/** `CharRef ::= '&#' [0-9]+ ';' | '&#x' [0-9a-fA-F]+ ';'`, for a Char (XML 1.0 §2.2). */
function characterOf(decimal: string | undefined, hexadecimal: string | undefined): string | undefined {
  const code = hexadecimal === undefined ? Number(decimal) : Number.parseInt(hexadecimal, 16);
  const isChar =
    code === 0x09 ||
    code === 0x0a ||
    code === 0x0d ||
    (code >= 0x20 && code <= 0xd7ff) ||
    (code >= 0xe000 && code <= 0xfffd) ||
    (code >= 0x10000 && code <= 0x10ffff);
  return isChar ? String.fromCodePoint(code) : undefined;
}

const REFERENCE = /&(?:(lt|gt|amp|quot|apos)|#([0-9]+)|#x([0-9a-fA-F]+));/y;
const PREDEFINED: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };
