import { SipError } from '../errors.ts';
import type { HeaderType } from '../headers/header-type.ts';
import { endOfValue, Source } from '../source.ts';
import { columns, nameOfNumber, numberOf, UNKNOWN } from './names.ts';
import { type Layout, startOf } from './scan.ts';

/** A decoded header field. */
interface Decoded {
  readonly header: HeaderType<unknown>;
  /** The name's number, to see quickly whether an edit concerns it. */
  readonly number: number;
  readonly first: unknown;
  all: readonly unknown[] | undefined;
}

/** A part of a source. */
interface Span {
  readonly source: Source;
  readonly start: number;
  readonly end: number;
}

const encoder = new TextEncoder();

/** A message's bytes with their layout and what has been decoded of them. */
export class Head {
  readonly bytes: Uint8Array;
  readonly layout: Layout;
  readonly source: Source;
  private readonly decoded: Decoded[];

  constructor(bytes: Uint8Array, layout: Layout, decoded: Decoded[]) {
    this.bytes = bytes;
    this.layout = layout;
    this.decoded = decoded;
    this.source = new Source(bytes, layout.bodyStart, undefined);
  }

  /** Gives the field value in line `line`, unfolded and trimmed. */
  value(line: number): string {
    const { source, start, end } = this.span(line);
    return source.slice(start, end);
  }

  /** Gives the field name in line `line` as written. */
  name(line: number): string {
    const start = startOf(this.layout.lines[line]);
    return this.source.slice(start, skipName(this.bytes, start));
  }

  /** Gives the first line from `from` on with that name, or -1. `lower` is the name in lower case. */
  find(number: number, lower: string, from: number): number {
    const { lines } = this.layout;
    for (let line = from; line < lines.length; line++) {
      if (((lines[line] ?? 0) & 255) === number && (number !== UNKNOWN || this.isNamed(line, lower)))
        return line;
    }
    return -1;
  }

  /** Says whether line `line` has the name `lower`, which is in lower case. */
  isNamed(line: number, lower: string): boolean {
    const start = startOf(this.layout.lines[line]);
    const end = skipName(this.bytes, start);
    return end - start === lower.length && this.source.slice(start, end).toLowerCase() === lower;
  }

  get<T>(header: HeaderType<T>): T | undefined {
    const { decoded } = this;
    for (let index = 0; index < decoded.length; index++) {
      const entry = decoded[index];
      // The entry was decoded by this very header type, so its values are Ts.
      if (entry?.header === header) return entry.first as T | undefined;
    }
    const number = numberOfType(header);
    const lower = number === UNKNOWN ? header.name.toLowerCase() : '';
    let line = this.find(number, lower, 0);
    if (line === -1) return undefined;
    let span = this.span(line);
    let { end } = span;
    if (header.list) {
      while (span.start === span.end) {
        line = this.find(number, lower, line + 1);
        if (line === -1) return undefined;
        span = this.span(line);
      }
      end = trimEnd(span.source.bytes, span.start, endOf(header, span, span.start));
    } else if (header.repeats !== true && this.mayRepeat(number)) {
      this.refuseSecond(header, number, this.find(number, lower, line + 1));
    }
    const first = read(header, span.source, span.start, end);
    this.decoded.push({ header, number, first, all: undefined });
    return first;
  }

  getAll<T>(header: HeaderType<T>): readonly T[] {
    const entry = this.decoded.find((known) => known.header === header);
    // As in `get`.
    if (entry?.all !== undefined) return entry.all as readonly T[];
    const number = numberOfType(header);
    const lower = number === UNKNOWN ? header.name.toLowerCase() : '';
    const all: T[] = [];
    for (let line = this.find(number, lower, 0); line !== -1; line = this.find(number, lower, line + 1)) {
      if (!header.list && header.repeats !== true && all.length > 0) this.refuseSecond(header, number, line);
      const span = this.span(line);
      if (!header.list) all.push(read(header, span.source, span.start, span.end));
      else if (span.start < span.end) readList(header, span, all);
    }
    if (entry !== undefined) entry.all = all;
    else this.decoded.push({ header, number, first: all[0], all });
    return all;
  }

  /** Gives what is decoded, but of unknown header fields and those whose numbers are in `touched`. */
  decodedBut(touched: readonly number[]): Decoded[] {
    return this.decoded.filter((entry) => entry.number !== UNKNOWN && !touched.includes(entry.number));
  }

  private mayRepeat(number: number): boolean {
    return number === UNKNOWN || number > 31 || (this.layout.repeated & (1 << number)) !== 0;
  }

  /** Gives where the value in line `line` is, white space around it left out. */
  private span(line: number): Span {
    const { bytes } = this;
    const { lines, hasFolds } = this.layout;
    let end = startOf(lines[line + 1]) - 2;
    let start = skipName(bytes, startOf(lines[line]));
    while (start < end && bytes[start] !== COLON) start++;
    start++;
    while (start < end && isLws(bytes[start])) start++;
    end = trimEnd(bytes, start, end);
    if (hasFolds) {
      for (let at = start; at < end; at++) if (bytes[at] === CR) return this.unfolded(start, end);
    }
    return { source: this.source, start, end };
  }

  /** "All linear white space, including folding, has the same semantics as SP" (§25.1). */
  private unfolded(start: number, end: number): Span {
    const text = this.source.slice(start, end).replace(/(?:[ \t]*\r\n)+[ \t]+/g, ' ');
    const bytes = encoder.encode(text);
    const isAscii = bytes.length === text.length;
    const source = new Source(bytes, isAscii ? bytes.length : 0, isAscii ? text : undefined);
    return { source, start: 0, end: bytes.length };
  }

  private refuseSecond(header: HeaderType<unknown>, number: number, line: number): void {
    if (line === -1) return;
    const name = nameOfNumber(number) || header.name;
    const offset = startOf(this.layout.lines[line]);
    throw new SipError('duplicate', `${name} is there twice`, { rfc: 'RFC 3261 §7.3.1', offset });
  }
}

/** Header types made here carry their number; one that was copied and renamed carries a wrong one. */
function numberOfType(header: HeaderType<unknown>): number {
  const { number } = header;
  return number !== undefined && nameOfNumber(number) === header.name ? number : numberOf(header.name);
}

const COLON = 0x3a;
const COMMA = 0x2c;
const CR = 0x0d;

function read<T>(header: HeaderType<T>, source: Source, start: number, end: number): T {
  return header.read === undefined ? header.parse(source.slice(start, end)) : header.read(source, start, end);
}

/** Reads comma-separated values, each of which must be one. */
function readList<T>(header: HeaderType<T>, span: Span, all: T[]): void {
  const { source, end } = span;
  for (let at = span.start; at <= end; at++) {
    while (at < end && isLws(source.bytes[at])) at++;
    const stop = endOf(header, span, at);
    all.push(read(header, source, at, trimEnd(source.bytes, at, stop)));
    at = stop;
  }
}

function endOf(header: HeaderType<unknown>, span: Span, start: number): number {
  if (header.bare !== true) return endOfValue(span.source.bytes, start, span.end);
  let at = start;
  while (at < span.end && span.source.bytes[at] !== COMMA) at++;
  return at;
}

function skipName(bytes: Uint8Array, start: number): number {
  let at = start;
  while (at < bytes.length && columns[bytes[at] ?? 0] !== 0) at++;
  return at;
}

function trimEnd(bytes: Uint8Array, start: number, end: number): number {
  let at = end;
  while (at > start && isLws(bytes[at - 1])) at--;
  return at;
}

function isLws(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x09 || byte === 0x0d || byte === 0x0a;
}
