/** The namespace of `xmlns` and `xmlns:prefix` declarations, kept in the tree as attributes of this namespace. */
export const XMLNS = 'http://www.w3.org/2000/xmlns/';
/** The namespace that the prefix `xml` is bound to in every document (`xml:lang`, `xml:space`, `xml:id`). */
export const XML = 'http://www.w3.org/XML/1998/namespace';

/**
 * A document: what stands before, in and after its root element, in order.
 *
 * Trees are plain immutable data without parent pointers: a changed document is a new one that shares
 * everything unchanged with the old.
 */
export interface XmlDocument {
  readonly type: 'document';
  readonly declaration: XmlDeclaration | undefined;
  /** The root among comments, processing instructions and white space. */
  readonly children: readonly (XmlElement | XmlComment | XmlPi | XmlText)[];
  readonly root: XmlElement;
}

/** The XML declaration as written: `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>`. */
export interface XmlDeclaration {
  readonly version: string;
  readonly encoding: string | undefined;
  readonly standalone: 'yes' | 'no' | undefined;
}

export type XmlNode = XmlElement | XmlText | XmlCData | XmlComment | XmlPi;

export interface XmlElement {
  readonly type: 'element';
  /** The namespace name; `''` is no namespace. */
  readonly namespace: string;
  /** The prefix as written; `''` is none. A hint for the serializer: the namespace is what counts. */
  readonly prefix: string;
  readonly local: string;
  /** Attributes and namespace declarations in written order. */
  readonly attributes: readonly XmlAttribute[];
  readonly children: readonly XmlNode[];
}

/** An attribute; a namespace declaration is one in the namespace `XMLNS`, see `namespaceDeclaration`. */
export interface XmlAttribute {
  readonly namespace: string;
  readonly prefix: string;
  readonly local: string;
  readonly value: string;
}

export interface XmlText {
  readonly type: 'text';
  readonly value: string;
}

export interface XmlCData {
  readonly type: 'cdata';
  readonly value: string;
}

export interface XmlComment {
  readonly type: 'comment';
  readonly value: string;
}

/** A processing instruction `<?target data?>`. */
export interface XmlPi {
  readonly type: 'pi';
  readonly target: string;
  readonly data: string;
}

/**
 * Makes an element. Nothing is checked here; `serialize` refuses what XML can't say.
 *
 * @param namespace the namespace name, `''` for none; declarations are added by `serialize` where missing
 * @param name the local name, or `prefix:local` to propose a prefix
 * @see Namespaces in XML 1.0 §5
 */
export function element(
  namespace: string,
  name: string,
  attributes: readonly XmlAttribute[] = NO_ATTRIBUTES,
  children: readonly XmlNode[] = NO_CHILDREN,
): XmlElement {
  const colon = name.indexOf(':');
  const prefix = colon < 0 ? '' : name.slice(0, colon);
  const local = colon < 0 ? name : name.slice(colon + 1);
  return { type: 'element', namespace, prefix, local, attributes, children };
}

/**
 * Makes an attribute: `attribute('id', 'a1')`, `attribute('xml:lang', 'en', XML)`.
 *
 * @param name the local name, or `prefix:local` to propose a prefix
 * @param namespace the namespace name; `''`, the default, is none, as of any attribute written without prefix
 * @see Namespaces in XML 1.0 §6.2
 */
export function attribute(name: string, value: string, namespace = ''): XmlAttribute {
  const colon = name.indexOf(':');
  const prefix = colon < 0 ? '' : name.slice(0, colon);
  return { namespace, prefix, local: colon < 0 ? name : name.slice(colon + 1), value };
}

/**
 * Makes `xmlns:prefix="namespace"`, or `xmlns="namespace"` when `prefix` is `''`.
 *
 * @see Namespaces in XML 1.0 §3
 */
export function namespaceDeclaration(prefix: string, namespace: string): XmlAttribute {
  if (prefix === '') return { namespace: XMLNS, prefix: '', local: 'xmlns', value: namespace };
  return { namespace: XMLNS, prefix: 'xmlns', local: prefix, value: namespace };
}

/** Makes character data; `serialize` escapes it. */
export function text(value: string): XmlText {
  return { type: 'text', value };
}

/** Makes a CDATA section. */
export function cdata(value: string): XmlCData {
  return { type: 'cdata', value };
}

/** Makes a comment. */
export function comment(value: string): XmlComment {
  return { type: 'comment', value };
}

/** Makes a processing instruction. */
export function pi(target: string, data = ''): XmlPi {
  return { type: 'pi', target, data };
}

/**
 * Makes a document of one root element.
 *
 * @param declaration the XML declaration; by default `<?xml version="1.0" encoding="UTF-8"?>`
 */
export function document(root: XmlElement, declaration: XmlDeclaration | undefined = UTF_8): XmlDocument {
  return { type: 'document', declaration, children: [root], root };
}

/**
 * The value of an attribute, or `undefined` when the element has none of that name.
 *
 * @param namespace the namespace name; `''`, the default, is an attribute without prefix
 */
export function attributeOf(element: XmlElement, local: string, namespace = ''): string | undefined {
  for (const attribute of element.attributes) {
    if (attribute.local === local && attribute.namespace === namespace) return attribute.value;
  }
  return undefined;
}

/** The character data directly in an element, CDATA sections included; what its child elements hold is not. */
export function textOf(element: XmlElement): string {
  let value = '';
  for (const child of element.children) {
    if (child.type === 'text' || child.type === 'cdata') value += child.value;
  }
  return value;
}

/**
 * The child elements of an element in document order.
 *
 * @param local only those with this local name, in `namespace`; without it all of them
 * @param namespace the namespace name, by default that of `element`
 */
export function elementsOf(
  element: XmlElement,
  local?: string,
  namespace: string = element.namespace,
): XmlElement[] {
  const found: XmlElement[] = [];
  for (const child of element.children) {
    if (child.type !== 'element') continue;
    if (local === undefined || isNamed(child, local, namespace)) found.push(child);
  }
  return found;
}

/** The first child element of that name, or `undefined`; `namespace` is by default that of `element`. */
export function firstElement(
  element: XmlElement,
  local: string,
  namespace: string = element.namespace,
): XmlElement | undefined {
  for (const child of element.children) {
    if (child.type === 'element' && isNamed(child, local, namespace)) return child;
  }
  return undefined;
}

/** True when a node has this local name in this namespace. */
export function isNamed(node: XmlElement | XmlAttribute, local: string, namespace: string): boolean {
  return node.local === local && node.namespace === namespace;
}

/** The name as written, `prefix:local` or `local`. */
export function qualifiedName(node: XmlElement | XmlAttribute): string {
  return node.prefix === '' ? node.local : `${node.prefix}:${node.local}`;
}

const NO_ATTRIBUTES: readonly XmlAttribute[] = Object.freeze([]);
const NO_CHILDREN: readonly XmlNode[] = Object.freeze([]);
const UTF_8: XmlDeclaration = { version: '1.0', encoding: 'UTF-8', standalone: undefined };
