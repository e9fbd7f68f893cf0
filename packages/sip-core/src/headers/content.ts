import { SipError } from '../errors.ts';
import { type Params, parseParams, serializeParams } from '../params.ts';
import type { HeaderType } from './header-type.ts';
import {
  endOfToken,
  number,
  parseTokenAndParams,
  serializeTokenAndParams,
  skipSeparator,
  type TokenAndParams,
  token,
  tokens,
} from './syntax.ts';

/** A media type, or in Accept a range of them. */
export interface MediaType {
  /** Lower case, e.g. `application/pidf+xml`; `*` for any. */
  readonly type: string;
  readonly params: Params;
}

/** RFC 3261 §20.15. */
export const contentType: HeaderType<MediaType> = {
  name: 'Content-Type',
  compact: 'c',
  list: false,
  parse: parseMediaType,
  serialize: serializeMediaType,
};
/** RFC 3261 §20.14. */
export const contentLength: HeaderType<number> = number(
  'Content-Length',
  'RFC 3261 §20.14',
  0x7fff_ffff,
  'l',
);
/** RFC 3261 §20.12. */
export const contentEncoding: HeaderType<string> = tokens('Content-Encoding', 'RFC 3261 §20.12', 'e');
/** RFC 3261 §20.13. */
export const contentLanguage: HeaderType<string> = tokens('Content-Language', 'RFC 3261 §20.13');
/** RFC 3261 §20.11. */
export const contentDisposition: HeaderType<TokenAndParams> = {
  name: 'Content-Disposition',
  list: false,
  parse: (text) => parseTokenAndParams(text, 'RFC 3261 §20.11'),
  serialize: serializeTokenAndParams,
};
/** RFC 3261 §20.24. */
export const mimeVersion: HeaderType<string> = token('MIME-Version', 'RFC 3261 §20.24');
/** RFC 3261 §20.1. */
export const accept: HeaderType<MediaType> = {
  name: 'Accept',
  list: true,
  joined: true,
  parse: parseMediaType,
  serialize: serializeMediaType,
};
/** RFC 3261 §20.2. */
export const acceptEncoding: HeaderType<TokenAndParams> = acceptTokens('Accept-Encoding', 'RFC 3261 §20.2');
/** RFC 3261 §20.3. */
export const acceptLanguage: HeaderType<TokenAndParams> = acceptTokens('Accept-Language', 'RFC 3261 §20.3');

function acceptTokens(name: string, rfc: string): HeaderType<TokenAndParams> {
  return {
    name,
    list: true,
    joined: true,
    parse: (text) => parseTokenAndParams(text, rfc),
    serialize: serializeTokenAndParams,
  };
}

/** `media-type = m-type SLASH m-subtype *(SEMI m-parameter)` */
function parseMediaType(text: string): MediaType {
  const typeEnd = endOfToken(text, 0);
  const subtypeStart = skipSeparator(text, typeEnd, 0x2f);
  const subtypeEnd = endOfToken(text, Math.max(subtypeStart, 0));
  if (typeEnd === 0 || subtypeStart === -1 || subtypeEnd === subtypeStart) {
    throw new SipError('value', 'not a media type', { rfc: 'RFC 3261 §20.15', offset: 0 });
  }
  const type = `${text.slice(0, typeEnd)}/${text.slice(subtypeStart, subtypeEnd)}`.toLowerCase();
  return { type, params: parseParams(text, subtypeEnd) };
}

function serializeMediaType(value: MediaType): string {
  return value.type + serializeParams(value.params);
}
