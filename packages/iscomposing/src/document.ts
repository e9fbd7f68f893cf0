import type { XmlDocument } from '@sip-simple/xml';
import { type Format, type FormatValidateOptions, format, type ParseOptions } from '@sip-simple/xml/format';
import type { Violation } from '@sip-simple/xml/schema';
import { IsComposingError } from './errors.ts';
import { type IsComposing, type IsComposingInit, isComposing } from './schema.ts';

/** The media type of these documents (RFC 3994 §8.1). */
export const MEDIA_TYPE = 'application/im-iscomposing+xml';

/**
 * Reads an isComposing document, leniently: what is not known is passed over and kept, a time or interval that is
 * none is absent.
 *
 * @param input the body; its bytes are kept for `serialize`, don't write to them
 * @throws {IsComposingError} `not-well-formed`, `limit`, `charset`, and `wrong-root`: another document, or one
 *   without a state
 * @see RFC 3994 §6
 */
export function parse(input: Uint8Array | string, options?: ParseOptions): IsComposing {
  return documents.parse(input, options);
}

/**
 * Writes an isComposing document in UTF-8; one that was parsed and not changed as the bytes it came in.
 *
 * @throws {TypeError} when the state is missing
 * @throws {RangeError} when a value is not of its type
 * @see RFC 3994 §6
 */
export function serialize(value: IsComposingInit): Uint8Array {
  return documents.serialize(value);
}

/** The tree that `serialize` writes. */
export function toDocument(value: IsComposingInit): XmlDocument {
  return documents.toDocument(value);
}

/**
 * Checks an isComposing document exactly: against the schema of RFC 3994 §6.1, and what §6 says beside it.
 *
 * @returns what is wrong, in document order; nothing when the document is valid
 * @throws {IsComposingError} `not-well-formed`, `limit`, `charset`
 */
export function validate(
  input: Uint8Array | string | XmlDocument,
  options?: FormatValidateOptions,
): readonly Violation[] {
  return documents.validate(input, options);
}

const documents: Format<IsComposing, IsComposingInit> = /* @__PURE__ */ format(isComposing, {
  rfc: 'RFC 3994 §6',
  failure: (code, rfc, message, cause) => new IsComposingError(code, rfc, message, cause),
  elements: [isComposing],
  check: isAsSection6Says,
});

/** "MUST be based on XML 1.0 and MUST be encoded by using UTF-8", which a schema can't see. */
function isAsSection6Says({ declaration }: XmlDocument): readonly Violation[] {
  const violations: Violation[] = [];
  if (declaration !== undefined && declaration.version !== '1.0') {
    const message = 'the document must be XML 1.0 (RFC 3994 §6)';
    violations.push({ path: '/', rule: 'not-xml-1.0', message });
  }
  if (declaration?.encoding !== undefined && !/^utf-8$/i.test(declaration.encoding)) {
    const message = 'the document must be in UTF-8 (RFC 3994 §6)';
    violations.push({ path: '/', rule: 'not-utf-8', message });
  }
  return violations;
}
