import type { DomNode } from '@sip-simple/xml/dom';
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

/** The axes that selectors use. */
export type Axis = 'child' | 'descendant' | 'attribute';

/** Evaluates expressions of one step by `xpath`, which reads each of them once. */
export class Steps {
  readonly #read = new Map<string, Expression>();

  /** The nodes on an axis that are of a name; all elements or attributes there when it is `undefined`. */
  named(node: DomNode, axis: Axis, name: ExpandedName | undefined): readonly DomNode[] {
    if (name === undefined) return this.evaluate(node, `${axis}::*`);
    const { namespace, local } = name;
    // xpath has no names with characters beyond the basic plane.
    if (/[\uD800-\uDFFF]/.test(local)) {
      return this.evaluate(node, `${axis}::*`).filter((found) => isNamed(found, name));
    }
    return this.evaluate(node, `${axis}::${namespace === '' ? '' : 'n:'}${local}`, namespace);
  }

  /** The nodes that an expression of one step finds, in document order; `n` is the prefix of `namespace`. */
  evaluate(node: DomNode, expression: string, namespace = ''): readonly DomNode[] {
    let read = this.#read.get(expression);
    if (read === undefined) {
      // See `XPath`.
      read = (xpath as unknown as XPath).parse(expression);
      this.#read.set(expression, read);
    }
    // What is on these axes comes in document order, and sorting takes time with its square.
    return read.evaluate({ node, namespaces: { n: namespace } }).toUnsortedArray();
  }
}

function isNamed(node: object, { namespace, local }: ExpandedName): boolean {
  if (!('localName' in node) || !('namespaceURI' in node)) return false;
  return node.localName === local && (node.namespaceURI ?? '') === namespace;
}
