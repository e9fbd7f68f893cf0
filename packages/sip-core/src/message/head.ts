import { SipError } from '../errors.ts';
import type { HeaderType } from '../headers/header-type.ts';
import { endOfValue, Source } from '../source.ts';
import { columns, lengthOfName, nameOfNumber, numberOf, UNKNOWN } from './names.ts';
import { type Layout, startOf } from './scan.ts';

/** A decoded header field. */
interface Decoded {
  readonly header: HeaderType<unknown>;
  /** The name's number, to see quickly whether an edit concerns it. */
  readonly number: number;
  readonly first: unknown;
  all: readonly unknown[] | undefined;
}

const encoder = new TextEncoder();

/** A message's bytes with their layout and what has been decoded of them. */
export class Head {
  readonly bytes: Uint8Array;
  readonly layout: Layout;
  readonly source: Source;
  private readonly decoded: Decoded[];
  /** For each number below 32 the first line with that name, plus one; made at the first look-up. */
  private firsts: number[] | undefined = undefined;
  /** Bit n is set when the name of number n is there again, for numbers below 32. */
  private repeated = 0;

  constructor(bytes: Uint8Array, layout: Layout, decoded: Decoded[]) {
    this.bytes = bytes;
    this.layout = layout;
    this.decoded = decoded;
    this.source = new Source(bytes, layout.bodyStart, undefined);
  }

  /** Gives the field value in line `line`, unfolded and trimmed. */
  value(line: number): string {
    if (this.layout.hasFolds) {
      const { bytes } = this.unfolded(line);
      return new Source(bytes, 0, undefined).slice(0, bytes.length);
    }
    const start = this.valueStart(UNKNOWN, line);
    return this.source.slice(start, this.valueEnd(line, start));
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
    let line = this.first(number, header.name);
    if (line === -1) return undefined;
    const isSingle = !header.list && header.repeats !== true;
    if (isSingle) this.refuseSecond(header, number, this.next(number, header.name, line));
    let { source } = this;
    let start = 0;
    let end = 0;
    for (;;) {
      if (this.layout.hasFolds) {
        source = this.unfolded(line);
        end = source.bytes.length;
      } else {
        start = this.valueStart(number, line);
        end = this.valueEnd(line, start);
      }
      if (!header.list) break;
      if (start < end) {
        end = trimEnd(source.bytes, start, endOf(header, source.bytes, start, end));
        break;
      }
      line = this.next(number, header.name, line);
      if (line === -1) return undefined;
    }
    const first = read(header, source, start, end);
    decoded.push({ header, number, first, all: undefined });
    return first;
  }

  getAll<T>(header: HeaderType<T>): readonly T[] {
    const entry = this.decoded.find((known) => known.header === header);
    // As in `get`.
    if (entry?.all !== undefined) return entry.all as readonly T[];
    const number = numberOfType(header);
    let line = this.first(number, header.name);
    if (line === -1) return none;
    const isSingle = !header.list && header.repeats !== true;
    if (isSingle) this.refuseSecond(header, number, this.next(number, header.name, line));
    const all: T[] = [];
    for (; line !== -1; line = this.next(number, header.name, line)) {
      const isFolded = this.layout.hasFolds;
      const source = isFolded ? this.unfolded(line) : this.source;
      const start = isFolded ? 0 : this.valueStart(number, line);
      const end = isFolded ? source.bytes.length : this.valueEnd(line, start);
      if (!header.list) all.push(read(header, source, start, end));
      else if (start < end) readList(header, source, start, end, all);
    }
    if (entry !== undefined) entry.all = all;
    else this.decoded.push({ header, number, first: all[0], all });
    return all;
  }

  /** Gives what is decoded, but of unknown header fields and those whose numbers are in `touched`. */
  decodedBut(touched: readonly number[]): Decoded[] {
    return this.decoded.filter((entry) => entry.number !== UNKNOWN && !touched.includes(entry.number));
  }

  private first(number: number, name: string): number {
    if (number > 31 || number === UNKNOWN) return this.find(number, name.toLowerCase(), 0);
    this.firsts ??= this.index();
    return (this.firsts[number] ?? 0) - 1;
  }

  private next(number: number, name: string, line: number): number {
    if (number > 31 || number === UNKNOWN) return this.find(number, name.toLowerCase(), line + 1);
    return (this.repeated & (1 << number)) === 0 ? -1 : this.find(number, '', line + 1);
  }

  private index(): number[] {
    const { lines } = this.layout;
    const firsts = [
      0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
    ];
    for (let line = 0; line < lines.length; line++) {
      const number = (lines[line] ?? 0) & 255;
      if (number > 31) continue;
      if (firsts[number] === 0) firsts[number] = line + 1;
      else this.repeated |= 1 << number;
    }
    return firsts;
  }

  /** Gives where the value in line `line` begins, white space before it left out. */
  private valueStart(number: number, line: number): number {
    const { bytes } = this;
    const { lines } = this.layout;
    const lineStart = startOf(lines[line]);
    // A known name has a known length, unless it is the compact one, which has one letter.
    let at = lineStart + lengthOfName(number);
    if (number === UNKNOWN || bytes[at] !== COLON || columns[bytes[lineStart + 1] ?? 0] === 0) {
      at = skipName(bytes, lineStart);
      while (bytes[at] !== COLON) at++;
    }
    at++;
    const end = startOf(lines[line + 1]) - 2;
    while (at < end && isLws(bytes[at])) at++;
    return at;
  }

  /** Gives where the value in line `line` that begins at `start` ends. */
  private valueEnd(line: number, start: number): number {
    return trimEnd(this.bytes, start, startOf(this.layout.lines[line + 1]) - 2);
  }

  /** Gives the value in line `line` as a source of its own: "All linear white space, including folding, has the same
   * semantics as SP" (§25.1). */
  private unfolded(line: number): Source {
    const start = this.valueStart(UNKNOWN, line);
    const text = this.source.slice(start, this.valueEnd(line, start)).replace(/(?:[ \t]*\r\n)+[ \t]+/g, ' ');
    const bytes = encoder.encode(text);
    const isAscii = bytes.length === text.length;
    return new Source(bytes, isAscii ? bytes.length : 0, isAscii ? text : undefined);
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
const none: readonly never[] = [];

function read<T>(header: HeaderType<T>, source: Source, start: number, end: number): T {
  return header.read === undefined ? header.parse(source.slice(start, end)) : header.read(source, start, end);
}

/** Reads comma-separated values, each of which must be one. */
function readList<T>(header: HeaderType<T>, source: Source, start: number, end: number, all: T[]): void {
  const { bytes } = source;
  for (let at = start; at <= end; at++) {
    while (at < end && isLws(bytes[at])) at++;
    const stop = endOf(header, bytes, at, end);
    all.push(read(header, source, at, trimEnd(bytes, at, stop)));
    at = stop;
  }
}

function endOf(header: HeaderType<unknown>, bytes: Uint8Array, start: number, end: number): number {
  if (header.bare !== true) return endOfValue(bytes, start, end);
  let at = start;
  while (at < end && bytes[at] !== COMMA) at++;
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
