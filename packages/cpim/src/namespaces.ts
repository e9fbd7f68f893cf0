import { readBracketed } from './address.ts';
import type { Header } from './header.ts';

/** The namespace of the headers that RFC 3862 defines, and the default one of Message/CPIM (§4, §6). */
export const CPIM_HEADERS = 'urn:ietf:params:cpim-headers:';

/** The name of a header or feature, independent of the prefix that a message uses. */
export interface ExpandedName {
  /** `undefined` where the prefix is not declared: a header that nobody knows. */
  readonly namespace: string | undefined;
  readonly local: string;
}

/** What the prefixes stand for at a place among the headers; `''` is for names without one. */
export type Scope = ReadonlyMap<string, string>;

/** The headers of a message with their namespaces found out. */
export interface Resolved {
  /** The name of each header, at its index, and the scope in which it stands. */
  readonly names: readonly (ExpandedName & { readonly scope: Scope })[];
  /** The scope behind all headers. */
  readonly last: Scope;
}

/**
 * Finds the namespaces of headers. A declaration holds for the headers that follow it, and a default one also
 * for the names `NS`, `From` and so on, which are then of another namespace.
 *
 * @see RFC 3862 §3.4
 */
export function resolve(headers: readonly Header[]): Resolved {
  const known = cache.get(headers);
  if (known !== undefined) return known;
  const names: (ExpandedName & { readonly scope: Scope })[] = [];
  let scope = PREDEFINED;
  for (const header of headers) {
    const name = expand(header.name, scope);
    names.push({ namespace: name.namespace, local: name.local, scope });
    if (name.local !== 'NS' || name.namespace !== CPIM_HEADERS) continue;
    const declaration = readBracketed(header.value);
    if (declaration === undefined) continue;
    const declared = new Map(scope);
    declared.set(declaration.before, declaration.uri);
    scope = declared;
  }
  const resolved = { names, last: scope };
  cache.set(headers, resolved);
  return resolved;
}

/**
 * The names of a message's headers, in their order, with the namespaces that their prefixes stand for.
 *
 * @see RFC 3862 §3.4
 */
export function namesOf(message: { readonly headers: readonly Header[] }): readonly ExpandedName[] {
  return resolve(message.headers).names.map(({ namespace, local }) => ({ namespace, local }));
}

/** The namespace and local name that a name as written has in a scope. */
export function expand(name: string, scope: Scope): ExpandedName {
  const dot = name.indexOf('.');
  return { namespace: scope.get(dot < 0 ? '' : name.slice(0, dot)), local: name.slice(dot + 1) };
}

/** The name of a header as written in a scope, or `undefined` where no prefix stands for its namespace. */
export function nameIn(scope: Scope, { namespace, local }: ExpandedName): string | undefined {
  for (const [prefix, uri] of scope) {
    if (uri === namespace) return prefix === '' ? local : `${prefix}.${local}`;
  }
  return undefined;
}

const PREDEFINED: Scope = /* @__PURE__ */ new Map([['', CPIM_HEADERS]]);
const cache = /* @__PURE__ */ new WeakMap<readonly Header[], Resolved>();
