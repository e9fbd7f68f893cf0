import { skipClass, skipSpace, TOKEN } from '../chars.ts';
import { SipError } from '../errors.ts';
import { numberOf } from '../message/names.ts';
import { type NameAddr, readNameAddr, serializeNameAddr } from '../name-addr.ts';
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

/** A header field of addresses, `name-addr / addr-spec` each. */
export function addresses(name: string): HeaderType<NameAddr> {
  return headerType({ name, list: true, read: readNameAddr, serialize: serializeNameAddr });
}

/** A header field of addresses that have angle brackets always: `name-addr *( SEMI rr-param )`. */
export function bracketedAddresses(name: string, rfc: string): HeaderType<NameAddr> {
  return { ...bracketedAddress(name, rfc), list: true };
}

/** A header field with one address that has angle brackets always. */
export function bracketedAddress(name: string, rfc: string): HeaderType<NameAddr> {
  return headerType({
    name,
    read: (source, start, end) => {
      const value = readNameAddr(source, start, end);
      if (!isBracketed(source.bytes, start, end)) {
        throw new SipError('value', `${name} needs angle brackets`, { rfc, offset: start });
      }
      return value;
    },
    serialize: serializeNameAddr,
  });
}

function isBracketed(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (bytes[at] === 0x3c) return true;
  return false;
}

/** `callid = word [ "@" word ]`: visible ASCII but `, ; = & $ # ^ |`, which the grammar leaves out and peers don't. */
export function readCallId(source: Source, start: number, end: number): string {
  const { bytes } = source;
  let at = start;
  while (at < end && (bytes[at] ?? 0) > 0x20 && (bytes[at] ?? 0) < 0x7f && bytes[at] !== 0x2c) at++;
  if (at < end || start === end)
    throw new SipError('value', 'not a Call-ID', { rfc: 'RFC 3261 §20.8', offset: at });
  return source.slice(start, end);
}

/** "The sequence number value MUST be expressible as a 32-bit unsigned integer and MUST be less than 2**31." */
export const maxSequence = 0x7fff_ffff;

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
