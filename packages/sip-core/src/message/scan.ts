import { SipError } from '../errors.ts';
import type { MessageLimits } from './limits.ts';
import { columns, NONE, numberAt, ROOT, trie } from './names.ts';

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
 * Finds the header fields of a message in one pass, without making strings. Lines that are no header field, or too
 * long, or too many, are marked and the first of them reported, so that a request with one can still be answered.
 *
 * @throws SipError `start-line` (no line at all), `header` (no empty line), `limit` (of the head as a whole)
 * @see RFC 3261 §7, §7.3.1, §25.1
 */
export function scanHead(bytes: Uint8Array, limits: MessageLimits): Layout {
  const end = Math.min(bytes.length, limits.headBytes);
  const { headers, lineBytes } = limits;
  const lines: number[] = [];
  let fault: SipError | undefined;
  let hasFolds = false;
  let at = skipText(bytes, 0, end);
  if (at + 1 >= end) throw unfinished(bytes, limits, 'start-line');
  if (bytes[at] !== CR || bytes[at + 1] !== LF) {
    throw new SipError('start-line', 'a control character in the start-line', {
      rfc: 'RFC 3261 §7.1',
      offset: at,
    });
  }
  if (at > lineBytes) fault = tooLarge('start-line', lineBytes, 0, 414);
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
    let number = numberAt[row] ?? 0;
    if (bytes[at] !== COLON || at === start) {
      const nameEnd = at;
      while (at < end && (bytes[at] === SP || bytes[at] === HTAB)) at++;
      if (at >= end || bytes[at] !== COLON || nameEnd === start) {
        if (at === start && at + 1 < end && bytes[at] === CR && bytes[at + 1] === LF) break;
        fault ??= new SipError('header', 'a line is no header field', {
          rfc: 'RFC 3261 §7.3.1',
          offset: start,
        });
        number = NONE;
      }
    }
    // The value and its continuation lines: "LWS = [*WSP CRLF] 1*WSP".
    for (;;) {
      at = skipText(bytes, at, end);
      if (at + 2 >= end) throw unfinished(bytes, limits, 'header');
      if (bytes[at] === CR && bytes[at + 1] === LF) {
        const next = bytes[at + 2];
        if (next !== SP && next !== HTAB) break;
        hasFolds = true;
        at += 3;
      } else {
        // A control character in a quoted-pair may stand there, these two may not.
        if (bytes[at] === CR || bytes[at] === LF) {
          fault ??= new SipError('header', 'CR or LF alone in a line', { rfc: 'RFC 3261 §7', offset: at });
          // Not to be copied into a response: others may see the end of a line there.
          number = NONE;
        }
        at++;
      }
    }
    if (at - start > lineBytes) {
      fault ??= tooLarge('header field', lineBytes, start, 400);
      number = NONE;
    }
    // One more than allowed takes up all that follow, so that the request can be answered.
    if (lines.length < headers) lines.push((start << 8) | number);
    else if (lines.length === headers) {
      fault ??= tooMany(headers, start);
      lines.push((start << 8) | NONE);
    }
    at += 2;
  }
  lines.push((at << 8) | NONE);
  return { startLineEnd, lines, bodyStart: at + 2, hasFolds, fault };
}

/** Gives the next place that holds CR, LF or another control character. */
function skipText(bytes: Uint8Array, from: number, end: number): number {
  let at = from;
  while (at < end && (bytes[at] ?? 0) > CR) at++;
  return at;
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
