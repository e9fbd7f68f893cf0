import { mutate, plain, randomFrom } from '@sip-simple/testkit';
import { parse as parseXml, serialize as serializeXml } from '@sip-simple/xml';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  constraintFailures,
  duplicates,
  flatten,
  type ListInit,
  type MemberInit,
  parse,
  parseRlsServices,
  ResourceListsError,
  serialize,
  serializeRlsServices,
  validate,
  validateRlsServices,
} from '../src/index.ts';
import { fixture } from './fixtures.ts';
import { VOCABULARY } from './vocabulary.ts';

const numRuns = 200 * Number(process.env['FUZZ_RUNS'] ?? 1);
const everything = fixture('rfc4826/everything.xml');
const everyService = fixture('rfc4826/everything-services.xml');

const text = fc
  .string({ unit: 'binary' })
  .map((value) => value.replace(/[^\t\n\r -\uD7FF\uE000-\uFFFD]/g, '·'));
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const [{ extra = [] } = {}] = parse(everything).lists;
const shared = {
  displayName: maybe(fc.record({ text, language: fc.constantFrom(undefined, 'en', '') })),
  copyControl: maybe(fc.constantFrom('to' as const, 'cc' as const, 'bcc' as const)),
  anonymize: maybe(fc.boolean()),
  count: maybe(fc.nat()),
  extra: fc.constantFrom([], [...extra]),
  attributes: fc.constant([]),
};
const path = fc
  .array(fc.stringMatching(/^[a-z0-9]{1,6}$/), { minLength: 1, maxLength: 4 })
  .map((all) => all.join('/'));
const { list } = fc.letrec<{ list: ListInit; member: MemberInit }>((tie) => ({
  list: fc.record({
    ...shared,
    name: maybe(text),
    members: fc.uniqueArray(tie('member'), { maxLength: 4, selector: keyOf }),
  }),
  member: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.record({ type: fc.constant('entry' as const), value: fc.record({ ...shared, uri: fc.webUrl() }) }),
    fc.record({ type: fc.constant('entryRef' as const), value: fc.record({ ...shared, ref: path }) }),
    fc.record({
      type: fc.constant('external' as const),
      value: fc.record({ ...shared, anchor: fc.webUrl() }),
    }),
    fc.record({ type: fc.constant('list' as const), value: tie('list') }),
  ),
}));
function keyOf({ type, value }: MemberInit): unknown {
  if (type === 'entry') return `entry ${value.uri}`;
  if (type === 'entryRef') return `ref ${value.ref}`;
  if (type === 'external') return `external ${value.anchor}`;
  return value.name === undefined ? {} : `list ${value.name}`;
}
const listsOf = fc.uniqueArray(list, { maxLength: 3, selector: (value) => value.name ?? {} });

test('what is written is valid and reads as what was meant', () => {
  fc.assert(
    fc.property(listsOf, (lists) => {
      const bytes = serialize({ lists });
      expect(validate(bytes)).toEqual([]);
      const read = parse(bytes);
      expect(plain(read)).toEqual(plain({ lists }));
      expect(serialize(read)).toBe(bytes);
    }),
    { numRuns },
  );
});

test('services too, whose lists are in another namespace', () => {
  const source = fc.oneof(
    list.map((value) => ({ type: 'list' as const, value })),
    fc.constant({
      type: 'resourceList' as const,
      value: 'http://a.example/resource-lists/users/u/index/~~/resource-lists/list',
    }),
  );
  const packages = fc.record({ names: fc.array(text, { minLength: 1, maxLength: 3 }), extra: shared.extra });
  const service = fc.record({
    uri: fc.webUrl(),
    attributes: shared.attributes,
    list: source,
    packages: maybe(packages),
    extra: shared.extra,
  });
  fc.assert(
    fc.property(fc.array(service, { maxLength: 1 }), (services) => {
      const bytes = serializeRlsServices({ services });
      expect(validateRlsServices(bytes)).toEqual([]);
      expect(plain(parseRlsServices(bytes))).toEqual(plain({ services }));
    }),
    { numRuns },
  );
});

test('of a mutated document what can be read is read, and can be changed and written', () => {
  const random = randomFrom(4826);
  for (let run = 0; run < 5 * numRuns; run += 1) {
    const tree = mutate(mutate(parseXml(everything), random, VOCABULARY), random, VOCABULARY);
    duplicates(tree);
    constraintFailures(tree);
    const bytes = serializeXml(tree);
    const read = attempt(bytes);
    if (read === undefined) continue;
    const lists = [...read.lists, { name: 'added' }];
    expect(plain(parse(serialize({ ...read, lists })).lists.slice(0, -1))).toEqual(plain(read.lists));
    for (const value of read.lists)
      flatten({ type: 'list', value }, { root: 'http://a.example' }, () => tree.root);
  }
});

test('broken bytes read, or fail as ResourceListsError', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(everything, everyService),
      fc.array(fc.tuple(fc.nat(1_000), fc.nat(255)), { minLength: 1, maxLength: 4 }),
      (document, edits) => {
        const bytes = document.slice();
        for (const [index, byte] of edits) bytes[index % bytes.length] = byte;
        attempt(bytes);
        attempt(bytes.subarray(0, edits[0]?.[0]));
      },
    ),
    { numRuns: 2 * numRuns },
  );
});

test('more than the limits allow fails with status 413', () => {
  const deep = `<resource-lists xmlns="urn:ietf:params:xml:ns:resource-lists">${'<list>'.repeat(10_000)}`;
  expect(() => parse(deep)).toThrow(
    expect.objectContaining({ code: 'limit', status: 413, name: 'ResourceListsError' }),
  );
});

test('ten times the entries take about ten times as long', () => {
  const time = (count: number): number => {
    const entries = Array.from({ length: count }, (_, index) => `<entry uri="sip:${index}@example.com"/>\n`);
    const xml = `<resource-lists xmlns="urn:ietf:params:xml:ns:resource-lists"><list>${entries.join('')}</list></resource-lists>`;
    const began = performance.now();
    const { lists } = parse(xml);
    const [value] = lists;
    if (value === undefined) throw new Error('there is a list');
    expect(validate(xml)).toEqual([]);
    flatten({ type: 'list', value }, { root: 'http://a.example' }, () => undefined);
    serialize({ lists: [{ ...value, members: value.members.slice(1) }] });
    return performance.now() - began;
  };
  time(1_000);
  const few = Math.min(time(1_000), time(1_000), time(1_000));
  expect(time(10_000)).toBeLessThan(40 * few);
});

function attempt(bytes: Uint8Array) {
  try {
    validate(bytes);
    validateRlsServices(bytes);
    return parse(bytes);
  } catch (error) {
    if (!(error instanceof ResourceListsError)) throw error;
    return undefined;
  }
}
