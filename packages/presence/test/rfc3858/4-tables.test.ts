import { describe, expect, test } from 'vitest';
import { parse, WatcherTables, type WatcherTablesUpdate } from '../../src/watcherinfo/index.ts';
import { fixture, list, received, watcher } from './documents.ts';

const ALICE = 'sip:alice@example.com';
const told = ({ changes }: WatcherTablesUpdate) =>
  changes.map(({ type, watcher: { id } }) => `${type} ${id}`);
const rows = (tables: WatcherTables, resource = ALICE) =>
  [...tables.watchersOf(resource).values()].map(({ watcher: { id, status } }) => `${id} ${status}`);

describe('versions (§4)', () => {
  test('the first document sets the version, whatever it is (@req rfc3858:4:1)', () => {
    const tables = new WatcherTables();
    expect(tables.version).toBeUndefined();
    expect(tables.apply(received(7, 'full', list(watcher('a'))))).toMatchObject({
      isProcessed: true,
      needsRefresh: false,
    });
    expect(tables.version).toBe(7);
    expect(tables.apply(received(8, 'partial')).needsRefresh).toBe(false);
  });

  test('one higher is processed, and counted', () => {
    const tables = new WatcherTables();
    tables.apply(received(0, 'full', list(watcher('a', 'pending', 'subscribe'))));
    const update = tables.apply(received(1, 'partial', list(watcher('a'))));
    expect(told(update)).toEqual(['changed a']);
    expect(update.needsRefresh).toBe(false);
    expect(tables.version).toBe(1);
    expect(rows(tables)).toEqual(['a active']);
  });

  test('more than one higher is processed and asks for a refresh, until full state comes (@req rfc3858:4:2)', () => {
    const tables = new WatcherTables();
    tables.apply(received(0, 'full', list(watcher('a'))));
    expect(tables.apply(received(2, 'partial', list(watcher('b'))))).toMatchObject({
      isProcessed: true,
      needsRefresh: true,
    });
    expect(tables.version).toBe(2);
    expect(rows(tables)).toEqual(['a active', 'b active']);
    expect(tables.apply(received(3, 'partial')).needsRefresh).toBe(true);
    expect(tables.isComplete).toBe(false);
    expect(tables.apply(received(4, 'full', list(watcher('b')))).needsRefresh).toBe(false);
    expect(tables.isComplete).toBe(true);
  });

  test('full state misses nothing, however much higher its version', () => {
    const tables = new WatcherTables();
    tables.apply(received(0, 'full', list(watcher('a'))));
    expect(tables.apply(received(9, 'full', list(watcher('a')))).needsRefresh).toBe(false);
  });

  test('a partial document that comes first can’t be all', () => {
    const tables = new WatcherTables();
    expect(tables.apply(received(0, 'partial', list(watcher('a')))).needsRefresh).toBe(true);
    expect(rows(tables)).toEqual(['a active']);
  });

  test.each(['full', 'partial'] as const)('lower, or the same again, is discarded: %s', (state) => {
    const tables = new WatcherTables();
    tables.apply(received(5, 'full', list(watcher('a'))));
    for (const version of [5, 4, 0]) {
      expect(tables.apply(received(version, state, list(watcher('b'))))).toEqual({
        isProcessed: false,
        needsRefresh: false,
        changes: [],
      });
    }
    expect(tables.version).toBe(5);
    expect(rows(tables)).toEqual(['a active']);
  });
});

describe('tables (§4)', () => {
  test('full state flushes all tables and fills them anew', () => {
    const tables = new WatcherTables();
    tables.apply(
      received(0, 'full', list(watcher('a') + watcher('b')), list(watcher('c'), 'sip:other@example.com')),
    );
    const update = tables.apply(received(1, 'full', list(watcher('b', 'waiting', 'giveup') + watcher('d'))));
    expect(told(update)).toEqual(['changed b', 'added d', 'removed a', 'removed c']);
    expect(tables.resources).toEqual([ALICE]);
    expect(rows(tables)).toEqual(['b waiting', 'd active']);
  });

  test('partial state updates what it names: lists by resource, watchers by id', () => {
    const tables = new WatcherTables();
    tables.apply(received(0, 'full', list(watcher('a') + watcher('b'))));
    const update = tables.apply(
      received(1, 'partial', list(watcher('b') + watcher('c')), list(watcher('d'), 'sip:other@example.com')),
    );
    expect(told(update)).toEqual(['added c', 'added d']);
    expect(tables.resources).toEqual([ALICE, 'sip:other@example.com']);
    expect(rows(tables)).toEqual(['a active', 'b active', 'c active']);
    expect(rows(tables, 'sip:other@example.com')).toEqual(['d active']);
    expect(rows(tables, 'sip:nobody@example.com')).toEqual([]);
  });

  test('the row of a terminated watcher is removed, and the end told (@req rfc3858:4:3)', () => {
    const tables = new WatcherTables();
    tables.apply(received(0, 'full', list(watcher('a') + watcher('b'))));
    const gone = watcher('a', 'terminated', 'timeout') + watcher('never', 'terminated', 'rejected');
    expect(told(tables.apply(received(1, 'partial', list(gone))))).toEqual([
      'terminated a',
      'terminated never',
    ]);
    expect(rows(tables)).toEqual(['b active']);
    const full = tables.apply(received(2, 'full', list(watcher('b', 'terminated', 'noresource'))));
    expect(told(full)).toEqual(['terminated b']);
    expect(tables.resources).toEqual([ALICE]);
  });

  test('the documents of RFC 3857 §5 one after the other', () => {
    const tables = new WatcherTables();
    expect(told(tables.apply(parse(fixture('rfc3857/5-full.xml'))))).toEqual(['added 77ajsyy76']);
    expect(told(tables.apply(parse(fixture('rfc3857/5-partial.xml'))))).toEqual(['changed 77ajsyy76']);
    expect(rows(tables, 'sip:joe@example.com')).toEqual(['77ajsyy76 active']);
  });

  test('holds no more watchers than it is told', () => {
    const tables = new WatcherTables({ maxWatchers: 2 });
    tables.apply(received(0, 'full', list(watcher('a'))));
    const tooMany = received(1, 'partial', list(watcher('b') + watcher('c')));
    expect(() => tables.apply(tooMany)).toThrow(
      expect.objectContaining({ name: 'WatcherinfoError', code: 'too-many-watchers' }),
    );
    expect(rows(tables)).toEqual(['a active']);
    expect(tables.version).toBe(0);
    expect(tables.apply(received(1, 'partial', list(watcher('a') + watcher('b')))).isProcessed).toBe(true);
    expect(tables.apply(received(2, 'full', list(watcher('x') + watcher('y')))).isProcessed).toBe(true);
  });
});
