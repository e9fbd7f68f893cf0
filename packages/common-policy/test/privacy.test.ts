import {
  attribute,
  element as makeElement,
  parse as parseXml,
  serialize as serializeXml,
  XMLNS,
  type XmlElement,
  type XmlNode,
} from '@sip-simple/xml';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type AccessRequest,
  anonymousRequestCondition,
  compilePresenceRules,
  externalListCondition,
  identitySet,
  otherIdentityCondition,
  type PresencePermissions,
  parse,
  presencePermissions,
} from '../src/index.ts';
import { ruleset } from './policies.ts';

const numRuns = 200 * Number(process.env['FUZZ_RUNS'] ?? 1);

// A small world, so that rules and requests meet often.
const IDS = [
  'sip:a@x.example',
  'sip:b@x.example',
  'sip:a@y.example',
  'sips:a@x.example',
  'tel:+1212',
  'sip:a@x.example;transport=tcp',
  'pres:b@y.example',
  'broken',
];
const DOMAINS = ['x.example', 'y.example', 'X.EXAMPLE', 'z..z', 'sub.x.example'];
const SPHERES = ['work', 'home', 'WORK home', ''];
const TIMES = [
  '2026-01-01T00:00:00Z',
  '2026-01-02T00:00:00Z',
  '2026-01-03T00:00:00',
  '2026-01-04T00:00:00+02:00',
  'never',
];
const NOWS = [
  '2026-01-01T00:00:00Z',
  '2026-01-01T12:00:00Z',
  '2026-01-02T20:00:00Z',
  '2026-01-03T13:00:00Z',
  '2026-01-05T00:00:00Z',
].map((time) => Date.parse(time));
const LISTS = new Map([['http://l/1', identitySet(['sip:a@x.example', 'tel:+1212'])]]);

const id = fc.constantFrom(...IDS);
const domain = fc.constantFrom(...DOMAINS);
const except = fc.oneof(
  id.map((each) => `<except id="${each}"/>`),
  domain.map((each) => `<except domain="${each}"/>`),
);
const some = (parts: fc.Arbitrary<string>, max = 3, min = 0) =>
  fc.array(parts, { maxLength: max, minLength: min }).map((all) => all.join(''));
const one = id.map((each) => `<one id="${each}"/>`);
const manyWith = (excepts: fc.Arbitrary<string>) =>
  fc
    .tuple(fc.option(domain), excepts)
    .map(([of, out]) => `<many${of === null ? '' : ` domain="${of}"`}>${out}</many>`);
const identityWith = (excepts: fc.Arbitrary<string>) =>
  some(fc.oneof(one, manyWith(excepts), fc.constant('<x:else/>')), 3, 1).map(
    (parts) => `<identity>${parts}</identity>`,
  );
const time = fc.constantFrom(...TIMES);
const validity = some(
  fc.tuple(time, time).map(([from, until]) => `<from>${from}</from><until>${until}</until>`),
  2,
  1,
).map((times) => `<validity>${times}</validity>`);
const otherConditions = [
  fc.constantFrom(...SPHERES).map((value) => `<sphere value="${value}"/>`),
  validity,
  fc.constantFrom(
    '<x:unknown/>',
    '<ocp:anonymous-request/>',
    '<ocp:external-list><ocp:entry anc="http://l/1"/></ocp:external-list>',
    '<ocp:external-list><ocp:entry anc="http://l/2"/></ocp:external-list>',
  ),
];
const conditionWith = (excepts: fc.Arbitrary<string>) => fc.oneof(identityWith(excepts), ...otherConditions);
const condition = conditionWith(some(except));

const members = (...names: string[]) =>
  some(
    fc
      .tuple(fc.constantFrom(...names), fc.constantFrom('a', 'b', 'urn:c', 'sip'))
      .map(([name, value]) => `<pr:${name}>${value}</pr:${name}>`),
  );
const action = fc
  .constantFrom('block', 'confirm', 'polite-block', 'allow', 'whatever')
  .map((value) => `<pr:sub-handling>${value}</pr:sub-handling>`);
const transformation = fc.oneof(
  members('class', 'occurrence-id', 'deviceID').map(
    (parts) => `<pr:provide-devices>${parts}</pr:provide-devices>`,
  ),
  members('class', 'occurrence-id').map((parts) => `<pr:provide-persons>${parts}</pr:provide-persons>`),
  members('class', 'occurrence-id', 'service-uri', 'service-uri-scheme').map(
    (parts) => `<pr:provide-services>${parts}</pr:provide-services>`,
  ),
  fc
    .constantFrom('devices', 'persons', 'services')
    .map((kind) => `<pr:provide-${kind}><pr:all-${kind}/></pr:provide-${kind}>`),
  fc
    .constantFrom('activities', 'mood', 'note', 'class')
    .chain((name) =>
      fc
        .constantFrom('true', 'false', 'yes')
        .map((value) => `<pr:provide-${name}>${value}</pr:provide-${name}>`),
    ),
  fc
    .constantFrom('false', 'bare', 'thresholds', 'full')
    .map((value) => `<pr:provide-user-input>${value}</pr:provide-user-input>`),
  fc
    .constantFrom('n', 'm')
    .map(
      (name) => `<pr:provide-unknown-attribute name="${name}" ns="urn:n">true</pr:provide-unknown-attribute>`,
    ),
  fc.constantFrom('<pr:provide-all-attributes/>', '<x:provide-everything>true</x:provide-everything>'),
);

interface RuleText {
  readonly conditions: readonly string[];
  readonly actions: string;
  readonly transformations: string;
}
const ruleWith = (conditions: fc.Arbitrary<string>): fc.Arbitrary<RuleText> =>
  fc.record({
    conditions: fc.array(conditions, { maxLength: 3 }),
    actions: some(action, 2),
    transformations: some(transformation, 4),
  });
const rule = ruleWith(condition);
const rules = fc.array(rule, { minLength: 1, maxLength: 5 });

const request: fc.Arbitrary<AccessRequest> = fc.record({
  identities: fc.array(id, { maxLength: 2 }),
  isAuthenticated: fc.constantFrom(true, true, true, false),
  isAnonymous: fc.constantFrom(undefined, false, true),
  now: fc.constantFrom(undefined, ...NOWS),
  sphere: fc.constantFrom(undefined, 'work', 'home'),
});

const CONDITIONS = [externalListCondition((anchor) => LISTS.get(anchor)), anonymousRequestCondition];

function textOf({ conditions, actions, transformations }: RuleText, index = 0): string {
  return `<rule id="r${index}"><conditions>${conditions.join('')}</conditions><actions>${actions}</actions><transformations>${transformations}</transformations></rule>`;
}

function compiled(all: readonly RuleText[], conditions = CONDITIONS) {
  return compilePresenceRules([parse(ruleset(all.map(textOf).join('')))], { conditions });
}

function granted(all: readonly RuleText[], to: AccessRequest, conditions = CONDITIONS): PresencePermissions {
  return compiled(all, conditions)(to).permissions;
}

const ORDERS: Readonly<Record<string, readonly string[]>> = {
  subHandling: ['block', 'confirm', 'polite-block', 'allow'],
  userInput: ['false', 'bare', 'thresholds', 'full'],
};

/** True when the first permissions reveal nothing that the second do not: the partial order of permissions. */
function isAtMost(less: PresencePermissions, more: PresencePermissions): boolean {
  return Object.entries(less).every(([key, value]) =>
    isValueAtMost(key, value, Object.entries(more).find(([other]) => other === key)?.[1]),
  );
}

function isValueAtMost(key: string, less: unknown, more: unknown): boolean {
  if (typeof less === 'boolean') return !less || more === true;
  const order = ORDERS[key];
  if (order !== undefined) return order.indexOf(String(less)) <= order.indexOf(String(more));
  if (less instanceof Set) return more instanceof Set && [...less].every((member) => more.has(member));
  if (typeof less !== 'object' || less === null || typeof more !== 'object' || more === null)
    throw new TypeError(key);
  if ('all' in more && more.all === true) return true;
  const others = new Map(Object.entries(more));
  return Object.entries(less).every(([part, value]) => isValueAtMost(part, value, others.get(part)));
}

function expectAtMost(less: PresencePermissions, more: PresencePermissions): void {
  if (!isAtMost(less, more)) expect(less).toEqual(more);
}

test('the world is not too small: rules match in all degrees, and removing one often reveals less', () => {
  const seen = new Set<string>();
  let less = 0;
  fc.assert(
    fc.property(rules, request, (all, to) => {
      seen.add(granted(all, to).subHandling);
      if (!isAtMost(granted(all, to), granted(all.slice(1), to))) less += 1;
    }),
    { numRuns: 400, seed: 1 },
  );
  expect(seen.size).toBe(4);
  expect(less).toBeGreaterThan(40);
});

describe('never reveals more (RFC 4745 §4 "Permit only", RFC 5025 §10):', () => {
  const check = <T>(values: fc.Arbitrary<T>, property: (value: T) => void) =>
    fc.assert(fc.property(values, property), { numRuns });

  test('removing a rule', () => {
    check(fc.tuple(rules, request, fc.nat()), ([all, to, at]) => {
      expectAtMost(
        granted(
          all.filter((_, index) => index !== at % all.length),
          to,
        ),
        granted(all, to),
      );
    });
  });

  test('removing a document', () => {
    check(fc.tuple(rules, rules, request), ([one, two, to]) => {
      const [first, second] = [one, two].map((all) => parse(ruleset(all.map(textOf).join(''))));
      if (first === undefined || second === undefined) throw new RangeError('two documents');
      const both = compilePresenceRules([first, second], { conditions: CONDITIONS })(to).permissions;
      expectAtMost(granted(one, to), both);
      expectAtMost(granted(two, to), both);
    });
  });

  test('not knowing the time, the sphere, the wish for anonymity, who asks', () => {
    check(fc.tuple(rules, request), ([all, to]) => {
      const most = granted(all, to);
      for (const less of [
        { ...to, now: undefined },
        { ...to, now: Number.NaN },
        { ...to, sphere: undefined },
        { ...to, isAnonymous: undefined },
        { ...to, identities: [] },
        { ...to, isAuthenticated: false },
        { identities: [], isAuthenticated: false },
      ]) {
        expectAtMost(granted(all, less), most);
      }
    });
  });

  test('not being able to read one of the identities', () => {
    check(fc.tuple(rules, request, fc.nat()), ([all, to, at]) => {
      const identities = to.identities.map((each, index) =>
        index === at % to.identities.length ? 'unreadable' : each,
      );
      expectAtMost(granted(all, { ...to, identities }), granted(all, to));
    });
  });

  test('not knowing one of the identities, where no rule makes exceptions', () => {
    const plain = fc.array(ruleWith(conditionWith(fc.constant(''))), { minLength: 1, maxLength: 5 });
    check(fc.tuple(plain, request, fc.nat()), ([all, to, at]) => {
      const identities = to.identities.filter((_, index) => index !== at % to.identities.length);
      expectAtMost(granted(all, { ...to, identities }), granted(all, to));
    });
  });

  test('not knowing a list, or a condition', () => {
    check(fc.tuple(rules, request), ([all, to]) => {
      const most = granted(all, to);
      expectAtMost(
        granted(all, to, [externalListCondition(() => undefined), anonymousRequestCondition]),
        most,
      );
      expectAtMost(granted(all, to, [anonymousRequestCondition]), most);
      expectAtMost(granted(all, to, []), most);
    });
  });

  test('adding a condition to a rule, known or not, valid or not', () => {
    const added = fc.oneof(
      condition,
      fc.constantFrom(
        '<nonsense/>',
        '<identity/>',
        'text',
        '<validity/>',
        '<sphere/>',
        '<ocp:external-list/>',
      ),
    );
    check(fc.tuple(rules, request, fc.nat(), added), ([all, to, at, more]) => {
      const narrowed = all.map((each, index) =>
        index === at % all.length ? { ...each, conditions: [...each.conditions, more] } : each,
      );
      expectAtMost(granted(narrowed, to), granted(all, to));
    });
  });

  test('removing a permission from a rule', () => {
    check(fc.tuple(rules, request, fc.nat()), ([all, to, at]) => {
      const without = (part: Partial<RuleText>) =>
        all.map((each, index) => (index === at % all.length ? { ...each, ...part } : each));
      expectAtMost(granted(without({ actions: '' }), to), granted(all, to));
      expectAtMost(granted(without({ transformations: '' }), to), granted(all, to));
    });
  });

  const other =
    '<rule id="other"><conditions><ocp:other-identity/></conditions><actions><pr:sub-handling>allow</pr:sub-handling></actions></rule>';
  const broken = (
    all: readonly RuleText[],
    hasOther: boolean,
    to: AccessRequest,
    at: number,
    by: (element: XmlElement) => XmlElement,
  ) => {
    const text = ruleset(all.map(textOf).join('') + (hasOther ? other : ''));
    const options = { conditions: [...CONDITIONS, otherIdentityCondition] };
    const changed = changeAt(text, at, by);
    const less = compilePresenceRules([parse(changed)], options)(to).permissions;
    expectAtMost(less, compilePresenceRules([parse(text)], options)(to).permissions);
  };

  test('misspelling an element anywhere in a rule', () => {
    check(fc.tuple(rules, fc.boolean(), request, fc.nat()), ([all, hasOther, to, at]) =>
      broken(all, hasOther, to, at, (element) => ({ ...element, local: `${element.local}s` })),
    );
  });

  test('misspelling an attribute anywhere in a rule', () => {
    check(fc.tuple(rules, fc.boolean(), request, fc.nat()), ([all, hasOther, to, at]) =>
      broken(all, hasOther, to, at, (element) => ({
        ...element,
        attributes: element.attributes.map((each) =>
          each.namespace === XMLNS ? each : { ...each, local: `${each.local}s` },
        ),
      })),
    );
  });

  test('adding what is not known anywhere in a rule: elements, attributes, text', () => {
    const nodes = fc.constantFrom<XmlNode>(
      makeElement('urn:unknown', 'u:unless'),
      makeElement('urn:ietf:params:xml:ns:common-policy', 'cp:unless'),
      { type: 'text', value: 'not' },
    );
    check(fc.tuple(rules, request, fc.nat(), nodes), ([all, to, at, node]) => {
      broken(all, false, to, at, (element) => {
        // More text in a text is another value, which may be known.
        if (node.type === 'text' && element.children.some(({ type }) => type === 'text')) return element;
        return { ...element, children: [...element.children, node] };
      });
      broken(all, false, to, at, (element) => ({
        ...element,
        attributes: [...element.attributes, attribute('unless', 'x')],
      }));
      broken(all, false, to, at, (element) => ({
        ...element,
        attributes: [...element.attributes, attribute('u:unless', 'x', 'urn:unknown')],
      }));
    });
  });
});

describe('a decision', () => {
  test('is that of each rule alone, combined', () => {
    fc.assert(
      fc.property(rules, request, (all, to) => {
        const alone = all.map((each) => granted([each], to));
        const whole = granted(all, to);
        for (const [key, permission] of Object.entries(presencePermissions)) {
          const values = alone.map((each) => new Map<string, unknown>(Object.entries(each)).get(key));
          const combine: (a: never, b: never) => unknown = permission.combine;
          // Values of one key are of one type, that of its permission.
          const combined = values.reduce((a, b) => combine(a as never, b as never), permission.lowest);
          expect(new Map<string, unknown>(Object.entries(whole)).get(key)).toEqual(combined);
        }
      }),
      { numRuns },
    );
  });

  test('stays the same until it says that it may change', () => {
    fc.assert(
      fc.property(rules, request, fc.nat(), (all, to, later) => {
        const decide = compiled(all);
        const now = to.now ?? Date.parse('2026-01-01T06:00:00Z');
        const { permissions, until } = decide({ ...to, now });
        const end = until ?? now + 1e10;
        expect(end).toBeGreaterThan(now);
        for (const then of [end - 1, now + (later % (end - now))]) {
          const again = decide({ ...to, now: then });
          expect(again.permissions).toBe(permissions);
          expect(again.until).toBe(until);
        }
      }),
      { numRuns },
    );
  });
});

/** The document with one element within its rules changed. */
function changeAt(text: string, at: number, change: (element: XmlElement) => XmlElement): Uint8Array {
  const document = parseXml(text);
  let count = -1;
  const walk = (element: XmlElement, visit: (element: XmlElement) => XmlElement): XmlElement => {
    const children = element.children.map((child) => (child.type === 'element' ? walk(child, visit) : child));
    return visit({ ...element, children });
  };
  walk(document.root, (element) => {
    count += 1;
    return element;
  });
  let left = at % Math.max(count, 1);
  const root = walk(document.root, (element) =>
    left-- === 0 && element.local !== 'ruleset' ? change(element) : element,
  );
  return serializeXml({ ...document, root, children: [root] });
}
