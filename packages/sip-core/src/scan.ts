import { SipError } from './errors.ts';

/** Gives the first position from `at` on that holds no linear white space (values are unfolded already). */
export function skipSpace(text: string, start: number): number {
  let at = start;
  while (at < text.length && (text.charCodeAt(at) === 0x20 || text.charCodeAt(at) === 0x09)) at++;
  return at;
}

/**
 * Gives the position after the quoted-string that begins at `start`.
 *
 * @throws SipError `value` when it does not end
 */
export function skipQuoted(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x5c) at++;
    else if (code === 0x22) return at + 1;
  }
  throw new SipError('value', 'a quoted string does not end', { rfc: 'RFC 3261 §25.1', offset: start });
}

/**
 * Gives where the first value of a comma-separated list ends: the comma outside of quoted strings and angle
 * brackets, or the end of `text`.
 *
 * @throws SipError `value` when a quoted string or a bracket does not end
 * @see RFC 3261 §7.3.1
 */
export function endOfValue(text: string, start: number): number {
  let at = start;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code === 0x2c) return at;
    if (code === 0x22) at = skipQuoted(text, at);
    else if (code === 0x3c) {
      const close = text.indexOf('>', at);
      if (close === -1) throw new SipError('value', '"<" has no ">"', { rfc: 'RFC 3261 §25.1', offset: at });
      at = close + 1;
    } else at++;
  }
  return at;
}

/**
 * Reads `1*DIGIT` that is the whole of `text` as a number up to `max`.
 *
 * @throws SipError `value` when it is no number or too large
 */
export function parseNumber(text: string, max: number, rfc: string): number {
  let value = 0;
  for (let at = 0; at < text.length; at++) {
    const digit = text.charCodeAt(at) - 48;
    if (digit < 0 || digit > 9) throw new SipError('value', 'not a number', { rfc, offset: at });
    // Kept within the exact integers, whatever the number of digits.
    value = value > max ? value : value * 10 + digit;
  }
  if (text.length === 0) throw new SipError('value', 'a number is missing', { rfc, offset: 0 });
  if (value > max) throw new SipError('value', `a number is larger than ${max}`, { rfc, offset: 0 });
  return value;
}
