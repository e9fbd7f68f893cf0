import { SipError } from './errors.ts';
import { type Params, parseParams, quote, serializeParams, unquote } from './params.ts';
import { skipQuoted, skipSpace } from './scan.ts';
import { parseUri, serializeUri, type Uri } from './uri.ts';

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
  const start = skipSpace(text, 0);
  const first = text.charCodeAt(start);
  let displayName: string | undefined;
  let open = start;
  if (first === 0x22) {
    const after = skipQuoted(text, start);
    displayName = unquote(text.slice(start, after));
    open = skipSpace(text, after);
    if (text.charCodeAt(open) !== 0x3c) throw bad('a quoted display name without "<" after it', open);
  } else if (first !== 0x3c) {
    open = text.indexOf('<', start);
    const semicolon = text.indexOf(';', start);
    if (open === -1 || (semicolon !== -1 && semicolon < open)) return parseAddrSpec(text, start, semicolon);
    const name = text.slice(start, open).trim();
    // `display-name = *(token LWS)`; other characters unquoted are common in the field and do no harm, these two do.
    if (/[",\u0000-\u001f\u007f]/.test(name))
      throw bad('a display name holds a character that must be quoted', start);
    displayName = name;
  }
  const close = text.indexOf('>', open);
  if (close === -1) throw bad('"<" has no ">"', open);
  const uri = parseUri(text.slice(open + 1, close));
  return { displayName, uri, params: parseParams(text, close + 1) };
}

/** Writes a NameAddr, always with angle brackets; the display name quoted. */
export function serializeNameAddr(value: NameAddr): string {
  const address = `<${serializeUri(value.uri)}>${serializeParams(value.params)}`;
  return value.displayName === undefined ? address : `${quote(value.displayName)} ${address}`;
}

function parseAddrSpec(text: string, start: number, semicolon: number): NameAddr {
  const end = semicolon === -1 ? text.length : semicolon;
  const spec = text.slice(start, end).trimEnd();
  if (spec.includes('?') || spec.includes(','))
    throw bad('a URI with "?" or "," needs angle brackets', start);
  return { displayName: undefined, uri: parseUri(spec), params: parseParams(text, end) };
}

function bad(message: string, offset: number): SipError {
  return new SipError('value', message, { rfc: 'RFC 3261 §20.10', offset });
}
