import { XML, XMLNS, type XmlAttribute, type XmlElement, type XmlNode } from '@sip-simple/xml';
import type { Operation } from '../operation.ts';

/** Prefixes for the attributes in selectors: such as no document is likely to have. */
export class Prefixes {
  readonly #byNamespace = new Map<string, string>();

  /** The name of an attribute for a selector. */
  nameOf({ namespace, local }: XmlAttribute): string {
    if (namespace === '') return local;
    if (namespace === XML) return `xml:${local}`;
    let prefix = this.#byNamespace.get(namespace);
    if (prefix === undefined) {
      prefix = `a${this.#byNamespace.size + 1}`;
      this.#byNamespace.set(namespace, prefix);
    }
    return `${prefix}:${local}`;
  }

  /**
   * The namespaces to be declared around operations: those of their selectors, and those of their content, where
   * that does not declare them itself, and the prefix is not taken.
   */
  namespacesOf(operations: readonly Operation[]): Map<string, string> {
    const namespaces = new Map<string, string>();
    for (const [namespace, prefix] of this.#byNamespace) {
      if (operations.some((operation) => mentions(operation, prefix))) namespaces.set(prefix, namespace);
    }
    for (const { value } of operations) {
      if ('content' in value) declareFor(value.content ?? [], namespaces);
    }
    return namespaces;
  }
}

function mentions({ value }: Operation, prefix: string): boolean {
  const type = 'type' in value ? value.type : undefined;
  return value.sel.includes(`@${prefix}:`) || (type?.startsWith(`@${prefix}:`) ?? false);
}

function declareFor(content: readonly XmlNode[], namespaces: Map<string, string>): void {
  const pending: { readonly element: XmlElement; readonly declared: ReadonlySet<string> }[] = [];
  const push = (nodes: readonly XmlNode[], declared: ReadonlySet<string>): void => {
    for (const element of nodes) if (element.type === 'element') pending.push({ element, declared });
  };
  const declare = ({ namespace, prefix }: XmlElement | XmlAttribute, declared: ReadonlySet<string>): void => {
    if (namespace === '' || namespace === XML || namespace === XMLNS || declared.has(prefix)) return;
    if (!namespaces.has(prefix)) namespaces.set(prefix, namespace);
  };
  push(content, NOTHING);
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { element } = next;
    let { declared } = next;
    for (const { namespace, prefix, local } of element.attributes) {
      if (namespace === XMLNS) declared = new Set([...declared, prefix === '' ? '' : local]);
    }
    declare(element, declared);
    for (const attribute of element.attributes) if (attribute.prefix !== '') declare(attribute, declared);
    push(element.children, declared);
  }
}

const NOTHING: ReadonlySet<string> = new Set();
