import { describe, expect, test } from 'vitest';
import { emptyTable, parse, RLMI, receive } from '../../src/rlmi/index.ts';

const list = (version: number, fullState: boolean, ...uris: string[]) =>
  parse(
    `<list xmlns="${RLMI}" uri="sip:l@x" version="${version}" fullState="${fullState}">${uris
      .map((uri) => `<resource uri="${uri}"><name>${version}</name></resource>`)
      .join('')}</list>`,
  );
const shown = (table: typeof emptyTable) =>
  Array.from(table.resources, ([uri, { names }]) => `${uri} ${names[0]?.text}`);

describe('a notification of full state (§5.6.1)', () => {
  test('replaces all', () => {
    const { table } = receive(
      receive(emptyTable, list(0, true, 'a:1', 'a:2')).table,
      list(1, true, 'a:2', 'a:3'),
    );
    expect(shown(table)).toEqual(['a:2 1', 'a:3 1']);
    expect(table.version).toBe(1);
  });

  test('is discarded when it is not new', () => {
    const first = receive(emptyTable, list(5, true, 'a:1'));
    for (const version of [5, 4, 0]) {
      expect(receive(first.table, list(version, true))).toEqual({ table: first.table, shouldRefresh: false });
    }
    expect(receive(first.table, list(9, true, 'a:2'))).toMatchObject({ shouldRefresh: false });
  });
});

describe('a notification of partial state (§5.6.2)', () => {
  const { table: first } = receive(emptyTable, list(3, true, 'a:1', 'a:2'));

  test('adds and changes what it names', () => {
    const { table, shouldRefresh } = receive(first, list(4, false, 'a:2', 'a:3'));
    expect(shown(table)).toEqual(['a:1 3', 'a:2 4', 'a:3 4']);
    expect(shouldRefresh).toBe(false);
    expect(shown(first)).toEqual(['a:1 3', 'a:2 3']);
  });

  test('after a gap is taken, and asks for a refresh (@req rfc4662:5.6.2:1)', () => {
    const { table, shouldRefresh } = receive(first, list(6, false, 'a:3'));
    expect(shown(table)).toEqual(['a:1 3', 'a:2 3', 'a:3 6']);
    expect(table.version).toBe(6);
    expect(shouldRefresh).toBe(true);
    expect(receive(emptyTable, list(0, false)).shouldRefresh).toBe(true);
  });

  test('is discarded when it is not new', () => {
    for (const version of [3, 2]) expect(receive(first, list(version, false, 'a:9')).table).toBe(first);
  });
});
