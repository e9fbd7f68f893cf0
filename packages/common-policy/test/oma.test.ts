import { describe, expect, test } from 'vitest';
import {
  anchorsOf,
  anonymousRequest,
  anonymousRequestCondition,
  externalList,
  externalListCondition,
  type IdentitySet,
  identitySet,
  otherIdentity,
  otherIdentityCondition,
  parse,
  serialize,
  validate,
} from '../src/index.ts';
import { allowing, decide, from, isAllowed, ruleset, UNAUTHENTICATED } from './policies.ts';

const FRIENDS = 'http://xcap.example.com/resource-lists/users/sip:p@b/index/~~/resource-lists/list%5b1%5d';
const lists = new Map<string, IdentitySet>([
  [FRIENDS, identitySet(['sip:ann@example.com', 'tel:+1-212', 'no uri'])],
]);
const conditions = [
  externalListCondition((anchor) => lists.get(anchor)),
  anonymousRequestCondition,
  otherIdentityCondition,
];
const external = (...anchors: string[]) =>
  `<ocp:external-list>${anchors.map((anchor) => `<ocp:entry anc="${anchor}"/>`).join('')}</ocp:external-list>`;

describe('<external-list>', () => {
  test('matches watchers in one of its lists', () => {
    const document = ruleset(allowing(external('http://xcap.example.com/unknown', FRIENDS)));
    const ask = (...who: string[]) => isAllowed(document, from(...who), { conditions });
    expect(ask('sip:ann@EXAMPLE.com')).toBe(true);
    expect(ask('tel:+1212')).toBe(true);
    expect(ask('sip:x@y', 'tel:+1212')).toBe(true);
    expect(ask('sip:bob@example.com')).toBe(false);
    expect(ask('no uri')).toBe(false);
    expect(
      isAllowed(document, { identities: ['sip:ann@example.com'], isAuthenticated: false }, { conditions }),
    ).toBe(false);
  });

  test('matches nobody while the list is not known, or its look-up fails', () => {
    const document = ruleset(allowing(external(FRIENDS)));
    expect(isAllowed(document, from('sip:ann@example.com'))).toBe(false);
    const unknown = externalListCondition(() => undefined);
    expect(isAllowed(document, from('sip:ann@example.com'), { conditions: [unknown] })).toBe(false);
    const failing = externalListCondition(() => {
      throw new Error('no connection');
    });
    expect(isAllowed(document, from('sip:ann@example.com'), { conditions: [failing] })).toBe(false);
    // A look-up in JavaScript may answer what its type forbids.
    const late = externalListCondition(() => Promise.resolve(lists.get(FRIENDS)) as unknown as undefined);
    expect(isAllowed(document, from('sip:ann@example.com'), { conditions: [late] })).toBe(false);
    const oneFails = externalListCondition((anchor) => {
      if (anchor !== FRIENDS) throw new Error('no connection');
      return lists.get(anchor);
    });
    const two = ruleset(allowing(external('http://xcap.example.com/unknown', FRIENDS)));
    expect(isAllowed(two, from('sip:ann@example.com'), { conditions: [oneFails] })).toBe(true);
  });

  test('matches nobody when it holds what is not known, or is not valid', () => {
    for (const broken of [
      `<ocp:external-list><ocp:entry anc="${FRIENDS}"/><x:but-not/></ocp:external-list>`,
      `<ocp:external-list><ocp:entry href="${FRIENDS}"/></ocp:external-list>`,
      `<ocp:external-list not="true"><ocp:entry anc="${FRIENDS}"/></ocp:external-list>`,
      '<ocp:external-list/>',
    ]) {
      expect(isAllowed(ruleset(allowing(broken)), from('sip:ann@example.com'), { conditions })).toBe(false);
    }
  });

  test('says which lists to have at hand', () => {
    const document = ruleset(
      allowing(external(FRIENDS, 'http://a/'), 'r1') + allowing(external(FRIENDS), 'r2') + allowing('', 'r3'),
    );
    expect(anchorsOf([parse(document)])).toEqual([FRIENDS, 'http://a/']);
  });
});

describe('<anonymous-request>', () => {
  const document = ruleset(allowing('<ocp:anonymous-request/>'));

  test('matches requests that ask for anonymity', () => {
    expect(isAllowed(document, { ...UNAUTHENTICATED, isAnonymous: true }, { conditions })).toBe(true);
    expect(isAllowed(document, { ...from('sip:a@b'), isAnonymous: true }, { conditions })).toBe(true);
    expect(isAllowed(document, { ...UNAUTHENTICATED, isAnonymous: false }, { conditions })).toBe(false);
    expect(isAllowed(document, UNAUTHENTICATED, { conditions })).toBe(false);
    expect(isAllowed(document, { ...UNAUTHENTICATED, isAnonymous: true })).toBe(false);
  });
});

describe('<other-identity>', () => {
  const other = allowing('<ocp:other-identity/>', 'other');
  const ask = (rules: string, ...who: string[]) =>
    isAllowed(ruleset(other + rules), from(...who), { conditions });
  const about = (conditions: string) => `<rule id="r"><conditions>${conditions}</conditions></rule>`;

  test('matches authenticated watchers that no rule speaks of', () => {
    expect(ask('', 'sip:a@b')).toBe(true);
    expect(ask(about('<identity><one id="sip:a@b"/></identity>'), 'sip:c@b')).toBe(true);
    expect(isAllowed(ruleset(other), UNAUTHENTICATED, { conditions })).toBe(false);
    expect(isAllowed(ruleset(other), from('sip:a@b'))).toBe(false);
  });

  test('matches none that a rule speaks of, to let in or leave out, in force or not, valid or not', () => {
    for (const conditions of [
      '<identity><one id="sip:a@b"/></identity>',
      '<identity><one id="sip:a@b:5061;transport=tcp"/></identity>',
      '<identity><many/></identity>',
      '<identity><many domain="b"/></identity>',
      '<identity><many domain="c"><except id="sip:a@b"/></many></identity>',
      '<identity><many domain="c"><except domain="b"/></many></identity>',
      '<identity><one id="sip:a@b"/></identity><sphere value="nowhere"/>',
      '<identity><one id="sip:a@b" if="x"/></identity>',
      '<identity not="x"><one id="sip:a@b"/></identity>',
      '<identity><x:group name="of whom, is not known"/></identity>',
      '<x:condition-on-something/>',
      external('http://xcap.example.com/not-known'),
    ]) {
      expect([conditions, ask(about(conditions), 'sip:a@b')]).toEqual([conditions, false]);
    }
    expect(ask(about(external(FRIENDS)), 'sip:ann@example.com')).toBe(false);
    expect(ask(about(external(FRIENDS)), 'sip:a@b')).toBe(true);
    expect(ask('', 'sip:a@b', 'not a URI')).toBe(false);
    expect(ask(about('<identity><one id="sip:a@b"/></identity>'), 'sip:x@y', 'sip:a@b')).toBe(false);
  });

  test('matches nobody when the rules hold what is not known where somebody may be spoken of', () => {
    const spoken = '<identity><one id="sip:a@b"/></identity>';
    for (const rule of [
      `<rule id="r"><condition>${spoken}</condition></rule>`,
      `<rules id="r"><conditions>${spoken}</conditions></rules>`,
      `<rule id="r"><conditions><identities><one id="sip:a@b"/></identities></conditions></rule>`,
      `<x:rule id="r"><conditions>${spoken}</conditions></x:rule>`,
    ]) {
      expect([rule, ask(rule, 'sip:a@b')]).toEqual([rule, false]);
    }
  });

  test('looks at the rules of all documents', () => {
    const documents = [other, about('<identity><one id="sip:a@b"/></identity>')].map(ruleset);
    const handling = (all: readonly string[]) =>
      decide(all, from('sip:a@b'), { conditions }).permissions.subHandling;
    expect(handling(documents.slice(0, 1))).toBe('allow');
    expect(handling(documents)).toBe('block');
    expect(handling([...documents].reverse())).toBe('block');
  });
});

test('lenses read and write the three conditions', () => {
  const made = externalList.set(anonymousRequest.set(otherIdentity.set({}, true), true), {
    entries: [{ anchor: FRIENDS }],
  });
  const bytes = serialize({ rules: [{ id: 'r', conditions: made }] });
  expect(validate(bytes)).toEqual([]);
  const read = parse(bytes).rules[0]?.conditions ?? {};
  expect(externalList.of(read)?.entries[0]?.anchor).toBe(FRIENDS);
  expect(anonymousRequest.of(read)).toBe(true);
  expect(otherIdentity.of(read)).toBe(true);
});
