import { serialize as serializeXml, type XmlDocument } from '@sip-simple/xml';
import { writeDocument } from '@sip-simple/xml/schema';
import { BYTES } from './bytes.ts';
import { type PresenceInit, presence } from './schema.ts';

/**
 * Writes a presence document, in UTF-8 with an XML declaration.
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
  const document: XmlDocument & { [BYTES]?: Uint8Array } = toDocument(value);
  return document[BYTES] ?? serializeXml(document);
}

/**
 * The XML tree of a presence document, as `serialize` writes it.
 *
 * @throws {TypeError} and {RangeError} as `serialize`
 */
export function toDocument(value: PresenceInit): XmlDocument {
  const document: XmlDocument & { [BYTES]?: Uint8Array } = writeDocument(presence, value);
  if (document[BYTES] !== undefined) return document;
  // RFC 3863 §4.1: the XML declaration MUST be there, and SHOULD say the encoding.
  const declaration = { version: '1.0', encoding: 'UTF-8', standalone: document.declaration?.standalone };
  return { type: 'document', declaration, children: document.children, root: document.root };
}
