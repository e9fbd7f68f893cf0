/**
 * The escaped form of a text for a header: the control characters and the backslash escaped, nothing else.
 *
 * @see RFC 3862 §2.3.1
 */
export function escapeText(text: string): string {
  return MUST_ESCAPE.test(text) ? text.replace(MUST_ESCAPE_ALL, escaped) : text;
}

/**
 * The text of a header with its escape sequences undone. A sequence that is not known stands for the character
 * after the backslash; a backslash at the end stands for nothing.
 *
 * @see RFC 3862 §2.3.1
 */
export function unescapeText(written: string): string {
  return written.includes('\\')
    ? written.replace(ESCAPE, (_, sequence: string) => unescaped(sequence))
    : written;
}

/** A text as a `String`: escaped, between double quotes. */
export function quote(text: string): string {
  return `"${escapeText(text).replaceAll('"', '\\"')}"`;
}

/** Where the `String` that begins at `start` ends, behind its closing quote; -1 when it is not closed. */
export function endOfString(written: string, start: number): number {
  for (let at = start + 1; at < written.length; at += 1) {
    const character = written[at];
    if (character === '\\') at += 1;
    else if (character === '"') return at + 1;
  }
  return -1;
}

function escaped(character: string): string {
  return SHORT[character] ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

function unescaped(sequence: string): string {
  if (sequence.length === 5) return String.fromCharCode(Number.parseInt(sequence.slice(1), 16));
  return LONG[sequence] ?? sequence;
}

const MUST_ESCAPE = /[\0-\x1f\x7f\\]/;
const MUST_ESCAPE_ALL = /[\0-\x1f\x7f\\]/g;
const SHORT: Readonly<Record<string, string>> = {
  '\\': '\\\\',
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\r': '\\r',
};
const LONG: Readonly<Record<string, string>> = { b: '\b', t: '\t', n: '\n', r: '\r' };
// Escape = "\" ( "u" 4(HEXDIG) / "b" / "t" / "n" / "r" / DQUOTE / "'" / "\" ), and any other character.
const ESCAPE = /\\(u[0-9A-Fa-f]{4}|[\s\S]?)/gu;
