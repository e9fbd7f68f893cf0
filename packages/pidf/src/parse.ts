import { parse as parseXml, type XmlDocument, XmlError, type XmlLimits } from '@sip-simple/xml';
import { readDocument } from '@sip-simple/xml/schema';
import { BYTES } from './bytes.ts';
import { PidfError } from './errors.ts';
import { PIDF, type Presence, presence } from './schema.ts';

export interface ParseOptions {
  /** The `charset` parameter of the media type; where it differs from the XML declaration, it is right. */
  readonly charset?: string | undefined;
  /** Replaces single limits; the defaults are those of `@sip-simple/xml`. */
  readonly limits?: Partial<XmlLimits> | undefined;
}

/**
 * Reads a presence document.
 *
 * Reading is lenient: of a document that is not valid it takes what can be read. Elements that are not known
 * are passed over, as RFC 3863 §4.2.3 demands, and stay in `extra`; an attribute or status that says nothing
 * valid counts as absent; a missing `entity` or `id` is `''`. `validate` is exact. Values remember what they
 * were read from, so that `serialize` writes back all of it.
 *
 * @param input the body, in UTF-8 or UTF-16, or its text; bytes are kept for `serialize`, don't write to them
 * @throws {PidfError} `not-well-formed`, `limit`, `charset`, `not-presence`
 * @see RFC 3863 §4.1, RFC 4479 §5
 */
export function parse(input: Uint8Array | string, options: ParseOptions = {}): Presence {
  const document = parseDocument(input, options);
  const value = readDocument(presence, document);
  if (value !== undefined) return value;
  const { local, namespace } = document.root;
  const found = `<${local}> of ${namespace === '' ? 'no namespace' : namespace}`;
  throw new PidfError('not-presence', 'RFC 3863 §4.1.1', `expected <presence> of ${PIDF}, found ${found}`);
}

/** Parses the XML of a body, by the rules of RFC 3863 §4.1 for its encoding. */
export function parseDocument(input: Uint8Array | string, options: ParseOptions = {}): XmlDocument {
  const { charset, limits } = options;
  try {
    const source = typeof input === 'string' || charset === undefined ? input : decode(input, charset);
    const document = parseXml(source, { limits });
    if (typeof input === 'string' || !isUtf8(input, charset, document)) return document;
    const { type, declaration, children, root } = document;
    const withBytes: XmlDocument & { [BYTES]: Uint8Array } = {
      type,
      declaration,
      children,
      root,
      [BYTES]: input,
    };
    return withBytes;
  } catch (error) {
    if (!(error instanceof XmlError)) throw error;
    const code = error.code.startsWith('limit-') ? 'limit' : 'not-well-formed';
    throw new PidfError(code, error.rfc, error.message, error);
  }
}

function decode(bytes: Uint8Array, charset: string): string {
  try {
    return new TextDecoder(charset, { fatal: true }).decode(bytes);
  } catch (error) {
    const cause = error instanceof Error ? error : undefined;
    throw new PidfError('charset', 'RFC 3863 §4.1', `the body is not in charset ${charset}`, cause);
  }
}

/** True when the bytes are what `serialize` would want to send: UTF-8 with an XML declaration. */
function isUtf8(bytes: Uint8Array, charset: string | undefined, { declaration }: XmlDocument): boolean {
  if (declaration === undefined || (charset !== undefined && !UTF_8.test(charset))) return false;
  if (declaration.encoding !== undefined) return UTF_8.test(declaration.encoding);
  return bytes[0] !== 0xfe && bytes[0] !== 0xff;
}

const UTF_8 = /^utf-?8$/i;
