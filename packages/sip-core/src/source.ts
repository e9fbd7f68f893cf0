import { SipError } from './errors.ts';

/**
 * Where a value is read from: bytes, which are fast to look at, and the text of any part of them. `slice` is the only
 * thing that makes strings.
 */
export class Source {
  readonly bytes: Uint8Array;
  /** The text of the first `aligned` bytes, when each of them is one of its characters; made when first needed. */
  private text: string | undefined;
  private aligned: number;

  /**
   * @param bytes UTF-8
   * @param worth how many bytes from the first on are worth to be decoded in one go
   * @param text the text of those, if it is at hand and each byte is one of its characters
   */
  constructor(bytes: Uint8Array, worth: number, text: string | undefined) {
    this.bytes = bytes;
    this.aligned = worth;
    this.text = text;
  }

  /** Gives the text between two byte offsets. Bytes that are no UTF-8 become U+FFFD; the bytes themselves stay. */
  slice(start: number, end: number): string {
    if (this.text === undefined && end <= this.aligned) {
      const text = decoder.decode(this.bytes.subarray(0, this.aligned));
      // No byte becomes more than one character, so equal lengths mean that each became one.
      if (text.length === this.aligned) this.text = text;
      else this.aligned = 0;
    }
    if (this.text === undefined || end > this.aligned) return decoder.decode(this.bytes.subarray(start, end));
    return this.text.slice(start, end);
  }
}

/** Reads a value that lies in a source from `start` to `end`. */
export type Read<T> = (source: Source, start: number, end: number) => T;

/** Reads a value from text, white space around it left out. */
export function readText<T>(text: string, read: Read<T>): T {
  let bytes = scratch;
  let length = 0;
  let isAscii = true;
  if (text.length * 3 > scratch.length) {
    bytes = encoder.encode(text);
    length = bytes.length;
    isAscii = length === text.length;
  } else {
    // What is read from the scratch are strings and numbers: nobody holds on to it.
    length = encoder.encodeInto(text, scratch).written;
    isAscii = length === text.length;
  }
  let start = 0;
  let end = length;
  while (start < end && isLws(bytes[start])) start++;
  while (start < end && isLws(bytes[end - 1])) end--;
  return read(isAscii ? new Source(bytes, length, text) : new Source(bytes, 0, undefined), start, end);
}

/**
 * Gives the place after the quoted-string that begins at `start`.
 *
 * @throws SipError `value` when it does not end
 */
export function skipQuoted(bytes: Uint8Array, start: number, end: number): number {
  for (let at = start + 1; at < end; at++) {
    const byte = bytes[at];
    if (byte === 0x5c) at++;
    else if (byte === 0x22) return at + 1;
  }
  throw new SipError('value', 'a quoted string does not end', { rfc: 'RFC 3261 §25.1', offset: start });
}

/**
 * Gives where the first value of a comma-separated list ends: the comma outside of quoted strings and angle
 * brackets, or `end`.
 *
 * @throws SipError `value` when a quoted string or a bracket does not end
 * @see RFC 3261 §7.3.1
 */
export function endOfValue(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  while (at < end) {
    const byte = bytes[at];
    if (byte === 0x2c) return at;
    if (byte === 0x22) at = skipQuoted(bytes, at, end);
    else if (byte === 0x3c) {
      while (at < end && bytes[at] !== 0x3e) at++;
      if (at === end) throw new SipError('value', '"<" has no ">"', { rfc: 'RFC 3261 §25.1', offset: start });
    } else at++;
  }
  return at;
}

/**
 * Reads `1*DIGIT` that is the whole from `start` to `end`, up to `max`.
 *
 * @throws SipError `value` when it is no number or too large
 */
export function readNumber(bytes: Uint8Array, start: number, end: number, max: number, rfc: string): number {
  let value = 0;
  for (let at = start; at < end; at++) {
    const digit = (bytes[at] ?? 0) - 48;
    if (digit < 0 || digit > 9) throw new SipError('value', 'not a number', { rfc, offset: at });
    // Kept within the exact integers, whatever the number of digits.
    if (value <= max) value = value * 10 + digit;
  }
  if (start >= end) throw new SipError('value', 'a number is missing', { rfc, offset: start });
  if (value > max) throw new SipError('value', `a number is larger than ${max}`, { rfc, offset: start });
  return value;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
const scratch = new Uint8Array(4096);

function isLws(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x09 || byte === 0x0d || byte === 0x0a;
}
