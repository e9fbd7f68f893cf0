import { SipError } from '../errors.ts';
import type { HeaderType } from '../headers/header-type.ts';
import { endOfValue } from '../scan.ts';
import { foldedTokenByte, numberOf, UNKNOWN } from './names.ts';
import { FIELD, type Layout } from './scan.ts';

/** A decoded header field. */
interface Decoded {
  readonly header: HeaderType<unknown>;
  /** The name's number, to see quickly whether an edit concerns it. */
  readonly number: number;
  readonly first: unknown;
  all: readonly unknown[] | undefined;
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** A message's bytes with their layout and what has been decoded of them. */
export class Head {
  readonly bytes: Uint8Array;
  readonly layout: Layout;
  private readonly decoded: Decoded[];
  private text: string | undefined = undefined;

  constructor(bytes: Uint8Array, layout: Layout, decoded: Decoded[] = []) {
    this.bytes = bytes;
    this.layout = layout;
    this.decoded = decoded;
  }

  /** Gives the text between two byte offsets. Bytes that are no UTF-8 become U+FFFD; the bytes themselves stay. */
  slice(start: number, end: number): string {
    if (!this.layout.isAscii) return decoder.decode(this.bytes.subarray(start, end));
    this.text ??= decoder.decode(this.bytes.subarray(0, this.layout.bodyStart));
    return this.text.slice(start, end);
  }

  /** Gives the field value at `field`, unfolded and trimmed. */
  value(field: number): string {
    const { fields, hasFolds } = this.layout;
    const start = fields[field + 2] ?? 0;
    let end = fields[field + 3] ?? 0;
    while (end > start && isSpace(this.bytes[end - 1])) end--;
    const text = this.slice(start, end);
    // "All linear white space, including folding, has the same semantics as SP" (§25.1).
    return hasFolds && text.includes('\r') ? text.replace(/[ \t]*\r\n[ \t]+/g, ' ').trim() : text;
  }

  /** Gives the field name at `field` as written. */
  name(field: number): string {
    return this.slice(this.layout.fields[field + 1] ?? 0, this.nameEnd(field));
  }

  /** Gives the next field of that name from `field` on, or -1. `lower` is the name in lower case. */
  find(number: number, lower: string, field: number): number {
    const { fields } = this.layout;
    for (let at = field; at < fields.length; at += FIELD) {
      if (fields[at] === number && (number !== UNKNOWN || this.isNamed(at, lower))) return at;
    }
    return -1;
  }

  get<T>(header: HeaderType<T>): T | undefined {
    for (const entry of this.decoded) {
      // The entry was decoded by this very header type, so its values are Ts.
      if (entry.header === header) return entry.first as T | undefined;
    }
    const number = numberOf(header.name);
    const lower = number === UNKNOWN ? header.name.toLowerCase() : '';
    let field = this.find(number, lower, 0);
    if (field === -1) return undefined;
    let text = this.value(field);
    if (header.list) {
      while (text === '') {
        field = this.find(number, lower, field + FIELD);
        if (field === -1) return undefined;
        text = this.value(field);
      }
      const end = endOf(header, text, 0);
      if (end < text.length) text = text.slice(0, end).trimEnd();
    } else if (header.repeats !== true)
      this.refuseSecond(header.name, this.find(number, lower, field + FIELD));
    const first = header.parse(text);
    this.decoded.push({ header, number, first, all: undefined });
    return first;
  }

  getAll<T>(header: HeaderType<T>): readonly T[] {
    const entry = this.decoded.find((known) => known.header === header);
    // As in `get`.
    if (entry?.all !== undefined) return entry.all as readonly T[];
    const number = numberOf(header.name);
    const lower = number === UNKNOWN ? header.name.toLowerCase() : '';
    const all: T[] = [];
    for (
      let field = this.find(number, lower, 0);
      field !== -1;
      field = this.find(number, lower, field + FIELD)
    ) {
      if (!header.list && header.repeats !== true && all.length > 0) this.refuseSecond(header.name, field);
      const text = this.value(field);
      if (!header.list) all.push(header.parse(text));
      else if (text !== '') {
        for (let start = 0; start <= text.length; ) {
          const end = endOf(header, text, start);
          all.push(header.parse(text.slice(start, end).trim()));
          start = end + 1;
        }
      }
    }
    if (entry !== undefined) entry.all = all;
    else this.decoded.push({ header, number, first: all[0], all });
    return all;
  }

  /** Gives what is decoded, but of unknown header fields and those whose numbers are in `touched`. */
  decodedBut(touched: readonly number[]): Decoded[] {
    return this.decoded.filter((entry) => entry.number !== UNKNOWN && !touched.includes(entry.number));
  }

  private refuseSecond(name: string, field: number): void {
    if (field === -1) return;
    const offset = this.layout.fields[field + 1];
    throw new SipError('duplicate', `${name} is there twice`, { rfc: 'RFC 3261 §7.3.1', offset });
  }

  private nameEnd(field: number): number {
    let end = this.layout.fields[field + 1] ?? 0;
    while (foldedTokenByte[this.bytes[end] ?? 0] !== 0) end++;
    return end;
  }

  /** Says whether the field at `field` has the name `lower`, which is in lower case. */
  isNamed(field: number, lower: string): boolean {
    const start = this.layout.fields[field + 1] ?? 0;
    for (let at = 0; at < lower.length; at++) {
      if (foldedTokenByte[this.bytes[start + at] ?? 0] !== lower.charCodeAt(at)) return false;
    }
    return foldedTokenByte[this.bytes[start + lower.length] ?? 0] === 0;
  }
}

function endOf(header: HeaderType<unknown>, text: string, start: number): number {
  if (header.bare !== true) return endOfValue(text, start);
  const comma = text.indexOf(',', start);
  return comma === -1 ? text.length : comma;
}

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x09;
}
