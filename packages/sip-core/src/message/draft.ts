import { isToken } from '../chars.ts';
import { endOfValue, readText, type Source } from '../source.ts';
import type { HeaderEdit } from './edit.ts';
import { Head } from './head.ts';
import { CONTENT_LENGTH, CONTENT_TYPE, NONE, numberOf, UNKNOWN } from './names.ts';
import { line as lineEntry, nameNumberOf, startOf } from './scan.ts';
import { ByteWriter } from './writer.ts';

/** A header field to be written. */
interface NewField {
  readonly number: number;
  readonly name: string;
  readonly value: string;
}

/**
 * A message in the making: fields of a head, given by their place there, among new ones. Fields that no edit names
 * are copied as bytes, never decoded.
 */
export class Draft {
  private readonly head: Head;
  private readonly fields: (number | NewField)[] = [];
  private readonly touched: number[] = [];
  private body: Uint8Array | undefined = undefined;
  private startLine: string | undefined = undefined;

  /**
   * @param head where untouched fields, body and start-line come from
   * @param startLine another start-line; the draft then begins with no fields and no body
   */
  constructor(head: Head, startLine?: string) {
    this.head = head;
    if (startLine === undefined) {
      const { lines } = head.layout;
      for (let line = 0; line < lines.length; line++)
        if (nameNumberOf(lines[line]) !== NONE) this.fields.push(line);
    } else {
      this.startLine = startLine;
      this.body = noBytes;
    }
  }

  /** Says whether the start-line is still the head's. */
  get keepsStartLine(): boolean {
    return this.startLine === undefined;
  }

  /** Takes over line `line` of the head. */
  keep(line: number): void {
    this.fields.push(line);
  }

  /** Adds a field at the end. */
  add(name: string, value: string): void {
    const field = newField(name, value);
    this.fields.push(field);
    this.touched.push(field.number);
  }

  /** @throws TypeError when the edit can't be written */
  apply(edit: HeaderEdit): void {
    switch (edit.type) {
      case 'request-uri':
        this.setRequestUri(edit.uri);
        break;
      case 'body':
        this.body = edit.bytes;
        if (edit.mediaType !== undefined) this.put('set', 'Content-Type', [edit.mediaType]);
        else if (edit.bytes.length === 0) this.put('set', 'Content-Type', []);
        break;
      case 'remove':
        this.refuseLength(edit.name);
        this.put('set', edit.name, []);
        break;
      case 'remove-first':
        this.removeFirst(edit.name, edit.header?.list === true);
        break;
      default:
        this.refuseLength(edit.name);
        this.put(edit.type, edit.name, edit.lines);
    }
  }

  /** @throws TypeError when a body has no Content-Type */
  finish(): Head {
    const { bytes, layout } = this.head;
    const { body } = this;
    if (body !== undefined) {
      // "The Content-Type header field MUST be present if the body is not empty" (§20.15).
      if (body.length > 0 && this.place(CONTENT_TYPE, '') === -1)
        throw new TypeError('a body needs a Content-Type');
      this.put('set', 'Content-Length', [String(body.length)]);
    }
    const writer = new ByteWriter(this.bound(body?.length ?? bytes.length - layout.bodyStart));
    if (this.startLine === undefined) writer.copy(bytes, 0, layout.startLineEnd);
    else writer.text(`${this.startLine}\r\n`);
    const startLineEnd = writer.length;
    const lines: number[] = [];
    const old = layout.lines;
    for (let index = 0; index < this.fields.length; index++) {
      const field = this.fields[index];
      if (typeof field === 'object') {
        lines.push(lineEntry(writer.length, field.number));
        writer.field(field.name, field.value);
      } else if (field !== undefined) {
        // Neighbours that stay neighbours are copied in one piece.
        const start = startOf(old[field]);
        const moved = writer.length - start;
        let last = field;
        lines.push(lineEntry(writer.length, nameNumberOf(old[last])));
        while (this.fields[index + 1] === last + 1) {
          last++;
          index++;
          lines.push(lineEntry(startOf(old[last]) + moved, nameNumberOf(old[last])));
        }
        writer.copy(bytes, start, startOf(old[last + 1]));
      }
    }
    lines.push(lineEntry(writer.length, NONE));
    const bodyStart = writer.length + 2;
    if (body === undefined) writer.copy(bytes, layout.bodyStart - 2, bytes.length);
    else {
      writer.text('\r\n');
      writer.copy(body, 0, body.length);
    }
    const { hasFolds } = layout;
    return new Head(
      writer.finish(),
      { startLineEnd, lines, bodyStart, hasFolds, fault: undefined },
      this.head.decodedBut(this.touched),
    );
  }

  /** How many bytes the message can have at most. */
  private bound(bodyLength: number): number {
    let most = this.head.layout.bodyStart + bodyLength + 2 + 3 * (this.startLine?.length ?? 0);
    for (const field of this.fields) {
      if (typeof field === 'object') most += 3 * (field.name.length + field.value.length) + 4;
    }
    return most;
  }

  private put(how: 'set' | 'append' | 'prepend', name: string, lines: readonly string[]): void {
    const number = numberOf(name);
    const lower = number === UNKNOWN ? name.toLowerCase() : '';
    this.touched.push(number);
    const made = lines.map((value) => newField(name, value, number));
    const first = this.place(number, lower);
    if (made.length === 0 && first === -1) return;
    if (how === 'prepend') {
      this.fields.splice(Math.max(first, 0), 0, ...made);
    } else if (how === 'append') {
      let end = this.fields.length;
      while (first !== -1 && !this.isAt(end - 1, number, lower)) end--;
      this.fields.splice(end, 0, ...made);
    } else if (first !== -1 && lines.length === 1 && this.place(number, lower, first + 1) === -1) {
      for (const field of made) this.fields[first] = field;
    } else if (first === -1) {
      this.fields.push(...made);
    } else {
      const others = this.fields.filter((_, index) => !this.isAt(index, number, lower));
      others.splice(first, 0, ...made);
      this.fields.splice(0, this.fields.length, ...others);
    }
  }

  /** Removes the first value: of a field with several of them that one alone. */
  private removeFirst(name: string, isList: boolean): void {
    this.refuseLength(name);
    const number = numberOf(name);
    this.touched.push(number);
    const place = this.place(number, number === UNKNOWN ? name.toLowerCase() : '');
    const field = this.fields[place];
    if (field === undefined) return;
    const value = typeof field === 'object' ? field.value : this.head.value(field);
    const rest = isList ? readText(value, afterFirst) : '';
    if (rest === '') this.fields.splice(place, 1);
    else this.fields[place] = newField(name, rest);
  }

  private setRequestUri(uri: string): void {
    const { startLineEnd } = this.head.layout;
    const line = this.startLine ?? this.head.source.slice(0, startLineEnd - 2);
    const [method = '', , version = ''] = line.split(' ');
    if (version === '' || line.startsWith('SIP/')) throw new TypeError('a response has no Request-URI');
    this.startLine = requestLine(method, uri);
  }

  /** Gives the first place from `from` on with that name, or -1. */
  private place(number: number, lower: string, from = 0): number {
    for (let index = from; index < this.fields.length; index++)
      if (this.isAt(index, number, lower)) return index;
    return -1;
  }

  private isAt(index: number, number: number, lower: string): boolean {
    const field = this.fields[index];
    if (field === undefined) return false;
    if (typeof field === 'object') {
      return field.number === number && (number !== UNKNOWN || field.name.toLowerCase() === lower);
    }
    return (
      nameNumberOf(this.head.layout.lines[field]) === number &&
      (number !== UNKNOWN || this.head.isNamed(field, lower))
    );
  }

  private refuseLength(name: string): void {
    if (numberOf(name) === CONTENT_LENGTH) throw new TypeError('Content-Length follows the body by itself');
  }
}

/**
 * Writes a Request-Line.
 *
 * @throws TypeError when the method is no token or the URI holds white space, control or non-ASCII characters
 */
export function requestLine(method: string, uri: string): string {
  if (!isToken(method)) throw new TypeError(`not a method: ${method}`);
  if (!/^[!#-;=?-~]+$/.test(uri)) throw new TypeError(`not a Request-URI: ${uri}`);
  return `${method} ${uri} SIP/2.0`;
}

const noBytes = new Uint8Array(0);

/** Gives what follows the first value of a list. */
function afterFirst(source: Source, start: number, end: number): string {
  const comma = endOfValue(source.bytes, start, end);
  return comma < end ? source.slice(comma + 1, end).trim() : '';
}

function newField(name: string, value: string, number = numberOf(name)): NewField {
  // A known name is one.
  if (number === UNKNOWN && !isToken(name)) throw new TypeError(`not a header field name: ${name}`);
  // Anything after a line break would be a header field of its own.
  if (value.includes('\n') || value.includes('\r')) throw new TypeError(`a line break in ${name}`);
  return { number, name, value };
}
