import {
  type PersonInit,
  PidfError,
  type PresenceInit,
  parse,
  serialize,
  type TupleInit,
  validate,
} from '@sip-simple/pidf';
import { mutate, plain, randomFrom, textOf } from '@sip-simple/testkit';
import { parse as parseXml, serialize as serializeXml } from '@sip-simple/xml';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  ACTIVITIES,
  activities,
  advice,
  card,
  classLabel,
  devcaps,
  displayName,
  elements,
  LOCATION_TYPES,
  METHODS,
  MOODS,
  mood,
  placeIs,
  placeType,
  privacy,
  relationship,
  rules,
  servcaps,
  serviceClass,
  sphere,
  statusIcon,
  timedStatus,
  timeOffset,
  userInput,
} from '../src/index.ts';
import { document, person } from './documents.ts';
import { fixturesOf } from './fixtures.ts';
import { vocabularyOf } from './vocabulary.ts';

const numRuns = 200 * Number(process.env['FUZZ_RUNS'] ?? 1);
const FIXTURES = ['rfc4480', 'rfc4481', 'rfc4482', 'rfc5196'].flatMap(fixturesOf);

// What XML 1.0 §2.2 has no character for can't be said.
const text = fc
  .string({ unit: 'binary' })
  .map((value) => value.replace(/[^\t\n\r -\uD7FF\uE000-\uFFFD]/g, '·'));
const words = fc.record({ text, language: fc.constantFrom('en', 'de-CH', undefined) });
const notes = fc.array(words, { maxLength: 2 });
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
const time = fc
  .date({ min: new Date(0), max: new Date(4e12), noInvalidDate: true })
  .map((date) => date.toISOString());
const timed = { from: maybe(time), until: maybe(time) };
const some = <T>(values: readonly T[], min = 0) =>
  fc.uniqueArray(fc.constantFrom(...values), { minLength: min, maxLength: 5 });
const known = <T extends string>(values: readonly T[]) => values.filter((value) => value !== 'unknown');
const uri = fc.webUrl();
const supportOf = <T>(values: readonly T[]) =>
  maybe(fc.record({ supported: maybe(fc.record({ values: some(values) })) }));

const richPerson: fc.Arbitrary<PersonInit> = fc
  .record({
    does: maybe(fc.record({ ...timed, notes, values: some(known(ACTIVITIES)), others: notes })),
    feels: maybe(fc.record({ ...timed, notes, values: some(known(MOODS), 1), others: notes })),
    at: maybe(fc.record({ ...timed, notes, values: some(LOCATION_TYPES, 1) })),
    place: maybe(fc.record({ notes, audio: maybe(fc.constant({ value: 'ok' as const })) })),
    alone: maybe(fc.record({ ...timed, values: some(['audio', 'text', 'video'] as const) })),
    role: maybe(fc.record({ ...timed, value: maybe(fc.constantFrom('home' as const, 'work' as const)) })),
    looks: maybe(fc.record({ ...timed, uri })),
    zone: maybe(
      fc.record({ ...timed, minutes: fc.integer({ min: -840, max: 840 }), description: maybe(text) }),
    ),
    input: maybe(
      fc.record({
        state: fc.constantFrom('active' as const, 'idle' as const),
        idleThresholdSeconds: maybe(fc.integer({ min: 1, max: 1e6 })),
        lastInput: maybe(time),
      }),
    ),
    label: maybe(fc.constantFrom('a', 'b c')),
    vcard: maybe(uri),
    name: maybe(words),
  })
  .map(({ does, feels, at, place, alone, role, looks, zone, input, label, vcard, name }) => {
    let value: PersonInit = { id: 'p', extra: [] };
    value = activities.set(value, does);
    value = mood.set(value, feels);
    value = placeType.set(value, at);
    value = placeIs.set(value, place);
    value = privacy.set(value, alone);
    value = sphere.set(value, role);
    value = statusIcon.set(value, looks);
    value = timeOffset.set(value, zone);
    value = userInput.set(value, input);
    value = classLabel.set(value, label);
    value = card.set(value, vcard);
    return displayName.set(value, name);
  });

const richTuple: fc.Arbitrary<TupleInit> = fc
  .record({
    relates: maybe(fc.record({ notes, value: fc.constantFrom('self' as const, 'friend' as const) })),
    delivers: maybe(fc.record({ notes, value: fc.constantFrom('electronic' as const, 'postal' as const) })),
    later: fc.array(
      fc.record({
        from: time,
        until: maybe(time),
        basic: maybe(fc.constant('closed' as const)),
        note: maybe(words),
      }),
      { maxLength: 2 },
    ),
    can: maybe(
      fc.record({
        audio: maybe(fc.boolean()),
        descriptions: notes,
        duplex: supportOf(['full', 'half', 'send-only'] as const),
        methods: supportOf(METHODS),
        schemes: maybe(
          fc.record({ supported: fc.record({ values: fc.array(text, { minLength: 1, maxLength: 3 }) }) }),
        ),
        types: fc.array(fc.constantFrom('text/plain', 'application/xml'), { maxLength: 2 }),
        isFocus: maybe(fc.boolean()),
      }),
    ),
  })
  .map(({ relates, delivers, later, can }) => {
    let value: TupleInit = { id: 't', status: { basic: 'open' }, extra: [] };
    value = relationship.set(value, relates);
    value = serviceClass.set(value, delivers);
    value = timedStatus.setAll(value, later);
    return servcaps.set(value, can);
  });

const rich: fc.Arbitrary<PresenceInit> = fc.record({
  entity: fc.constant('sip:alice@example.com'),
  tuples: richTuple.map((tuple) => [tuple]),
  persons: richPerson.map((value) => [value]),
  devices: fc
    .record({ values: some(['fixed', 'mobile'] as const) })
    .map((supported) => [
      devcaps.set({ id: 'd', deviceId: 'urn:x:1', extra: [] }, { mobility: { supported } }),
    ]),
});

const lenses = { activities, mood, placeType, placeIs, privacy, sphere, statusIcon, timeOffset, userInput };
const services = { relationship, serviceClass, timedStatus, servcaps };

test('what is written is valid and reads as what was meant', () => {
  fc.assert(
    fc.property(rich, (value) => {
      const bytes = serialize(value);
      expect(validate(bytes, { elements, check: rules })).toEqual([]);
      const read = parse(bytes);
      for (const lens of Object.values(lenses)) {
        expect(plain(read.persons.map((each) => lens.all(each)))).toEqual(
          plain(value.persons?.map((each) => lens.all(each))),
        );
      }
      for (const lens of Object.values(services)) {
        expect(plain(read.tuples.map((each) => lens.all(each)))).toEqual(
          plain(value.tuples?.map((each) => lens.all(each))),
        );
      }
      expect(serialize(read)).toBe(bytes);
    }),
    { numRuns },
  );
});

test('mutated documents read, or fail as PidfError, and stay what they are when all in them is set again', () => {
  const random = randomFrom(4480);
  const trees = FIXTURES.map(([, bytes]) => parseXml(bytes));
  const words = vocabularyOf([
    'activities',
    'mood',
    'note',
    'away',
    'audio',
    'supported',
    'timed-status',
    'x',
  ]);
  for (let run = 0; run < 2 * numRuns; run += 1) {
    let tree = trees[run % trees.length];
    if (tree === undefined) throw new RangeError('no documents');
    for (let change = 0; change <= run % 4; change += 1) tree = mutate(tree, random, words);
    const bytes = serializeXml(tree);
    const read = attempt(bytes);
    if (read === undefined) continue;
    const again = serialize({
      ...read,
      entity: 'sip:changed@example.com',
      persons: read.persons.map((each) =>
        mood.setAll(activities.setAll(each, activities.all(each)), mood.all(each)),
      ),
      tuples: read.tuples.map((each) => servcaps.setAll(each, servcaps.all(each))),
    });
    expect(textOf(again)).toBe(textOf(serialize({ ...read, entity: 'sip:changed@example.com' })));
  }
});

test('a document of many elements is read and judged in time in proportion to them', () => {
  const timeOf = (count: number): number => {
    const one =
      '<r:activities from="2026-01-31T12:00:00Z"><r:note>n</r:note><r:away/></r:activities><c:icon>i</c:icon>';
    const bytes = document(person(one.repeat(count)));
    const began = performance.now();
    const presence = parse(bytes);
    expect(activities.all(presence.persons[0] ?? {})).toHaveLength(count);
    expect(rules(parseXml(bytes))).toHaveLength(count - 1);
    expect(advice(parseXml(bytes))).toHaveLength(2 * count - 1);
    return performance.now() - began;
  };
  timeOf(1_000);
  const few = Math.min(timeOf(1_000), timeOf(1_000), timeOf(1_000));
  expect(timeOf(10_000)).toBeLessThan(40 * few);
});

function attempt(bytes: Uint8Array) {
  try {
    validate(bytes, { elements, check: rules });
    advice(parseXml(bytes));
    return parse(bytes);
  } catch (error) {
    if (!(error instanceof PidfError)) throw error;
    return undefined;
  }
}
