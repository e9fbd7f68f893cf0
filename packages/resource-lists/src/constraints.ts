import { attributeOf, qualifiedName, textOf, type XmlDocument, type XmlElement } from '@sip-simple/xml';
import { collapse, type Violation } from '@sip-simple/xml/schema';
import { canonicalizeUri } from './canonical.ts';
import { RESOURCE_LISTS } from './lists.ts';
import { RLS_SERVICES } from './services.ts';
import { isAbsoluteHttp, isPercentEncoded, isRelativePath, parseListUri } from './xcap-uri.ts';

/** A value that stands twice where it must be unique: an `<exists>` of XCAP's uniqueness-failure. */
export interface Duplicate {
  /** Where, as an XPath over the names as written: `/resource-lists/list[2]/@name`. */
  readonly path: string;
  /** Where, as a node selector of XCAP, percent-encoded (the `field` of RFC 4825 §11.1). */
  readonly field: string;
  /** The value that was there before. */
  readonly value: string;
  /** Values that are free, for what is a name for something: lists and services. */
  readonly alternatives: readonly string[];
}

export interface DuplicateOptions {
  /** Tells whether a service URI is in use elsewhere: in other documents of the server, or by other resources. */
  readonly isTaken?: ((serviceUri: string) => boolean) | undefined;
}

/**
 * Finds what must be unique and isn't: among its siblings the `name` of a list, the `uri` of an entry, the `ref`
 * of an entry-ref, the `anchor` of an external, by case-sensitive comparison; and the `uri` of a service on the
 * whole server, in its canonical form. A hundred are reported at most.
 *
 * @param document a resource lists or RLS services document
 * @see RFC 4826 §3.4.5, §4.4.5, RFC 4825 §11.1
 */
export function duplicates(document: XmlDocument, options: DuplicateOptions = {}): readonly Duplicate[] {
  const { isTaken = () => false } = options;
  const found: Duplicate[] = [];
  for (const parent of parents(document.root)) {
    const keys = parent.element.children.flatMap((child) => (child.type === 'element' ? keysOf(child) : []));
    const all = new Set(keys.map(({ identity }) => identity));
    const before = new Set<string>();
    for (const { element, attribute, value, identity } of keys) {
      const isService = element.local === 'service';
      if (before.has(identity) || (isService && isTaken(value))) {
        const isFree = (candidate: string): boolean =>
          !all.has(identityOf(element, candidate)) && !(isService && isTaken(candidate));
        found.push({
          ...placeOf(parent, element, attribute),
          value,
          alternatives: isService || element.local === 'list' ? alternatives(value, isFree) : [],
        });
        if (found.length === MOST) return found;
      }
      before.add(identity);
    }
  }
  return found;
}

/** Where an RLS services document is kept. */
export interface Home {
  /** The XCAP root: `http://xcap.example.com`. */
  readonly root: string;
  /** The user in whose home directory it is; `undefined` in the global tree. */
  readonly user?: string | undefined;
}

/**
 * Finds the URIs that break the rules for them: `ref` must be a relative path, `anchor` and `<resource-list>`
 * absolute HTTP URIs, all percent-encoded; `<resource-list>` must be for a list of the user whose document it is,
 * under the same XCAP root. The URIs are looked at, not followed. A hundred are reported at most.
 *
 * The rules are `not-relative`, `not-absolute`, `not-percent-encoded`, `not-in-resource-lists`, `not-an-element`,
 * `wrong-xcap-root` and `wrong-user`.
 *
 * @param document a resource lists or RLS services document
 * @param home where an RLS services document is; without it, roots and users are not compared
 * @see RFC 4826 §3.1, §3.4.5, §4.1, §4.4.5
 */
export function constraintFailures(document: XmlDocument, home?: Home): readonly Violation[] {
  const found: Violation[] = [];
  for (const parent of parents(document.root)) {
    for (const child of parent.element.children) {
      if (child.type !== 'element') continue;
      const [attribute, uri, broken] = judge(child, home);
      for (const [rule, message] of broken) {
        if (found.length === MOST) return found;
        const { path } = placeOf(parent, child, attribute);
        found.push({ path, rule, message: `"${uri.slice(0, 60)}" ${message}` });
      }
    }
  }
  return found;
}

type Broken = readonly (readonly [rule: string, message: string])[];

function judge(
  element: XmlElement,
  home: Home | undefined,
): readonly [attribute: string | undefined, uri: string, Broken] {
  if (element.namespace === RLS_SERVICES && element.local === 'resource-list') {
    const uri = collapse(textOf(element));
    return [undefined, uri, judgeResourceList(uri, home)];
  }
  const [key] = keysOf(element);
  if (key?.attribute === 'ref') {
    return [key.attribute, key.value, isRelativePath(key.value) ? encoded(key.value) : [NOT_RELATIVE]];
  }
  if (key?.attribute === 'anchor') {
    return [key.attribute, key.value, isAbsoluteHttp(key.value) ? encoded(key.value) : [NOT_ABSOLUTE]];
  }
  return [undefined, '', []];
}

function judgeResourceList(uri: string, home: Home | undefined): Broken {
  if (!isAbsoluteHttp(uri)) return [NOT_ABSOLUTE];
  const wrong = encoded(uri);
  if (wrong.length > 0) return wrong;
  const anywhere = parseListUri(uri);
  if (anywhere === undefined) return [NOT_IN_RESOURCE_LISTS];
  if (anywhere.nodeSelector === undefined) return [NOT_AN_ELEMENT];
  if (home === undefined) return [];
  const here = parseListUri(uri, home.root);
  if (here === undefined) return [WRONG_ROOT];
  return home.user === undefined || here.user === home.user ? [] : [WRONG_USER];
}

function encoded(uri: string): Broken {
  return isPercentEncoded(uri) ? [] : [NOT_ENCODED];
}

const NOT_RELATIVE = ['not-relative', 'must be a relative path reference (RFC 4826 §3.1)'] as const;
const NOT_ABSOLUTE = ['not-absolute', 'must be an absolute HTTP URI (RFC 4826 §3.1, §4.1)'] as const;
const NOT_ENCODED = ['not-percent-encoded', 'must be percent-encoded (RFC 4826 §3.1)'] as const;
const NOT_IN_RESOURCE_LISTS = [
  'not-in-resource-lists',
  'must lead to the home directory of a user in resource-lists (RFC 4826 §4.1)',
] as const;
const NOT_AN_ELEMENT = ['not-an-element', 'must be for an XCAP element (RFC 4826 §4.1)'] as const;
const WRONG_ROOT = [
  'wrong-xcap-root',
  'must be under the XCAP root of its document (RFC 4826 §4.1)',
] as const;
const WRONG_USER = [
  'wrong-user',
  'must be for a list of the user of its document (RFC 4826 §4.4.5)',
] as const;

/** The root, and all in it whose children are named or refer to something, in document order. */
function* parents(root: XmlElement): Generator<Place> {
  const pending: Place[] = [{ element: root, up: undefined }];
  for (let place = pending.pop(); place !== undefined; place = pending.pop()) {
    yield place;
    const { element } = place;
    for (let index = element.children.length - 1; index >= 0; index -= 1) {
      const child = element.children[index];
      if (child?.type === 'element' && isParent(child)) pending.push({ element: child, up: place });
    }
  }
}

function isParent({ namespace, local }: XmlElement): boolean {
  if (namespace === RLS_SERVICES) return local === 'service' || local === 'list';
  return namespace === RESOURCE_LISTS && local === 'list';
}

interface Place {
  readonly element: XmlElement;
  readonly up: Place | undefined;
}

interface Key {
  readonly element: XmlElement;
  /** The attribute that must be unique among the same of the element's siblings. */
  readonly attribute: string;
  readonly value: string;
  /** What is the same for values that are the same. */
  readonly identity: string;
}

/** The key of an element; none where it needs none, or has none. */
function keysOf(element: XmlElement): readonly Key[] {
  const attribute = KEYS.get(element.namespace)?.get(element.local);
  const written = attribute === undefined ? undefined : attributeOf(element, attribute);
  if (attribute === undefined || written === undefined) return [];
  const value = attribute === 'name' ? written : collapse(written);
  return [{ element, attribute, value, identity: identityOf(element, value) }];
}

function identityOf({ local }: XmlElement, value: string): string {
  return `${local} ${local === 'service' ? canonicalizeUri(value) : value}`;
}

const KEYS: ReadonlyMap<string, ReadonlyMap<string, string>> = new Map([
  [
    RESOURCE_LISTS,
    new Map([
      ['list', 'name'],
      ['entry', 'uri'],
      ['entry-ref', 'ref'],
      ['external', 'anchor'],
    ]),
  ],
  [RLS_SERVICES, new Map([['service', 'uri']])],
]);

/** `friends-2`, `sip:friends-2@example.com`: the first three that are free. */
function alternatives(value: string, isFree: (value: string) => boolean): readonly string[] {
  const [, stem = value, rest = ''] = /^([a-z][a-z0-9+.-]*:[^@;?]*)([@;?].*)$/i.exec(value) ?? [];
  const free: string[] = [];
  for (let number = 2; free.length < 3 && number < 100; number += 1) {
    const candidate = `${stem}-${number}${rest}`;
    if (isFree(candidate)) free.push(candidate);
  }
  return free;
}

function placeOf(
  parent: Place,
  element: XmlElement,
  attribute: string | undefined,
): { readonly path: string; readonly field: string } {
  let path = attribute === undefined ? '' : `/@${attribute}`;
  let field = path;
  let usesPrefix = false;
  for (let at: Place | undefined = { element, up: parent }; at !== undefined; at = at.up) {
    const { element: here, up } = at;
    const name = qualifiedName(here);
    const byName = (child: XmlElement): boolean => qualifiedName(child) === name;
    path = `/${name}${up === undefined ? '' : `[${positionOf(here, up, byName)}]`}${path}`;
    // In a node selector no prefix is the namespace of the usage, which is that of the document's root.
    const isForeign = here.namespace === RESOURCE_LISTS && rootOf(at).namespace === RLS_SERVICES;
    usesPrefix ||= isForeign;
    const same = (child: XmlElement): boolean =>
      child.local === here.local && child.namespace === here.namespace;
    const position = up === undefined ? '' : `%5b${positionOf(here, up, same)}%5d`;
    field = `/${isForeign ? 'rl:' : ''}${here.local}${position}${field}`;
  }
  return { path, field: `${field.slice(1)}${usesPrefix ? `?xmlns(rl=${RESOURCE_LISTS})` : ''}` };
}

function rootOf(place: Place): XmlElement {
  let at = place;
  while (at.up !== undefined) at = at.up;
  return at.element;
}

function positionOf(element: XmlElement, up: Place, isSame: (child: XmlElement) => boolean): number {
  let position = 0;
  for (const child of up.element.children) {
    if (child.type === 'element' && isSame(child)) position += 1;
    if (child === element) break;
  }
  return position;
}

/** As many as validators report. */
const MOST = 100;
