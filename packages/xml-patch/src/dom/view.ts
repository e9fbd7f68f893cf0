import type { XmlElement, XmlNode } from '@sip-simple/xml';
import { attributesFromDom, type DomElement, isDomElement, leafFromDom } from '@sip-simple/xml/dom';

/**
 * A DOM element as one of the tree: its children are read when they are looked at, so that looking at one
 * element costs no more than that. It shows the DOM as it is then, and is good until that changes.
 */
export function viewOf(element: DomElement): XmlElement {
  const { namespaceURI, prefix, localName, nodeName } = element;
  let children: readonly XmlNode[] | undefined;
  return {
    type: 'element',
    namespace: namespaceURI ?? '',
    prefix: prefix ?? '',
    local: localName ?? nodeName,
    attributes: attributesFromDom(element),
    get children() {
      children ??= childrenOf(element);
      return children;
    },
  };
}

function childrenOf(element: DomElement): readonly XmlNode[] {
  const children: XmlNode[] = [];
  for (let node = element.firstChild; node !== null; node = node.nextSibling) {
    children.push(isDomElement(node) ? viewOf(node) : leafFromDom(node));
  }
  return children;
}
