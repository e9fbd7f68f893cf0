import { classes, REQUEST_URI } from '../chars.ts';
import { SipError } from '../errors.ts';
import { columns } from './names.ts';

/** Where the parts of a start-line are. */
export interface StartLine {
  /** A request's method; `undefined` in a response. */
  readonly method: string | undefined;
  /** A response's status; 0 in a request. */
  readonly status: number;
  /** The Request-URI or Reason-Phrase. */
  readonly textStart: number;
  readonly textEnd: number;
  /** `SIP/2.0`, in upper case, or another version. */
  readonly version: string;
  /** What is wrong with a line that is a request's all the same, so that it can be answered. */
  readonly fault: SipError | undefined;
}

/**
 * Reads `Method SP Request-URI SP SIP-Version` or `SIP-Version SP Status-Code SP Reason-Phrase`, each SP a single one.
 *
 * @param end where its CRLF begins
 * @throws SipError `start-line`, when it is neither
 * @see RFC 3261 §7.1, §7.2
 */
export function parseStartLine(bytes: Uint8Array, end: number): StartLine {
  let at = 0;
  while (at < end && columns[bytes[at] ?? 0] !== 0) at++;
  if (bytes[at] === SP && at > 0) return parseRequestLine(bytes, at, end);
  return parseStatusLine(bytes, end);
}

function parseRequestLine(bytes: Uint8Array, methodEnd: number, end: number): StartLine {
  const rfc = 'RFC 3261 §7.1';
  const textStart = methodEnd + 1;
  const method = methodAt(bytes, methodEnd);
  let at = textStart;
  while (at < end && ((classes[bytes[at] ?? 0] ?? 0) & REQUEST_URI) !== 0) at++;
  const version = at > textStart && bytes[at] === SP ? versionAt(bytes, at + 1, end) : undefined;
  if (version !== undefined) return { method, status: 0, textStart, textEnd: at, version, fault: undefined };
  // "The Request-URI MUST NOT contain unescaped spaces or control characters and MUST NOT be enclosed in "<>"."
  const fault = new SipError('start-line', 'not a Request-Line', { rfc, offset: at });
  return { method, status: 0, textStart, textEnd: at, version: 'SIP/2.0', fault };
}

function parseStatusLine(bytes: Uint8Array, end: number): StartLine {
  const rfc = 'RFC 3261 §7.2';
  let space = 0;
  while (space < end && bytes[space] !== SP) space++;
  const version = versionAt(bytes, 0, space);
  if (version === undefined)
    throw new SipError('start-line', 'neither a request nor a response', { rfc, offset: 0 });
  let status = 0;
  for (let at = space + 1; at < space + 4; at++) {
    const digit = (bytes[at] ?? 0) - 48;
    if (at >= end || digit < 0 || digit > 9)
      throw new SipError('start-line', 'not a Status-Code', { rfc, offset: at });
    status = status * 10 + digit;
  }
  if (bytes[space + 4] !== SP || status < 100 || status > 699) {
    throw new SipError('start-line', 'not a Status-Code from 100 to 699', { rfc, offset: space + 1 });
  }
  return { method: undefined, status, textStart: space + 5, textEnd: end, version, fault: undefined };
}

/** `SIP-Version = "SIP" "/" 1*DIGIT "." 1*DIGIT`, in any case. */
function versionAt(bytes: Uint8Array, start: number, end: number): string | undefined {
  const isSip =
    ((bytes[start] ?? 0) | 0x20) === 0x73 &&
    ((bytes[start + 1] ?? 0) | 0x20) === 0x69 &&
    ((bytes[start + 2] ?? 0) | 0x20) === 0x70 &&
    bytes[start + 3] === 0x2f;
  if (!isSip) return undefined;
  if (
    end - start === 7 &&
    bytes[start + 4] === 0x32 &&
    bytes[start + 5] === 0x2e &&
    bytes[start + 6] === 0x30
  ) {
    return 'SIP/2.0';
  }
  const text = ascii(bytes, start, Math.min(end, start + 40)).toUpperCase();
  return /^SIP\/\d+\.\d+$/.test(text) && end - start < 40 ? text : undefined;
}

/** The method from the line's beginning: one shared string for each that is common. */
function methodAt(bytes: Uint8Array, end: number): string {
  for (const method of common[end] ?? none) {
    let at = 0;
    while (at < end && method.charCodeAt(at) === bytes[at]) at++;
    if (at === end) return method;
  }
  return ascii(bytes, 0, end);
}

/** By their length. */
const common: readonly (readonly string[])[] = [
  [],
  [],
  [],
  ['ACK', 'BYE'],
  ['INFO'],
  ['PRACK', 'REFER'],
  ['NOTIFY', 'INVITE', 'UPDATE', 'CANCEL'],
  ['PUBLISH', 'MESSAGE', 'OPTIONS'],
  ['REGISTER'],
  ['SUBSCRIBE'],
];
const none: readonly string[] = [];
const SP = 0x20;

function ascii(bytes: Uint8Array, start: number, end: number): string {
  let text = '';
  for (let at = start; at < end; at++) text += String.fromCharCode(bytes[at] ?? 0);
  return text;
}
