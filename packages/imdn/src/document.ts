import type { XmlDocument } from '@sip-simple/xml';
import { type Format, type FormatValidateOptions, format, type ParseOptions } from '@sip-simple/xml/format';
import type { Violation } from '@sip-simple/xml/schema';
import { ImdnError } from './errors.ts';
import { type Imdn, type ImdnInit, imdn } from './schema.ts';

/** The media type of these documents (RFC 5438 §11.1.8). */
export const MEDIA_TYPE = 'message/imdn+xml';

/**
 * Reads an IMDN document, leniently: what is not known is passed over and kept, elements come in any order.
 *
 * @param input the body; its bytes are kept for `serialize`, don't write to them
 * @throws {ImdnError} `not-well-formed`, `limit`, `charset`, and `wrong-root`: another document, or one without
 *   message-id or datetime
 * @see RFC 5438 §11.1
 */
export function parse(input: Uint8Array | string, options?: ParseOptions): Imdn {
  return documents.parse(input, options);
}

/**
 * Writes an IMDN document in UTF-8; one that was parsed and not changed as the bytes it came in.
 *
 * @throws {TypeError} when a required part is missing
 * @throws {RangeError} when a value is not of its type
 * @see RFC 5438 §11.1
 */
export function serialize(value: ImdnInit): Uint8Array {
  return documents.serialize(value);
}

/** The tree that `serialize` writes. */
export function toDocument(value: ImdnInit): XmlDocument {
  return documents.toDocument(value);
}

/**
 * Checks an IMDN document exactly: against the schema of RFC 5438 §11.1.9, and what §11.1 says beside it.
 *
 * @returns what is wrong, in document order; nothing when the document is valid
 * @throws {ImdnError} `not-well-formed`, `limit`, `charset`
 */
export function validate(
  input: Uint8Array | string | XmlDocument,
  options?: FormatValidateOptions,
): readonly Violation[] {
  return documents.validate(input, options);
}

const documents: Format<Imdn, ImdnInit> = /* @__PURE__ */ format(imdn, {
  rfc: 'RFC 5438 §11.1',
  failure: (code, rfc, message, cause) => new ImdnError(code, rfc, message, cause),
  check: isAsSection11Says,
});

/** "MUST be based on XML 1.0 and MUST be encoded using UTF-8", which a schema can't see. */
function isAsSection11Says({ declaration }: XmlDocument): readonly Violation[] {
  const violations: Violation[] = [];
  if (declaration !== undefined && declaration.version !== '1.0') {
    const message = 'the document must be XML 1.0 (RFC 5438 §11.1)';
    violations.push({ path: '/', rule: 'not-xml-1.0', message });
  }
  if (declaration?.encoding !== undefined && !/^utf-8$/i.test(declaration.encoding)) {
    const message = 'the document must be in UTF-8 (RFC 5438 §11.1)';
    violations.push({ path: '/', rule: 'not-utf-8', message });
  }
  return violations;
}
