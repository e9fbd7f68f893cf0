import { skipClass, TOKEN } from '../chars.ts';
import { SipError } from '../errors.ts';
import { lowerSlice, type Params, readParams, serializeParams } from '../params.ts';
import type { Source } from '../source.ts';
import type { HeaderType } from './header-type.ts';
import {
  headerType,
  number,
  readTokenAndParams,
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
export const contentType: HeaderType<MediaType> = headerType({
  name: 'Content-Type',
  compact: 'c',
  read: readMediaType,
  serialize: serializeMediaType,
});
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
export const contentDisposition: HeaderType<TokenAndParams> = headerType({
  name: 'Content-Disposition',
  read: (source, start, end) => readTokenAndParams(source, start, end, 'RFC 3261 §20.11'),
  serialize: serializeTokenAndParams,
});
/** RFC 3261 §20.24. */
export const mimeVersion: HeaderType<string> = token('MIME-Version', 'RFC 3261 §20.24');
/** RFC 3261 §20.1. */
export const accept: HeaderType<MediaType> = headerType({
  name: 'Accept',
  list: true,
  joined: true,
  read: readMediaType,
  serialize: serializeMediaType,
});
/** RFC 3261 §20.2. */
export const acceptEncoding: HeaderType<TokenAndParams> = acceptTokens('Accept-Encoding', 'RFC 3261 §20.2');
/** RFC 3261 §20.3. */
export const acceptLanguage: HeaderType<TokenAndParams> = acceptTokens('Accept-Language', 'RFC 3261 §20.3');

function acceptTokens(name: string, rfc: string): HeaderType<TokenAndParams> {
  return headerType({
    name,
    list: true,
    joined: true,
    read: (source, start, end) => readTokenAndParams(source, start, end, rfc),
    serialize: serializeTokenAndParams,
  });
}

/** `media-type = m-type SLASH m-subtype *(SEMI m-parameter)` */
function readMediaType(source: Source, start: number, end: number): MediaType {
  const { bytes } = source;
  const typeEnd = skipClass(bytes, start, end, TOKEN);
  const subtypeStart = skipSeparator(bytes, typeEnd, end, 0x2f);
  const subtypeEnd = subtypeStart === -1 ? -1 : skipClass(bytes, subtypeStart, end, TOKEN);
  if (typeEnd === start || subtypeEnd === subtypeStart) {
    throw new SipError('value', 'not a media type', { rfc: 'RFC 3261 §20.15', offset: start });
  }
  const isTight = subtypeStart === typeEnd + 1;
  const type = isTight
    ? lowerSlice(source, start, subtypeEnd)
    : `${lowerSlice(source, start, typeEnd)}/${lowerSlice(source, subtypeStart, subtypeEnd)}`;
  return { type, params: readParams(source, subtypeEnd, end) };
}

function serializeMediaType(value: MediaType): string {
  return value.type + serializeParams(value.params);
}
