/** What is wrong with a multipart body; the codes are part of the API and don't change. */
export type MultipartErrorCode =
  /** No boundary, or one that none can be. */
  | 'boundary'
  /** No part, or no end. */
  | 'unterminated'
  /** Headers of a part that are none. */
  | 'malformed'
  /** More than a limit allows. */
  | 'limit';

/** A body that is no multipart body. `status` is the response to give. */
export class MultipartError extends Error {
  override readonly name: string = 'MultipartError';
  readonly code: MultipartErrorCode;
  readonly rfc: string = 'RFC 2046 §5.1.1';
  /** Where in the body, in bytes. */
  readonly offset: number;
  readonly status: 400 | 413;

  constructor(code: MultipartErrorCode, message: string, offset: number) {
    super(message);
    this.code = code;
    this.offset = offset;
    this.status = code === 'limit' ? 413 : 400;
  }
}

export interface PartHeader {
  /** As written; compared without case. */
  readonly name: string;
  /** Unfolded, without white space around it. */
  readonly value: string;
}

/** A body part. */
export interface Part {
  readonly headers: readonly PartHeader[];
  readonly body: Uint8Array;
}

/** A body part that was read. */
export interface ReadPart extends Part {
  /** The part as it stands in the body, headers and all: what a signature signs. */
  readonly source: Uint8Array;
}

export interface MultipartLimits {
  /** Length of the body; 4 MiB by default. */
  readonly bytes: number;
  /** Parts; 1 024 by default. */
  readonly parts: number;
  /** Bytes of the headers of one part; 16 KiB by default. */
  readonly headerBytes: number;
  /** Header fields of one part; 64 by default. */
  readonly headers: number;
}

/**
 * Takes a multipart body apart: the octets between delimiter lines, exactly. What stands before the first and
 * after the last delimiter is left out. Parts are views of `bytes`, not copies.
 *
 * @param boundary the parameter of the media type
 * @throws {MultipartError}
 * @see RFC 2046 §5.1.1
 */
export function parseMultipart(
  bytes: Uint8Array,
  boundary: string,
  limits: Partial<MultipartLimits> = {},
): readonly ReadPart[] {
  const most: MultipartLimits = {
    bytes: 4 << 20,
    parts: 1_024,
    headerBytes: 16 << 10,
    headers: 64,
    ...limits,
  };
  if (bytes.length > most.bytes)
    throw new MultipartError('limit', `more than ${most.bytes} bytes`, most.bytes);
  if (!BOUNDARY.test(boundary)) throw new MultipartError('boundary', 'not a boundary', 0);
  const delimiter = ENCODER.encode(`--${boundary}`);
  const parts: ReadPart[] = [];
  let opening = nextDelimiter(bytes, 0, delimiter);
  if (opening === undefined || opening.isLast) throw new MultipartError('unterminated', 'no part', 0);
  for (;;) {
    const closing = nextDelimiter(bytes, opening.end, delimiter);
    if (closing === undefined) {
      throw new MultipartError('unterminated', 'a part without end', opening.end);
    }
    if (parts.length === most.parts) {
      throw new MultipartError('limit', `more than ${most.parts} parts`, opening.end);
    }
    // The line end before a delimiter is part of it.
    parts.push(readPart(bytes, opening.end, Math.max(opening.end, closing.start - 2), most));
    if (closing.isLast) return parts;
    opening = closing;
  }
}

/**
 * Puts a multipart body together.
 *
 * @throws {RangeError} for what is no boundary or no header, and for a boundary that stands in a part
 * @see RFC 2046 §5.1.1
 */
export function serializeMultipart(parts: readonly Part[], boundary: string): Uint8Array {
  if (!BOUNDARY.test(boundary)) throw new RangeError(`not a boundary: ${boundary}`);
  if (parts.length === 0) throw new RangeError('a multipart body has at least one part');
  const delimiter = ENCODER.encode(`--${boundary}`);
  const pieces: Uint8Array[] = [];
  for (const part of parts) {
    if (contains(part.body, delimiter)) throw new RangeError(`the boundary ${boundary} stands in a part`);
    const headers = part.headers.map(writeHeader).join('');
    pieces.push(delimiter, ENCODER.encode(`\r\n${headers}\r\n`), part.body, LINE_END);
  }
  pieces.push(delimiter, ENCODER.encode('--\r\n'));
  const bytes = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}

/**
 * A boundary that stands in none of the parts.
 *
 * @param token makes up boundaries: characters of tokens, random ones best
 * @throws {RangeError} when a hundred of them are none, or stand in a part
 */
export function boundaryFor(parts: readonly Pick<Part, 'body'>[], token: () => string): string {
  for (let attempt = 0; attempt < 100; attempt += 1) {
    const boundary = token();
    const delimiter = ENCODER.encode(`--${boundary}`);
    if (BOUNDARY.test(boundary) && !parts.some(({ body }) => contains(body, delimiter))) return boundary;
  }
  throw new RangeError('no boundary found');
}

/** The value of a header field of a part, the first of its name; `undefined` when it has none. */
export function headerOf(part: Part, name: string): string | undefined {
  const wanted = name.toLowerCase();
  return part.headers.find((header) => header.name.toLowerCase() === wanted)?.value;
}

interface Delimiter {
  /** Where its line starts. */
  readonly start: number;
  /** Where the next line starts. */
  readonly end: number;
  readonly isLast: boolean;
}

/** `dash-boundary ["--"] transport-padding CRLF`, at the start of a line; the end of the body ends a line too. */
function nextDelimiter(bytes: Uint8Array, from: number, delimiter: Uint8Array): Delimiter | undefined {
  for (let start = from; start >= 0; start = nextLine(bytes, start)) {
    if (!startsWith(bytes, start, delimiter)) continue;
    let end = start + delimiter.length;
    const isLast = bytes[end] === DASH && bytes[end + 1] === DASH;
    if (isLast) end += 2;
    while (bytes[end] === SPACE || bytes[end] === TAB) end += 1;
    if (end === bytes.length) {
      if (isLast) return { start, end, isLast };
    } else if (bytes[end] === CR && bytes[end + 1] === LF) return { start, end: end + 2, isLast };
  }
  return undefined;
}

/** Where the next line starts; -1 when there is none. */
function nextLine(bytes: Uint8Array, from: number): number {
  let at = bytes.indexOf(CR, from);
  while (at >= 0 && bytes[at + 1] !== LF) at = bytes.indexOf(CR, at + 1);
  return at < 0 ? -1 : at + 2;
}

function startsWith(bytes: Uint8Array, at: number, prefix: Uint8Array): boolean {
  if (at + prefix.length > bytes.length) return false;
  for (let index = 0; index < prefix.length; index += 1) {
    if (bytes[at + index] !== prefix[index]) return false;
  }
  return true;
}

/** True when a line of a body starts as a delimiter does, which then might be taken for one. */
function contains(body: Uint8Array, delimiter: Uint8Array): boolean {
  for (let line = 0; line >= 0; line = nextLine(body, line)) {
    if (startsWith(body, line, delimiter)) return true;
  }
  return false;
}

/** `body-part = MIME-part-headers [CRLF *OCTET]` */
function readPart(bytes: Uint8Array, start: number, end: number, limits: MultipartLimits): ReadPart {
  const source = bytes.subarray(start, end);
  const headers: { name: string; value: string }[] = [];
  let at = 0;
  while (at < source.length) {
    const next = nextLine(source, at);
    const lineEnd = next < 0 ? source.length : next - 2;
    if (lineEnd > limits.headerBytes) {
      throw new MultipartError('limit', `more than ${limits.headerBytes} bytes of headers`, start);
    }
    const line = decode(source.subarray(at, lineEnd), start + at);
    const offset = start + at;
    at = next < 0 ? source.length : next;
    if (line === '') break;
    // a line end of another kind: some would see two header fields where others see one
    if (/[\r\n\0]/.test(line))
      throw new MultipartError('malformed', 'a control character in a header field', offset);
    const last = headers.at(-1);
    if (/^[ \t]/.test(line)) {
      if (last === undefined)
        throw new MultipartError('malformed', 'a folded line without its first', offset);
      last.value = `${last.value} ${line.trim()}`.trim();
      continue;
    }
    const [, name, value] = /^([!-9;-~]+)[ \t]*:([\s\S]*)$/.exec(line) ?? [];
    if (name === undefined || value === undefined) {
      throw new MultipartError('malformed', 'a line that is no header field', offset);
    }
    if (headers.length === limits.headers) {
      throw new MultipartError('limit', `more than ${limits.headers} header fields`, offset);
    }
    headers.push({ name, value: value.trim() });
  }
  return { headers, body: source.subarray(at), source };
}

function decode(bytes: Uint8Array, offset: number): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new MultipartError('malformed', 'a header field that is not UTF-8', offset);
  }
}

function writeHeader({ name, value }: PartHeader): string {
  if (!/^[!-9;-~]+$/.test(name)) throw new RangeError(`no name of a header field: ${name}`);
  if (/[\r\n\0]/.test(value)) throw new RangeError(`no value of ${name}: ${value}`);
  return `${name}: ${value}\r\n`;
}

// boundary := 0*69<bchars> bcharsnospace
const BOUNDARY = /^[0-9A-Za-z'()+_,\-./:=? ]{0,69}[0-9A-Za-z'()+_,\-./:=?]$/;
const CR = 0x0d;
const LF = 0x0a;
const TAB = 0x09;
const SPACE = 0x20;
const DASH = 0x2d;
const ENCODER = /* @__PURE__ */ new TextEncoder();
const LINE_END = /* @__PURE__ */ ENCODER.encode('\r\n');
