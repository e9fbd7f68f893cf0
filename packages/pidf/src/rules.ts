import { XMLNS, type XmlDocument, type XmlElement } from '@sip-simple/xml';
import type { Violation } from '@sip-simple/xml/schema';

/** What RFC 3863 asks of a document in prose, and no schema can see. */
export function documentRules(document: XmlDocument): readonly Violation[] {
  const violations: Violation[] = [];
  if (document.declaration === undefined) {
    const message = 'the document must have an XML declaration (RFC 3863 §4.1)';
    violations.push({ path: '/', rule: 'missing-declaration', message });
  }
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
