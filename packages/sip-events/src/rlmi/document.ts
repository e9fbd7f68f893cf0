import type { XmlDocument } from '@sip-simple/xml';
import { type FormatValidateOptions, format, type ParseOptions } from '@sip-simple/xml/format';
import type { Violation } from '@sip-simple/xml/schema';
import { RlmiError } from './errors.ts';
import { instance, type List, type ListInit, list, name, resource } from './schema.ts';

const rlmiFormat = /* @__PURE__ */ format(list, {
  rfc: 'RFC 4662 §5.2',
  failure: (code, rfc, message, cause) => new RlmiError(code, rfc, message, cause),
  elements: [list, resource, instance, name],
});

/**
 * Reads an RLMI document.
 *
 * Reading is lenient: what is not known is passed over and kept; a resource without URI, or an instance without
 * id or state, is left out.
 *
 * @param input the body, in UTF-8 or UTF-16, or its text; bytes are kept for `serialize`, don't write to them
 * @throws {RlmiError} `not-well-formed`, `limit`, `charset`, and `wrong-root`: another document, or a list without
 *   `uri`, `version` or `fullState`
 * @see RFC 4662 §5
 */
export function parse(input: Uint8Array | string, options?: ParseOptions): List {
  return rlmiFormat.parse(input, options);
}

/**
 * Writes an RLMI document, in UTF-8 with an XML declaration: what was parsed and not changed, as the bytes it
 * came in; don't write to them.
 *
 * @throws {TypeError} when a required part is missing
 * @throws {RangeError} when a value is not of its type
 * @see RFC 4662 §5
 */
export function serialize(value: ListInit): Uint8Array {
  return rlmiFormat.serialize(value);
}

/** The XML tree of an RLMI document, as `serialize` writes it, and throwing as it does. */
export function toDocument(value: ListInit): XmlDocument {
  return rlmiFormat.toDocument(value);
}

/**
 * Checks an RLMI document exactly: against the schema of RFC 4662 §5.1, and what §5.5 asks beyond it
 * (`missing-reason`, `missing-cid`, `not-unique`).
 *
 * @param input the body, its text, or a parsed document
 * @returns what is wrong; nothing when the document is valid
 * @throws {RlmiError} `not-well-formed`, `limit`, `charset`
 */
export function validate(
  input: Uint8Array | string | XmlDocument,
  options?: FormatValidateOptions,
): readonly Violation[] {
  return rlmiFormat.validate(input, options);
}
