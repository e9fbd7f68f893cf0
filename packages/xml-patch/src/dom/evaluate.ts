import type { DomNode } from '@sip-simple/xml/dom';
import type { ExpandedName } from '@sip-simple/xml/select';
import xpath from 'xpath';

/** What of `xpath` is used: its own declarations leave `parse` out, and bring in the types of browsers. */
interface XPath {
  parse(expression: string): {
    evaluate(options: { node: DomNode; namespaces: Readonly<Record<string, string>> }): {
      toUnsortedArray(): readonly DomNode[];
    };
  };
}

/** The axes that selectors use. */
export type Axis = 'child' | 'descendant' | 'attribute';

/** The nodes on an axis that are of a name; all elements or attributes there when it is `undefined`. */
export function evaluateName(node: DomNode, axis: Axis, name: ExpandedName | undefined): readonly DomNode[] {
  if (name === undefined) return evaluate(node, `${axis}::*`, '');
  const { namespace, local } = name;
  // xpath has no names with characters beyond the basic plane.
  if (/[\uD800-\uDFFF]/.test(local))
    return evaluate(node, `${axis}::*`, '').filter((found) => isNamed(found, name));
  return evaluate(node, namespace === '' ? `${axis}::${local}` : `${axis}::n:${local}`, namespace);
}

/** The nodes that an expression of one step finds, in document order; `n` is the prefix of `namespace`. */
export function evaluate(node: DomNode, expression: string, namespace = ''): readonly DomNode[] {
  // See `XPath`. What is on these axes comes in document order, and sorting takes time with its square.
  const engine = xpath as unknown as XPath;
  return engine
    .parse(expression)
    .evaluate({ node, namespaces: { n: namespace } })
    .toUnsortedArray();
}

function isNamed(node: object, { namespace, local }: ExpandedName): boolean {
  if (!('localName' in node) || !('namespaceURI' in node)) return false;
  return node.localName === local && (node.namespaceURI ?? '') === namespace;
}
