import type { XmlErrorCode } from './errors.ts';
import { XML, XMLNS, type XmlAttribute } from './tree.ts';

/**
 * The prefixes in force at a place in a document that is walked in order.
 *
 * One map holds the innermost binding of each prefix and the bindings themselves form an undo list, so that
 * looking up, declaring and leaving an element each take constant time, however many are in force, and an
 * element without declarations costs nothing.
 */
export class NamespaceScope {
  /** What no prefix means for elements; `''` is no namespace. */
  defaultNamespace = '';
  readonly #innermost = new Map<string, Binding>();
  /** Equal names become one string, so that comparing two long ones is comparing two pointers. */
  readonly #names = new Map<string, string>();
  #latest: Binding | undefined;

  /** Binds `prefix` (`''`: the default) for the element at `depth` and all in it. */
  declare(prefix: string, namespace: string, depth: number): void {
    let name = this.#names.get(namespace);
    if (name === undefined) {
      name = namespace;
      this.#names.set(namespace, namespace);
    }
    const outer = this.#innermost.get(prefix);
    const binding = { prefix, namespace: name, depth, outer, earlier: this.#latest };
    this.#innermost.set(prefix, binding);
    this.#latest = binding;
    if (prefix === '') this.defaultNamespace = name;
  }

  /** Undoes what was declared by elements at `depth` or deeper. */
  leave(depth: number): void {
    for (let last = this.#latest; last !== undefined && last.depth >= depth; last = last.earlier) {
      if (last.outer === undefined) this.#innermost.delete(last.prefix);
      else this.#innermost.set(last.prefix, last.outer);
      if (last.prefix === '') this.defaultNamespace = last.outer?.namespace ?? '';
      this.#latest = last.earlier;
    }
  }

  /** The latest binding that is not by an element at `depth`; equal ones stand for equal bindings in force. */
  outside(depth: number): Binding | undefined {
    let latest = this.#latest;
    while (latest !== undefined && latest.depth >= depth) latest = latest.earlier;
    return latest;
  }

  /**
   * True when all bindings from `latest` back are in force here too, and no other default namespace is. Where there are
   * many, nobody looks, and the answer is no.
   */
  covers(latest: Binding | undefined): boolean {
    const seen: string[] = [];
    for (let binding = latest; binding !== undefined; binding = binding.earlier) {
      const { prefix, namespace } = binding;
      // Those that another one of the same prefix hides don't count.
      if (seen.includes(prefix)) continue;
      if (seen.length === MANY || this.resolve(prefix) !== namespace) return false;
      seen.push(prefix);
    }
    return seen.includes('') || this.defaultNamespace === '';
  }

  /** The namespace a prefix is bound to, or `undefined` when it isn't. */
  resolve(prefix: string): string | undefined {
    if (prefix === '') return this.defaultNamespace;
    return prefix === 'xml' ? XML : this.#innermost.get(prefix)?.namespace;
  }

  /** True when the element at `depth` itself declares `prefix`. */
  declaredAt(prefix: string, depth: number): boolean {
    return this.#innermost.get(prefix)?.depth === depth;
  }
}

/** What a prefix means from some element on. */
export interface Binding {
  readonly prefix: string;
  readonly namespace: string;
  readonly depth: number;
  /** What the same prefix meant outside. */
  readonly outer: Binding | undefined;
  /** The declaration before this one, of whatever prefix. */
  readonly earlier: Binding | undefined;
}

/** A document with more prefixes than this in force somewhere is none that anybody writes. */
const MANY = 32;

/** A rule of Namespaces in XML 1.0 that is broken. */
export interface NamespaceFault {
  readonly code: XmlErrorCode;
  readonly rfc: string;
  readonly message: string;
}

/** Checks a declaration of `prefix` (`''`: the default) against the constraints of Namespaces in XML 1.0 §3. */
export function declarationFault(prefix: string, namespace: string): NamespaceFault | undefined {
  const rfc = 'Namespaces in XML 1.0 §3';
  if (prefix === 'xmlns') return { code: 'prefix-reserved', rfc, message: 'the prefix xmlns is declared' };
  if (namespace === XMLNS) {
    return { code: 'prefix-reserved', rfc, message: `"${prefix}" is bound to the namespace of xmlns` };
  }
  if ((prefix === 'xml') !== (namespace === XML)) {
    return { code: 'prefix-reserved', rfc, message: `"${prefix}" is bound against the rules for xml` };
  }
  if (prefix !== '' && namespace === '') {
    return {
      code: 'prefix-unbound',
      rfc,
      message: `the prefix "${prefix}" is undeclared, as only XML 1.1 may`,
    };
  }
  return undefined;
}

/**
 * The first attribute whose namespace and local name another before it has too, or `undefined`.
 *
 * @see Namespaces in XML 1.0 §6.3
 */
export function duplicateOf(attributes: readonly XmlAttribute[]): XmlAttribute | undefined {
  if (attributes.length > FEW) return duplicateOfMany(attributes);
  for (let index = 1; index < attributes.length; index++) {
    const attribute = attributes[index];
    for (let before = 0; before < index; before++) {
      const other = attributes[before];
      if (other?.local === attribute?.local && other?.namespace === attribute?.namespace) return attribute;
    }
  }
  return undefined;
}

// Comparing pairs is the fastest up to about here, and quadratic.
const FEW = 12;

// Two levels of sets rather than joined keys: joining a long namespace to each of many names is quadratic too.
function duplicateOfMany(attributes: readonly XmlAttribute[]): XmlAttribute | undefined {
  const namespaces = new Map<string, Set<string>>();
  for (const attribute of attributes) {
    const locals = namespaces.get(attribute.namespace);
    if (locals === undefined) namespaces.set(attribute.namespace, new Set([attribute.local]));
    else if (locals.size === locals.add(attribute.local).size) return attribute;
  }
  return undefined;
}
