import { areEquivalent, type Uri, uriOf } from './uri.ts';

/** Who asks, when, and in what state the presentity is. What is not known is left out, and reveals less. */
export interface AccessRequest {
  /** The URIs of the watcher: more than one where several are asserted. */
  readonly identities: readonly string[];
  /**
   * Whether the watcher has been authenticated as RFC 5025 §3.1.1.1 demands. The identities of one that has
   * not match nothing.
   */
  readonly isAuthenticated: boolean;
  /** Whether the request asks for anonymity; the conditions of RFC 4745 take no notice of it. */
  readonly isAnonymous?: boolean | undefined;
  /** The time of the decision, in milliseconds since 1970-01-01T00:00:00Z. */
  readonly now?: number | undefined;
  /** The state the presentity is in; `sphereOf` computes it. */
  readonly sphere?: string | undefined;
}

/** The authenticated identities of a request, read once for all rules. */
export interface Watcher {
  readonly identities: readonly Uri[];
  /** True when an identity could not be read: it may be one that a rule leaves out. */
  readonly isDoubtful: boolean;
}

export function watcherOf({ identities, isAuthenticated }: AccessRequest): Watcher {
  if (isAuthenticated !== true) return NOBODY;
  const read: Uri[] = [];
  for (const identity of identities) {
    const uri = uriOf(identity);
    if (uri !== undefined) read.push(uri);
  }
  return { identities: read, isDoubtful: read.length < identities.length };
}

const NOBODY: Watcher = { identities: [], isDoubtful: false };

/** A set of identities that answers with one look-up, as the members of a list. */
export interface IdentitySet {
  /** True when an identity of the watcher is equivalent to a member. */
  has(watcher: Watcher): boolean;
  /** True when an identity of the watcher names whom a member names, in whatever form. */
  names(watcher: Watcher): boolean;
}

/** Makes the set of identities given as URIs. What is no URI is left out. */
export function identitySet(uris: Iterable<string>): IdentitySet {
  const exact = new Map<string, Uri[]>();
  const whom = new Set<string>();
  for (const text of uris) {
    const uri = uriOf(text);
    if (uri === undefined) continue;
    whom.add(uri.whom);
    addTo(exact, uri.exact, uri);
  }
  return {
    has: ({ identities }) =>
      identities.some((uri) => exact.get(uri.exact)?.some((member) => areEquivalent(member, uri)) === true),
    names: ({ identities, isDoubtful }) => isDoubtful || identities.some((uri) => whom.has(uri.whom)),
  };
}

/** Adds to the list under a key. */
export function addTo<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}
