import { mutate, plain, randomFrom, textOf } from '@sip-simple/testkit';
import { parse as parseXml, serialize as serializeXml } from '@sip-simple/xml';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  compilePresenceRules,
  PolicyError,
  parse,
  provideDevices,
  provideUnknownAttribute,
  provideUserInput,
  type RulesetInit,
  serialize,
  subHandling,
  validate,
  validityOf,
} from '../src/index.ts';
import { fixture } from './fixtures.ts';
import { from } from './policies.ts';
import { VOCABULARY } from './vocabulary.ts';

const numRuns = 200 * Number(process.env['FUZZ_RUNS'] ?? 1);
const everything = fixture('rfc5025/7-everything.xml');

const text = fc.string({ unit: 'binary' }).map((value) => value.replace(/[^ -\uD7FF\uE000-\uFFFD]/g, '·'));
const uri = fc.webUrl();
const time = fc
  .date({ min: new Date(0), max: new Date(4e12), noInvalidDate: true })
  .map((date) => date.toISOString());
const list = <T>(value: fc.Arbitrary<T>) => fc.array(value, { maxLength: 3 });
const token = fc.constantFrom('a', 'biz', 'some class', 'ünï');
const identity = fc.record({
  one: fc.array(fc.record({ id: uri }), { minLength: 1, maxLength: 3 }),
  many: list(
    fc.record({
      domain: fc.option(text, { nil: undefined }),
      excepts: list(fc.oneof(fc.record({ id: uri }), fc.record({ domain: text }))),
    }),
  ),
});
const rule = fc.record({
  conditions: fc.record({
    identities: list(identity),
    spheres: list(fc.record({ value: text })),
    validities: list(fc.record({ from: time, until: time }).map((period) => validityOf(period, period))),
  }),
  actions: fc
    .constantFrom('block' as const, 'confirm' as const, 'polite-block' as const, 'allow' as const)
    .map((value) => subHandling.set({}, value)),
  transformations: fc
    .tuple(list(token), list(uri), fc.constantFrom('false' as const, 'full' as const), fc.boolean())
    .map(([classes, deviceIds, level, isProvided]) =>
      provideUserInput.set(
        provideUnknownAttribute.set(provideDevices.set({}, { classes, deviceIds }), {
          name: 'foo',
          namespace: 'urn:example:foo',
          isProvided,
        }),
        level,
      ),
    ),
});
const ruleset: fc.Arbitrary<RulesetInit> = fc
  .array(rule, { maxLength: 4 })
  .map((rules) => ({ rules: rules.map((value, index) => ({ id: `r${index}`, ...value })) }));

test('what is written is valid, reads as what was meant, and decides the same', () => {
  fc.assert(
    fc.property(ruleset, (value) => {
      const bytes = serialize(value);
      expect(validate(bytes)).toEqual([]);
      const read = parse(bytes);
      const noEmptyLists = (part: unknown) =>
        JSON.parse(
          JSON.stringify(part, (_, each) => (Array.isArray(each) && each.length === 0 ? undefined : each)),
        );
      expect(noEmptyLists(plain(read))).toEqual(noEmptyLists(plain(value)));
      expect(serialize(read)).toBe(bytes);
      for (const id of value.rules
        ?.flatMap(({ conditions }) => conditions?.identities ?? [])
        .map(({ one }) => one?.[0]?.id ?? '') ?? []) {
        const request = { ...from(id), now: 1e12, sphere: 'work' };
        expect(compilePresenceRules([read])(request)).toEqual(compilePresenceRules([value])(request));
      }
    }),
    { numRuns },
  );
});

test('mutated documents read, compile and decide, or fail as PolicyError, and are written as they were', () => {
  const random = randomFrom(5025);
  let tree = parseXml(everything);
  for (let run = 0; run < 2 * numRuns; run += 1) {
    tree = mutate(run % 8 === 0 ? parseXml(everything) : tree, random, VOCABULARY);
    const bytes = serializeXml(tree);
    const read = attempt(bytes);
    if (read !== undefined) expect(textOf(serialize(read))).toBe(textOf(bytes));
  }
});

test('broken bytes read, or fail as PolicyError', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(everything.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 }),
      (edits) => {
        const bytes = everything.slice();
        for (const [index, byte] of edits) bytes[index] = byte;
        attempt(bytes);
        attempt(bytes.subarray(0, edits[0]?.[0]));
      },
    ),
    { numRuns: 2 * numRuns },
  );
});

test('whatever is given as an identity, a domain or a sphere, the decision is made', () => {
  const decide = compilePresenceRules([parse(everything)]);
  fc.assert(
    fc.property(
      fc.array(fc.string({ unit: 'binary' })),
      fc.string({ unit: 'binary' }),
      (identities, sphere) => {
        const schemes = ['', 'sip:', 'tel:+', 'mailto:', 'http://', 'sip:a@'];
        const all = identities.flatMap((each) => schemes.map((scheme) => scheme + each));
        expect(decide({ ...from(...all), sphere, now: 0 }).permissions.subHandling).toBe('block');
      },
    ),
    { numRuns },
  );
});

test('more than the limits allow, and other documents, fail as PolicyError', () => {
  const deep = `<?xml version="1.0"?>${'<a>'.repeat(10_000)}`;
  expect(() => parse(deep)).toThrow(
    expect.objectContaining({ code: 'limit', status: 413, name: 'PolicyError' }),
  );
  expect(() => parse(everything, { limits: { bytes: 100 } })).toThrow(
    expect.objectContaining({ code: 'limit' }),
  );
  expect(() => parse('<!DOCTYPE ruleset [<!ENTITY a "b">]><ruleset/>')).toThrow(
    expect.objectContaining({ code: 'not-well-formed', status: 400 }),
  );
  expect(() => parse('<ruleset/>')).toThrow(
    expect.objectContaining({ code: 'wrong-root', status: 400, rfc: 'RFC 4745 §13' }),
  );
});

test('ten times the rules, identities, exceptions and mistakes compile in about ten times the time', () => {
  const time = (
    count: number,
    part: (index: number) => string,
    around = (parts: string) => parts,
  ): number => {
    const parts = Array.from({ length: count }, (_, index) => part(index)).join('');
    const read = parse(`<ruleset xmlns="urn:ietf:params:xml:ns:common-policy">${around(parts)}</ruleset>`);
    const began = performance.now();
    const decide = compilePresenceRules([read]);
    for (let index = 0; index < 10; index += 1) decide(from(`sip:u${index}@example.com`));
    return performance.now() - began;
  };
  const inIdentity = (parts: string) =>
    `<rule id="r"><conditions><identity>${parts}</identity></conditions></rule>`;
  const inMany = (parts: string) => inIdentity(`<many>${parts}</many>`);
  const kinds: [(index: number) => string, ((parts: string) => string)?][] = [
    [(index) => inIdentity(`<one id="sip:u${index}@example.com"/>`)],
    [(index) => `<one id="sip:u${index}@example.com"/>`, inIdentity],
    [() => '<one/>', inIdentity],
    [(index) => `<except id="sip:u${index}@example.com"/>`, inMany],
    [() => '<except/>', inMany],
  ];
  for (const [part, around] of kinds) {
    time(1_000, part, around);
    const few = Math.min(time(1_000, part, around), time(1_000, part, around), time(1_000, part, around));
    const many = Math.min(time(10_000, part, around), time(10_000, part, around));
    expect(many).toBeLessThan(40 * few + 50);
  }
});

function attempt(bytes: Uint8Array) {
  try {
    validate(bytes);
    const read = parse(bytes);
    compilePresenceRules([read])({ ...from('sip:alice@example.com'), now: 0, sphere: 'home' });
    return read;
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error;
    return undefined;
  }
}
