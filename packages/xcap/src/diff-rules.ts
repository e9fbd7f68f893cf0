import { attributeOf, type XmlDocument } from '@sip-simple/xml';
import type { ElementCheck, Violation } from '@sip-simple/xml/schema';
import { XCAP_DIFF } from './namespaces.ts';

/** §3: "XCAP diff documents MUST be based on XML 1.0 and MUST be encoded using UTF-8." */
export function encodingRules({ declaration }: XmlDocument): readonly Violation[] {
  const violations: Violation[] = [];
  if (declaration !== undefined && declaration.version !== '1.0') {
    const message = `the document must be in XML 1.0, not ${declaration.version} (RFC 5874 §3)`;
    violations.push({ path: '/', rule: 'not-xml-1.0', message });
  }
  if (declaration?.encoding !== undefined && !/^utf-8$/i.test(declaration.encoding)) {
    violations.push(notUtf8(declaration.encoding));
  }
  return violations;
}

export function notUtf8(encoding: string): Violation {
  const message = `the document must be in UTF-8, not ${encoding} (RFC 5874 §3)`;
  return { path: '/', rule: 'not-utf-8', message };
}

/** True for bytes with the byte order mark of UTF-16, which may come without a declaration. */
export function isUtf16(bytes: Uint8Array): boolean {
  return (bytes[0] === 0xfe && bytes[1] === 0xff) || (bytes[0] === 0xff && bytes[1] === 0xfe);
}

/** The rules of §3 for `<document>`. */
export const documentChangeRules: ElementCheck = (change) => {
  const faults: { rule: string; message: string }[] = [];
  const sel = attributeOf(change, 'sel') ?? '';
  if (!RELATIVE_PATH.test(sel)) {
    const message = 'the sel of a document must be a path relative to the XCAP root (RFC 5874 §3)';
    faults.push({ rule: 'not-relative', message });
  }
  const parts = change.children.filter((child) => child.type === 'element' && child.namespace === XCAP_DIFF);
  const hasBoth =
    attributeOf(change, 'new-etag') !== undefined && attributeOf(change, 'previous-etag') !== undefined;
  if (parts.length > 0 && !hasBoth) {
    const message =
      'what changes from one version to another must have the entity tags of both (RFC 5874 §3)';
    faults.push({ rule: 'etag-missing', message });
  }
  const elements = change.children.filter((child) => child.type === 'element');
  if (
    elements.length > 1 &&
    parts.some((part) => part.type === 'element' && part.local === 'body-not-changed')
  ) {
    faults.push({ rule: 'unexpected-element', message: '<body-not-changed> must stand alone (RFC 5874 §4)' });
  }
  return faults;
};

/** §3: where its element can't be shown, "the <element> element MUST NOT have any child nodes". */
export const nodesRules: ElementCheck = ({ children }) => {
  if (children.length === 0 || children.some(({ type }) => type === 'element')) return [];
  const message = 'an <element> that shows none must have no nodes at all (RFC 5874 §3)';
  return [{ rule: 'unexpected-nodes', message }];
};

// RFC 3986 §4.2: a relative-path reference begins with no slash, and has no colon in its first segment.
const RELATIVE_PATH = /^[^/:?#]+(?:\/[^?#]*)?$/;
