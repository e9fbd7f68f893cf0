import type { XmlDocument, XmlElement } from '@sip-simple/xml';
import { type Namespaces, parseNodeSelector, SelectorError, selectNode } from '@sip-simple/xml/select';
import { canonicalizeUri } from './canonical.ts';
import { RESOURCE_LISTS } from './lists.ts';
import { parseListUri } from './xcap-uri.ts';

/**
 * Makes the function that finds lists and entries in documents at hand, for `flatten`: of the absolute URI of an
 * XCAP element it gives the element, or `undefined` when there is none, or not just one.
 *
 * @param documents resource lists documents by their absolute URIs
 * @see RFC 4825 §6
 */
export function lookupIn(
  documents: Iterable<readonly [uri: string, document: XmlDocument]>,
): (uri: string) => XmlElement | undefined {
  const byUri = new Map<string, XmlDocument>();
  for (const [uri, document] of documents) byUri.set(canonicalizeUri(uri), document);
  return (uri) => {
    const nodeSelector = parseListUri(uri)?.nodeSelector;
    const canonical = canonicalizeUri(uri);
    const document = byUri.get(canonical.slice(0, Math.max(0, canonical.indexOf('/~~/'))));
    return nodeSelector === undefined || document === undefined
      ? undefined
      : elementAt(document, nodeSelector);
  };
}

function elementAt(document: XmlDocument, nodeSelector: string): XmlElement | undefined {
  try {
    const selection = selectNode(document, parseNodeSelector(nodeSelector, IN_RESOURCE_LISTS));
    return selection.type === 'element' ? selection.node : undefined;
  } catch (error) {
    if (error instanceof SelectorError) return undefined;
    throw error;
  }
}

// RFC 4826 §3.4.4: names without prefix are of the default namespace of the usage.
const IN_RESOURCE_LISTS: Namespaces = { get: (prefix) => (prefix === '' ? RESOURCE_LISTS : undefined) };
