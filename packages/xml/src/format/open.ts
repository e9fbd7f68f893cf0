import { XmlError } from '../errors.ts';
import type { XmlLimits } from '../limits.ts';
import { parse } from '../parse.ts';
import type { XmlDocument } from '../tree.ts';
import type { DocumentErrorCode } from './errors.ts';

export interface ParseOptions {
  /** The `charset` parameter of the media type; where it differs from the XML declaration, it is right. */
  readonly charset?: string | undefined;
  /** Replaces single limits; the defaults are those of `@sip-simple/xml`. */
  readonly limits?: Partial<XmlLimits> | undefined;
}

/** Makes the error of a format. */
export type Failure = (code: DocumentErrorCode, rfc: string, message: string, cause?: Error) => Error;

/** The bytes a document was read from, to be sent as they are while nothing in it has changed. */
export const BYTES: unique symbol = Symbol('bytes');

/**
 * Parses the XML of a body and keeps its bytes, where they are what would be sent: what `Format.parse` does
 * before `Format.read`, for media types with more than one root.
 *
 * @param rfc the section that asks for XML, for errors
 * @throws what `failure` makes, with the code `not-well-formed`, `limit` or `charset`
 */
export function open(
  input: Uint8Array | string,
  { charset, limits }: ParseOptions,
  rfc: string,
  failure: Failure,
): XmlDocument & { readonly [BYTES]?: Uint8Array } {
  let source = input;
  if (typeof input !== 'string' && charset !== undefined) {
    try {
      source = new TextDecoder(charset, { fatal: true }).decode(input);
    } catch (error) {
      const cause = error instanceof Error ? error : undefined;
      throw failure('charset', rfc, `the body is not in charset ${charset}`, cause);
    }
  }
  let document: XmlDocument;
  try {
    document = parse(source, { limits });
  } catch (error) {
    if (!(error instanceof XmlError)) throw error;
    const code = error.code.startsWith('limit-') ? 'limit' : 'not-well-formed';
    throw failure(code, error.rfc, error.message, error);
  }
  if (typeof input === 'string' || !isUtf8(input, charset, document)) return document;
  const { type, declaration, children, root } = document;
  return { type, declaration, children, root, [BYTES]: input };
}

/** True when the bytes are what `serialize` would want to send: UTF-8 with an XML declaration. */
function isUtf8(bytes: Uint8Array, charset: string | undefined, { declaration }: XmlDocument): boolean {
  if (declaration === undefined || (charset !== undefined && !UTF_8.test(charset))) return false;
  if (declaration.encoding !== undefined) return UTF_8.test(declaration.encoding);
  return bytes[0] !== 0xfe && bytes[0] !== 0xff;
}

const UTF_8 = /^utf-?8$/i;
