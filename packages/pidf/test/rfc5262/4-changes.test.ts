import { plain, textOf } from '@sip-simple/testkit';
import { equals } from '@sip-simple/xml';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type Presence,
  type PresenceInit,
  parse as parsePresence,
  serialize as serializePresence,
  toDocument,
} from '../../src/index.ts';
import {
  diffOf,
  PresenceCopy,
  parse,
  patched,
  presenceOf,
  serialize,
  updateBody,
  validate,
} from '../../src/partial/index.ts';
import { fixture } from './documents.ts';

const numRuns = 200 * Number(process.env['FUZZ_RUNS'] ?? 1);

function presence(): Presence {
  const document = parse(fixture('rfc5262/6-full.xml'));
  if (document.type !== 'pidf-full') throw new Error('it is full');
  return presenceOf(document.value);
}

describe('a partial document holds what has changed (§4)', () => {
  test('and that only (@req rfc5262:4:1)', () => {
    const before = presence();
    const tuples = before.tuples.map((tuple) =>
      tuple.id === 'r1230d' ? { ...tuple, status: { ...tuple.status, basic: 'open' as const } } : tuple,
    );
    const change = diffOf(before, { ...before, tuples }, 568);
    expect(change).toMatchObject({ version: 568, entity: 'pres:someone@example.com' });
    expect(change.operations).toHaveLength(1);
    const bytes = serialize({ type: 'pidf-diff', value: change });
    expect(validate(bytes)).toEqual([]);
    expect(bytes.length).toBeLessThan(400);
    expect(textOf(bytes)).toContain('>open</');
    expect(textOf(bytes)).not.toContain('sg89ae');
    expect(diffOf(before, before, 568).operations).toEqual([]);
  });

  test('a watcher that makes them has what the server has', () => {
    const before = presence();
    const [first, ...others] = before.tuples;
    if (first === undefined) throw new Error('there are tuples');
    const after: Presence = {
      ...before,
      tuples: [...others, { ...first, contact: { uri: 'tel:+1', priority: 0.1 } }],
      notes: [{ text: 'Changed', language: 'en' }],
      persons: [],
    };
    const change = diffOf(before, after);
    expect(plain(patched(before, change))).toEqual(plain(parsePresence(serializePresence(after))));
    const read = parse(serialize({ type: 'pidf-diff', value: change }));
    if (read.type !== 'pidf-diff') throw new Error('it is partial');
    expect(equals(toDocument(patched(before, read.value)), toDocument(after))).toBe(true);
  });

  test('the entity is left out where it is what changes (§3.2)', () => {
    const before = { entity: 'sip:a@example.com' };
    const after = { entity: 'sip:b@example.com' };
    const change = diffOf(before, after);
    expect(change.entity).toBeUndefined();
    expect(patched(parsePresence(serializePresence(before)), change).entity).toBe('sip:b@example.com');
  });

  test('with many changes the full document goes out instead', () => {
    const before = presence();
    const after: PresenceInit = {
      entity: before.entity,
      tuples: [{ id: 'new', status: { basic: 'closed' } }],
    };
    expect(parse(updateBody(before, after, 2))).toMatchObject({ type: 'pidf-full', value: { version: 2 } });
    expect(parse(updateBody(undefined, before, 1))).toMatchObject({
      type: 'pidf-full',
      value: { version: 1 },
    });
    const small = { ...before, notes: [{ text: 'x' }] };
    expect(parse(updateBody(before, small, 2))).toMatchObject({ type: 'pidf-diff', value: { version: 2 } });
  });
});

const status = fc.constantFrom('open' as const, 'closed' as const);
const tuple = fc.record({
  id: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
  status: fc.record({ basic: status }),
  notes: fc.array(
    fc.record({
      text: fc.constantFrom('', 'one', 'two <&> three', ' '),
      language: fc.constantFrom(undefined, 'en'),
    }),
    {
      maxLength: 2,
    },
  ),
  contact: fc.option(
    fc.record({ uri: fc.constantFrom('sip:x@y', 'tel:+1'), priority: fc.constantFrom(undefined, 0, 0.5) }),
    {
      nil: undefined,
    },
  ),
});
const document: fc.Arbitrary<PresenceInit> = fc.record({
  entity: fc.constant('sip:alice@example.com'),
  tuples: fc.uniqueArray(tuple, { selector: ({ id }) => id, maxLength: 5 }),
  notes: fc.array(fc.record({ text: fc.constantFrom('x', 'y', 'z') }), { maxLength: 3 }),
  persons: fc.array(
    fc.record({
      id: fc.constant('p'),
      notes: fc.array(fc.record({ text: fc.constantFrom('1', '2') }), { maxLength: 2 }),
    }),
    {
      maxLength: 1,
    },
  ),
});

test('whoever follows the notifications of a subscription has each document in turn', () => {
  fc.assert(
    fc.property(fc.array(document, { minLength: 2, maxLength: 6 }), (documents) => {
      const copy = new PresenceCopy();
      let before: PresenceInit | undefined;
      documents.forEach((after, index) => {
        const body = updateBody(before, after, index + 1);
        expect(validate(body)).toEqual([]);
        const update = copy.apply(parse(body));
        expect(update.needsRefresh, JSON.stringify(update)).toBe(false);
        expect(plain(copy.presence)).toEqual(plain(parsePresence(serializePresence(after))));
        before = after;
      });
    }),
    { numRuns },
  );
});

test('partial documents of any changes are valid and give what they were made for', () => {
  fc.assert(
    fc.property(document, document, (a, b) => {
      const before = parsePresence(serializePresence(a));
      const bytes = serialize({ type: 'pidf-diff', value: diffOf(before, b, 1) });
      expect(validate(bytes)).toEqual([]);
      const read = parse(bytes);
      if (read.type !== 'pidf-diff') throw new Error('it is partial');
      expect(plain(patched(before, read.value))).toEqual(plain(parsePresence(serializePresence(b))));
    }),
    { numRuns },
  );
});
