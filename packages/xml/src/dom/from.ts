import { readDeclaration } from '../declaration.ts';
import {
  XMLNS,
  type XmlAttribute,
  type XmlComment,
  type XmlDocument,
  type XmlElement,
  type XmlNode,
  type XmlPi,
  type XmlText,
} from '../tree.ts';
import {
  CDATA,
  COMMENT,
  DOCTYPE,
  type DomAttribute,
  type DomDocument,
  type DomElement,
  type DomNode,
  isDomElement,
  PI,
  TEXT,
} from './dom.ts';

/**
 * The tree of a DOM document, as it stands.
 *
 * A document type is passed over, as the tree has no place for one. An instruction `xml` at the start, as
 * xmldom has it, is the XML declaration.
 *
 * @throws {TypeError} when the document has no root, or a node that XML has no markup for here, such as an
 *   entity reference
 * @throws {XmlError} `declaration-syntax`
 */
export function fromDom(document: DomDocument): XmlDocument {
  const children: (XmlElement | XmlComment | XmlPi | XmlText)[] = [];
  let declaration: XmlDocument['declaration'];
  let root: XmlElement | undefined;
  for (let node = document.firstChild; node !== null; node = node.nextSibling) {
    if (node.nodeType === DOCTYPE) continue;
    if (node === document.firstChild && node.nodeType === PI && node.nodeName === 'xml') {
      declaration = readDeclaration(`<?xml ${node.nodeValue}?>`);
      continue;
    }
    if (isDomElement(node)) {
      root = elementFromDom(node);
      children.push(root);
      continue;
    }
    const leaf = leafFromDom(node);
    if (leaf.type === 'cdata') throw new TypeError('a CDATA section beside the root');
    children.push(leaf);
  }
  if (root === undefined) throw new TypeError('the document has no root element');
  return { type: 'document', declaration, children, root };
}

/**
 * The tree of a DOM element and all in it. What is declared around it is not taken along: names carry their
 * namespaces, and `serialize` declares what is missing.
 *
 * @throws {TypeError} as `fromDom`
 */
export function elementFromDom(element: DomElement): XmlElement {
  const open: XmlNode[][] = [];
  let children: XmlNode[] = [];
  const root = startOf(element, children);
  let node = element.firstChild;
  let parent: DomNode = element;
  for (;;) {
    if (node === null) {
      const outer = open.pop();
      if (outer === undefined) return root;
      children = outer;
      node = parent.nextSibling;
      // `parent` was entered from its own parent, which is still there.
      parent = parent.parentNode ?? element;
    } else if (isDomElement(node)) {
      open.push(children);
      const inner: XmlNode[] = [];
      children.push(startOf(node, inner));
      children = inner;
      parent = node;
      node = node.firstChild;
    } else {
      children.push(leafFromDom(node));
      node = node.nextSibling;
    }
  }
}

/** The tree's node of a DOM text, CDATA section, comment or processing instruction. @throws {TypeError} for others */
export function leafFromDom(node: DomNode): Exclude<XmlNode, XmlElement> {
  const value = node.nodeValue ?? '';
  switch (node.nodeType) {
    case TEXT:
      return { type: 'text', value };
    case CDATA:
      return { type: 'cdata', value };
    case COMMENT:
      return { type: 'comment', value };
    case PI:
      return { type: 'pi', target: node.nodeName, data: value };
    default:
      throw new TypeError(`no XML for a DOM node of type ${node.nodeType} (${node.nodeName}) here`);
  }
}

/** An attribute of the DOM as one of the tree. */
export function attributeFromDom({
  namespaceURI,
  prefix,
  localName,
  name,
  value,
}: DomAttribute): XmlAttribute {
  // Set without a namespace (DOM level 1) it is a declaration only to who reads the markup, and so here.
  if (namespaceURI === null && (name === 'xmlns' || name.startsWith('xmlns:'))) {
    const local = name.slice(name.indexOf(':') + 1);
    return { namespace: XMLNS, prefix: name === 'xmlns' ? '' : 'xmlns', local, value };
  }
  return { namespace: namespaceURI ?? '', prefix: prefix ?? '', local: localName ?? name, value };
}

/** All attributes of a DOM element, declarations included. */
export function attributesFromDom({ attributes }: DomElement): readonly XmlAttribute[] {
  const read: XmlAttribute[] = [];
  for (let index = 0; index < attributes.length; index += 1) {
    const attribute = attributes.item(index);
    if (attribute !== null) read.push(attributeFromDom(attribute));
  }
  return read;
}

function startOf(element: DomElement, children: readonly XmlNode[]): XmlElement {
  const { namespaceURI, prefix, localName, nodeName } = element;
  return {
    type: 'element',
    namespace: namespaceURI ?? '',
    prefix: prefix ?? '',
    local: localName ?? nodeName,
    attributes: attributesFromDom(element),
    children,
  };
}
