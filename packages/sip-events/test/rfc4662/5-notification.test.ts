import { bytesOf, textOf } from '@sip-simple/testkit';
import { describe, expect, test } from 'vitest';
import {
  type ContentType,
  headerOf,
  type NotificationInit,
  nestedOf,
  RlmiError,
  readNotification,
  stateOf,
  writeNotification,
} from '../../src/rlmi/index.ts';
import { fixture } from '../fixtures.ts';

const step13 = fixture('rfc4662/6-step-13.multipart');
const STEP_13 =
  'multipart/related;type="application/rlmi+xml";start="<2BEI83@pres.vancouver.example.com>";boundary="TfZxoxgAvLqgj4wRWPDL"';

describe('the notification of §6, step 13', () => {
  const { list, parts, dangling } = readNotification(step13, STEP_13);

  test('has the list and its parts', () => {
    expect(list).toMatchObject({
      version: 2,
      fullState: false,
      uri: 'sip:adam-friends@pres.vancouver.example.com',
    });
    expect([...parts.keys()]).toEqual(['1KQhyE@pres.vancouver.example.com']);
    expect(dangling).toEqual([]);
  });

  test('and in it, signed, the list of another server with the states of its resources', () => {
    const instance = list.resources[1]?.instances[0];
    const part = instance && stateOf({ parts }, instance);
    if (part === undefined) throw new Error('there is a part');
    const nested = nestedOf(part);
    if (nested === undefined) throw new Error('there is a nested list');
    expect(nested.list.resources.map(({ uri }) => uri)).toEqual([
      'sip:joe@stockholm.example.org',
      'sip:mark@stockholm.example.org',
    ]);
    for (const resource of nested.list.resources) {
      const [joe] = resource.instances;
      const state = joe && stateOf(nested, joe);
      expect(state && headerOf(state, 'content-type')).toBe('application/pidf+xml;charset="UTF-8"');
      expect(state && textOf(state.body)).toContain(`entity="${resource.uri}"`);
      expect(state && nestedOf(state)).toBeUndefined();
    }
  });

  // @req rfc4662:5.2:5 @req rfc4662:5.5:3
  test('refers to parts of its own level only', () => {
    const inner = textOf(step13).replace(
      'cid="1KQhyE@pres.vancouver.example.com"',
      'cid="mrEakg@stockholm.example.org"',
    );
    const found = readNotification(bytesOf(inner), STEP_13);
    expect(found.dangling).toEqual(['mrEakg@stockholm.example.org']);
    expect(stateOf(found, { cid: 'mrEakg@stockholm.example.org' })).toBeUndefined();
    const aggregate = inner.replace(
      'fullState="false"',
      'fullState="false" cid="KKMDmv@stockholm.example.org"',
    );
    expect(readNotification(bytesOf(aggregate), STEP_13).dangling).toEqual([
      'KKMDmv@stockholm.example.org',
      'mrEakg@stockholm.example.org',
    ]);
  });
});

const INIT: NotificationInit = {
  list: {
    uri: 'sip:friends@example.com',
    version: 0,
    fullState: true,
    resources: [
      { uri: 'sip:bob@example.com', instances: [{ id: '1', state: 'active', cid: 'bob@example.com' }] },
      { uri: 'sip:eve@example.com', instances: [{ id: '1', state: 'pending' }] },
    ],
  },
  cid: 'list@example.com',
  parts: [
    {
      cid: 'bob@example.com',
      contentType: 'application/octet-stream',
      body: new Uint8Array([0, 255, 13, 10]),
    },
  ],
  boundary: () => 'aaa',
};

// @req rfc4662:4.3:1
test('what is written reads as it was meant, binary too', () => {
  const { contentType, body } = writeNotification(INIT);
  expect(contentType).toBe(
    'multipart/related;type="application/rlmi+xml";start="<list@example.com>";boundary="aaa"',
  );
  const found = readNotification(body, contentType);
  expect(found.list).toMatchObject({ uri: 'sip:friends@example.com', resources: [{}, {}] });
  expect([...(stateOf(found, { cid: 'bob@example.com' })?.body ?? [])]).toEqual([0, 255, 13, 10]);
  expect(found.dangling).toEqual([]);
});

// @req rfc4662:5.1:1
test('the root is RLMI, written and read (§5.1)', () => {
  const { contentType, body } = writeNotification(INIT);
  expect(textOf(body)).toMatch(
    /^--aaa\r\nContent-Transfer-Encoding: binary\r\nContent-ID: <list@example\.com>\r\nContent-Type: application\/rlmi\+xml;charset="UTF-8"\r\n\r\n<\?xml/,
  );
  const noRoot = expect.objectContaining({ code: 'no-root', rfc: 'RFC 4662 §5.1', status: 400 });
  expect(() => readNotification(body, contentType.replace('<list@', '<bob@'))).toThrow(noRoot);
  expect(() => readNotification(body, contentType.replace('<list@', '<who@'))).toThrow(
    expect.objectContaining({ code: 'no-root', rfc: 'RFC 2387 §3.2' }),
  );
});

describe('multipart/related (RFC 2387 §3)', () => {
  const { contentType, body } = writeNotification(INIT);

  test('begins with its root, unless start says otherwise', () => {
    expect(readNotification(body, contentType.replace(/start="[^"]*";/, '')).list.version).toBe(0);
    const text = textOf(body);
    const [, first = '', second = ''] = text.split('--aaa\r\n');
    const turned = bytesOf(`--aaa\r\n${second.replace('--aaa--\r\n', '')}--aaa\r\n${first}--aaa--`);
    expect(readNotification(turned, contentType).list.version).toBe(0);
    expect(() => readNotification(turned, contentType.replace(/start="[^"]*";/, ''))).toThrow(RlmiError);
  });

  test('has parameters with and without quotes, in any case and order', () => {
    const loose =
      'Multipart/Related ; Boundary=aaa; START="<list\\@example.com>" ;type="application/rlmi+xml"';
    expect(readNotification(body, loose).list.version).toBe(0);
    const asRead: ContentType = {
      type: 'multipart/related',
      params: new Map([
        ['boundary', 'aaa'],
        ['start', '"<list@example.com>"'],
      ]),
    };
    expect(readNotification(body, asRead).list.version).toBe(0);
  });

  test.each(['application/pidf+xml', '', 'multipart/related;=', 'nonsense'])(
    'is another type than %j',
    (other) => {
      expect(() => readNotification(body, other)).toThrow(expect.objectContaining({ code: 'wrong-type' }));
    },
  );

  test('whose parts cannot be told apart fails with the reason', () => {
    expect(() => readNotification(body, 'multipart/related')).toThrow(
      expect.objectContaining({ code: 'multipart', cause: expect.objectContaining({ code: 'boundary' }) }),
    );
    expect(() => readNotification(body.subarray(0, -8), contentType)).toThrow(
      expect.objectContaining({ code: 'multipart', rfc: 'RFC 2046 §5.1.1' }),
    );
    expect(() => readNotification(body, contentType, { multipartLimits: { parts: 1 } })).toThrow(
      expect.objectContaining({ code: 'limit', status: 413 }),
    );
  });
});

test('lists nest: the notification of one is a part of the other', () => {
  const inner = writeNotification({ ...INIT, boundary: () => 'inner' });
  const proposals = ['inner', 'outer'];
  const outer = writeNotification({
    list: {
      uri: 'sip:all@example.com',
      version: 0,
      fullState: true,
      resources: [
        { uri: 'sip:friends@example.com', instances: [{ id: '1', state: 'active', cid: 'n@example.com' }] },
      ],
    },
    cid: 'all@example.com',
    parts: [{ cid: 'n@example.com', ...inner }],
    boundary: () => proposals.shift() ?? '',
  });
  expect(outer.contentType).toContain('boundary="outer"');
  const found = readNotification(outer.body, outer.contentType);
  const part = stateOf(found, { cid: 'n@example.com' });
  expect(part && nestedOf(part)?.list.uri).toBe('sip:friends@example.com');
});

describe('refused to be written is', () => {
  test('a cid of no part, or of the list itself (@req rfc4662:5.2:5, @req rfc4662:5.5:3)', () => {
    expect(() => writeNotification({ ...INIT, parts: [] })).toThrow(RangeError);
    expect(() => writeNotification({ ...INIT, list: { ...INIT.list, cid: 'list@example.com' } })).toThrow(
      RangeError,
    );
    expect(() => writeNotification({ ...INIT, list: { ...INIT.list, cid: 'agg@example.com' } })).toThrow(
      RangeError,
    );
  });

  test('a Content-ID that is none, or twice', () => {
    expect(() => writeNotification({ ...INIT, cid: 'no id' })).toThrow(RangeError);
    expect(() => writeNotification({ ...INIT, cid: 'a@b>\r\nX: <c@d' })).toThrow(RangeError);
    expect(() => writeNotification({ ...INIT, cid: 'bob@example.com' })).toThrow(RangeError);
  });
});
