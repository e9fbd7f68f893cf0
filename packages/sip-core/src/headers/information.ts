import { SipError } from '../errors.ts';
import { type Params, readParams, serializeParams } from '../params.ts';
import type { Source } from '../source.ts';
import { readUri, serializeUri, type Uri } from '../uri.ts';
import type { HeaderType } from './header-type.ts';
import { headerType } from './syntax.ts';

/** Something to be fetched: a ring tone, an icon, a recording (RFC 3261 §20.4, §20.9, §20.18). */
export interface Reference {
  /** From whoever wrote it: not to be fetched unless they are trusted (§20.9). */
  readonly uri: Uri;
  /** `purpose` in Call-Info. */
  readonly params: Params;
}

/** RFC 3261 §20.4. */
export const alertInfo: HeaderType<Reference> = references('Alert-Info', 'RFC 3261 §20.4');
/** RFC 3261 §20.9. */
export const callInfo: HeaderType<Reference> = references('Call-Info', 'RFC 3261 §20.9');
/** RFC 3261 §20.18. */
export const errorInfo: HeaderType<Reference> = references('Error-Info', 'RFC 3261 §20.18');

function references(name: string, rfc: string): HeaderType<Reference> {
  return headerType({
    name,
    list: true,
    read: (source, start, end) => readReference(source, start, end, rfc),
    serialize: (value) => `<${serializeUri(value.uri)}>${serializeParams(value.params)}`,
  });
}

/** `alert-param = LAQUOT absoluteURI RAQUOT *( SEMI generic-param )`, the others alike. */
function readReference(source: Source, start: number, end: number, rfc: string): Reference {
  const { bytes } = source;
  let close = start;
  while (close < end && bytes[close] !== GREATER) close++;
  if (start === end || bytes[start] !== LESS || close === end)
    throw new SipError('value', 'a URI needs angle brackets', { rfc, offset: start });
  return { uri: readUri(source, start + 1, close), params: readParams(source, close + 1, end) };
}

const LESS = 0x3c;
const GREATER = 0x3e;
