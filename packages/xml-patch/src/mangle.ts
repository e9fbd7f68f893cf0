import {
  namespaceDeclaration,
  XML,
  XMLNS,
  type XmlAttribute,
  type XmlElement,
  type XmlNode,
} from '@sip-simple/xml';
import { type ElementPlace, namespacesInScope } from '@sip-simple/xml/select';

/**
 * Chooses the prefix by which a name from the diff goes in the target.
 *
 * 1. The prefix it has, if the target has it for the namespace too.
 * 2. The prefix of the element it comes into, if that is in the namespace.
 * 3. Of the target's prefixes for the namespace in alphabetical order, none being the first, the last one
 *    before the prefix it has, or else the first.
 *
 * @param compared the prefix in the diff
 * @param candidates the target's prefixes for the namespace that can be used here, in any order
 * @param context the prefix of the element it comes into, if that is in the namespace
 * @returns `undefined` when there are no candidates
 * @see RFC 5261 §4.2.3
 */
export function choosePrefix(
  compared: string,
  candidates: readonly string[],
  context: string | undefined,
): string | undefined {
  if (candidates.includes(compared)) return compared;
  if (context !== undefined && candidates.includes(context)) return context;
  let chosen: string | undefined;
  let first: string | undefined;
  for (const candidate of candidates) {
    if (first === undefined || candidate < first) first = candidate;
    if (candidate < compared && (chosen === undefined || candidate > chosen)) chosen = candidate;
  }
  return chosen ?? first;
}

/**
 * Gives content from a diff the prefixes that the target has for its namespaces. What the content declares
 * itself stays as it is, and what neither declares is declared in the content.
 *
 * @param context the element the content comes into; `undefined` for the document
 * @see RFC 5261 §4.2.3
 */
export function mangle(nodes: readonly XmlNode[], context: ElementPlace | undefined): readonly XmlNode[] {
  if (!nodes.some((node) => node.type === 'element')) return nodes;
  const target = new Target(context);
  return nodes.map((node) => (node.type === 'element' ? mangleTop(node, target) : node));
}

/** An attribute from a diff, and the declaration to put beside it where its namespace has no prefix in the target. */
export function mangleAttribute(attribute: XmlAttribute, element: ElementPlace): readonly XmlAttribute[] {
  const { namespace, prefix } = attribute;
  if (namespace === '' || namespace === XML) return [attribute];
  const target = new Target(element);
  const chosen = target.choose(prefix, namespace, true, NOTHING);
  if (chosen !== undefined) return [{ ...attribute, prefix: chosen }];
  const fresh = target.fresh(prefix, NOTHING);
  return [namespaceDeclaration(fresh, namespace), { ...attribute, prefix: fresh }];
}

type Bindings = ReadonlyMap<string, string>;

/** The namespaces in scope where content comes. */
class Target {
  readonly #context: XmlElement | undefined;
  readonly #inScope: Bindings;

  constructor(context: ElementPlace | undefined) {
    this.#context = context?.node;
    this.#inScope = context === undefined ? NOTHING : namespacesInScope(context);
  }

  get defaultNamespace(): string {
    return this.#inScope.get('') ?? '';
  }

  choose(prefix: string, namespace: string, isAttribute: boolean, hidden: Bindings): string | undefined {
    const candidates: string[] = [];
    for (const [candidate, bound] of this.#inScope) {
      if (bound === namespace && !(isAttribute && candidate === '') && !hidden.has(candidate)) {
        candidates.push(candidate);
      }
    }
    const context = this.#context?.namespace === namespace ? this.#context.prefix : undefined;
    return choosePrefix(prefix, candidates, context);
  }

  /** The prefix if it is free, or one like it that is. */
  fresh(prefix: string, taken: Bindings): string {
    let fresh = prefix;
    for (let count = 1; fresh === '' || this.#inScope.has(fresh) || taken.has(fresh); count += 1) {
      fresh = `ns${count}`;
    }
    return fresh;
  }
}

function mangleTop(element: XmlElement, target: Target): XmlElement {
  // What is missing is declared once, at the top, under prefixes that nothing else has there.
  const missing = new Map<string, string>();
  const mangled = mangleElement(element, target, NOTHING, missing);
  if (missing.size === 0) return mangled;
  const declarations = Array.from(missing, ([prefix, namespace]) => namespaceDeclaration(prefix, namespace));
  return { ...mangled, attributes: [...declarations, ...mangled.attributes] };
}

/** @param outer what the content declares around the element */
function mangleElement(
  element: XmlElement,
  target: Target,
  outer: Bindings,
  missing: Map<string, string>,
): XmlElement {
  let declared = withDeclarations(outer, element.attributes);
  let { prefix, attributes } = element;
  const { namespace } = element;
  if (namespace === '') {
    const inScope = declared.get('') ?? target.defaultNamespace;
    if (inScope !== '') {
      attributes = [namespaceDeclaration('', ''), ...attributes.filter(isNoDefault)];
      declared = new Map([...declared, ['', '']]);
    }
    prefix = '';
  } else if (namespace !== XML && declared.get(prefix) !== namespace) {
    const chosen = resolved(prefix, namespace, false, target, declared, missing);
    if (chosen !== undefined) prefix = chosen;
    else if (prefix === '' && !declared.has('')) {
      attributes = [namespaceDeclaration('', namespace), ...attributes];
      declared = new Map([...declared, ['', namespace]]);
    } else prefix = declareMissing(prefix, namespace, target, declared, missing);
  }
  attributes = mapped(attributes, (attribute) => {
    if (attribute.namespace === '' || attribute.namespace === XML || attribute.namespace === XMLNS)
      return attribute;
    if (attribute.prefix !== '' && declared.get(attribute.prefix) === attribute.namespace) return attribute;
    const chosen =
      resolved(attribute.prefix, attribute.namespace, true, target, declared, missing) ??
      declareMissing(attribute.prefix, attribute.namespace, target, declared, missing);
    return chosen === attribute.prefix ? attribute : { ...attribute, prefix: chosen };
  });
  const children = mapped(element.children, (child) =>
    child.type === 'element' ? mangleElement(child, target, declared, missing) : child,
  );
  if (prefix === element.prefix && attributes === element.attributes && children === element.children) {
    return element;
  }
  return { ...element, prefix, attributes, children };
}

/** A prefix of the target, or one declared at the top for want of that, that means the namespace here. */
function resolved(
  prefix: string,
  namespace: string,
  isAttribute: boolean,
  target: Target,
  declared: Bindings,
  missing: Bindings,
): string | undefined {
  const chosen = target.choose(prefix, namespace, isAttribute, declared);
  if (chosen !== undefined) return chosen;
  for (const [known, bound] of missing) if (bound === namespace && !declared.has(known)) return known;
  return undefined;
}

function declareMissing(
  prefix: string,
  namespace: string,
  target: Target,
  declared: Bindings,
  missing: Map<string, string>,
): string {
  const fresh = target.fresh(prefix, new Map([...declared, ...missing]));
  missing.set(fresh, namespace);
  return fresh;
}

function withDeclarations(outer: Bindings, attributes: readonly XmlAttribute[]): Bindings {
  let declared: Map<string, string> | undefined;
  for (const { namespace, prefix, local, value } of attributes) {
    if (namespace !== XMLNS) continue;
    declared ??= new Map(outer);
    declared.set(prefix === '' ? '' : local, value);
  }
  return declared ?? outer;
}

const isNoDefault = ({ namespace, prefix }: XmlAttribute): boolean => namespace !== XMLNS || prefix !== '';

/** `map`, but the same array where nothing changes. */
function mapped<T>(items: readonly T[], change: (item: T) => T): readonly T[] {
  let changed: T[] | undefined;
  items.forEach((item, index) => {
    const now = change(item);
    if (now === item && changed === undefined) return;
    changed ??= items.slice(0, index);
    changed.push(now);
  });
  return changed ?? items;
}

const NOTHING: Bindings = new Map();
