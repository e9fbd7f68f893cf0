import { type DomAttribute, type DomElement, type DomNode, isDomElement } from '@sip-simple/xml/dom';
import type { ExpandedName } from '@sip-simple/xml/select';
import xpath from 'xpath';

/** What of `xpath` is used: its own declarations leave `parse` out, and bring in the types of browsers. */
interface XPath {
  parse(expression: string): Expression;
}

interface Expression {
  evaluate(options: { node: DomNode; namespaces: Readonly<Record<string, string>> }): {
    toUnsortedArray(): readonly DomNode[];
  };
}

/**
 * Evaluates expressions of one step by `xpath`, which reads each of them once.
 *
 * Children and descendants are asked about one by one (`self::name`): xpath compares each node that it finds
 * with all others it has, and sorts in time that grows with the square too.
 */
export class Steps {
  readonly #read = new Map<string, Expression>();

  /** The elements of a name, all of them when it is `undefined`, among nodes. */
  elements(nodes: readonly DomNode[], name: ExpandedName | undefined): readonly DomElement[] {
    const found: DomElement[] = [];
    for (const node of nodes) {
      if (isDomElement(node) && this.#finds(node, 'self', name).length > 0) found.push(node);
    }
    return found;
  }

  /** The attributes of a name that an element has: one at most, in a DOM that follows the rules. */
  attributes(element: DomElement, name: ExpandedName): readonly DomAttribute[] {
    // What is on the axis of attributes are attributes.
    return this.#finds(element, 'attribute', name) as readonly object[] as readonly DomAttribute[];
  }

  /** The nodes among those given that an expression such as `self::text()` is about. */
  tested(nodes: readonly DomNode[], expression: string): readonly DomNode[] {
    return nodes.filter((node) => this.#evaluated(node, expression, '').length > 0);
  }

  #finds(node: DomElement, axis: 'self' | 'attribute', name: ExpandedName | undefined): readonly DomNode[] {
    if (name === undefined) return this.#evaluated(node, `${axis}::*`, '');
    const { namespace, local } = name;
    // xpath has no names with characters beyond the basic plane.
    if (/[\uD800-\uDFFF]/.test(local)) {
      return this.#evaluated(node, `${axis}::*`, '').filter((found) => isNamed(found, name));
    }
    return this.#evaluated(node, `${axis}::${namespace === '' ? '' : 'n:'}${local}`, namespace);
  }

  /** @param namespace what the prefix `n` stands for */
  #evaluated(node: DomNode, expression: string, namespace: string): readonly DomNode[] {
    let read = this.#read.get(expression);
    if (read === undefined) {
      // See `XPath`.
      read = (xpath as unknown as XPath).parse(expression);
      this.#read.set(expression, read);
    }
    return read.evaluate({ node, namespaces: { n: namespace } }).toUnsortedArray();
  }
}

function isNamed(node: object, { namespace, local }: ExpandedName): boolean {
  if (!('localName' in node) || !('namespaceURI' in node)) return false;
  return node.localName === local && (node.namespaceURI ?? '') === namespace;
}
