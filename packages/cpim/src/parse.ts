import { type Content, ParsedContent } from './content.ts';
import { CpimError } from './errors.ts';
import { ParsedHeader } from './header.ts';
import { type CpimMessage, fromBytes } from './message.ts';
import { Source } from './source.ts';

export interface CpimLimits {
  /** The most bytes of a message. */
  readonly bytes: number;
  /** The most headers: message headers and, apart from them, lines of MIME headers. */
  readonly headers: number;
  /** The most bytes of a message header; by default as many as the message has (RFC 3862 §2.2). */
  readonly headerLength: number;
}

/** 4 MiB, 256 headers, of any length. */
export const DEFAULT_LIMITS: CpimLimits = {
  bytes: 4 * 1024 * 1024,
  headers: 256,
  headerLength: Number.POSITIVE_INFINITY,
};

export interface ParseOptions {
  /** Replaces single limits. */
  readonly limits?: Partial<CpimLimits> | undefined;
}

/**
 * Reads a message.
 *
 * Its parts are found, and read when they are asked for. Reading is strict about what divides the message (lines
 * end with CR LF, hold one header each and no control characters), and lenient about what is in the headers;
 * `validate` is exact. A content without Content-Type, or without a blank line, is taken as it is.
 *
 * @param bytes the body of the message that carries it; kept for `serialize`, so don't write to them
 * @throws {CpimError} `header`, `truncated`, `limit`
 * @see RFC 3862 §2
 */
export function parse(bytes: Uint8Array, options: ParseOptions = {}): CpimMessage {
  const limits = options.limits === undefined ? DEFAULT_LIMITS : { ...DEFAULT_LIMITS, ...options.limits };
  if (bytes.length > limits.bytes) {
    throw new CpimError('limit', 'RFC 3862 §2', `more than ${limits.bytes} bytes`, limits.bytes);
  }
  const { places, end, isAscii } = findHeaders(bytes, limits);
  const source = new Source(bytes, 0, end, isAscii);
  const headers: ParsedHeader[] = [];
  for (let at = 0; at + 2 < places.length; at += 3) {
    headers.push(new ParsedHeader(source, places[at] ?? 0, places[at + 1] ?? 0, places[at + 2] ?? 0));
  }
  return fromBytes(bytes, headers, findContent(bytes, end + 2, limits));
}

/**
 * Reads a MIME part, such as one of a multipart content: MIME headers, a blank line, a body. Headers without a
 * blank line are taken as they are.
 *
 * @param bytes kept, so don't write to them
 * @see RFC 3862 §2.4
 */
export function parseContent(bytes: Uint8Array): Content {
  return findContent(bytes, 0, { ...DEFAULT_LIMITS, headers: Number.POSITIVE_INFINITY });
}

/** Where the headers are: start, colon and end of each, one after the other. */
interface Found {
  readonly places: readonly number[];
  /** Where the blank line begins that ends them. */
  readonly end: number;
  readonly isAscii: boolean;
}

function findHeaders(bytes: Uint8Array, limits: CpimLimits): Found {
  const places: number[] = [];
  let start = 0;
  let colon = -1;
  let bits = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0;
    bits |= byte;
    if (byte >= 0x20) {
      if (byte === COLON && colon < 0) colon = at;
      continue;
    }
    if (byte !== CR || bytes[at + 1] !== LF) {
      if (byte === CR && at + 1 === bytes.length) break;
      throw malformed(`a control character (${byte}) in a header`, at);
    }
    if (at === start) return { places, end: at, isAscii: bits < 0x80 };
    if (bytes[start] === SPACE) throw malformed('a line that begins with a space', start);
    if (colon <= start) throw malformed('a line without the name of a header and a colon', start);
    if (places.length === limits.headers * 3) throw tooMany(`more than ${limits.headers} headers`, start);
    if (at - start > limits.headerLength) {
      throw tooMany(`a header of more than ${limits.headerLength} bytes`, start);
    }
    places.push(start, colon, at);
    at += 1;
    start = at + 1;
    colon = -1;
  }
  throw new CpimError(
    'truncated',
    'RFC 3862 §2',
    'no blank line between message headers and content',
    bytes.length,
  );
}

function findContent(bytes: Uint8Array, start: number, limits: CpimLimits): Content {
  let lines = 0;
  let at = start;
  while (at < bytes.length) {
    const end = bytes.indexOf(LF, at);
    if (end < 0) break;
    if (end === at || (end === at + 1 && bytes[at] === CR)) return new ParsedContent(bytes, start, end + 1);
    lines += 1;
    if (lines > limits.headers) throw tooMany(`more than ${limits.headers} lines of MIME headers`, at);
    at = end + 1;
  }
  return new ParsedContent(bytes, start, bytes.length);
}

function malformed(message: string, offset: number): CpimError {
  return new CpimError('header', 'RFC 3862 §2.2', message, offset);
}

function tooMany(message: string, offset: number): CpimError {
  return new CpimError('limit', 'RFC 3862 §2.2', message, offset);
}

const LF = 10;
const CR = 13;
const SPACE = 32;
const COLON = 58;
