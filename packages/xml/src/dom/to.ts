import {
  XML,
  XMLNS,
  type XmlAttribute,
  type XmlDeclaration,
  type XmlDocument,
  type XmlElement,
  type XmlNode,
} from '../tree.ts';
import type { DomDocument, DomElement, DomImplementation, DomNode } from './dom.ts';

/**
 * Makes a DOM document of a tree.
 *
 * A DOM has no place for white space beside the root, and none for the XML declaration but an instruction
 * `xml`, which is how xmldom keeps it and how every serializer writes it; so it is put there.
 *
 * @param implementation the maker of documents: `document.implementation`, `new DOMImplementation()`
 * @throws what the DOM throws for names that it does not allow
 */
export function toDom<D extends DomDocument>(tree: XmlDocument, implementation: DomImplementation<D>): D {
  const document = implementation.createDocument(null, '');
  if (tree.declaration !== undefined) {
    document.appendChild(document.createProcessingInstruction('xml', declarationData(tree.declaration)));
  }
  for (const child of tree.children) {
    if (child.type !== 'text') document.appendChild(nodeToDom(child, document));
  }
  return document;
}

/**
 * Makes a DOM node of a node of the tree, with all in it. It belongs to `document` and stands nowhere yet.
 *
 * Declarations are attributes as they are in the tree; none are added. A prefix that can't stand for the
 * namespace, which `serialize` would replace, is left out.
 *
 * @throws what the DOM throws for names that it does not allow
 */
export function nodeToDom(node: XmlElement, document: DomDocument): DomElement;
export function nodeToDom(node: XmlNode, document: DomDocument): DomNode;
export function nodeToDom(node: XmlNode, document: DomDocument): DomNode {
  if (node.type !== 'element') return leafToDom(node, document);
  const open: Open[] = [];
  let level: Open = { dom: startToDom(node, document), children: node.children, next: 0 };
  // An element goes into its parent when it is complete: appending to a deep place costs a look at all
  // ancestors in DOMs that watch for cycles.
  for (;;) {
    const child = level.children[level.next++];
    if (child === undefined) {
      const outer = open.pop();
      if (outer === undefined) return level.dom;
      outer.dom.appendChild(level.dom);
      level = outer;
    } else if (child.type === 'element') {
      open.push(level);
      level = { dom: startToDom(child, document), children: child.children, next: 0 };
    } else {
      level.dom.appendChild(leafToDom(child, document));
    }
  }
}

/** Sets an attribute, or a namespace declaration, of a DOM element. */
export function setDomAttribute(element: DomElement, attribute: XmlAttribute): void {
  const { namespace, local, value } = attribute;
  element.setAttributeNS(namespace === '' ? null : namespace, nameOf(attribute, local), value);
}

interface Open {
  readonly dom: DomElement;
  readonly children: readonly XmlNode[];
  next: number;
}

function startToDom(element: XmlElement, document: DomDocument): DomElement {
  const { namespace, local, attributes } = element;
  const dom = document.createElementNS(namespace === '' ? null : namespace, nameOf(element, local));
  for (const attribute of attributes) setDomAttribute(dom, attribute);
  return dom;
}

function leafToDom(node: Exclude<XmlNode, XmlElement>, document: DomDocument): DomNode {
  switch (node.type) {
    case 'text':
      return document.createTextNode(node.value);
    case 'cdata':
      return document.createCDATASection(node.value);
    case 'comment':
      return document.createComment(node.value);
    case 'pi':
      return document.createProcessingInstruction(node.target, node.data);
  }
}

/** The qualified name, without a prefix that the DOM refuses for the namespace (DOM §1.4, "validate and extract"). */
function nameOf({ prefix, namespace }: XmlElement | XmlAttribute, local: string): string {
  if (prefix === '' || namespace === '') return local;
  if ((prefix === 'xml' && namespace !== XML) || (prefix === 'xmlns' && namespace !== XMLNS)) return local;
  return `${prefix}:${local}`;
}

function declarationData({ version, encoding, standalone }: XmlDeclaration): string {
  let data = `version="${version}"`;
  if (encoding !== undefined) data += ` encoding="${encoding}"`;
  if (standalone !== undefined) data += ` standalone="${standalone}"`;
  return data;
}
