import { endOfString, quote, unescapeText } from './escape.ts';
import { ABSOLUTE_URI, TOKEN } from './grammar.ts';

/** Who a message is from or for. */
export interface Address {
  /** A URI of any scheme. */
  readonly uri: string;
  /** The name of the person in the real world (`Formal-name`). */
  readonly name?: string | undefined;
}

/**
 * Reads `[ Formal-name ] "<" URI ">"`; white space around the parts is passed over.
 *
 * @returns `undefined` where there is no such thing
 * @see RFC 3862 §3.6
 */
export function readAddress(written: string): Address | undefined {
  const found = readBracketed(written);
  if (found === undefined) return undefined;
  const { before, uri } = found;
  if (before === '') return { uri };
  return { uri, name: unescapeText(before.startsWith('"') ? before.slice(1, -1) : before) };
}

/**
 * Writes `[ Formal-name ] "<" URI ">"`, the name in quotes where it is not of tokens and single spaces.
 *
 * @throws {RangeError} when the URI is not an absolute one
 * @see RFC 3862 §3.6
 */
export function writeAddress({ uri, name }: Address): string {
  if (!isAbsoluteUri(uri)) throw new RangeError(`"${uri}" is no absolute URI`);
  if (name === undefined || name === '') return `<${uri}>`;
  // Formal-name = 1*( Token SP ) / String
  return name.split(' ').every((word) => TOKEN.test(word)) ? `${name} <${uri}>` : `${quote(name)}<${uri}>`;
}

/**
 * True for a URI that an address can be written with: an absolute one, without fragment.
 *
 * @see RFC 2396 §3
 */
export function isAbsoluteUri(uri: string): boolean {
  return ABSOLUTE_URI.test(uri);
}

/** What stands before and in the angle brackets: a name with its quotes or a prefix, and a URI. */
export function readBracketed(written: string): { before: string; uri: string } | undefined {
  const text = written.trim();
  const from = text.startsWith('"') ? endOfString(text, 0) : 0;
  const open = from < 0 ? -1 : text.indexOf('<', from);
  if (open < 0 || !text.endsWith('>')) return undefined;
  if (from > 0 && text.slice(from, open).trim() !== '') return undefined;
  return { before: text.slice(0, open).trim(), uri: text.slice(open + 1, -1).trim() };
}
