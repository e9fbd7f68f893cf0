/**
 * The part of a W3C DOM that is used here and by those who change one. Any DOM fits by its shape: the
 * browser's own, xmldom's, others.
 *
 * @see DOM §4.4 (Node), https://dom.spec.whatwg.org/#node
 */
export interface DomNode {
  readonly nodeType: number;
  readonly nodeName: string;
  /** The text of a text, CDATA section, comment or processing instruction. */
  nodeValue: string | null;
  readonly parentNode: DomNode | null;
  readonly firstChild: DomNode | null;
  readonly nextSibling: DomNode | null;
  appendChild(child: DomNode): DomNode;
  insertBefore(child: DomNode, before: DomNode | null): DomNode;
  removeChild(child: DomNode): DomNode;
}

/** An attribute or a namespace declaration. */
export interface DomAttribute {
  readonly namespaceURI: string | null;
  readonly prefix: string | null;
  readonly localName: string | null;
  /** The name as written. */
  readonly name: string;
  readonly value: string;
}

export interface DomElement extends DomNode {
  readonly namespaceURI: string | null;
  readonly prefix: string | null;
  readonly localName: string | null;
  readonly attributes: {
    readonly length: number;
    item(index: number): DomAttribute | null;
  };
  setAttributeNS(namespace: string | null, name: string, value: string): void;
  removeAttributeNode(attribute: DomAttribute): unknown;
}

export interface DomDocument extends DomNode {
  createElementNS(namespace: string | null, name: string): DomElement;
  createTextNode(value: string): DomNode;
  createCDATASection(value: string): DomNode;
  createComment(value: string): DomNode;
  createProcessingInstruction(target: string, data: string): DomNode;
}

/** What makes empty documents: `document.implementation` of a browser, `new DOMImplementation()` of xmldom. */
export interface DomImplementation<D extends DomDocument> {
  createDocument(namespace: string | null, name: string): D;
}

/** The kinds of nodes (`Node.ELEMENT_NODE` and so on). */
export const ELEMENT = 1;
export const TEXT = 3;
export const CDATA = 4;
export const PI = 7;
export const COMMENT = 8;
export const DOCTYPE = 10;

/** True when a node is an element. */
export function isDomElement(node: DomNode): node is DomElement {
  return node.nodeType === ELEMENT;
}
