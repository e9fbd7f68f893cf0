import { describeLossless, describePoints, samples, textOf } from '@sip-simple/testkit';
import { expect, test } from 'vitest';
import { parse, serialize } from '../../src/watcherinfo/index.ts';
import { document, fixture, list, watcher } from './documents.ts';

const everything = fixture('rfc3858/3-everything.xml');

describeLossless({
  format: { parse, serialize },
  samples: samples(/watcherinfo/),
  also: [['everything', everything]],
});

describePoints({
  points: [
    ['watcherinfo', (foreign) => textOf(document(`${list(watcher('a'))}${foreign}`))],
    ['watcherinfo, before lists', (foreign) => textOf(document(`${foreign}${list(watcher('a'))}`))],
    ['watcher-list', (foreign) => textOf(document(list(`${watcher('a')}${foreign}`)))],
  ],
  change: (bytes) => {
    const read = parse(bytes);
    const lists = read.lists.map((each) => ({
      ...each,
      watchers: each.watchers.map((w) => ({ ...w, status: 'terminated', event: 'timeout' }) as const),
    }));
    return serialize({ ...read, version: 1, lists });
  },
  expected: (text) =>
    text
      .replace('version="0"', 'version="1"')
      .replace('status="active" event="approved"', 'status="terminated" event="timeout"'),
});

test('a changed field is all that changes in the document', () => {
  const normal = textOf(everything)
    .replace(/\n {4}xmlns:x=/, ' xmlns:x=')
    .replace(/\n {8}display-name=/, ' display-name=')
    .replaceAll(/(=|\?xml.*)'([^']*)'/g, '$1"$2"')
    .replaceAll(/='([^']*)'/g, '="$1"');
  const read = parse(everything);
  const [first, ...others] = read.lists;
  if (first === undefined) throw new Error('there are lists');
  const watchers = first.watchers.map((w) => (w.id === 'a1' ? { ...w, displayName: 'Bob' } : w));
  const written = textOf(serialize({ ...read, version: 13, lists: [{ ...first, watchers }, ...others] }));
  expect(written.replace(/^.*\n/, '')).toBe(
    normal.replace('version="12"', 'version="13"').replace('Bob &amp; Söhne', 'Bob').replace(/^.*\n/, ''),
  );
});
