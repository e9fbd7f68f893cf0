import type { XmlAttribute, XmlDocument, XmlElement, XmlNode } from '@sip-simple/xml';
import {
  type ElementPlace,
  type Place,
  type SelectOptions,
  type Selector,
  select,
} from '@sip-simple/xml/select';
import type { Editor } from './editor.ts';

/** An element of the draft's own. */
interface Owned {
  readonly type: 'element';
  readonly namespace: string;
  readonly prefix: string;
  readonly local: string;
  attributes: readonly XmlAttribute[];
  children: XmlNode[];
}

/**
 * A document being changed. Elements are copied when first changed, they and those around them, once, and
 * changed in place from then on: no operation makes a document of its own, and the original stays as it is.
 */
export class Draft implements Editor {
  readonly #original: XmlDocument;
  readonly #options: SelectOptions;
  readonly #owned = new Set<XmlNode>();
  #children: XmlNode[] | undefined;

  constructor(original: XmlDocument, options: Pick<SelectOptions, 'isId' | 'work'>) {
    this.#original = original;
    this.#options = { ...options, max: 2 };
  }

  find(selector: Selector): readonly Place[] {
    return select(this.document, selector, this.#options);
  }

  /** The document as it is now: good until the next change. */
  get document(): XmlDocument {
    if (this.#children === undefined) return this.#original;
    const root = this.#children.find((child) => child.type === 'element');
    const { type, declaration } = this.#original;
    // What operations put beside the root is checked by them: no CDATA, and exactly one element.
    return {
      type,
      declaration,
      children: this.#children as XmlDocument['children'],
      root: root as XmlElement,
    };
  }

  /** The nodes among which those of `parent` (`undefined`: the document) are, to be changed in place. */
  childrenOf(parent: ElementPlace | undefined): XmlNode[] {
    if (parent !== undefined) return this.#own(parent).children;
    this.#children ??= [...this.#original.children];
    return this.#children;
  }

  setAttributes(place: ElementPlace, attributes: readonly XmlAttribute[]): void {
    this.#own(place).attributes = attributes;
  }

  splice(parent: ElementPlace | undefined, start: number, end: number, nodes: readonly XmlNode[]): void {
    const children = this.childrenOf(parent);
    if (nodes.length < MANY) {
      children.splice(start, end - start, ...nodes);
    } else {
      const behind = children.splice(start).slice(end - start);
      for (const node of nodes) children.push(node);
      for (const node of behind) children.push(node);
    }
    joinTexts(children, Math.max(start, 1), start + nodes.length);
  }

  #own(place: ElementPlace): Owned {
    const inward: ElementPlace[] = [];
    for (let at: ElementPlace | undefined = place; at !== undefined; at = at.parent) inward.push(at);
    let siblings = this.childrenOf(undefined);
    for (;;) {
      const at = inward.pop();
      const node = at === undefined ? undefined : siblings[at.index];
      if (at === undefined || node?.type !== 'element') throw new TypeError('a place of another document');
      const owned = this.#ownedOf(node);
      siblings[at.index] = owned;
      if (inward.length === 0) return owned;
      siblings = owned.children;
    }
  }

  #ownedOf(node: XmlElement): Owned {
    // What is in the set was made here.
    if (this.#owned.has(node)) return node as Owned;
    const { type, namespace, prefix, local, attributes, children } = node;
    const owned: Owned = { type, namespace, prefix, local, attributes, children: [...children] };
    this.#owned.add(owned);
    return owned;
  }
}

/**
 * Joins each text from `start` to `end` with the one before it: an XPath data model has none side by side. CDATA
 * sections stay what they are.
 *
 * @see RFC 5261 §4.3.5
 */
function joinTexts(children: XmlNode[], start: number, end: number): void {
  for (let index = Math.min(end, children.length - 1); index >= start; index -= 1) {
    const node = children[index];
    const before = children[index - 1];
    if (node?.type !== 'text' || before?.type !== 'text') continue;
    children.splice(index - 1, 2, { type: 'text', value: before.value + node.value });
  }
}

// More than so many arguments may not fit on the stack.
const MANY = 10_000;
