import type { XmlElement } from '@sip-simple/xml';
import { type Violation, validate } from '@sip-simple/xml/schema';
import type { Condition, Test } from './condition.ts';
import { type IdentityCondition, identityCondition } from './identity-condition.ts';
import type { Named } from './named.ts';
import { COMMON_POLICY, manyOf, one, rule } from './ruleset.ts';
import { sphereKey, spheresOf } from './sphere.ts';
import { isWithin, nextChange, type Spans, spansOf } from './validity.ts';
import type { AccessRequest, Watcher } from './watcher.ts';

/** The conditions of a rule made ready. All of them must be true. */
export interface RuleConditions {
  readonly identities: readonly IdentityCondition[];
  readonly spheres: readonly ReadonlySet<string>[];
  readonly validities: readonly Spans[];
  readonly tests: readonly Test[];
}

/**
 * Makes the conditions of a rule ready.
 *
 * @returns `undefined` for a rule that never matches: one that is not valid by the schema of RFC 4745, its id
 *   and false parts of its identities left aside, or that has a condition which is not known or not valid
 */
export function ruleConditions(
  element: XmlElement,
  known: ReadonlyMap<string, Condition>,
  named: Named,
): RuleConditions | undefined {
  const identities: IdentityCondition[] = [];
  const spheres: ReadonlySet<string>[] = [];
  const validities: Spans[] = [];
  const tests: Test[] = [];
  const pruned = withoutFalseParts(element);
  let canMatch = validate(rule, pruned, { limit: 2 }).every(isAboutId);
  for (const child of elementsIn(element)) if (!isPart(child)) named.addEverybody();
  for (const child of conditionsIn(element)) {
    if (isIdentity(child)) named.addIdentity(child);
    else if (child.namespace === COMMON_POLICY && !isOfState(child)) named.addEverybody();
  }
  for (const child of conditionsIn(pruned)) {
    if (child.namespace === COMMON_POLICY) {
      if (!canMatch) continue;
      if (child.local === 'identity') identities.push(identityCondition(child));
      else if (child.local === 'sphere') spheres.push(spheresOf(child));
      else validities.push(spansOf(child));
      continue;
    }
    const test = known.get(`${child.namespace} ${child.local}`)?.prepare(child, named);
    if (test === undefined) {
      named.addEverybody();
      canMatch = false;
    } else {
      named.addTest(test);
      tests.push(test);
    }
  }
  return canMatch ? { identities, spheres, validities, tests } : undefined;
}

/** Whether all conditions but those on identity and time are true. */
export function othersHold(
  { spheres, tests }: RuleConditions,
  request: AccessRequest,
  watcher: Watcher,
): boolean {
  const { sphere } = request;
  const key = sphere === undefined ? undefined : sphereKey(sphere);
  if (!spheres.every((values) => key !== undefined && values.has(key))) return false;
  return tests.every((test) => holds(test, request, watcher));
}

/** Whether the conditions on time are true. */
export function isInForce({ validities }: RuleConditions, now: number | undefined): boolean {
  return validities.every((spans) => isWithin(spans, now));
}

/** The next instant at which a condition on time may turn, or infinity. */
export function nextTurn({ validities }: RuleConditions, now: number | undefined): number {
  if (now === undefined || validities.length === 0) return Number.POSITIVE_INFINITY;
  return Math.min(...validities.map((spans) => nextChange(spans, now)));
}

function holds(test: Test, request: AccessRequest, watcher: Watcher): boolean {
  try {
    return test.holds(request, watcher) === true;
  } catch {
    return false;
  }
}

/**
 * The rule without the parts of its identities that are not valid. An identity is true when any part of it is,
 * so that those, being false, take nothing from the others; when none is left, the rule is not valid.
 */
function withoutFalseParts(element: XmlElement): XmlElement {
  return onChildren(element, isConditions, (conditions) =>
    onChildren(conditions, isIdentity, (identity) => ({
      ...identity,
      children: identity.children.filter((part) => part.type !== 'element' || mayBeTrue(part)),
    })),
  );
}

function mayBeTrue(part: XmlElement): boolean {
  if (part.namespace !== COMMON_POLICY) return true;
  return validate(part.local === 'one' ? one : manyOf, part, { limit: 1 }).length === 0;
}

/** Many rules in use have ids like `1`. What a rule says does not depend on its id. */
function isAboutId({ rule: broken, path }: Violation): boolean {
  return broken === 'invalid-value' && /^\/[^/]+\/@id$/.test(path);
}

function conditionsIn(element: XmlElement): readonly XmlElement[] {
  return elementsIn(element).filter(isConditions).flatMap(elementsIn);
}

function isConditions({ namespace, local }: XmlElement): boolean {
  return namespace === COMMON_POLICY && local === 'conditions';
}

function isIdentity({ namespace, local }: XmlElement): boolean {
  return namespace === COMMON_POLICY && local === 'identity';
}

function isPart({ namespace, local }: XmlElement): boolean {
  return namespace === COMMON_POLICY && /^(?:conditions|actions|transformations)$/.test(local);
}

function isOfState({ local }: XmlElement): boolean {
  return local === 'sphere' || local === 'validity';
}

function onChildren(
  element: XmlElement,
  isMeant: (child: XmlElement) => boolean,
  change: (child: XmlElement) => XmlElement,
): XmlElement {
  const children = element.children.map((child) =>
    child.type === 'element' && isMeant(child) ? change(child) : child,
  );
  return { ...element, children };
}

function elementsIn({ children }: XmlElement): readonly XmlElement[] {
  return children.filter((child) => child.type === 'element');
}
