import { attributeOf, type XmlAttribute, type XmlDocument, type XmlElement } from '@sip-simple/xml';
import type { ElementPlace, Place } from '@sip-simple/xml/select';

/** An element or attribute of one version of a document, findable in another. */
export interface Instance {
  readonly element: XmlElement;
  /** The value of the attribute, where it is one; `undefined` for an element. */
  readonly attribute: string | undefined;
}

/** The keys of elements from below the root down, and perhaps an attribute of the last. */
export interface InstancePath {
  readonly keys: readonly string[];
  readonly attribute: Pick<XmlAttribute, 'namespace' | 'local'> | undefined;
}

/**
 * Tells which element of a version of a document is which of another: the same name with the same `id` below the
 * same element, or, where there is no id or siblings share it, the same name in the same place among its like.
 * What changes from one version to the next needs to be known again, and formats have ids for that; RFC 4661
 * leaves it open.
 */
export class Instances {
  readonly #root: XmlElement;
  readonly #keys = new WeakMap<XmlElement, ReadonlyMap<number, string>>();
  readonly #byKey = new WeakMap<XmlElement, ReadonlyMap<string, XmlElement>>();

  constructor(document: XmlDocument) {
    this.#root = document.root;
  }

  /** Where a place is, in words that are true of other versions too. */
  pathOf(place: Place): InstancePath {
    const keys: string[] = [];
    const owner = place.type === 'element' ? place : place.parent;
    for (let at: ElementPlace | undefined = owner; at?.parent !== undefined; at = at.parent) {
      keys.push(this.#keysOf(at.parent.node).get(at.index) ?? '');
    }
    return { keys: keys.reverse(), attribute: place.type === 'attribute' ? place.node : undefined };
  }

  /** What is at a path, if anything. */
  at({ keys, attribute }: InstancePath): Instance | undefined {
    let element = this.#root;
    for (const key of keys) {
      const child = this.#childrenOf(element).get(key);
      if (child === undefined) return undefined;
      element = child;
    }
    if (attribute === undefined) return { element, attribute: undefined };
    const value = attributeOf(element, attribute.local, attribute.namespace);
    return value === undefined ? undefined : { element, attribute: value };
  }

  #keysOf(parent: XmlElement): ReadonlyMap<number, string> {
    const known = this.#keys.get(parent);
    if (known !== undefined) return known;
    const keys = new Map<number, string>();
    const uses = new Map<string, number>();
    const ids = parent.children.map((child) => {
      const id = child.type === 'element' ? attributeOf(child, 'id') : undefined;
      if (child.type !== 'element' || id === undefined) return undefined;
      const key = `${child.namespace} ${child.local} id ${id}`;
      uses.set(key, (uses.get(key) ?? 0) + 1);
      return key;
    });
    const places = new Map<string, number>();
    for (const [index, child] of parent.children.entries()) {
      if (child.type !== 'element') continue;
      const name = `${child.namespace} ${child.local}`;
      const id = ids[index];
      if (id !== undefined && uses.get(id) === 1) {
        keys.set(index, id);
        continue;
      }
      const place = (places.get(name) ?? 0) + 1;
      places.set(name, place);
      keys.set(index, `${name} ${place}`);
    }
    this.#keys.set(parent, keys);
    return keys;
  }

  #childrenOf(parent: XmlElement): ReadonlyMap<string, XmlElement> {
    const known = this.#byKey.get(parent);
    if (known !== undefined) return known;
    const children = new Map<string, XmlElement>();
    for (const [index, key] of this.#keysOf(parent)) {
      const child = parent.children[index];
      if (child?.type === 'element') children.set(key, child);
    }
    this.#byKey.set(parent, children);
    return children;
  }
}
