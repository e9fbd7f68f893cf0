import { XML, XMLNS } from '@sip-simple/xml';
import {
  attributeFromDom,
  attributesFromDom,
  type DomAttribute,
  type DomDocument,
  type DomElement,
  type DomNode,
  isDomElement,
} from '@sip-simple/xml/dom';
import type { Budget, ExpandedName, Predicate, SelectOptions, Selector, Step } from '@sip-simple/xml/select';
import { Steps } from './steps.ts';
import { viewOf } from './view.ts';

/** What a selector finds in a DOM. */
export type Found =
  | { readonly type: 'node'; readonly node: DomNode }
  /** Neighbouring texts and CDATA sections, which XPath takes for one text. */
  | { readonly type: 'text'; readonly parent: DomElement; readonly nodes: readonly DomNode[] }
  | { readonly type: 'attribute'; readonly owner: DomElement; readonly attribute: DomAttribute }
  | { readonly type: 'namespace'; readonly owner: DomElement; readonly prefix: string };

/**
 * Finds what RFC 5261 selectors select in a DOM. `xpath` tests the nodes, one at a time; predicates are
 * applied here to what it finds, because it sorts what a predicate sees, in time that grows with its square,
 * and takes neighbouring texts for several.
 */
export class Finder {
  readonly #document: DomDocument;
  readonly #budget: Budget;
  readonly #steps = new Steps();
  readonly #isId: SelectOptions['isId'];

  constructor(document: DomDocument, budget: Budget, isId: SelectOptions['isId']) {
    this.#document = document;
    this.#budget = budget;
    this.#isId = isId;
  }

  /** @throws {SelectorError} `limit-work` */
  find({ steps }: Selector): readonly Found[] {
    let contexts: readonly DomNode[] = [this.#document];
    for (const step of steps) {
      const { test } = step;
      if (test.type !== 'element') return contexts.flatMap((context) => this.#last(context, step));
      const found: DomNode[] = [];
      for (const context of contexts) {
        const nodes = step.deep ? this.#descendantsOf(context) : this.#childrenOf(context);
        const elements = this.#steps.elements(nodes, test.name);
        for (const element of this.#passing(elements, step.predicates)) found.push(element);
      }
      contexts = found;
    }
    return contexts.map((node) => ({ type: 'node', node }));
  }

  /** What a step finds that ends a selector. */
  #last(context: DomNode, { test, predicates }: Step): readonly Found[] {
    if (test.type === 'comment' || test.type === 'pi') {
      const nodes = this.#steps.tested(this.#childrenOf(context), `self::${testOf(test)}`);
      // The XML declaration, which xmldom has as an instruction, is none.
      const proper = nodes.filter((node) => node.nodeName !== 'xml');
      return positioned(proper, predicates).map((node) => ({ type: 'node', node }));
    }
    // A document has no text, though xmldom has white space there.
    if (!isDomElement(context)) return [];
    switch (test.type) {
      case 'text':
        return positioned(this.#texts(context), predicates);
      case 'attribute':
        return this.#attributes(context, test.name).map((attribute) => ({
          type: 'attribute',
          owner: context,
          attribute,
        }));
      case 'namespace':
        return [{ type: 'namespace', owner: context, prefix: test.prefix }];
      default:
        return [];
    }
  }

  #texts(parent: DomElement): readonly Found[] {
    const runs: DomNode[][] = [];
    let run: DomNode[] = [];
    for (const node of this.#steps.tested(this.#childrenOf(parent), 'self::text()')) {
      if (run.at(-1)?.nextSibling !== node) {
        run = [];
        runs.push(run);
      }
      run.push(node);
    }
    // A text has at least one character.
    const texts = runs.filter((nodes) => nodes.some(({ nodeValue }) => nodeValue !== ''));
    return texts.map((nodes) => ({ type: 'text', parent, nodes }));
  }

  #attributes(element: DomElement, name: ExpandedName): readonly DomAttribute[] {
    this.#budget.spend(element.attributes.length);
    const found = this.#steps.attributes(element, name);
    return found.filter((attribute) => attributeFromDom(attribute).namespace !== XMLNS);
  }

  #childrenOf(context: DomNode): readonly DomNode[] {
    const children: DomNode[] = [];
    for (let child = context.firstChild; child !== null; child = child.nextSibling) children.push(child);
    this.#budget.spend(children.length);
    return children;
  }

  #descendantsOf(context: DomNode): readonly DomNode[] {
    const descendants: DomNode[] = [];
    for (let node = following(context, context); node !== null; node = following(node, context)) {
      descendants.push(node);
    }
    this.#budget.spend(descendants.length);
    return descendants;
  }

  #passing(elements: readonly DomElement[], predicates: readonly Predicate[]): readonly DomElement[] {
    let left = elements;
    for (const predicate of predicates) {
      this.#budget.spend(left.length);
      left =
        predicate.type === 'position'
          ? positioned(left, [predicate])
          : left.filter((element) => this.#holds(element, predicate));
    }
    return left;
  }

  #holds(element: DomElement, predicate: Predicate): boolean {
    if (predicate.type === 'id') return this.#hasId(element, predicate.id);
    if (predicate.type !== 'compare') return false;
    const { path, value } = predicate;
    const test = path[0]?.test;
    if (typeof value !== 'string') return false;
    if (test === undefined) return this.#says(element, value);
    if (test.type === 'attribute') {
      return this.#attributes(element, test.name).some((attribute) => attribute.value === value);
    }
    if (test.type !== 'element') return false;
    return this.#steps
      .elements(this.#childrenOf(element), test.name)
      .some((child) => this.#says(child, value));
  }

  #hasId(element: DomElement, id: string): boolean {
    const attributes = attributesFromDom(element);
    this.#budget.spend(attributes.length);
    return attributes.some((attribute) => {
      if (attribute.value.trim() !== id) return false;
      if (attribute.namespace === XML && attribute.local === 'id') return true;
      return this.#isId?.(attribute, viewOf(element)) ?? false;
    });
  }

  /** True when all text in an element together is this (XPath 1.0 §5.2). */
  #says(top: DomElement, value: string): boolean {
    let said = '';
    for (let node = following(top, top); node !== null; node = following(node, top)) {
      this.#budget.spend(1);
      if (node.nodeType !== TEXT && node.nodeType !== CDATA) continue;
      said += node.nodeValue ?? '';
      if (said.length > value.length) return false;
    }
    return said === value;
  }
}

/** The next node in document order within `top`, or `null`. */
function following(node: DomNode, top: DomNode): DomNode | null {
  if (node.firstChild !== null) return node.firstChild;
  for (let at: DomNode | null = node; at !== null && at !== top; at = at.parentNode) {
    if (at.nextSibling !== null) return at.nextSibling;
  }
  return null;
}

/** What is left of nodes by predicates that are positions, as those of nodes other than elements all are. */
function positioned<T>(nodes: readonly T[], predicates: readonly Predicate[]): readonly T[] {
  let left = nodes;
  for (const predicate of predicates) {
    left = predicate.type === 'position' ? left.slice(predicate.position - 1, predicate.position) : [];
  }
  return left;
}

/** A target is an NCName, by the grammar. */
function testOf(test: { type: 'comment' } | { type: 'pi'; target: string | undefined }): string {
  if (test.type === 'comment') return 'comment()';
  return test.target === undefined ? 'processing-instruction()' : `processing-instruction('${test.target}')`;
}

export const TEXT = 3;
const CDATA = 4;
