import { parseNodeSelector, type Selector, SelectorError } from '@sip-simple/xml/select';
import { XcapError } from './errors.ts';

/** An element or attribute of a document, as XCAP URIs name them. */
export interface Component {
  /** The document: its path relative to the XCAP root, as written. */
  readonly document: string;
  /** Where in the document; `selectNode` of `@sip-simple/xml/select` finds it. */
  readonly selector: Selector;
}

/**
 * Reads the `sel` of an `<element>` or `<attribute>`: a document's path, `~~`, and a node selector with the
 * namespaces that the query binds.
 *
 * @param defaultNamespace the default document namespace of the application usage, in which names of elements
 *   without prefix are
 * @throws {XcapError} `invalid-selector`
 * @see RFC 5874 §3, RFC 4825 §6.3, §6.4
 */
export function componentOf(sel: string, defaultNamespace: string): Component {
  const [path = '', query = ''] = sel.split('?');
  const [, document, node] = /^(.+?)\/~~\/(.+)$/s.exec(path) ?? [];
  if (document === undefined || node === undefined) {
    throw new XcapError('invalid-selector', 'RFC 4825 §6', `${sel}: no /~~/ between a document and a node`);
  }
  try {
    const namespaces = bindingsOf(decodeURIComponent(query));
    namespaces.set('', defaultNamespace);
    return { document, selector: parseNodeSelector(decodeURIComponent(node), namespaces) };
  } catch (error) {
    if (error instanceof SelectorError) {
      throw new XcapError('invalid-selector', error.rfc, `${sel}: ${error.message}`, error);
    }
    if (!(error instanceof URIError)) throw error;
    throw new XcapError('invalid-selector', 'RFC 4825 §6', `${sel}: not percent-encoded`, error);
  }
}

/**
 * The bindings of `xmlns()` in an XPointer; parts of other schemes are passed over.
 *
 * ```
 * xmlns(a=urn:a)xmlns(b=urn:b)     "^" escapes "(", ")" and "^"
 * ```
 *
 * @see XPointer Framework §3.1, XPointer xmlns() Scheme §3
 */
function bindingsOf(xpointer: string): Map<string, string> {
  const bindings = new Map<string, string>();
  for (const [, data = ''] of xpointer.matchAll(/(?:^|[\s)])xmlns\(((?:[^()^]|\^.)*)(?=\))/gs)) {
    const [, prefix, namespace] = /^([^=\s]+)\s*=\s*(.*)$/s.exec(data) ?? [];
    if (prefix === undefined || namespace === undefined) continue;
    bindings.set(prefix, namespace.replace(/\^([()^])/g, '$1'));
  }
  return bindings;
}
