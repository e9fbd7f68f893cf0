import { elementsOf, textOf, type XmlDocument, type XmlElement } from '@sip-simple/xml';
import { type Format, type FormatValidateOptions, format, type ParseOptions } from '@sip-simple/xml/format';
import type { Violation } from '@sip-simple/xml/schema';
import { type ConferenceInfo, type ConferenceInfoInit, conferenceInfo } from './conference.ts';
import { ConferenceError } from './errors.ts';

/** The media type of these documents (RFC 4575 §9). */
export const MEDIA_TYPE = 'application/conference-info+xml';

/**
 * Reads a conference information document, leniently: elements come in any order, what is not known is passed
 * over and kept, and so is an entry or a stream without what it must have.
 *
 * @param input the body; its bytes are kept for `serialize`, don't write to them
 * @throws {ConferenceError} `not-well-formed`, `limit`, `charset`, and `wrong-root`: another document, or one
 *   without entity
 * @see RFC 4575 §5
 */
export function parse(input: Uint8Array | string, options?: ParseOptions): ConferenceInfo {
  return documents.parse(input, options);
}

/**
 * Writes a conference information document in UTF-8; one that was parsed and not changed as the bytes it came in.
 *
 * @throws {TypeError} when a required part is missing: the entity and version of the conference, a URI, a label
 * @throws {RangeError} when a value is not of its type
 * @see RFC 4575 §5
 */
export function serialize(value: ConferenceInfoInit): Uint8Array {
  return documents.serialize(value);
}

/** The tree that `serialize` writes. */
export function toDocument(value: ConferenceInfoInit): XmlDocument {
  return documents.toDocument(value);
}

/**
 * Checks a conference information document exactly: against the schema of RFC 4575 §6, and what §§4 and 5 demand
 * in prose.
 *
 * @returns what is wrong; nothing when the document is valid
 * @throws {ConferenceError} `not-well-formed`, `limit`, `charset`
 */
export function validate(
  input: Uint8Array | string | XmlDocument,
  options?: FormatValidateOptions,
): readonly Violation[] {
  return documents.validate(input, options);
}

const documents: Format<ConferenceInfo, ConferenceInfoInit> = /* @__PURE__ */ format(conferenceInfo, {
  rfc: 'RFC 4575 §5.2',
  failure: (code, rfc, message, cause) => new ConferenceError(code, rfc, message, cause),
  elements: [conferenceInfo],
  check: (document) => [...isAsSection4Says(document), ...labelsAreAvailable(document.root)],
});

/** §4.1: "MUST be based on [...] XML 1.0 and MUST be encoded using UTF-8", which a schema can't see. */
function isAsSection4Says({ declaration }: XmlDocument): readonly Violation[] {
  const violations: Violation[] = [];
  if (declaration !== undefined && declaration.version !== '1.0') {
    const message = 'the document must be XML 1.0 (RFC 4575 §4.1)';
    violations.push({ path: '/', rule: 'not-xml-1.0', message });
  }
  if (declaration?.encoding !== undefined && !/^utf-8$/i.test(declaration.encoding)) {
    const message = 'the document must be in UTF-8 (RFC 4575 §4.1)';
    violations.push({ path: '/', rule: 'not-utf-8', message });
  }
  return violations;
}

/** §5.8.3: where a document has the available media, the labels of streams are among theirs. */
function labelsAreAvailable(root: XmlElement): readonly Violation[] {
  const within = (elements: readonly XmlElement[], ...locals: readonly string[]): readonly XmlElement[] =>
    locals.reduce((found, local) => found.flatMap((element) => elementsOf(element, local)), elements);
  const available = within([root], 'conference-description', 'available-media', 'entry');
  if (available.length === 0) return [];
  const labels = new Set(
    available.flatMap(({ attributes }) =>
      attributes.flatMap(({ local, namespace, value }) =>
        local === 'label' && namespace === '' ? [value] : [],
      ),
    ),
  );
  return within([root], 'users', 'user', 'endpoint', 'media', 'label')
    .map((label) => textOf(label))
    .filter((label) => !labels.has(label))
    .map((label) => ({
      path: `/${root.local}`,
      rule: 'unknown-label',
      message: `no available medium has the label "${label}" (RFC 4575 §5.8.3)`,
    }));
}
