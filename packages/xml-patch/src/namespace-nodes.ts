import { namespaceDeclaration, XML, XMLNS, type XmlAttribute, type XmlElement } from '@sip-simple/xml';
import { type ElementPlace, type NamespacePlace, namespaceInScope } from '@sip-simple/xml/select';
import type { Editor } from './editor.ts';
import type { PatchErrorCode } from './errors.ts';

/** Why a declaration can't be changed so. */
export interface Fault {
  readonly code: PatchErrorCode;
  readonly message: string;
}

/**
 * Declares a prefix on an element. Names in the element that have the prefix from further out would change
 * their meaning by that, so that there must be none.
 *
 * @see RFC 5261 §4.3.3
 */
export function addDeclaration(
  draft: Editor,
  place: ElementPlace,
  prefix: string,
  namespace: string,
): Fault | undefined {
  const fault = bindingFault(prefix, namespace);
  if (fault !== undefined) return fault;
  const { attributes } = place.node;
  const before = namespaceInScope(place, prefix);
  if (before?.declaredBy === place) {
    return { code: 'invalid-namespace-prefix', message: `the element declares ${prefix} already` };
  }
  if (before !== undefined && before.namespace !== namespace && isUsed(place.node, prefix)) {
    return { code: 'invalid-namespace-prefix', message: `${prefix} is in use here for ${before.namespace}` };
  }
  draft.setAttributes(place, [...attributes, namespaceDeclaration(prefix, namespace)]);
  return undefined;
}

/**
 * Binds a declared prefix to another namespace. Names that have the prefix go with it, as they do when the
 * declaration is changed in the text of the document.
 *
 * @see RFC 5261 §4.4.3
 */
export function replaceDeclaration(
  draft: Editor,
  place: NamespacePlace,
  namespace: string,
): Fault | undefined {
  const { prefix, parent } = place;
  const fault = bindingFault(prefix, namespace) ?? inheritedFault(place);
  if (fault !== undefined) return fault;
  const changed = rebound(parent.node, prefix, namespace, true);
  if (changed === undefined) {
    return { code: 'invalid-namespace-uri', message: 'an element would have an attribute twice' };
  }
  draft.splice(parent.parent, parent.index, parent.index + 1, [changed]);
  return undefined;
}

/**
 * Takes a declaration away that nothing uses.
 *
 * @see RFC 5261 §4.5.3
 */
export function removeDeclaration(draft: Editor, place: NamespacePlace): Fault | undefined {
  const { prefix, parent } = place;
  const fault = inheritedFault(place);
  if (fault !== undefined) return fault;
  if (isUsed(parent.node, prefix)) {
    return { code: 'invalid-namespace-prefix', message: `${prefix} is in use` };
  }
  draft.setAttributes(
    parent,
    parent.node.attributes.filter((attribute) => !declares(attribute, prefix)),
  );
  return undefined;
}

function inheritedFault({ prefix, parent, declaredBy }: NamespacePlace): Fault | undefined {
  if (parent === declaredBy) return undefined;
  return { code: 'invalid-namespace-uri', message: `${prefix} is declared further out, not by this element` };
}

/** The rules of Namespaces in XML 1.0 §3 for declarations with a prefix. */
function bindingFault(prefix: string, namespace: string): Fault | undefined {
  if (prefix === 'xml' || prefix === 'xmlns') {
    return { code: 'invalid-namespace-prefix', message: `the prefix ${prefix} is reserved` };
  }
  if (namespace === '' || namespace === XML || namespace === XMLNS) {
    return { code: 'invalid-namespace-uri', message: `${prefix} can’t be bound to "${namespace}"` };
  }
  return undefined;
}

/** True when a name in the element has the prefix, and has it from the element or from around it. */
function isUsed(element: XmlElement, prefix: string): boolean {
  const pending = [element];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (next !== element && next.attributes.some((attribute) => declares(attribute, prefix))) continue;
    if (next.prefix === prefix) return true;
    if (next.attributes.some((attribute) => attribute.namespace !== XMLNS && attribute.prefix === prefix))
      return true;
    for (const child of next.children) if (child.type === 'element') pending.push(child);
  }
  return false;
}

/** The element with the prefix bound anew; `undefined` when two of its attributes would have one name. */
function rebound(
  element: XmlElement,
  prefix: string,
  namespace: string,
  isDeclaring: boolean,
): XmlElement | undefined {
  const { attributes } = element;
  if (!isDeclaring && attributes.some((attribute) => declares(attribute, prefix))) return element;
  const changed = attributes.map((attribute): XmlAttribute => {
    if (declares(attribute, prefix)) return { ...attribute, value: namespace };
    if (attribute.namespace === XMLNS || attribute.prefix !== prefix) return attribute;
    return { ...attribute, namespace };
  });
  const names = new Set(changed.map((attribute) => `${attribute.local} ${attribute.namespace}`));
  if (names.size < changed.length) return undefined;
  const children: XmlElement['children'][number][] = [];
  for (const child of element.children) {
    const now = child.type === 'element' ? rebound(child, prefix, namespace, false) : child;
    if (now === undefined) return undefined;
    children.push(now);
  }
  return {
    ...element,
    namespace: element.prefix === prefix ? namespace : element.namespace,
    attributes: changed,
    children,
  };
}

function declares({ namespace, prefix, local }: XmlAttribute, declared: string): boolean {
  return namespace === XMLNS && prefix !== '' && local === declared;
}
