import { mutate, plain, randomFrom, textOf } from '@sip-simple/testkit';
import { parse as parseXml, serialize as serializeXml } from '@sip-simple/xml';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parse, serialize, validate, WATCHERINFO, WatcherinfoError } from '../../src/watcherinfo/index.ts';
import { fixture } from './documents.ts';

const numRuns = 200 * Number(process.env['FUZZ_RUNS'] ?? 1);
const everything = fixture('rfc3858/3-everything.xml');

test('mutated documents read, or fail as WatcherinfoError, and what reads is written as it was', () => {
  const random = randomFrom(3858);
  const vocabulary = {
    locals: ['watcherinfo', 'watcher-list', 'watcher'],
    names: [{ namespace: WATCHERINFO, prefix: 'w' }],
    values: ['full', 'partial', 'active', '7'],
    attributes: [],
    nodes: [],
  };
  let tree = parseXml(everything);
  for (let run = 0; run < 2 * numRuns; run += 1) {
    tree = mutate(run % 8 === 0 ? parseXml(everything) : tree, random, vocabulary);
    const bytes = serializeXml(tree);
    const read = attempt(bytes);
    if (read === undefined) continue;
    expect(textOf(serialize(read))).toBe(textOf(bytes));
    expect(plain(parse(serialize({ ...read, version: 99 })))).toEqual(plain({ ...read, version: 99 }));
  }
});

test('broken bytes read, or fail as WatcherinfoError', () => {
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

function attempt(bytes: Uint8Array) {
  try {
    validate(bytes);
    return parse(bytes);
  } catch (error) {
    if (!(error instanceof WatcherinfoError)) throw error;
    return undefined;
  }
}
