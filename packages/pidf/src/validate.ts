import type { XmlDocument, XmlElement } from '@sip-simple/xml';
import { XML, XMLNS } from '@sip-simple/xml';
import {
  anyUri,
  attribute,
  boolean,
  enumeration,
  id,
  type ValidateOptions,
  type Violation,
  validate as validateElement,
  xmlLang,
} from '@sip-simple/xml/schema';
import { type ParseOptions, parseDocument } from './parse.ts';
import { device, deviceId, PIDF, person, presence } from './schema.ts';

/**
 * Checks a presence document exactly: against the schemas of RFC 3863 §4.4 and RFC 4479 §5.1, and the rules
 * that those state in prose. Nobody needs it to read a document; it is for who answers for one.
 *
 * @param input the body, its text, or a parsed document
 * @param options.elements schemas of further standards, whose elements are to be validated where they are used
 * @returns what is wrong, in document order; nothing when the document is valid
 * @throws {PidfError} `not-well-formed`, `limit`, `charset`
 */
export function validate(
  input: Uint8Array | string | XmlDocument,
  options: ParseOptions & Pick<ValidateOptions, 'elements' | 'limit'> = {},
): readonly Violation[] {
  const document =
    typeof input === 'string' || input instanceof Uint8Array ? parseDocument(input, options) : input;
  const violations: Violation[] = [];
  if (document.declaration === undefined) {
    const message = 'the document must have an XML declaration (RFC 3863 §4.1)';
    violations.push({ path: '/', rule: 'missing-declaration', message });
  }
  violations.push(
    ...validateElement(presence, document.root, {
      elements: [...GLOBAL_ELEMENTS, ...(options.elements ?? [])],
      attributes: GLOBAL_ATTRIBUTES,
      limit: options.limit,
    }),
  );
  const relative = relativeNamespace(document.root);
  if (relative !== undefined) {
    const message = `the namespace "${relative}" is no absolute URI (RFC 3863 §4.2.2)`;
    violations.push({ path: `/${document.root.local}`, rule: 'relative-namespace', message });
  }
  return violations;
}

/** A namespace declared in an element or below that is not an absolute URI, or has a fragment. */
function relativeNamespace(root: XmlElement): string | undefined {
  const pending = [root];
  for (let element = pending.pop(); element !== undefined; element = pending.pop()) {
    for (const { namespace, value } of element.attributes) {
      if (namespace === XMLNS && value !== '' && !ABSOLUTE_URI.test(value)) return value;
    }
    for (const child of element.children) if (child.type === 'element') pending.push(child);
  }
  return undefined;
}

// RFC 2396 §3: absoluteURI = scheme ":" ( hier_part | opaque_part ), neither of them empty; no "#" in it.
const ABSOLUTE_URI = /^[A-Za-z][A-Za-z0-9+.-]*:[^#\s]+$/;
const GLOBAL_ELEMENTS = [presence, person, device, deviceId];
const GLOBAL_ATTRIBUTES = [
  attribute('mustUnderstand', boolean, PIDF),
  xmlLang,
  attribute('xml:space', enumeration('default', 'preserve'), XML),
  attribute('xml:base', anyUri, XML),
  attribute('xml:id', id, XML),
];
