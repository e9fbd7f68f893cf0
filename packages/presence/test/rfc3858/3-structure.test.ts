import { bytesOf, textOf } from '@sip-simple/testkit';
import { describe, expect, test } from 'vitest';
import { parse, serialize, validate, type WatcherinfoInit } from '../../src/watcherinfo/index.ts';
import { document, fixture, list, watcher } from './documents.ts';

const rules = (bytes: Uint8Array | string) => validate(bytes).map(({ path, rule }) => `${path} ${rule}`);
const one = (attributes: string) => document(list(`<watcher ${attributes}>sip:b@example.com</watcher>`));

describe('documents (§3)', () => {
  test('what is not well-formed is refused, by readers and validators (@req rfc3858:3:1)', () => {
    for (const broken of ['<watcherinfo', '<a></b>', '', '<!DOCTYPE watcherinfo><watcherinfo/>']) {
      const failure = expect.objectContaining({ code: 'not-well-formed', status: 400 });
      expect(() => parse(broken)).toThrow(failure);
      expect(() => validate(broken)).toThrow(failure);
    }
  });

  test('documents are written as XML 1.0 in UTF-8, and others reported (@req rfc3858:3:2)', () => {
    const value: WatcherinfoInit = {
      version: 0,
      state: 'full',
      lists: [
        {
          resource: 'sip:a@example.com',
          package: 'presence',
          watchers: [{ id: 'w', status: 'active', event: 'approved', uri: 'sip:b@c', displayName: 'Ünï 😀' }],
        },
      ],
    };
    const written = serialize(value);
    expect(new TextDecoder('utf-8', { fatal: true }).decode(written)).toContain('Ünï 😀');
    expect(textOf(written)).toMatch(/^<\?xml version="1.0" encoding="UTF-8"\?>/);
    expect(validate(written)).toEqual([]);

    const text = textOf(written).replace('UTF-8', 'UTF-16');
    const asUtf16 = utf16Of(text.replace('😀', ''));
    expect(parse(asUtf16).lists[0]?.watchers[0]?.displayName).toBe('Ünï ');
    expect(rules(asUtf16)).toEqual(['/ not-utf-8']);
    expect(textOf(serialize(parse(asUtf16)))).toContain('encoding="UTF-8"');
    expect(rules(textOf(document('')).replace('version="1.0"', 'version="1.1"'))).toEqual(['/ not-xml-1.0']);
  });

  test('the root is <watcherinfo> of the namespace', () => {
    for (const root of [
      '<watcherinfo version="0" state="full"/>',
      '<watcher-list xmlns="urn:ietf:params:xml:ns:watcherinfo"/>',
    ]) {
      expect(() => parse(root)).toThrow(expect.objectContaining({ code: 'wrong-root', status: 400 }));
      expect(rules(root)).toEqual([expect.stringContaining('wrong-element')]);
    }
  });

  test('version and state must be there (@req rfc3858:3:4)', () => {
    for (const attributes of [
      'version="1"',
      'state="full"',
      'version="x" state="full"',
      'version="1" state="some"',
    ]) {
      expect(() => parse(document('', attributes))).toThrow(expect.objectContaining({ code: 'wrong-root' }));
      expect(rules(document('', attributes))).toHaveLength(1);
    }
    // @ts-expect-error the type asks for both
    expect(() => serialize({ version: 1 })).toThrow(TypeError);
    // @ts-expect-error the type asks for both
    expect(() => serialize({ state: 'full' })).toThrow(TypeError);
  });

  test('versions fit 32 bits (@req rfc3858:3:5)', () => {
    const last = 2 ** 32 - 1;
    expect(parse(document('', `version="${last}" state="full"`)).version).toBe(last);
    expect(rules(document('', `version="${last}" state="full"`))).toEqual([]);
    expect(rules(document('', `version="${last + 1}" state="full"`))).toEqual([
      '/watcherinfo/@version invalid-value',
    ]);
    expect(rules(document('', 'version="-1" state="full"'))).toEqual(['/watcherinfo/@version invalid-value']);
    expect(() => serialize({ version: last + 1, state: 'full' })).toThrow(RangeError);
  });

  test('unknown elements and attributes are ignored, in documents and lists (@req rfc3858:3:3, @req rfc3858:3:6)', () => {
    const bytes = document(
      `<x:a><watcher-list/></x:a><watcher-list resource="r:r" package="p" x:b="1"><x:c/>${watcher('w')}</watcher-list>`,
      'version="0" state="full" x:d="2"',
    );
    const { lists, extra } = parse(bytes);
    expect(lists).toMatchObject([{ resource: 'r:r', watchers: [{ id: 'w' }], extra: [{ local: 'c' }] }]);
    expect(extra).toMatchObject([{ local: 'a' }]);
    expect(rules(document(`${list(`${watcher('w')}<x:c/>`)}<x:a/>`))).toEqual([]);
    expect(rules(document(`<x:a/>${list(`<x:c/>${watcher('w')}`)}`))).toEqual([
      expect.stringMatching(/watcher-list\[1\] wrong-order$/),
      expect.stringMatching(/watcher\[1\] wrong-order$/),
    ]);
  });
});

describe('<watcher-list> (§3)', () => {
  test('must have a resource and a package (@req rfc3858:3:7)', () => {
    for (const attributes of ['resource="r:r"', 'package="p"']) {
      const bytes = document(`<watcher-list ${attributes}/>`);
      expect(rules(bytes)).toEqual(['/watcherinfo/watcher-list[1] missing-attribute']);
      expect(parse(bytes).lists).toEqual([]);
    }
    // @ts-expect-error the type asks for both
    expect(() => serialize({ version: 1, state: 'full', lists: [{ resource: 'r:r' }] })).toThrow(TypeError);
  });
});

describe('<watcher> (§3)', () => {
  test('must have an id, a status and an event (@req rfc3858:3:9)', () => {
    const all = ['id="a"', 'status="active"', 'event="approved"'];
    expect(rules(one(all.join(' ')))).toEqual([]);
    for (const left of all) {
      const bytes = one(all.filter((each) => each !== left).join(' '));
      expect(rules(bytes)).toEqual(['/watcherinfo/watcher-list[1]/watcher[1] missing-attribute']);
      expect(parse(bytes).lists[0]).toMatchObject({ watchers: [], extra: [{ local: 'watcher' }] });
    }
  });

  test.each(['a', '8ajksjda7s', "-.!%*_+`'~", '0'])('%s is an id: a token of RFC 3261', (id) => {
    expect(rules(one(`id="${id}" status="active" event="approved"`))).toEqual([]);
  });

  test.each(['', 'a b', 'a@b', 'ü', '"', ' a'])('"%s" is no id (@req rfc3858:3:10)', (id) => {
    const written = id.replace('"', '&quot;');
    expect(rules(one(`id="${written}" status="active" event="approved"`))).toEqual([
      expect.stringMatching(/@id invalid-value$/),
    ]);
    const watchers = [{ id, status: 'active', event: 'approved', uri: 'sip:b@c' }] as const;
    const lists = [{ resource: 'r:r', package: 'p', watchers }];
    expect(() => serialize({ version: 0, state: 'full', lists })).toThrow(RangeError);
  });

  test('ids are unique in a document, over all its lists (@req rfc3858:3:11)', () => {
    const same = document(list(watcher('a') + watcher('b')) + list(watcher('a'), 'sip:other@example.com'));
    expect(rules(same)).toEqual(['/watcherinfo/watcher-list[2]/watcher[1]/@id duplicate-id']);
  });

  test.each(['pending', 'active', 'waiting', 'terminated'])('%s is a status', (status) => {
    expect(rules(one(`id="a" status="${status}" event="timeout"`))).toEqual([]);
    expect(parse(one(`id="a" status="${status}" event="timeout"`)).lists[0]?.watchers[0]?.status).toBe(
      status,
    );
  });

  test.each([
    'subscribe',
    'approved',
    'deactivated',
    'probation',
    'rejected',
    'timeout',
    'giveup',
    'noresource',
  ])('%s is an event', (event) => {
    expect(rules(one(`id="a" status="waiting" event="${event}"`))).toEqual([]);
  });

  test('an event of later standards does not hide a watcher, and is reported', () => {
    const bytes = one('id="a" status="terminated" event="invariant"');
    expect(parse(bytes).lists[0]?.watchers[0]?.event).toBe('invariant');
    expect(rules(bytes)).toEqual([expect.stringMatching(/@event invalid-value$/)]);
  });

  test('times are seconds, to 64 bits; what is no number is absent', () => {
    const at = (value: string) => one(`id="a" status="active" event="approved" expiration="${value}"`);
    expect(parse(at('3600')).lists[0]?.watchers[0]?.expirationSeconds).toBe(3600);
    expect(rules(at('18446744073709551615'))).toEqual([]);
    expect(rules(at('18446744073709551616'))).toHaveLength(1);
    for (const bad of ['-1', '1.5', 'soon', '']) {
      expect(rules(at(bad))).toHaveLength(1);
      expect(parse(at(bad)).lists[0]?.watchers[0]?.expirationSeconds).toBeUndefined();
    }
  });

  test('xml:lang says the language of the display name (@req rfc3858:3:12)', () => {
    const bytes = one('id="a" status="active" event="approved" display-name="Jürgen" xml:lang="de"');
    expect(parse(bytes).lists[0]?.watchers[0]).toMatchObject({ displayName: 'Jürgen', language: 'de' });
    expect(rules(bytes)).toEqual([]);
  });
});

test('the example of §5 reads as it says', () => {
  expect(JSON.parse(JSON.stringify(parse(fixture('rfc3858/5-example.xml'))))).toEqual({
    version: 0,
    state: 'full',
    lists: [
      {
        resource: 'sip:professor@example.net',
        package: 'presence',
        watchers: [
          {
            id: '8ajksjda7s',
            status: 'active',
            event: 'approved',
            durationSubscribedSeconds: 509,
            uri: 'sip:userA@example.net',
          },
          {
            id: 'hh8juja87s997-ass7',
            status: 'pending',
            event: 'subscribe',
            displayName: 'Mr. Subscriber',
            uri: 'sip:userB@example.org',
          },
        ],
        extra: [],
      },
    ],
    extra: [],
  });
});

test('more than the limits allow fails with status 413', () => {
  expect(() => parse(bytesOf('<a>'.repeat(10_000)))).toThrow(
    expect.objectContaining({ name: 'WatcherinfoError', code: 'limit', status: 413 }),
  );
});

function utf16Of(text: string): Uint8Array {
  const units = [...`\uFEFF${text}`].map((character) => character.charCodeAt(0));
  return Uint8Array.from(units.flatMap((unit) => [unit & 0xff, unit >> 8]));
}
