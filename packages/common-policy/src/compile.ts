import type { XmlElement } from '@sip-simple/xml';
import { toDocument } from './codec.ts';
import { Combiner } from './combine.ts';
import type { Condition } from './condition.ts';
import { type Group, holdsFor, isLeftOut } from './identity-condition.ts';
import { Named } from './named.ts';
import type { Granted, Permissions } from './permission.ts';
import { isInForce, nextTurn, othersHold, type RuleConditions, ruleConditions } from './rule-conditions.ts';
import { COMMON_POLICY, type RulesetInit } from './ruleset.ts';
import { areEquivalent, type Uri } from './uri.ts';
import { type AccessRequest, addTo, type Watcher, watcherOf } from './watcher.ts';

/** What a watcher may have. */
export interface Decision<P> {
  /** What is granted; the same object wherever the same is granted by the same rules compiled. */
  readonly permissions: P;
  /**
   * The next instant at which the same request may be decided otherwise, as `AccessRequest.now`; `undefined`
   * when time alone changes nothing.
   */
  readonly until: number | undefined;
}

/** Decides about a request by all rules that were compiled. */
export type Decide<P> = (request: AccessRequest) => Decision<P>;

export interface CompileOptions {
  /** Conditions known beyond those of RFC 4745. A rule with any other condition never matches. */
  readonly conditions?: readonly Condition[] | undefined;
}

/**
 * Compiles rule documents into one function that decides by all of them.
 *
 * All rules whose conditions are true are combined, permission by permission (RFC 4745 §10). Whatever is in
 * doubt reveals less: a rule that is not valid or has an unknown condition never matches, a permission that is
 * unknown or not valid grants nothing, what a request leaves out makes conditions on it false.
 *
 * @param rulesets documents as `parse` gives them, or as `serialize` takes them
 * @param permissions the permissions known, by the names they get in decisions
 * @throws {TypeError} and {RangeError} as `serialize`, for documents that were made and not parsed
 * @see RFC 4745 §6, §10
 */
export function compile<const P extends Permissions>(
  rulesets: readonly RulesetInit[],
  permissions: P,
  { conditions = [] }: CompileOptions = {},
): Decide<Granted<P>> {
  const known = new Map(conditions.map((each) => [`${each.namespace} ${each.local}`, each]));
  const named = new Named();
  const combiner = new Combiner(permissions);
  const index = new RuleIndex();
  for (const element of rulesets.flatMap((each) => elementsIn(toDocument(each).root))) {
    if (element.namespace !== COMMON_POLICY || element.local !== 'rule') {
      named.addEverybody();
      continue;
    }
    const ready = ruleConditions(element, known, named);
    const granted = ready === undefined ? undefined : combiner.add(element);
    if (ready !== undefined && granted !== undefined) index.add({ ...ready, granted });
  }

  return (request) => {
    const watcher = watcherOf(request);
    const { now } = request;
    const granted: number[] = [];
    let until = Number.POSITIVE_INFINITY;
    index.visit(watcher, (rule) => {
      if (!othersHold(rule, request, watcher)) return;
      if (isInForce(rule, now)) granted.push(rule.granted);
      until = Math.min(until, nextTurn(rule, now));
    });
    return {
      permissions: combiner.combine(granted),
      until: until === Number.POSITIVE_INFINITY ? undefined : until,
    };
  };
}

interface Rule extends RuleConditions {
  /** What it grants, by the combiner's number. */
  readonly granted: number;
}

/** Rules by the watchers they may match: a decision looks only at those. */
class RuleIndex {
  readonly #ones = new Map<string, { uri: Uri; rule: Rule }[]>();
  readonly #domains = new Map<string, { group: Group; rule: Rule }[]>();
  readonly #anyone: { group: Group; rule: Rule }[] = [];
  readonly #regardless: Rule[] = [];

  add(rule: Rule): void {
    const [first] = rule.identities;
    if (first === undefined) {
      this.#regardless.push(rule);
      return;
    }
    for (const [key, uris] of first.ones) for (const uri of uris) addTo(this.#ones, key, { uri, rule });
    for (const group of first.groups) {
      if (group.domain === undefined) this.#anyone.push({ group, rule });
      else addTo(this.#domains, group.domain, { group, rule });
    }
  }

  /** Calls `matched` for each rule whose conditions on identity are true, for some more than once. */
  visit(watcher: Watcher, matched: (rule: Rule) => void): void {
    for (const rule of this.#regardless) matched(rule);
    if (watcher.identities.length === 0) return;
    const check = (rule: Rule): void => {
      if (rule.identities.every((each, index) => index === 0 || holdsFor(each, watcher))) matched(rule);
    };
    for (const identity of watcher.identities) {
      for (const { uri, rule } of this.#ones.get(identity.exact) ?? NONE) {
        if (areEquivalent(uri, identity)) check(rule);
      }
      if (identity.domain === undefined) continue;
      for (const { group, rule } of this.#domains.get(identity.domain) ?? NONE) {
        if (!isLeftOut(group, watcher)) check(rule);
      }
    }
    for (const { group, rule } of this.#anyone) if (!isLeftOut(group, watcher)) check(rule);
  }
}

const NONE: readonly never[] = [];

function elementsIn({ children }: XmlElement): readonly XmlElement[] {
  return children.filter((child) => child.type === 'element');
}
