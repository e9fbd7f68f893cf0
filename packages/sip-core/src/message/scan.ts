import { SipError } from '../errors.ts';
import type { MessageLimits } from './limits.ts';
import { foldedTokenByte, mixHash, numberByHash } from './names.ts';

/** Numbers per header field in `Head.fields`: the name's number, where name and value begin, where the value ends. */
export const FIELD = 4;

/** Where everything is in a message's bytes. */
export interface Layout {
  /** After the start-line's CRLF. */
  readonly startLineEnd: number;
  /** Flat: `FIELD` numbers for each header field. Its line ends two bytes after its value. */
  readonly fields: readonly number[];
  /** After the empty line. */
  readonly bodyStart: number;
  /** No byte above 127 before the body: characters and bytes count alike. */
  readonly isAscii: boolean;
  /** Some value may go on in a continuation line. */
  readonly hasFolds: boolean;
  /** The first line that is no header field. */
  readonly fault: SipError | undefined;
}

/**
 * Finds the header fields of a message in one pass, without making strings. Lines that are no header field are
 * skipped and the first of them reported, so that a request with one can still be answered.
 *
 * @throws SipError `start-line` (no line at all), `header` (no empty line), `limit`
 * @see RFC 3261 §7, §7.3.1, §25.1
 */
export function scanHead(bytes: Uint8Array, limits: MessageLimits): Layout {
  const end = Math.min(bytes.length, limits.headBytes);
  const fields: number[] = [];
  let fault: SipError | undefined;
  let seen = 0;
  let folds = 0;
  let at = 0;
  while (at < end && bytes[at] !== CR) seen |= bytes[at++] ?? 0;
  if (at >= end) throw unfinished(bytes, limits, 'start-line');
  if (bytes[at + 1] !== LF)
    throw new SipError('start-line', 'CR without LF', { rfc: 'RFC 3261 §7', offset: at });
  if (at > limits.lineBytes) throw tooLarge('start-line', limits.lineBytes, 0, 414);
  at += 2;
  const startLineEnd = at;
  for (;;) {
    const nameStart = at;
    let hash = 0;
    let folded = foldedTokenByte[at < end ? (bytes[at] ?? 0) : 0] ?? 0;
    while (folded !== 0) {
      hash = mixHash(hash, folded);
      at++;
      folded = foldedTokenByte[at < end ? (bytes[at] ?? 0) : 0] ?? 0;
    }
    const nameEnd = at;
    while (at < end && (bytes[at] === SP || bytes[at] === HTAB)) at++;
    const isField = at < end && bytes[at] === COLON && nameEnd > nameStart;
    if (!isField) {
      if (at === nameStart && bytes[at] === CR && bytes[at + 1] === LF && at + 2 <= end) break;
      fault ??= new SipError('header', 'a line is no header field', {
        rfc: 'RFC 3261 §7.3.1',
        offset: nameStart,
      });
    } else at++;
    while (at < end && (bytes[at] === SP || bytes[at] === HTAB)) at++;
    const valueStart = at;
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
        folds = 1;
        at += 3;
      } else {
        fault ??= new SipError('header', 'CR or LF alone in a line', { rfc: 'RFC 3261 §7', offset: at });
        at++;
      }
    }
    if (at - nameStart > limits.lineBytes) throw tooLarge('header field', limits.lineBytes, nameStart, 400);
    if (isField) {
      if (fields.length >= limits.headers * FIELD) {
        throw new SipError('limit', `more than ${limits.headers} header fields`, {
          rfc: 'RFC 3261 §7.3',
          offset: at,
        });
      }
      fields.push(numberByHash(hash, bytes, nameStart, nameEnd), nameStart, valueStart, at);
    }
    at += 2;
  }
  return { startLineEnd, fields, bodyStart: at + 2, isAscii: seen < 128, hasFolds: folds === 1, fault };
}

export const CR = 0x0d;
export const LF = 0x0a;
export const SP = 0x20;
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

function tooLarge(part: string, limit: number, offset: number, status: number): SipError {
  return new SipError('limit', `a ${part} is longer than ${limit} bytes`, {
    rfc: 'RFC 3261 §21.5.7',
    offset,
    status,
  });
}
