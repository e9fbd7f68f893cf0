import { XMLNS, type XmlAttribute, type XmlComment, type XmlElement, type XmlPi } from '../tree.ts';

/** An element and where it stands; trees don't know their parents, so places do. */
export interface ElementPlace {
  readonly type: 'element';
  readonly node: XmlElement;
  /** The element around it; `undefined` for the root. */
  readonly parent: ElementPlace | undefined;
  /** Among the children of the parent, or of the document. */
  readonly index: number;
}

/** Character data between other nodes, as XPath sees it: neighbouring texts and CDATA sections are one. */
export interface TextPlace {
  readonly type: 'text';
  readonly value: string;
  readonly parent: ElementPlace;
  /** Of the first of its nodes among the children of the parent. */
  readonly index: number;
  /** Of the first node behind it. */
  readonly end: number;
}

/** A comment or processing instruction; without parent it stands beside the root. */
export interface LeafPlace {
  readonly type: 'comment' | 'pi';
  readonly node: XmlComment | XmlPi;
  readonly parent: ElementPlace | undefined;
  readonly index: number;
}

export interface AttributePlace {
  readonly type: 'attribute';
  readonly node: XmlAttribute;
  /** The element that has it. */
  readonly parent: ElementPlace;
  /** Among the attributes of the parent. */
  readonly index: number;
}

/** A namespace that is in scope of an element, declared by it or around it. */
export interface NamespacePlace {
  readonly type: 'namespace';
  readonly prefix: string;
  readonly namespace: string;
  readonly parent: ElementPlace;
  /** The element that declares it. */
  readonly declaredBy: ElementPlace;
}

/** All namespaces in scope of an element. */
export interface NamespacesPlace {
  readonly type: 'namespaces';
  readonly namespaces: ReadonlyMap<string, string>;
  readonly parent: ElementPlace;
}

/** What a selector may select. */
export type Place = ElementPlace | TextPlace | LeafPlace | AttributePlace | NamespacePlace | NamespacesPlace;

/**
 * The namespaces in scope of an element by prefix, the default under `''` where there is one; `xml`, which
 * always is, left out.
 *
 * @see XPath 1.0 §5.4, RFC 4825 §10
 */
export function namespacesInScope(place: ElementPlace): Map<string, string> {
  const inScope = new Map<string, string>();
  for (let at: ElementPlace | undefined = place; at !== undefined; at = at.parent) {
    for (const attribute of at.node.attributes) {
      if (attribute.namespace !== XMLNS) continue;
      const prefix = declaredPrefix(attribute);
      if (!inScope.has(prefix)) inScope.set(prefix, attribute.value);
    }
  }
  for (const [prefix, namespace] of inScope) if (namespace === '') inScope.delete(prefix);
  return inScope;
}

/** The namespace that a prefix has in scope of an element, or `undefined`. */
export function namespaceInScope(place: ElementPlace, prefix: string): NamespacePlace | undefined {
  for (let at: ElementPlace | undefined = place; at !== undefined; at = at.parent) {
    for (const attribute of at.node.attributes) {
      if (attribute.namespace !== XMLNS || declaredPrefix(attribute) !== prefix) continue;
      if (attribute.value === '') return undefined;
      return { type: 'namespace', prefix, namespace: attribute.value, parent: place, declaredBy: at };
    }
  }
  return undefined;
}

function declaredPrefix(declaration: XmlAttribute): string {
  return declaration.prefix === '' ? '' : declaration.local;
}
