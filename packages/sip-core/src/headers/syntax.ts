import { all, isToken, TOKEN } from '../chars.ts';
import { SipError } from '../errors.ts';
import { type Params, parseParams, serializeParams } from '../params.ts';
import { parseNumber, skipSpace } from '../scan.ts';
import type { HeaderType } from './header-type.ts';

/** A token with parameters, as in Event, Subscription-State, Accept-Encoding, Content-Disposition. */
export interface TokenAndParams {
  readonly token: string;
  readonly params: Params;
}

/** Reads `token *( SEMI generic-param )`. */
export function parseTokenAndParams(text: string, rfc: string): TokenAndParams {
  const end = endOfToken(text, 0);
  if (end === 0) throw new SipError('value', 'a token is missing', { rfc, offset: 0 });
  return { token: text.slice(0, end), params: parseParams(text, end) };
}

export function serializeTokenAndParams(value: TokenAndParams): string {
  return value.token + serializeParams(value.params);
}

/** Gives where the token that begins at `start` ends. */
export function endOfToken(text: string, start: number): number {
  let at = start;
  while (at < text.length && all(text, at, at + 1, TOKEN)) at++;
  return at;
}

/** Gives the position after `separator` with the white space around it, or -1 when it isn't there. */
export function skipSeparator(text: string, at: number, separator: number): number {
  const place = skipSpace(text, at);
  return text.charCodeAt(place) === separator ? skipSpace(text, place + 1) : -1;
}

/** A header field of tokens: option tags, methods, event types. */
export function tokens(name: string, rfc: string, compact?: string): HeaderType<string> {
  return {
    name,
    compact,
    list: true,
    joined: true,
    parse: (text) => {
      if (!isToken(text)) throw new SipError('value', `${name} holds no token`, { rfc, offset: 0 });
      return text;
    },
    serialize: (value) => value,
  };
}

/** A header field with one token. */
export function token(name: string, rfc: string): HeaderType<string> {
  return { ...tokens(name, rfc), list: false, joined: false };
}

/** A header field with one whole number. */
export function number(name: string, rfc: string, max: number, compact?: string): HeaderType<number> {
  return {
    name,
    compact,
    list: false,
    parse: (text) => parseNumber(text, max, rfc),
    serialize: (value) => {
      if (!Number.isInteger(value) || value < 0 || value > max) throw new RangeError(`${name}: ${value}`);
      return String(value);
    },
  };
}

/** A header field of free text. */
export function text(name: string, compact?: string): HeaderType<string> {
  return { name, compact, list: false, parse: (value) => value, serialize: (value) => value };
}

/** The largest `delta-seconds`: the RFC asks for at least 2**32-1 to be understood (§20.19). */
export const maxDeltaSeconds = 4_294_967_295;
