import { endOfString, quote, unescapeText } from './escape.ts';
import { NAME, TOKEN } from './grammar.ts';
import { encode, type Source } from './source.ts';

/** A message header: one line. */
export interface Header {
  /** The name as written, its prefix included: `From`, `imdn.Message-ID`. Case matters. */
  readonly name: string;
  /** What stands between the colon and the space, such as the language. */
  readonly parameters: readonly Parameter[];
  /** The value as written, with its escape sequences; see `unescapeText`. */
  readonly value: string;
}

/** A parameter of a header, its value without quotes and escape sequences. */
export interface Parameter {
  readonly name: string;
  readonly value: string;
}

/**
 * A header of one's own, to put among the headers of a message.
 *
 * @param value as it is to be written; text that comes from elsewhere needs `escapeText`
 * @throws {RangeError} when the name is no name, or the value can't stand on the line
 * @see RFC 3862 §3.6
 */
export function header(name: string, value: string, parameters: readonly Parameter[] = []): Header {
  const dot = name.indexOf('.');
  if (!NAME.test(name.slice(dot + 1)) || (dot >= 0 && !NAME.test(name.slice(0, dot)))) {
    throw new RangeError(`"${name}" is no header name`);
  }
  if (CONTROL.test(value)) throw new RangeError(`${name}: a control character in a header must be escaped`);
  if (OUTER_SPACE.test(value)) throw new RangeError(`${name}: no white space at the end of a line`);
  for (const parameter of parameters) {
    if (!NAME.test(parameter.name)) throw new RangeError(`"${parameter.name}" is no parameter name`);
  }
  return { name, parameters, value };
}

/** A header in the bytes it came in: its text is taken from them when it is asked for. */
export class ParsedHeader implements Header {
  readonly #source: Source;
  readonly #start: number;
  readonly #colon: number;
  readonly #end: number;
  #name: string | undefined;
  #rest: Rest | undefined;

  constructor(source: Source, start: number, colon: number, end: number) {
    this.#source = source;
    this.#start = start;
    this.#colon = colon;
    this.#end = end;
  }

  get name(): string {
    this.#name ??= this.#source.text(this.#start, this.#colon);
    return this.#name;
  }

  get parameters(): readonly Parameter[] {
    return this.#read().parameters;
  }

  get value(): string {
    return this.#read().value;
  }

  /** The bytes of the line, without its end. */
  get line(): Uint8Array {
    return this.#source.bytes.subarray(this.#start, this.#end);
  }

  #read(): Rest {
    this.#rest ??= readRest(this.#source.text(this.#colon + 1, this.#end));
    return this.#rest;
  }
}

/** The bytes of a header's line, without its end: those it came in, if it came in any. */
export function lineOf(header: Header): Uint8Array {
  return header instanceof ParsedHeader ? header.line : encode(textOf(header));
}

/** What follows the colon. */
interface Rest {
  readonly parameters: readonly Parameter[];
  readonly value: string;
}

// Header = Header-name ":" *( ";" Parameter ) SP Header-value
function readRest(rest: string): Rest {
  if (rest.startsWith(' ')) return { parameters: NONE, value: rest.slice(1) };
  const parameters: Parameter[] = [];
  let at = 0;
  while (rest[at] === ';') {
    const equals = rest.indexOf('=', at);
    if (equals < 0) break;
    const isString = rest[equals + 1] === '"';
    const end = isString ? endOfString(rest, equals + 1) : endOfToken(rest, equals + 1);
    if (end < 0) break;
    const value = isString ? unescapeText(rest.slice(equals + 2, end - 1)) : rest.slice(equals + 1, end);
    parameters.push({ name: rest.slice(at + 1, equals), value });
    at = end;
  }
  return { parameters, value: rest.slice(rest[at] === ' ' ? at + 1 : at) };
}

function endOfToken(text: string, start: number): number {
  for (let at = start; at < text.length; at += 1) {
    const character = text[at];
    if (character === ';' || character === ' ') return at;
  }
  return text.length;
}

function textOf({ name, parameters, value }: Header): string {
  let text = `${name}:`;
  for (const parameter of parameters) {
    text += `;${parameter.name}=${TOKEN.test(parameter.value) ? parameter.value : quote(parameter.value)}`;
  }
  return `${text} ${value}`;
}

const NONE: readonly never[] = [];
const CONTROL = /[\0-\x1f\x7f]/;
const OUTER_SPACE = /^ | $/;
