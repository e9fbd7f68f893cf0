import { SipError } from '../errors.ts';
import type { MessageLimits } from './limits.ts';
import { columns, NONE, numberAt, ROOT, trie, WIDTH } from './names.ts';

/** Where everything is in a message's bytes. */
export interface Layout {
  /** After the start-line's CRLF. */
  readonly startLineEnd: number;
  /**
   * One number for each line after the start-line: where it begins (`startOf`) and the number of its name
   * (`nameNumberOf`). The last one is the empty line, so that each line ends where the next begins.
   */
  readonly lines: readonly number[];
  /** After the empty line. */
  readonly bodyStart: number;
  /** No byte above 127 before the body: characters and bytes count alike. */
  readonly isAscii: boolean;
  /** Some value goes on in a continuation line. */
  readonly hasFolds: boolean;
  /** What is wrong with the first line that is no header field. */
  readonly fault: SipError | undefined;
}

/** Makes an entry of `Layout.lines`. The limit on the head's bytes keeps it a small integer. */
export function line(start: number, number: number): number {
  return (start << 8) | number;
}

/** Gives where a line begins. */
export function startOf(entry: number | undefined): number {
  return (entry ?? 0) >>> 8;
}

/** Gives the number of a line's name. */
export function nameNumberOf(entry: number | undefined): number {
  return (entry ?? 0) & 255;
}

/**
 * Finds the header fields of a message in one pass, without making strings. Lines that are no header field are
 * marked and the first of them reported, so that a request with one can still be answered.
 *
 * @throws SipError `start-line` (no line at all), `header` (no empty line), `limit`
 * @see RFC 3261 §7, §7.3.1, §25.1
 */
export function scanHead(bytes: Uint8Array, limits: MessageLimits): Layout {
  const end = Math.min(bytes.length, limits.headBytes);
  const lines: number[] = [];
  let fault: SipError | undefined;
  let seen = 0;
  let hasFolds = false;
  let at = 0;
  while (at < end) {
    const byte = bytes[at] ?? 0;
    if (byte === CR || byte === LF) break;
    seen |= byte;
    at++;
  }
  if (at + 1 >= end) throw unfinished(bytes, limits, 'start-line');
  if (bytes[at] !== CR || bytes[at + 1] !== LF) {
    throw new SipError('start-line', 'CR or LF alone in the start-line', { rfc: 'RFC 3261 §7', offset: at });
  }
  if (at > limits.lineBytes) throw tooLarge('start-line', limits.lineBytes, 0, 414);
  at += 2;
  const startLineEnd = at;
  for (;;) {
    const start = at;
    let row = ROOT;
    while (at < end) {
      const column = columns[bytes[at] ?? 0] ?? 0;
      if (column === 0) break;
      row = trie[row + column] ?? 0;
      at++;
    }
    const nameEnd = at;
    while (at < end && (bytes[at] === SP || bytes[at] === HTAB)) at++;
    let number = numberAt[row / WIDTH] ?? 0;
    if (at >= end || bytes[at] !== COLON || nameEnd === start) {
      if (at === start && at + 1 < end && bytes[at] === CR && bytes[at + 1] === LF) break;
      fault ??= new SipError('header', 'a line is no header field', {
        rfc: 'RFC 3261 §7.3.1',
        offset: start,
      });
      number = NONE;
    }
    // The value and its continuation lines: "LWS = [*WSP CRLF] 1*WSP".
    for (;;) {
      while (at < end) {
        const byte = bytes[at] ?? 0;
        if (byte === CR || byte === LF) break;
        seen |= byte;
        at++;
      }
      if (at + 2 >= end) throw unfinished(bytes, limits, 'header');
      if (bytes[at] === CR && bytes[at + 1] === LF) {
        const next = bytes[at + 2];
        if (next !== SP && next !== HTAB) break;
        hasFolds = true;
        at += 3;
      } else {
        fault ??= new SipError('header', 'CR or LF alone in a line', { rfc: 'RFC 3261 §7', offset: at });
        at++;
      }
    }
    if (at - start > limits.lineBytes) throw tooLarge('header field', limits.lineBytes, start, 400);
    if (lines.length >= limits.headers) throw tooMany(limits.headers, start);
    lines.push((start << 8) | number);
    at += 2;
  }
  lines.push((at << 8) | NONE);
  return { startLineEnd, lines, bodyStart: at + 2, isAscii: seen < 128, hasFolds, fault };
}

const CR = 0x0d;
const LF = 0x0a;
const SP = 0x20;
const HTAB = 0x09;
const COLON = 0x3a;

function unfinished(bytes: Uint8Array, limits: MessageLimits, part: 'start-line' | 'header'): SipError {
  if (bytes.length > limits.headBytes)
    return tooLarge('header section', limits.headBytes, limits.headBytes, 513);
  return new SipError(part, 'the empty line after the header fields is missing', {
    rfc: 'RFC 3261 §7',
    offset: bytes.length,
  });
}

function tooMany(limit: number, offset: number): SipError {
  return new SipError('limit', `more than ${limit} header fields`, {
    rfc: 'RFC 3261 §21.5.7',
    offset,
    status: 513,
  });
}

function tooLarge(part: string, limit: number, offset: number, status: number): SipError {
  return new SipError('limit', `a ${part} is longer than ${limit} bytes`, {
    rfc: 'RFC 3261 §21.5.7',
    offset,
    status,
  });
}
