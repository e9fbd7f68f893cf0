import { XmlError } from './errors.ts';
import { checkName, escapeAttribute } from './escape.ts';
import { type Binding, declarationFault, duplicateOf, NamespaceScope } from './namespaces.ts';
import { XML, XMLNS, type XmlAttribute, type XmlElement } from './tree.ts';

/** A start tag without its `>` or `/>`, and the name for the end tag. */
export interface StartTag {
  readonly name: string;
  readonly text: string;
}

/**
 * Writes start tags in document order. Prefixes are kept where they mean the right namespace; where they don't,
 * because a node comes from elsewhere or was built without, a declaration is added, or another prefix is taken.
 */
export class StartTags {
  readonly #scope = new NamespaceScope();
  /** For each namespace the prefix that was bound to it last, if it still is. */
  readonly #prefixes = new Map<string, string>();
  #generated = 0;
  /** The declarations added to the tag at hand. */
  #added = '';

  /**
   * @param depth 1 for the root
   * @throws XmlError `name`, `character`, `attribute-duplicate`, `prefix-reserved`, `prefix-unbound`
   */
  write(element: XmlElement, depth: number): StartTag {
    const { attributes } = element;
    this.#added = '';
    const duplicate = attributes.length > 1 ? duplicateOf(attributes) : undefined;
    if (duplicate !== undefined) {
      const message = `the attribute ${duplicate.local} occurs twice`;
      throw new XmlError('attribute-duplicate', 'Namespaces in XML 1.0 §6.3', message);
    }
    for (const attribute of attributes) {
      if (attribute.namespace === XMLNS) this.#declare(attribute, element, depth);
    }
    const name = joined(this.#elementPrefix(element, depth), element.local);
    let written = '';
    for (const attribute of attributes) written += this.#attribute(attribute, element, depth);
    return { name, text: `<${name}${this.#added}${written}` };
  }

  /** True when elements that were parsed where these bindings were in force mean the same here. */
  covers(outside: Binding | undefined): boolean {
    return this.#scope.covers(outside);
  }

  /** Forgets the declarations of the element at `depth`. */
  leave(depth: number): void {
    this.#scope.leave(depth);
  }

  #declare(attribute: XmlAttribute, element: XmlElement, depth: number): void {
    const prefix = declaredPrefix(attribute);
    const namespace = declaredNamespace(attribute, element);
    const fault = declarationFault(prefix, namespace);
    if (fault !== undefined) throw new XmlError(fault.code, fault.rfc, fault.message);
    this.#scope.declare(prefix, namespace, depth);
    this.#prefixes.set(namespace, prefix);
  }

  #elementPrefix({ namespace, prefix }: XmlElement, depth: number): string {
    if (namespace === XMLNS) {
      throw new XmlError(
        'prefix-reserved',
        'Namespaces in XML 1.0 §3',
        'an element in the namespace of xmlns',
      );
    }
    if (namespace === XML) return 'xml';
    if (namespace === '') {
      if (this.#scope.defaultNamespace !== '') this.#add('', '', depth);
      return '';
    }
    if (this.#scope.resolve(prefix) === namespace) return prefix;
    // Another meaning further out may be hidden, one on this element may not.
    if (isReserved(prefix) || this.#scope.declaredAt(prefix, depth))
      return this.#otherPrefix(namespace, depth);
    return this.#add(prefix, namespace, depth);
  }

  #attribute(attribute: XmlAttribute, element: XmlElement, depth: number): string {
    const { namespace, local } = attribute;
    if (namespace === XMLNS) {
      return declaration(declaredPrefix(attribute), declaredNamespace(attribute, element));
    }
    if (namespace === '' && local === 'xmlns') {
      const message = 'an attribute "xmlns" that is no namespace declaration';
      throw new XmlError('prefix-reserved', 'Namespaces in XML 1.0 §3', message);
    }
    const prefix = namespace === '' ? '' : this.#attributePrefix(attribute, depth);
    return ` ${joined(prefix, local)}="${escapeAttribute(attribute.value)}"`;
  }

  #attributePrefix({ namespace, prefix }: XmlAttribute, depth: number): string {
    if (namespace === XML) return 'xml';
    const bound = this.#scope.resolve(prefix);
    if (prefix !== '' && bound === namespace) return prefix;
    // Hiding an outer meaning could change the name of this very element or of an attribute before.
    if (prefix === '' || bound !== undefined || isReserved(prefix))
      return this.#otherPrefix(namespace, depth);
    return this.#add(prefix, namespace, depth);
  }

  #otherPrefix(namespace: string, depth: number): string {
    const known = this.#prefixes.get(namespace);
    if (known !== undefined && known !== '' && this.#scope.resolve(known) === namespace) return known;
    let prefix: string;
    do prefix = `ns${++this.#generated}`;
    while (this.#scope.resolve(prefix) !== undefined);
    return this.#add(prefix, namespace, depth);
  }

  #add(prefix: string, namespace: string, depth: number): string {
    this.#scope.declare(prefix, namespace, depth);
    this.#prefixes.set(namespace, prefix);
    this.#added += declaration(prefix, namespace);
    return prefix;
  }
}

function declaration(prefix: string, namespace: string): string {
  return ` ${prefix === '' ? 'xmlns' : `xmlns:${checkName(prefix)}`}="${escapeAttribute(namespace)}"`;
}

const isDefault = ({ prefix, local }: XmlAttribute): boolean => prefix === '' && local === 'xmlns';

const declaredPrefix = (attribute: XmlAttribute): string => (isDefault(attribute) ? '' : attribute.local);

// An element in no namespace can't keep a default namespace; whatever relied on it gets its own declaration.
function declaredNamespace(attribute: XmlAttribute, element: XmlElement): string {
  return isDefault(attribute) && element.namespace === '' ? '' : attribute.value;
}

function joined(prefix: string, local: string): string {
  return prefix === '' ? checkName(local) : `${checkName(prefix)}:${checkName(local)}`;
}

const isReserved = (prefix: string): boolean => prefix === 'xml' || prefix === 'xmlns';
