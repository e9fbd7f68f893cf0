import { skipClass, skipSpace, TOKEN } from '../chars.ts';
import { SipError } from '../errors.ts';
import { numberOf } from '../message/names.ts';
import { type Params, readParams, serializeParams } from '../params.ts';
import { type Read, readNumber, readText, type Source } from '../source.ts';
import type { HeaderType } from './header-type.ts';

/** A token with parameters, as in Accept-Encoding and Content-Disposition. */
export interface TokenAndParams {
  readonly token: string;
  readonly params: Params;
}

/** Makes a header type that reads from bytes, and from text by the same function. */
export function headerType<T>(
  type: Omit<HeaderType<T>, 'parse' | 'read' | 'list' | 'number'> & {
    readonly list?: boolean;
    readonly read: Read<T>;
  },
): HeaderType<T> {
  return {
    name: type.name,
    compact: type.compact,
    list: type.list === true,
    repeats: type.repeats,
    joined: type.joined,
    bare: type.bare,
    number: numberOf(type.name),
    parse: (text) => readText(text, type.read),
    read: type.read,
    serialize: type.serialize,
  };
}

/** Reads `token *( SEMI generic-param )`. */
export function readTokenAndParams(source: Source, start: number, end: number, rfc: string): TokenAndParams {
  const tokenEnd = skipClass(source.bytes, start, end, TOKEN);
  if (tokenEnd === start) throw new SipError('value', 'a token is missing', { rfc, offset: start });
  return { token: source.slice(start, tokenEnd), params: readParams(source, tokenEnd, end) };
}

export function serializeTokenAndParams(value: TokenAndParams): string {
  return value.token + serializeParams(value.params);
}

/** Gives the place after `separator` with the white space around it, or -1 when it isn't there. */
export function skipSeparator(bytes: Uint8Array, at: number, end: number, separator: number): number {
  const place = skipSpace(bytes, at, end);
  return place < end && bytes[place] === separator ? skipSpace(bytes, place + 1, end) : -1;
}

/** A header field of tokens: option tags, methods, event types. */
export function tokens(name: string, rfc: string, compact?: string): HeaderType<string> {
  return headerType({
    name,
    compact,
    list: true,
    joined: true,
    read: readToken(name, rfc),
    serialize: String,
  });
}

/** A header field with one token. */
export function token(name: string, rfc: string): HeaderType<string> {
  return headerType({ name, read: readToken(name, rfc), serialize: String });
}

/** A header field with one whole number. */
export function number(name: string, rfc: string, max: number, compact?: string): HeaderType<number> {
  return headerType({
    name,
    compact,
    read: (source, start, end) => readNumber(source.bytes, start, end, max, rfc),
    serialize: (value) => {
      if (!Number.isInteger(value) || value < 0 || value > max) throw new RangeError(`${name}: ${value}`);
      return String(value);
    },
  });
}

/** A header field of free text. */
export function text(name: string, compact?: string): HeaderType<string> {
  return { name, compact, list: false, parse: (value) => value, serialize: (value) => value };
}

/** The largest `delta-seconds`: the RFC asks for at least 2**32-1 to be understood (§20.19). */
export const maxDeltaSeconds = 4_294_967_295;

function readToken(name: string, rfc: string): Read<string> {
  return (source, start, end) => {
    if (start === end || skipClass(source.bytes, start, end, TOKEN) !== end) {
      throw new SipError('value', `${name} holds no token`, { rfc, offset: start });
    }
    return source.slice(start, end);
  };
}
