import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  fullState,
  nextVersion,
  parse,
  partialState,
  serialize,
  validate,
  type WatcherInit,
  type WatcherListInit,
  WatcherTables,
} from '../../src/watcherinfo/index.ts';

const RESOURCE = 'sip:alice@example.com';
const of = (...watchers: WatcherInit[]): WatcherListInit[] => [
  { resource: RESOURCE, package: 'presence', watchers },
];
const bob: WatcherInit = { id: 'bob', status: 'pending', event: 'subscribe', uri: 'sip:bob@example.com' };
const carol: WatcherInit = { id: 'carol', status: 'active', event: 'approved', uri: 'sip:carol@example.com' };

describe('versions', () => {
  test('start at 0, increment by one and don’t wrap (§3)', () => {
    expect(nextVersion(undefined)).toBe(0);
    expect(nextVersion(0)).toBe(1);
    expect(nextVersion(2 ** 32 - 2)).toBe(2 ** 32 - 1);
    expect(() => nextVersion(2 ** 32 - 1)).toThrow(RangeError);
  });
});

describe('partial documents', () => {
  test('hold the watchers that have changed, and no others', () => {
    const approved = { ...bob, status: 'active', event: 'approved' } as const;
    expect(partialState(1, of(bob, carol), of(approved, carol))).toEqual({
      version: 1,
      state: 'partial',
      lists: of(approved),
    });
    expect(partialState(1, of(bob), of(bob, carol))).toMatchObject({ state: 'partial', lists: of(carol) });
  });

  test('are not made where nothing has changed but time', () => {
    expect(
      partialState(1, of(bob), of({ ...bob, expirationSeconds: 9, durationSubscribedSeconds: 1 })),
    ).toBeUndefined();
    expect(partialState(1, of({ ...bob, status: 'terminated' }), of())).toBeUndefined();
  });

  test('tell of an end', () => {
    const ended = { ...bob, status: 'terminated', event: 'timeout' } as const;
    expect(partialState(1, of(bob), of(ended))).toMatchObject({ state: 'partial', lists: of(ended) });
    expect(partialState(2, of(ended), of(ended))).toBeUndefined();
  });

  test('give way to full state where a watcher or list is gone without a word', () => {
    expect(partialState(1, of(bob, carol), of(carol))).toEqual(fullState(1, of(carol)));
    expect(partialState(1, of(), [])).toEqual(fullState(1, []));
  });

  test('tell of a new list without watchers', () => {
    expect(partialState(1, [], of())).toMatchObject({ state: 'partial', lists: [{ resource: RESOURCE }] });
  });
});

test('whoever follows the documents knows what the server does', () => {
  const watcher = fc.record({
    id: fc.constantFrom('a', 'b', 'c', 'd'),
    status: fc.constantFrom('pending', 'active', 'waiting', 'terminated'),
    event: fc.constantFrom('subscribe', 'approved', 'timeout'),
    uri: fc.constantFrom('sip:x@example.com', 'sip:y@example.com'),
    displayName: fc.option(fc.constantFrom('X', 'Y'), { nil: undefined }),
  } as const);
  const lists = fc.uniqueArray(
    fc.record({
      resource: fc.constantFrom('sip:1@example.com', 'sip:2@example.com'),
      package: fc.constant('presence'),
      watchers: fc.uniqueArray(watcher, { selector: ({ id }) => id }),
    }),
    { selector: ({ resource }) => resource },
  );
  const known = (tables: WatcherTables) =>
    tables.resources
      .map((resource) => [
        resource,
        [...tables.watchersOf(resource).values()].map(({ watcher: w }) => ({ ...w })).sort(byId),
      ])
      .sort();
  fc.assert(
    fc.property(fc.array(lists, { minLength: 1, maxLength: 8 }), (states) => {
      const tables = new WatcherTables();
      let version: number | undefined;
      let before: WatcherListInit[] = [];
      for (const state of states) {
        const next = nextVersion(version);
        const report = version === undefined ? fullState(next, state) : partialState(next, before, state);
        before = state;
        if (report === undefined) continue;
        version = next;
        const bytes = serialize(report);
        // The ids of watchers are unique in a list here and not over lists.
        expect(validate(bytes).filter(({ rule }) => rule !== 'duplicate-id')).toEqual([]);
        expect(tables.apply(parse(bytes))).toMatchObject({ isProcessed: true, needsRefresh: false });
        const truth = new WatcherTables();
        truth.apply(parse(serialize(fullState(0, state))));
        expect(JSON.stringify(known(tables))).toBe(JSON.stringify(known(truth)));
      }
    }),
    { numRuns: 200 * Number(process.env['FUZZ_RUNS'] ?? 1) },
  );
});

function byId(a: { id: string }, b: { id: string }): number {
  return a.id < b.id ? -1 : 1;
}
