import { XML, XMLNS, type XmlAttribute, type XmlElement, type XmlNode } from '@sip-simple/xml';

/** The namespaces that a patch declares: those of its content, for it to go without declarations of its own. */
export class Prefixes {
  readonly namespaces = new Map<string, string>();
  readonly #inSelectors = new Map<string, string>();

  /** Declares what names in content have for a prefix, unless the content declares it, or it is taken. */
  declareFor(content: readonly XmlNode[]): void {
    const pending: { readonly element: XmlElement; readonly declared: ReadonlySet<string> }[] = [];
    const push = (nodes: readonly XmlNode[], declared: ReadonlySet<string>): void => {
      for (const element of nodes) if (element.type === 'element') pending.push({ element, declared });
    };
    push(content, NOTHING);
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      const { element } = next;
      let { declared } = next;
      for (const { namespace, prefix, local } of element.attributes) {
        if (namespace === XMLNS) declared = new Set([...declared, prefix === '' ? '' : local]);
      }
      this.#declare(element, declared);
      for (const attribute of element.attributes)
        if (attribute.prefix !== '') this.#declare(attribute, declared);
      push(element.children, declared);
    }
  }

  /** The name of an attribute for a selector. Its prefix is one that no document is likely to have. */
  nameOf({ namespace, local }: XmlAttribute): string {
    if (namespace === '') return local;
    if (namespace === XML) return `xml:${local}`;
    let prefix = this.#inSelectors.get(namespace);
    for (let count = 1; prefix === undefined; count += 1) {
      if (!this.namespaces.has(`a${count}`)) prefix = `a${count}`;
    }
    this.#inSelectors.set(namespace, prefix);
    this.namespaces.set(prefix, namespace);
    return `${prefix}:${local}`;
  }

  #declare({ namespace, prefix }: XmlElement | XmlAttribute, declared: ReadonlySet<string>): void {
    if (namespace === '' || namespace === XML || namespace === XMLNS || declared.has(prefix)) return;
    if (!this.namespaces.has(prefix)) this.namespaces.set(prefix, namespace);
  }
}

const NOTHING: ReadonlySet<string> = new Set();
