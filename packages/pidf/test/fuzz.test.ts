import { mutate, plain, randomFrom, textOf } from '@sip-simple/testkit';
import { parse as parseXml, serialize as serializeXml } from '@sip-simple/xml';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PidfError, type PresenceInit, parse, serialize, validate } from '../src/index.ts';
import { fixture } from './fixtures.ts';
import { VOCABULARY } from './vocabulary.ts';

const numRuns = 200 * Number(process.env['FUZZ_RUNS'] ?? 1);
const everything = fixture('rfc4479/5-everything.xml');

// What XML 1.0 §2.2 has no character for can't be said; CR, TAB and LF are written as references or normalised.
const text = fc
  .string({ unit: 'binary' })
  .map((value) => value.replace(/[^\t\n\r -\uD7FF\uE000-\uFFFD]/g, '·'));
const uri = fc.webUrl();
const timestamp = fc
  .date({ min: new Date(0), max: new Date(4e12), noInvalidDate: true })
  .map((date) => date.toISOString());
const note = fc.record({ text, language: fc.constantFrom(undefined, 'en', 'de-CH', '') });
const notes = fc.array(note, { maxLength: 3 });
const extra = fc.constantFrom([], [...parse(everything).extra]);
const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const tuple = fc.record({
  status: fc.record({ basic: fc.constantFrom('open' as const, 'closed' as const), extra }),
  deviceIds: fc.array(uri, { maxLength: 2 }),
  extra,
  contact: optional(
    fc.record({ uri, priority: optional(fc.integer({ min: 0, max: 1000 }).map((n) => n / 1000)) }),
  ),
  notes,
  timestamp: optional(timestamp),
});
const component = { extra, notes, timestamp: optional(timestamp) };
const presence: fc.Arbitrary<PresenceInit> = fc
  .record({
    entity: uri,
    tuples: fc.array(tuple, { maxLength: 4 }),
    notes,
    persons: fc.array(fc.record(component), { maxLength: 2 }),
    devices: fc.array(fc.record({ ...component, deviceId: uri }), { maxLength: 2 }),
    extra,
  })
  .map(({ tuples, persons, devices, ...others }) => ({
    ...others,
    tuples: tuples.map((value, index) => ({ id: `t${index}`, ...value })),
    persons: persons.map((value, index) => ({ id: `p${index}`, ...value })),
    devices: devices.map((value, index) => ({ id: `d${index}`, ...value })),
  }));

test('what is written is valid and reads as what was meant', () => {
  fc.assert(
    fc.property(presence, (value) => {
      const bytes = serialize(value);
      expect(validate(bytes)).toEqual([]);
      const read = parse(bytes);
      expect(plain(read)).toEqual(plain(value));
      expect(serialize(read)).toBe(bytes);
    }),
    { numRuns },
  );
});

test('any part of one document put into another reads the same there', () => {
  fc.assert(
    fc.property(presence, presence, (a, b) => {
      const into = parse(serialize(a));
      const from = parse(serialize(b));
      const written = serialize({ ...into, tuples: from.tuples, notes: from.notes, devices: from.devices });
      const { tuples, notes, devices } = from;
      expect(plain(parse(written))).toEqual(plain({ ...into, tuples, notes, devices }));
    }),
    { numRuns },
  );
});

test('lists cut, doubled and put in another order are written as they are', () => {
  fc.assert(
    fc.property(presence, fc.array(fc.nat(), { maxLength: 6 }), (value, picks) => {
      const read = parse(serialize(value));
      const choose = <T>(list: readonly T[]): T[] =>
        picks.flatMap((pick) => (list.length === 0 ? [] : list.slice(pick % list.length).slice(0, 1)));
      const next = {
        ...read,
        tuples: choose(read.tuples),
        notes: choose(read.notes),
        extra: choose(read.extra),
      };
      const inner = {
        ...next,
        tuples: next.tuples.map((t) => ({ ...t, notes: choose(t.notes), deviceIds: choose(t.deviceIds) })),
      };
      for (const changed of [next, inner]) expect(plain(parse(serialize(changed)))).toEqual(plain(changed));
    }),
    { numRuns },
  );
});

test('mutated documents read, or fail as PidfError, and what reads is written as it was (@req rfc4479:5:2)', () => {
  const random = randomFrom(4479);
  let tree = parseXml(everything);
  for (let run = 0; run < 2 * numRuns; run += 1) {
    tree = mutate(run % 8 === 0 ? parseXml(everything) : tree, random, VOCABULARY);
    const bytes = serializeXml(tree);
    const read = attempt(bytes);
    if (read === undefined) continue;
    const changed = serialize({ ...read, entity: 'sip:changed@example.com' });
    expect(plain(parse(changed))).toEqual(plain({ ...read, entity: 'sip:changed@example.com' }));
    expect(textOf(serialize(read))).toBe(textOf(bytes));
  }
});

test('broken bytes read, or fail as PidfError', () => {
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
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void attempt(bytes)),
    { numRuns },
  );
});

test('ten times the tuples take about ten times as long, read, changed and written', () => {
  const time = (count: number): number => {
    const tuple = '<tuple id="t1"><status><basic>open</basic></status><note>n</note></tuple>\n';
    const xml = `<presence xmlns="urn:ietf:params:xml:ns:pidf" entity="a:b">\n${tuple.repeat(count)}</presence>`;
    const began = performance.now();
    const presence = parse(xml);
    const tuples = presence.tuples.map((value, index) => (index % 2 ? value : { ...value, id: `n${index}` }));
    const written = serialize({
      ...presence,
      tuples: [...tuples.slice(count / 2), ...tuples.slice(0, count / 2)],
    });
    expect(parse(written).tuples).toHaveLength(count);
    return performance.now() - began;
  };
  time(1_000);
  const few = Math.min(time(1_000), time(1_000), time(1_000));
  expect(time(10_000)).toBeLessThan(40 * few);
});

test('more than the limits allow fails as PidfError with status 413', () => {
  const deep = `<?xml version="1.0"?>${'<a>'.repeat(10_000)}`;
  expect(() => parse(deep)).toThrow(
    expect.objectContaining({ code: 'limit', status: 413, name: 'PidfError' }),
  );
  expect(() => parse(everything, { limits: { bytes: 100 } })).toThrow(
    expect.objectContaining({ code: 'limit' }),
  );
  expect(() => parse('<!DOCTYPE presence><presence/>')).toThrow(
    expect.objectContaining({ code: 'not-well-formed', status: 400 }),
  );
});

function attempt(bytes: Uint8Array) {
  try {
    validate(bytes);
    return parse(bytes);
  } catch (error) {
    if (!(error instanceof PidfError)) throw error;
    return undefined;
  }
}
