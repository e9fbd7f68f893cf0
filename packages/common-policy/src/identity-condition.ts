import type { XmlElement } from '@sip-simple/xml';
import { read } from '@sip-simple/xml/schema';
import { domainKey } from './domain.ts';
import { identity, type Many, type One } from './ruleset.ts';
import { areEquivalent, type Uri, uriOf } from './uri.ts';
import { addTo, type Watcher } from './watcher.ts';

/** An `<identity>` made ready for look-ups. It is true when any part of it is. */
export interface IdentityCondition {
  readonly ones: ReadonlyMap<string, readonly Uri[]>;
  readonly groups: readonly Group[];
}

/** A `<many>` made ready. */
export interface Group {
  /** The domain whose identities it holds, or `undefined` for all domains. */
  readonly domain: string | undefined;
  /** Whom it leaves out, as `Uri.whom`. */
  readonly whom: ReadonlySet<string>;
  /** The domains it leaves out. */
  readonly domains: ReadonlySet<string>;
}

/**
 * Makes an `<identity>` ready. A part of it that says what is not understood, or can't be, is false: `<one>`
 * and `<many>` with an extension inside, an identity that is no URI, a domain that can't be converted.
 *
 * @param element one that is valid
 */
export function identityCondition(element: XmlElement): IdentityCondition {
  const { one = [], many = [] } = read(identity, element) ?? {};
  const ones = new Map<string, Uri[]>();
  for (const uri of one.flatMap(uriOfOne)) addTo(ones, uri.exact, uri);
  return { ones, groups: many.flatMap(groupOf) };
}

/** Whether the condition is true of a watcher. */
export function holdsFor({ ones, groups }: IdentityCondition, watcher: Watcher): boolean {
  for (const uri of watcher.identities) {
    if (ones.get(uri.exact)?.some((candidate) => areEquivalent(candidate, uri)) === true) return true;
  }
  return groups.some((group) => isIn(group, watcher));
}

/**
 * Whether a watcher is among those of a `<many>`: one identity is enough to be of the domain, and one to be
 * left out (RFC 5025 §3.1.1.2).
 */
export function isIn(group: Group, watcher: Watcher): boolean {
  const { domain } = group;
  const { identities } = watcher;
  if (domain === undefined ? identities.length === 0 : identities.every((uri) => uri.domain !== domain)) {
    return false;
  }
  return !isLeftOut(group, watcher);
}

/** Whether a watcher is one of those that a `<many>` leaves out. */
export function isLeftOut({ whom, domains }: Group, { identities, isDoubtful }: Watcher): boolean {
  if (whom.size === 0 && domains.size === 0) return false;
  if (isDoubtful) return true;
  return identities.some(
    (uri) => whom.has(uri.whom) || (uri.domain !== undefined && domains.has(uri.domain)),
  );
}

function uriOfOne({ id, extra }: One): readonly Uri[] {
  const uri = extra.length === 0 ? uriOf(id) : undefined;
  return uri === undefined ? [] : [uri];
}

function groupOf({ domain, excepts, extra }: Many): readonly Group[] {
  const key = domain === undefined ? undefined : domainKey(domain);
  if ((domain !== undefined && key === undefined) || extra.length > 0) return [];
  const whom = new Set<string>();
  const domains = new Set<string>();
  for (const { id, domain: left } of excepts) {
    const uri = id === undefined ? undefined : uriOf(id);
    const leftKey = left === undefined ? undefined : domainKey(left);
    // Someone is to be left out, and it can't be said who.
    if (id === undefined ? leftKey === undefined : uri === undefined) return [];
    if (left !== undefined && leftKey === undefined) return [];
    if (uri !== undefined) whom.add(uri.whom);
    if (leftKey !== undefined) domains.add(leftKey);
  }
  return [{ domain: key, whom, domains }];
}
