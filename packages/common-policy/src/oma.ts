import {
  anyOther,
  anyUri,
  attribute,
  type Infer,
  lens,
  many,
  present,
  vocabulary,
} from '@sip-simple/xml/schema';
import { type Condition, condition } from './condition.ts';
import type { RulesetInit } from './ruleset.ts';
import type { IdentitySet } from './watcher.ts';

/** The namespace of the Common Policy extensions in OMA's XDM Core Specification. */
export const OMA_COMMON_POLICY = 'urn:oma:xml:xdm:common-policy';

const ocp = vocabulary(OMA_COMMON_POLICY, 'ocp');

const externalListElement = ocp.element('external-list', {
  entries: many(
    ocp.element('entry', {
      /** The list: an XCAP URI of a document or a `<list>` in it. */
      anchor: attribute('anc', anyUri),
    }),
  ),
  extra: anyOther(),
});

/** `<external-list>`: the watcher is in one of the lists. Found in conditions. */
export const externalList = lens(externalListElement);
/** `<anonymous-request>`: the request asks for anonymity. Found in conditions. */
export const anonymousRequest = lens(ocp.leaf('anonymous-request', present));
/** `<other-identity>`: no rule speaks of the watcher. Found in conditions. */
export const otherIdentity = lens(ocp.leaf('other-identity', present));

export type ExternalList = Infer<typeof externalListElement>;

/**
 * The condition `<external-list>`, for `compile`.
 *
 * @param members the members of the list that an anchor points to, or `undefined` while they are not known,
 *   which matches nobody. It is asked at each decision and must answer at once: have the lists at hand, see
 *   `anchorsOf`.
 */
export function externalListCondition(members: (anchor: string) => IdentitySet | undefined): Condition {
  return condition(externalListElement, ({ entries, extra }) => ({
    holds: (_, watcher) =>
      extra.length === 0 &&
      entries.some(({ anchor }) => {
        try {
          return members(anchor)?.has(watcher) === true;
        } catch {
          return false;
        }
      }),
    names: (watcher) =>
      extra.length > 0 || entries.some(({ anchor }) => members(anchor)?.names(watcher) !== false),
  }));
}

/** The anchors of all external lists in rule documents: what to have at hand for decisions. */
export function anchorsOf(rulesets: readonly RulesetInit[]): readonly string[] {
  const anchors = new Set<string>();
  for (const { rules = [] } of rulesets) {
    for (const { conditions } of rules) {
      for (const { entries } of conditions === undefined ? [] : externalList.all(conditions)) {
        for (const { anchor } of entries) anchors.add(anchor);
      }
    }
  }
  return [...anchors];
}

/** The condition `<anonymous-request>`, for `compile`. */
export const anonymousRequestCondition: Condition = condition(anonymousRequest.schema, () => ({
  holds: ({ isAnonymous }) => isAnonymous === true,
}));

/**
 * The condition `<other-identity>`, for `compile`: true for an authenticated watcher of whom no rule speaks in
 * its conditions on identity or lists, be it to let him in or to leave him out, and whatever else the rule
 * asks. Where that is in doubt, it is false.
 *
 * Unlike all other conditions it makes removing a rule reveal more: who is not spoken of any more is another.
 */
export const otherIdentityCondition: Condition = condition(otherIdentity.schema, (_, rules) => ({
  holds: (_request, watcher) => watcher.identities.length > 0 && !rules.isNamed(watcher),
}));
