import { createResponse, date, expires, maxForwards } from '@sip-simple/sip-core';
import { describe, expect, test } from 'vitest';
import { destinationsOf, StoreAndForward } from '../../src/index.ts';
import { countingRandom, epoch, request, textOf } from '../network.ts';
import { RelayWorld, shown } from '../relay-world.ts';

describe('messages for those who are away (RFC 3428 §7)', () => {
  test('are acknowledged 202, without a body, once they are stored (@req rfc3428:7:4 @req rfc3428:7:2)', () => {
    const relay = new StoreAndForward({ random: countingRandom(), locate: () => [] });
    const message = {
      type: 'message',
      transaction: 't',
      request: request([], 'hi'),
      recipient: 'sip:bob@example.com',
    };
    const [save, respond, ...rest] = relay.handle({ ...message, type: 'message' }, epoch);
    expect(rest).toEqual([]);
    if (save?.type !== 'save' || respond?.type !== 'respond') throw new Error('not in this order');
    expect([respond.response.status, respond.response.body.length]).toEqual([202, 0]);
    expect(save.key).toMatch(/^msg\/sip:bob@example\.com\/[0-9a-z]{11}-\w{6}$/);
    expect(save.expiresAt).toBe(epoch + 14 * 86_400_000);
    expect(relay.pending('sip:bob@example.com')).toBe(1);
  });

  test('are delivered in their order when their recipient registers, and forgotten', () => {
    const world = new RelayWorld();
    const phone = world.phone('192.0.2.2');
    for (const text of ['one', 'two', 'three']) expect(world.message(text)).toBe('202');
    world.network.advance(3600);
    world.register('192.0.2.2');
    expect(shown(phone)).toEqual(['one', 'two', 'three']);
    expect([world.server.store.size, world.relay.size, world.relay.deadline]).toEqual([0, 0, undefined]);
    expect(world.ended()).toEqual(['delivered 200', 'delivered 200', 'delivered 200']);
    world.register('192.0.2.2');
    world.network.advance(86_400);
    expect(shown(phone)).toHaveLength(3);
  });

  test('go one at a time', () => {
    const world = new RelayWorld();
    const phone = world.network.element('192.0.2.2');
    let underWay = 0;
    const waiting: (() => void)[] = [];
    phone.route = ({ request: message, transaction }) => {
      underWay += 1;
      expect(underWay).toBe(1);
      waiting.push(() => {
        underWay -= 1;
        phone.perform([{ type: 'respond', transaction, response: createResponse(message, 200) }]);
      });
      return [];
    };
    for (const text of ['one', 'two', 'three']) world.message(text);
    world.register('192.0.2.2');
    world.register('192.0.2.2');
    for (let at = 0; at < 3; at += 1) waiting[at]?.();
    expect(world.network.requests('192.0.2.2').map(textOf)).toEqual(['one', 'two', 'three']);
  });

  test('are delivered as they came, but for what was for this hop', () => {
    const world = new RelayWorld();
    world.phone('192.0.2.2');
    const body = 'From: <im:a@example.com>\r\n\r\nContent-Type: text/plain\r\n\r\nhi';
    world.message(body, [
      'Call-ID: c1',
      'Content-Type: message/cpim',
      'Route: <sip:192.0.2.1;lr>',
      'Record-Route: <sip:192.0.2.9;lr>',
      'Proxy-Authorization: Digest username="alice",realm="example.com",nonce="n",uri="sip:x",response="00"',
      'Max-Forwards: 9',
      'X-Kept: yes',
    ]);
    world.network.advance(100);
    world.register('192.0.2.2');
    const [delivered] = world.network.requests('192.0.2.2');
    expect(delivered?.uri).toBe('sip:bob@192.0.2.2');
    expect(delivered?.get(maxForwards)).toBe(8);
    expect(delivered?.get(date)).toBe(epoch);
    expect(textOf(delivered ?? { body: new Uint8Array(0) })).toBe(body);
    const absent = ['Route', 'Record-Route', 'Proxy-Authorization', 'Contact'];
    expect(absent.filter((name) => delivered?.has(name))).toEqual([]);
    const kept = ['From', 'To', 'Call-ID', 'CSeq', 'X-Kept'].map((name) => delivered?.raw(name)[0]);
    expect(kept).toEqual([
      '"Alice" <sip:alice@example.com>;tag=49583',
      '<sip:bob@example.com>',
      'c1',
      '1 MESSAGE',
      'yes',
    ]);
    expect(delivered?.raw('Via')).toHaveLength(1);
  });

  test('wait behind those that are kept already, even when their recipient is there', () => {
    const world = new RelayWorld();
    world.message('one');
    world.online = ['192.0.2.2'];
    expect(world.relay.pending('sip:bob@example.com')).toBe(1);
    const phone = world.phone('192.0.2.2');
    world.message('two');
    world.register('192.0.2.2');
    expect(shown(phone)).toEqual(['one', 'two']);
  });

  test('that their sender sends again are kept once', () => {
    const world = new RelayWorld();
    expect([world.message('one'), world.message('one')]).toEqual(['202', '202']);
    expect(world.relay.size).toBe(1);
    expect(world.message('one', ['CSeq: 2 MESSAGE'])).toBe('202');
    expect(world.relay.size).toBe(2);
  });

  test('survive a restart, in their order', () => {
    const world = new RelayWorld();
    for (const text of ['one', 'two', 'three']) world.message(text);
    world.restart();
    expect(world.relay.pending('sip:bob@example.com')).toBe(3);
    world.message('four');
    expect(world.message('one')).toBe('202');
    const phone = world.phone('192.0.2.2');
    world.online = ['192.0.2.2'];
    world.input({ type: 'resume' });
    expect(shown(phone)).toEqual(['one', 'two', 'three', 'four']);
  });

  test('keep their order over a restart even when the clock runs back', () => {
    const world = new RelayWorld();
    world.network.now += 10_000;
    world.message('one');
    world.network.now -= 10_000;
    world.restart();
    world.message('two');
    const phone = world.phone('192.0.2.2');
    world.register('192.0.2.2');
    expect(shown(phone)).toEqual(['one', 'two']);
  });

  test('that could not be stored are not believed to be there', () => {
    const world = new RelayWorld();
    world.message('one');
    const [key = ''] = world.server.store.keys();
    world.input({ type: 'restore', key, record: undefined });
    expect([world.relay.size, world.ended()]).toEqual([0, ['lost']]);
  });

  test('that the store has lost, or no longer in a form that can be read, do not stop the others', () => {
    const world = new RelayWorld();
    const phone = world.phone('192.0.2.2');
    for (const text of ['one', 'two', 'three']) world.message(text);
    const [first = '', second = ''] = world.server.store.keys();
    world.server.store.delete(first);
    world.server.store.set(second, new TextEncoder().encode('{"v":1}\nMESSAGE'));
    world.register('192.0.2.2');
    expect([shown(phone), world.ended()]).toEqual([['three'], ['lost', 'lost', 'delivered 200']]);
    const before = world.server.actions.length;
    world.input({ type: 'restore', key: 'msg/x/1', record: new Uint8Array(3) });
    expect(world.server.actions.slice(before)).toEqual([{ type: 'forget', key: 'msg/x/1' }]);
  });

  test('go with the account of their recipient', () => {
    const world = new RelayWorld();
    for (const text of ['one', 'two']) world.message(text);
    world.input({ type: 'evict', aor: 'sip:bob@example.com' });
    expect([world.relay.size, world.server.store.size, world.relay.deadline]).toEqual([0, 0, undefined]);
  });
});

describe('what a user agent answers', () => {
  const status = (code: number) => {
    const world = new RelayWorld();
    const phone = world.network.element('192.0.2.2');
    phone.answer = (message) => createResponse(message, code, { toTag: 'x' });
    world.message('one');
    world.register('192.0.2.2');
    return [...world.ended(), `${world.relay.size} kept`];
  };

  test.each([
    [200, ['delivered 200', '0 kept']],
    [202, ['delivered 202', '0 kept']],
    [403, ['refused 403', '0 kept']],
    [415, ['refused 415', '0 kept']],
    [501, ['refused 501', '0 kept']],
    [603, ['refused 603', '0 kept']],
    [302, ['1 kept']],
    [408, ['1 kept']],
    [480, ['1 kept']],
    [482, ['1 kept']],
    [486, ['1 kept']],
    [500, ['1 kept']],
    [503, ['1 kept']],
  ])('%i: %j', (code, expected) => {
    expect(status(code)).toEqual(expected);
  });

  test('after silence it is tried again, with longer and longer pauses, until a registration', () => {
    const world = new RelayWorld();
    world.message('one');
    world.register('192.0.2.2'); // nobody is there
    const times: number[] = [];
    let known = 0;
    for (let second = 0; second < 800; second += 1) {
      const { length } = world.network.requests('192.0.2.2');
      if (length > known) times.push(second);
      known = length;
      world.network.advance(1);
    }
    // 32 s of silence, then 40, 80, 160, 320 s
    expect(times).toEqual([0, 72, 184, 376, 728]);
    const phone = world.phone('192.0.2.3');
    world.network.advance(60);
    world.register('192.0.2.3');
    expect(shown(phone)).toEqual(['one']);
  });

  test('one who registers anew while it is sent to the old place gets it at the new one', () => {
    const world = new RelayWorld();
    world.message('one');
    world.message('two');
    world.register('192.0.2.2'); // nobody is there
    world.network.advance(10);
    const phone = world.phone('192.0.2.3');
    world.register('192.0.2.3');
    expect(shown(phone)).toEqual([]);
    world.network.advance(22);
    expect(shown(phone)).toEqual(['one', 'two']);
  });

  test('other contacts are tried, best first; one that takes it is enough', () => {
    const world = new RelayWorld();
    const deaf = world.network.element('192.0.2.2');
    deaf.answer = (message) => createResponse(message, 415);
    const phone = world.phone('192.0.2.3');
    const other = world.phone('192.0.2.4');
    world.message('one');
    world.register('192.0.2.2', '192.0.2.3', '192.0.2.4');
    expect([shown(phone), shown(other), world.ended()]).toEqual([['one'], [], ['delivered 200']]);
  });

  test('6xx speaks for all contacts', () => {
    const world = new RelayWorld();
    world.network.element('192.0.2.2').answer = (message) => createResponse(message, 603);
    const phone = world.phone('192.0.2.3');
    world.message('one');
    world.register('192.0.2.2', '192.0.2.3');
    expect([shown(phone), world.ended()]).toEqual([[], ['refused 603']]);
  });

  test('a lost answer does not show a message twice', () => {
    const world = new RelayWorld();
    const phone = world.phone('192.0.2.2');
    let isDeaf = true;
    world.network.isLost = (to, message) => isDeaf && to === '192.0.2.1' && message.type === 'response';
    world.message('one');
    world.register('192.0.2.2');
    world.network.advance(40);
    expect(world.relay.size).toBe(1);
    isDeaf = false;
    world.network.advance(60);
    expect([shown(phone), world.relay.size, world.ended()]).toEqual([['one'], 0, ['delivered 200']]);
  });
});

describe('expiration at a relay (RFC 3428 §7)', () => {
  test('drops what was not delivered in time', () => {
    const world = new RelayWorld();
    const phone = world.phone('192.0.2.2');
    world.message('one', ['Expires: 60']);
    world.message('two');
    world.network.advance(61);
    expect([world.ended(), world.server.store.size]).toEqual([['expired'], 1]);
    world.register('192.0.2.2');
    expect(shown(phone)).toEqual(['two']);
  });

  test('counts from the Date that the recipient will count from', () => {
    const world = new RelayWorld();
    const phone = world.phone('192.0.2.2');
    world.message('one', ['Expires: 60']);
    world.network.advance(50);
    world.register('192.0.2.2');
    const [delivered] = world.network.requests('192.0.2.2');
    expect([delivered?.get(expires), delivered?.get(date), shown(phone)]).toEqual([60, epoch, ['one']]);
  });

  test('keeps nothing that has expired, or is for now or never', () => {
    const world = new RelayWorld();
    expect(world.message('a', ['Expires: 0'])).toBe('480');
    expect(world.message('b', ['Date: Wed, 31 Dec 2025 23:00:00 GMT', 'Expires: 60'])).toBe('480');
    expect(world.message('c', ['Content-Type: application/im-iscomposing+xml'])).toBe('480');
    expect(world.message('d', ['Max-Forwards: 0'])).toBe('483');
    expect(world.message('e', ['Date: soon'])).toBe('400');
    expect(world.relay.size).toBe(0);
  });

  test('while it is sent to somebody silent ends it after the attempt', () => {
    const world = new RelayWorld();
    world.message('one', ['Expires: 20']);
    world.message('two', ['Expires: 200']);
    world.register('192.0.2.2'); // nobody is there
    world.network.advance(33);
    expect(world.ended()).toEqual(['expired']);
    const phone = world.phone('192.0.2.2');
    world.network.advance(60);
    expect(shown(phone)).toEqual(['two']);
  });
});

describe('limits', () => {
  test('of one recipient: 480, of all: 503, of one message: 413; each says when to try again', () => {
    const limits = { perRecipient: 2, messages: 3, messageBytes: 1000, retryAfterSeconds: 7 };
    const world = new RelayWorld({ limits });
    expect(['a', 'b', 'c'].map((text) => world.message(text))).toEqual(['202', '202', '480 7']);
    expect(world.message('d', [], 'sip:carol@example.com')).toBe('202');
    expect(world.message('e', [], 'sip:dave@example.com')).toBe('503 7');
    expect(world.message('f'.repeat(1000), ['Call-ID: f'], 'sip:dave@example.com')).toBe('413');
    expect(new RelayWorld().message('g', [], `sip:${'x'.repeat(600)}@example.com`)).toBe('404');
  });

  test('of bytes for one recipient, which are given back', () => {
    const world = new RelayWorld({ limits: { recipientBytes: 2000 } });
    const body = 'x'.repeat(1000);
    expect(world.message(body, ['Call-ID: 1'])).toBe('202');
    expect(world.message(body, ['Call-ID: 2'])).toBe('480 3600');
    const phone = world.phone('192.0.2.2');
    world.register('192.0.2.2');
    expect(shown(phone)).toHaveLength(1);
    world.online = [];
    expect(world.message(body, ['Call-ID: 2'])).toBe('202');
  });
});

describe('destinations of a registrar’s lookup', () => {
  const target = {
    contact: '',
    q: 1,
    path: [],
    flow: undefined,
    instance: undefined,
    regId: 0,
    updatedAt: 0,
    alternates: [],
  };
  const flow = { transport: 'tcp', host: '192.0.2.7', port: 40_000, connection: 3 } as const;

  test('are its targets, preferred first, with path, and with the flow that outbound binds them to', () => {
    const alternate = { ...target, uri: 'sip:b', regId: 2, flow };
    const first = { ...target, uri: 'sip:a', path: ['<sip:edge;lr>'], alternates: [alternate] };
    const groups = [[first], [{ ...target, uri: 'sip:c', flow }]];
    expect(
      destinationsOf({ type: 'found', aor: 'sip:bob@example.com', instance: undefined, groups }),
    ).toEqual([
      { uri: 'sip:a', route: ['<sip:edge;lr>'], to: undefined },
      { uri: 'sip:b', route: [], to: { ...flow, flowOnly: true } },
      { uri: 'sip:c', route: [], to: flow },
    ]);
    expect(destinationsOf({ type: 'unknown' })).toEqual([]);
  });
});
