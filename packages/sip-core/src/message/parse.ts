import { SipError } from '../errors.ts';
import { Head } from './head.ts';
import { messageOf } from './lazy.ts';
import { defaultMessageLimits, type MessageLimits } from './limits.ts';
import type { SipMessage } from './message.ts';
import { CONTENT_LENGTH } from './names.ts';
import { type Layout, nameNumberOf, scanHead, startOf } from './scan.ts';
import { parseStartLine } from './start-line.ts';

/** Options of `parseMessage`. */
export interface ParseOptions {
  /** Parts of `defaultMessageLimits` to replace. */
  readonly limits?: Partial<MessageLimits> | undefined;
}

/**
 * Reads one message, a datagram's or one that a `StreamFramer` cut out. Bytes after the body that Content-Length
 * names are dropped (§18.3). Header fields are found, not read: what is wrong in their values shows when they are
 * asked for, or in `checkRequest` and `checkResponse`. The message keeps `bytes`, which must not change any more.
 *
 * @param bytes the message; no CRLF before it
 * @throws SipError `start-line`, `header`, `limit`, `length` (Content-Length beyond the end), `value` and `duplicate`
 *   (of Content-Length). Its `received` is what could be read, to answer with.
 * @see RFC 3261 §7, §18.3
 */
export function parseMessage(bytes: Uint8Array, options?: ParseOptions): SipMessage {
  const limits = limitsOf(options?.limits);
  if (bytes.length > limits.messageBytes) {
    throw new SipError('limit', `a message is longer than ${limits.messageBytes} bytes`, {
      rfc: 'RFC 3261 §21.5.7',
      offset: limits.messageBytes,
      status: 513,
    });
  }
  const layout = scanHead(bytes, limits);
  let fault = layout.fault;
  let whole = bytes;
  try {
    const length = contentLengthOf(bytes, layout);
    if (length !== undefined && layout.bodyStart + length !== bytes.length) {
      if (layout.bodyStart + length > bytes.length) {
        throw new SipError(
          'length',
          `Content-Length is ${length}, but ${bytes.length - layout.bodyStart} bytes follow`,
          {
            rfc: 'RFC 3261 §18.3',
            offset: bytes.length,
          },
        );
      }
      whole = bytes.subarray(0, layout.bodyStart + length);
    }
  } catch (error) {
    if (!(error instanceof SipError)) throw error;
    fault ??= error;
  }
  const head = new Head(whole, layout, []);
  const line = parseStartLine(whole, layout.startLineEnd - 2);
  fault = line.fault ?? fault;
  const message = messageOf(head, line);
  if (fault === undefined) return message;
  const { code, rfc, offset, status } = fault;
  throw new SipError(code, fault.summary, { rfc, offset, status, received: message });
}

/**
 * Gives all limits: the defaults with `replaced` in their place.
 *
 * @throws RangeError when `headBytes` is larger than 8 MB
 */
export function limitsOf(replaced: Partial<MessageLimits> | undefined): MessageLimits {
  if (replaced === undefined) return defaultMessageLimits;
  const limits = { ...defaultMessageLimits, ...replaced };
  if (limits.headBytes > maxHeadBytes) throw new RangeError(`headBytes is more than ${maxHeadBytes}`);
  return limits;
}

/**
 * Gives what Content-Length says, `undefined` when it is absent.
 *
 * @throws SipError `value`, `duplicate`
 */
export function contentLengthOf(bytes: Uint8Array, layout: Layout): number | undefined {
  const { lines } = layout;
  const rfc = 'RFC 3261 §20.14';
  let found: number | undefined;
  for (let index = 0; index < lines.length; index++) {
    if (nameNumberOf(lines[index]) !== CONTENT_LENGTH) continue;
    const end = startOf(lines[index + 1]);
    let at = startOf(lines[index]);
    // Whoever picks another of two lengths than we do finds another message behind this one.
    if (found !== undefined)
      throw new SipError('duplicate', 'Content-Length is there twice', { rfc, offset: at });
    while (bytes[at] !== COLON) at++;
    at++;
    while (at < end && isLws(bytes[at])) at++;
    const offset = at;
    found = 0;
    for (; at < end; at++) {
      const digit = (bytes[at] ?? 0) - 48;
      if (digit < 0 || digit > 9) break;
      found = found * 10 + digit;
      if (found > 0x7fff_ffff) throw new SipError('value', 'Content-Length is too large', { rfc, offset });
    }
    const hasDigits = at > offset;
    while (at < end && isLws(bytes[at])) at++;
    if (!hasDigits || at < end) throw new SipError('value', 'Content-Length is no number', { rfc, offset });
  }
  return found;
}

const COLON = 0x3a;
/** A place in the head must fit the bits that `line` has for it. */
const maxHeadBytes = 0x7f_ffff;

function isLws(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x09 || byte === 0x0d || byte === 0x0a;
}
