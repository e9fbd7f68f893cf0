import type { XmlAttribute, XmlNode } from '@sip-simple/xml';
import {
  attributeFromDom,
  type DomAttribute,
  type DomDocument,
  type DomElement,
  type DomNode,
  isDomElement,
  leafFromDom,
  nodeToDom,
  setDomAttribute,
} from '@sip-simple/xml/dom';
import {
  type Budget,
  type ElementPlace,
  namespaceInScope,
  type Place,
  type SelectOptions,
  type Selector,
} from '@sip-simple/xml/select';
import type { Editor } from '../editor.ts';
import { Finder, type Found, TEXT } from './find.ts';
import { viewOf } from './view.ts';

/** Edits a DOM document in place, and remembers how to undo it. */
export class DomEditor implements Editor {
  readonly #document: DomDocument;
  readonly #finder: Finder;
  readonly #undo: (() => void)[] = [];
  /** The places given out since the last change, by their elements, and the other way round. */
  readonly #places = new Map<DomElement, ElementPlace>();
  readonly #elements = new Map<ElementPlace, DomElement>();

  constructor(document: DomDocument, budget: Budget, isId: SelectOptions['isId']) {
    this.#document = document;
    this.#finder = new Finder(document, budget, isId);
  }

  /** Takes back all changes, the last first. */
  undo(): void {
    for (let change = this.#undo.pop(); change !== undefined; change = this.#undo.pop()) change();
  }

  find(selector: Selector): readonly Place[] {
    this.#places.clear();
    this.#elements.clear();
    const places: Place[] = [];
    for (const found of this.#finder.find(selector)) {
      const place = this.#placeOf(found);
      if (place !== undefined) places.push(place);
      if (places.length === 2) break;
    }
    return places;
  }

  splice(parent: ElementPlace | undefined, start: number, end: number, nodes: readonly XmlNode[]): void {
    const holder = parent === undefined ? this.#document : this.#elementOf(parent);
    let next = holder.firstChild;
    let before: DomNode | null = null;
    for (let index = 0; index < start && next !== null; index += 1) {
      before = next;
      next = next.nextSibling;
    }
    for (let index = start; index < end && next !== null; index += 1) {
      const following: DomNode | null = next.nextSibling;
      this.#remove(holder, next, following);
      next = following;
    }
    for (const node of nodes) {
      // A DOM document has no text.
      if (parent === undefined && node.type === 'text') continue;
      this.#insert(holder, nodeToDom(node, this.#document), next);
    }
    this.#joinTexts(holder, before ?? holder.firstChild, next);
  }

  setAttributes(place: ElementPlace, attributes: readonly XmlAttribute[]): void {
    const element = this.#elementOf(place);
    const left = new Map(attributes.map((attribute) => [keyOf(attribute), attribute]));
    for (const dom of domAttributesOf(element)) {
      const old = attributeFromDom(dom);
      const now = left.get(keyOf(old));
      left.delete(keyOf(old));
      if (now?.value === old.value) continue;
      if (now === undefined) element.removeAttributeNode(dom);
      else setDomAttribute(element, now);
      this.#undo.push(() => setDomAttribute(element, old));
    }
    for (const added of left.values()) {
      setDomAttribute(element, added);
      this.#undo.push(() => {
        const dom = domAttributesOf(element).find((each) => keyOf(attributeFromDom(each)) === keyOf(added));
        if (dom !== undefined) element.removeAttributeNode(dom);
      });
    }
  }

  #remove(holder: DomNode, node: DomNode, next: DomNode | null): void {
    holder.removeChild(node);
    this.#undo.push(() => holder.insertBefore(node, next));
  }

  #insert(holder: DomNode, node: DomNode, next: DomNode | null): void {
    holder.insertBefore(node, next);
    this.#undo.push(() => holder.removeChild(node));
  }

  /** Joins neighbouring texts from one node to another; CDATA sections stay what they are. */
  #joinTexts(holder: DomNode, from: DomNode | null, to: DomNode | null): void {
    let node = from;
    while (node !== null && node !== to) {
      const next: DomNode | null = node.nextSibling;
      if (next === null || node.nodeType !== TEXT || next.nodeType !== TEXT) {
        node = next;
        continue;
      }
      const joined = node;
      const value = joined.nodeValue;
      this.#remove(holder, next, next.nextSibling);
      joined.nodeValue = `${value}${next.nodeValue}`;
      this.#undo.push(() => {
        joined.nodeValue = value;
      });
      if (next === to) return;
    }
  }

  #elementOf(place: ElementPlace): DomElement {
    const element = this.#elements.get(place);
    if (element === undefined) throw new TypeError('a place of another document');
    return element;
  }

  #placeOf(found: Found): Place | undefined {
    switch (found.type) {
      case 'node':
        return this.#nodePlaceOf(found.node);
      case 'text': {
        const { nodes, parent } = found;
        const index = nodes[0] === undefined ? 0 : indexOf(nodes[0]);
        const value = nodes.map(({ nodeValue }) => nodeValue ?? '').join('');
        return {
          type: 'text',
          value,
          parent: this.#elementPlaceOf(parent),
          index,
          end: index + nodes.length,
        };
      }
      case 'attribute': {
        const node = attributeFromDom(found.attribute);
        const parent = this.#elementPlaceOf(found.owner);
        return {
          type: 'attribute',
          node,
          parent,
          index: domAttributesOf(found.owner).indexOf(found.attribute),
        };
      }
      case 'namespace':
        return namespaceInScope(this.#elementPlaceOf(found.owner), found.prefix);
    }
  }

  #nodePlaceOf(node: DomNode): Place | undefined {
    if (isDomElement(node)) return this.#elementPlaceOf(node);
    const leaf = leafFromDom(node);
    if (leaf.type !== 'comment' && leaf.type !== 'pi') return undefined;
    const { parentNode } = node;
    const parent = parentNode && isDomElement(parentNode) ? this.#elementPlaceOf(parentNode) : undefined;
    return { type: leaf.type, node: leaf, parent, index: indexOf(node) };
  }

  /** The place of an element: one and the same for one element until the next change. */
  #elementPlaceOf(element: DomElement): ElementPlace {
    const inward: DomElement[] = [];
    let place: ElementPlace | undefined;
    for (let at: DomNode | null = element; at !== null && isDomElement(at); at = at.parentNode) {
      place = this.#places.get(at);
      if (place !== undefined) break;
      inward.push(at);
    }
    for (let at = inward.pop(); at !== undefined; at = inward.pop()) {
      const made: ElementPlace = { type: 'element', node: viewOf(at), parent: place, index: indexOf(at) };
      this.#places.set(at, made);
      this.#elements.set(made, at);
      place = made;
    }
    if (place === undefined) throw new TypeError('an element outside of the document');
    return place;
  }
}

/** The attributes as the DOM's own, in the order of those of a view. */
function domAttributesOf({ attributes }: DomElement): DomAttribute[] {
  const own: DomAttribute[] = [];
  for (let index = 0; index < attributes.length; index += 1) {
    const attribute = attributes.item(index);
    if (attribute !== null) own.push(attribute);
  }
  return own;
}

function indexOf(node: DomNode): number {
  let index = 0;
  let at = node.parentNode?.firstChild ?? null;
  for (; at !== null && at !== node; at = at.nextSibling) index += 1;
  return index;
}

const keyOf = ({ namespace, local }: XmlAttribute): string => `${local} ${namespace}`;
