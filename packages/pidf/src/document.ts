import type { XmlDocument } from '@sip-simple/xml';
import { type FormatValidateOptions, format, type ParseOptions } from '@sip-simple/xml/format';
import { attribute, boolean, type Violation } from '@sip-simple/xml/schema';
import { PidfError } from './errors.ts';
import { documentRules } from './rules.ts';
import { device, deviceId, PIDF, type Presence, type PresenceInit, person, presence } from './schema.ts';

const presenceFormat = /* @__PURE__ */ format(presence, {
  rfc: 'RFC 3863 §4.1.1',
  failure: (code, rfc, message, cause) => new PidfError(code, rfc, message, cause),
  elements: [presence, person, device, deviceId],
  attributes: [attribute('mustUnderstand', boolean, PIDF)],
  check: documentRules,
});

/**
 * Reads a presence document.
 *
 * Reading is lenient: of a document that is not valid it takes what can be read. Elements that are not known
 * are passed over, as RFC 3863 §4.2.3 demands, and stay in `extra`; an attribute or status that says nothing
 * valid counts as absent; a missing `entity` or `id` is `''`. `validate` is exact. Values remember what they
 * were read from, so that `serialize` writes back all of it.
 *
 * @param input the body, in UTF-8 or UTF-16, or its text; bytes are kept for `serialize`, don't write to them
 * @throws {PidfError} `not-well-formed`, `limit`, `charset`, `wrong-root`
 * @see RFC 3863 §4.1, RFC 4479 §5
 */
export function parse(input: Uint8Array | string, options?: ParseOptions): Presence {
  return presenceFormat.parse(input, options);
}

/**
 * Writes a presence document, in UTF-8 with an XML declaration (RFC 3863 §4.1).
 *
 * A document that was parsed and not changed is returned as the bytes it came in; don't write to them. Where
 * it was changed, only that is different from what was read: comments, white space, prefixes, and all that
 * this package does not know stay as they are.
 *
 * @throws {TypeError} when a required part is missing: `entity`, the `id` and `status` of a tuple, the `id` of
 *   a person or device, the `deviceId` of a device
 * @throws {RangeError} when a value is not of its type: an id that is no XML name, a priority beyond 0 to 1
 * @see RFC 3863 §4.1
 */
export function serialize(value: PresenceInit): Uint8Array {
  return presenceFormat.serialize(value);
}

/**
 * The XML tree of a presence document, as `serialize` writes it.
 *
 * @throws {TypeError} and {RangeError} as `serialize`
 */
export function toDocument(value: PresenceInit): XmlDocument {
  return presenceFormat.toDocument(value);
}

/**
 * Checks a presence document exactly: against the schemas of RFC 3863 §4.4 and RFC 4479 §5.1, and the rules
 * that those state in prose. Nobody needs it to read a document; it is for who answers for one.
 *
 * @param input the body, its text, or a parsed document
 * @param options.elements schemas of further standards, whose elements are to be validated where they are used
 * @param options.check rules of further standards about the whole document
 * @returns what is wrong; nothing when the document is valid
 * @throws {PidfError} `not-well-formed`, `limit`, `charset`
 */
export function validate(
  input: Uint8Array | string | XmlDocument,
  options?: FormatValidateOptions,
): readonly Violation[] {
  return presenceFormat.validate(input, options);
}
