import { ParsedElement } from '../parsed.ts';
import { namespaceDeclaration, XML, XMLNS, type XmlAttribute, type XmlElement } from '../tree.ts';

/** The elements around the one being written, from inside out. */
export interface Scope {
  readonly element: XmlElement;
  readonly up: Scope | undefined;
}

/**
 * The prefix by which elements of a namespace go at this place: that of an element around it of the same
 * namespace, else one declared there, else the one proposed.
 */
export function prefixFor(namespace: string, proposed: string, scope: Scope | undefined): string {
  const hidden = new Set<string>();
  for (let at = scope; at !== undefined; at = at.up) {
    if (at.element.namespace === namespace && !hidden.has(at.element.prefix)) return at.element.prefix;
    let found: string | undefined;
    for (const attribute of at.element.attributes) {
      if (attribute.namespace !== XMLNS) continue;
      const prefix = prefixDeclared(attribute);
      if (attribute.value === namespace && !hidden.has(prefix)) {
        if (prefix === proposed) return prefix;
        found ??= prefix;
      }
    }
    if (found !== undefined) return found;
    for (const attribute of at.element.attributes) {
      if (attribute.namespace === XMLNS) hidden.add(prefixDeclared(attribute));
    }
  }
  return proposed;
}

/**
 * Declares on the root the namespaces that elements below use without a declaration in scope, so that a
 * document made from scratch, or from parts of others, says each once. Prefixes that mean different
 * namespaces in different places are left to the serializer, which declares them where they are used.
 *
 * @param original the root of the document that was changed: what stood in it has what it needs
 */
export function declareMissing(root: XmlElement, original?: XmlElement): XmlElement {
  let missing: Map<string, string> | undefined;
  let taken: Map<string, string> | undefined;
  const use = (prefix: string, namespace: string, hidden: ReadonlySet<string> | undefined): void => {
    if (namespace === '' || namespace === XML || namespace === XMLNS || hidden?.has(prefix)) return;
    taken ??= declaredOn(root);
    if (taken.has(prefix)) return;
    taken.set(prefix, namespace);
    missing ??= new Map();
    missing.set(prefix, namespace);
  };
  if (root.prefix === '' && root.namespace !== '' && !declares(root, ''))
    missing = new Map([['', root.namespace]]);
  const pending: XmlElement[] = [root];
  const hiding: (ReadonlySet<string> | undefined)[] = [undefined];
  for (let element = pending.pop(); element !== undefined; element = pending.pop()) {
    let hidden = hiding.pop();
    for (const attribute of element.attributes) {
      if (attribute.namespace === XMLNS && element !== root)
        hidden = new Set([...(hidden ?? []), prefixDeclared(attribute)]);
    }
    // Only prefixed names are collected below the root: the default namespace is the root's to choose.
    if (element.prefix !== '') use(element.prefix, element.namespace, hidden);
    for (const attribute of element.attributes) {
      if (attribute.prefix !== '') use(attribute.prefix, attribute.namespace, hidden);
    }
    for (let index = element.children.length - 1; index >= 0; index -= 1) {
      const child = element.children[index];
      if (child?.type !== 'element') continue;
      if (original !== undefined && ParsedElement.areOfOneText(child, original)) continue;
      pending.push(child);
      hiding.push(hidden);
    }
  }
  if (missing === undefined) return root;
  const declarations = Array.from(missing, ([prefix, namespace]) => namespaceDeclaration(prefix, namespace));
  return { ...root, attributes: [...declarations, ...root.attributes] };
}

/** The prefixes that mean something on the root, by declaration or as its own. */
function declaredOn(root: XmlElement): Map<string, string> {
  const declared = new Map<string, string>();
  if (root.prefix === '') declared.set('', root.namespace);
  for (const attribute of root.attributes) {
    if (attribute.namespace === XMLNS) declared.set(prefixDeclared(attribute), attribute.value);
  }
  return declared;
}

function declares(element: XmlElement, prefix: string): boolean {
  return element.attributes.some(
    (attribute) => attribute.namespace === XMLNS && prefixDeclared(attribute) === prefix,
  );
}

function prefixDeclared(attribute: XmlAttribute): string {
  return attribute.prefix === '' ? '' : attribute.local;
}
