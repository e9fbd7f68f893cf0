import { skipSpace } from './chars.ts';
import { SipError } from './errors.ts';
import { type Params, quote, readParams, serializeParams, unquote } from './params.ts';
import { readText, type Source, skipQuoted } from './source.ts';
import { readUri, serializeUri, type Uri } from './uri.ts';

/** A URI with the display name before it and the parameters of the header field after it. */
export interface NameAddr {
  /** What is displayed, quotes and escapes taken off. */
  readonly displayName?: string | undefined;
  readonly uri: Uri;
  /** Parameters of the header field value, e.g. `tag`; those inside of the brackets are the URI's. */
  readonly params: Params;
}

/**
 * Reads `( name-addr / addr-spec ) *( SEMI generic-param )`. Without angle brackets all parameters belong to
 * the header field, and the URI may hold no comma, semicolon or question mark.
 *
 * @throws SipError `value`, `uri`, `duplicate`, `limit`
 * @see RFC 3261 §20.10, §20.20, §20.39
 */
export function parseNameAddr(text: string): NameAddr {
  return readText(text, readNameAddr);
}

/** Reads the NameAddr from `start` to `end`. */
export function readNameAddr(source: Source, start: number, end: number): NameAddr {
  const { bytes } = source;
  let displayName: string | undefined;
  let open = start;
  if (start < end && bytes[start] === QUOTE) {
    const after = skipQuoted(bytes, start, end);
    displayName = unquote(source.slice(start, after));
    open = skipSpace(bytes, after, end);
    if (open === end || bytes[open] !== LESS) throw bad('a quoted display name without "<" after it', open);
  } else if (bytes[start] !== LESS) {
    while (open < end && bytes[open] !== LESS && bytes[open] !== SEMICOLON) open++;
    if (open === end || bytes[open] === SEMICOLON) return readAddrSpec(source, start, open, end);
    displayName = source.slice(start, open).trim();
    // `display-name = *(token LWS)`; other characters unquoted are common in the field and do no harm, these do.
    if (/[",\u0000-\u001f\u007f]/.test(displayName)) {
      throw bad('a display name holds a character that must be quoted', start);
    }
  }
  let close = open + 1;
  while (close < end && bytes[close] !== GREATER) close++;
  if (close >= end) throw bad('"<" has no ">"', open);
  const uri = readUri(source, open + 1, close);
  return { displayName, uri, params: readParams(source, close + 1, end) };
}

/** Writes a NameAddr, always with angle brackets; the display name quoted. */
export function serializeNameAddr(value: NameAddr): string {
  const address = `<${serializeUri(value.uri)}>${serializeParams(value.params)}`;
  return value.displayName === undefined ? address : `${quote(value.displayName)} ${address}`;
}

const QUOTE = 0x22;
const LESS = 0x3c;
const GREATER = 0x3e;
const SEMICOLON = 0x3b;

/** `addr-spec *( SEMI generic-param )`, with the first semicolon at `semicolon`. */
function readAddrSpec(source: Source, start: number, semicolon: number, end: number): NameAddr {
  const { bytes } = source;
  let stop = semicolon;
  while (stop > start && (bytes[stop - 1] === 0x20 || bytes[stop - 1] === 0x09)) stop--;
  for (let at = start; at < stop; at++) {
    if (bytes[at] === 0x3f || bytes[at] === 0x2c) throw bad('a URI with "?" or "," needs angle brackets', at);
  }
  return {
    displayName: undefined,
    uri: readUri(source, start, stop),
    params: readParams(source, semicolon, end),
  };
}

function bad(message: string, offset: number): SipError {
  return new SipError('value', message, { rfc: 'RFC 3261 §20.10', offset });
}
