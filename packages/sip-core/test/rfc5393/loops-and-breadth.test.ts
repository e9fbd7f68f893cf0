import { describe, expect, test } from 'vitest';
import { cseq, set } from '../../src/index.ts';
import { maxBreadth } from '../../src/proxy/index.ts';
import { Agent, forked, Hop, isAtRest, peerAt, requestOf, World } from '../support/proxies.ts';

const P1 = '10.0.0.101';
const P2 = '10.0.0.102';

/** How many requests proxies send each other for one INVITE to an address of a proxy. */
function attack(users: Readonly<Record<string, readonly string[]>>, breadth = 4_000_000_000) {
  const world = new World();
  const alice = world.add(new Agent(world, 'alice', '10.0.0.1'));
  const limits = { breadth };
  const targets = Object.fromEntries(
    Object.entries(users).map(([aor, uris]) => [aor, uris.map((uri) => ({ uri }))]),
  );
  const hops = [P1, P2].map((host, index) =>
    world.add(new Hop(world, `p${index + 1}`, host, { domains: [host], users: targets, limits })),
  );
  const [first] = hops;
  if (first === undefined) throw new Error('no proxy');
  alice.send(requestOf('INVITE', `sip:a@${P1}`), peerAt(first));
  world.run();
  const forwarded = world.ladder().filter((line) => /^p\d INVITE/.test(line)).length;
  expect(isAtRest(hops, [alice])).toBe(true);
  return { world, alice, forwarded, most: mostAtOnce(world) };
}

/** The most branches that were without an answer at once. */
function mostAtOnce(world: World): number {
  let open = 0;
  let most = 0;
  for (const { message, from, to } of world.flights) {
    if (message.get(cseq)?.method !== 'INVITE') continue;
    if (message.type === 'request' && from.startsWith('p')) open += 1;
    else if (message.type === 'response' && message.status >= 200 && to.startsWith('p')) open -= 1;
    most = Math.max(most, open);
  }
  return most;
}

describe('loops (RFC 5393 §4)', () => {
  const to = (host: string) => [`sip:a@${host}`, `sip:b@${host}`];

  test('two users at each of two proxies, bound to each other: 14 requests (§3; @req rfc5393:4.1:1, @req rfc5393:4.1:2, @req rfc5393:4.2.2:1, @req rfc5393:4.2.2:4)', () => {
    const { forwarded, alice } = attack({
      [`sip:a@${P1}`]: to(P2),
      [`sip:b@${P1}`]: to(P2),
      [`sip:a@${P2}`]: to(P1),
      [`sip:b@${P2}`]: to(P1),
    });
    expect(forwarded).toBe(14);
    expect(alice.finals()).toEqual([482]);
  });

  test('one user with two contacts that lead back to it: 10 requests (§3; @req rfc5393:4.2.1:5, @req rfc5393:4.2.2:2, @req rfc5393:4.2.2:3)', () => {
    const { forwarded, alice } = attack({
      [`sip:a@${P1}`]: [`sip:a@${P1};unknown-param=whack`, `sip:a@${P1};unknown-param=thud`],
    });
    expect(forwarded).toBe(10);
    expect(alice.finals()).toEqual([482]);
  });

  test.each([
    [2, 4],
    [3, 15],
    [4, 64],
    [5, 325],
  ])('%i addresses that each fork to all: %i requests, as the table says', (count, requests) => {
    const all = Array.from({ length: count }, (_, index) => `sip:${'abcdefgh'[index]}@${P1}`);
    const { forwarded } = attack(Object.fromEntries(all.map((aor) => [aor, all])));
    expect(forwarded).toBe(requests);
  });

  test('a request that goes to one place only is not marked, and ends by Max-Forwards', () => {
    const { world, alice } = attack({ [`sip:a@${P1}`]: [`sip:a@${P1}`] });
    expect(alice.finals()).toEqual([483]);
    const [invite] = world.to('p1', 'INVITE').slice(-1);
    expect(invite?.raw('Via').every((via) => /branch=z9hG4bK[a-z0-9]+;/.test(`${via};`))).toBe(true);
  });

  test('a request that comes back with another Request-URI spirals, and goes on (@req rfc5393:4.2.1:2, @req rfc5393:4.2.1:4, @req rfc3261:16.6:55)', () => {
    const { world, alice, bobs, proxy } = forked(['b0', 'b1', 'b2']);
    proxy.users = {
      'sip:bob@b.example': [{ uri: 'sip:team@b.example;maddr=10.0.0.100' }, { uri: 'sip:b0@10.0.1.1' }],
      'sip:team@b.example': [{ uri: 'sip:b1@10.0.1.2' }, { uri: 'sip:b2@10.0.1.3' }],
    };
    for (const bob of bobs) bob.answers = () => [486];
    alice.send(requestOf('INVITE', 'sip:bob@b.example'), peerAt(proxy));
    world.run();
    expect(bobs.map((bob) => bob.requests('INVITE').length)).toEqual([1, 1, 1]);
    expect(alice.finals()).toEqual([486]);
  });

  /** What a request is that comes to a forking proxy again, with one header field changed. */
  function returned(name: string, value: string, setup: { routedBy?: readonly string[] } = {}) {
    const { world, alice, bobs, proxy } = forked(['b0', 'b1'], setup);
    const [bob] = bobs;
    alice.send(requestOf('MESSAGE', 'sip:bob@b.example', [set('X-Hour', '1')]), peerAt(proxy));
    world.run(2);
    const request = world.request('b0', 'MESSAGE').with(set(name, value));
    bob?.send(request.with({ type: 'request-uri', uri: 'sip:bob@b.example' }), peerAt(proxy));
    world.run(100);
    if (world.to('b0', 'MESSAGE').length > 1) return 'spiral';
    return world.response('b0', 482).status === 482 ? 'loop' : undefined;
  }

  test.each([
    ['Subject', 'other', 'loop'],
    ['Via', 'SIP/2.0/UDP 10.9.9.9;branch=z9hG4bKx.yyy', 'spiral'],
    ['Route', '<sip:10.0.0.100;lr>', 'spiral'],
    ['Proxy-Authorization', 'Digest realm="b"', 'spiral'],
    ['Call-ID', 'another@a.example', 'spiral'],
    ['CSeq', '2 MESSAGE', 'spiral'],
  ])(
    'with another %s (%s) it is a %s (@req rfc3261:16.6:57, @req rfc3261:16.6:58, @req rfc5393:4.2.4:1)',
    (name, value, kind) => {
      expect(returned(name, value)).toBe(kind);
    },
  );

  test('what else the location service goes by can be named (@req rfc5393:4.2.1:4)', () => {
    expect(returned('X-Hour', '2')).toBe('loop');
    expect(returned('X-Hour', '2', { routedBy: ['X-Hour'] })).toBe('spiral');
  });

  test('the Vias of others may hold anything', () => {
    const { world, alice, proxy } = forked(['b0', 'b1']);
    const vias = [
      'SIP/2.0/UDP 10.8.8.8;branch',
      'SIP/3.0/CARRIER pigeon.example;x="a,b;c=\\"";y;branch="quoted.one"',
      'SIP / 2.0 / UDP 10.0.0.100:5060 ; branch=z9hG4bK.',
    ];
    alice.send(requestOf('MESSAGE', 'sip:bob@b.example', [set('Via', ...vias)]), peerAt(proxy));
    world.run();
    expect(alice.heard.length).toBeGreaterThanOrEqual(0);
    expect(world.request('b0', 'MESSAGE').raw('Via').slice(2)).toEqual(vias);
  });
});

describe('Max-Breadth (RFC 5393 §5)', () => {
  const breadths = (world: World) =>
    world.flights.flatMap(({ from, message }) =>
      from === 'p' && message.type === 'request' && message.method === 'INVITE'
        ? [message.get(maxBreadth)]
        : [],
    );

  function invite(
    count: number,
    headers: readonly ReturnType<typeof set>[],
    setup: Parameters<typeof forked>[1] = {},
  ) {
    const names = Array.from({ length: count }, (_, index) => `b${index}`);
    const { world, alice, bobs, proxy } = forked(names, setup);
    for (const bob of bobs) bob.answers = () => [180];
    alice.send(requestOf('INVITE', 'sip:bob@b.example', headers), peerAt(proxy));
    world.run(100);
    return { world, alice, bobs, proxy };
  }

  test('is 60 where there was none, on every request (@req rfc5393:5.3.3:1, @req rfc5393:5.3.3:2, @req rfc5393:5.3.3:4)', () => {
    expect(breadths(invite(1, []).world)).toEqual([60]);
    const { world } = forked(['b0']);
    expect(world.flights).toEqual([]);
    expect(invite(1, []).world.request('b0', 'INVITE').raw('Max-Breadth')).toEqual(['60']);
  });

  test('is no more than allowed (@req rfc5393:5.3.3:3)', () => {
    expect(breadths(invite(1, [set(maxBreadth, 1000)]).world)).toEqual([60]);
    expect(breadths(invite(1, [set(maxBreadth, 1000)], { limits: { breadth: 8 } }).world)).toEqual([8]);
  });

  test('is shared out in a parallel fork, all of it (§5.2; @req rfc5393:5.3.3:5, @req rfc5393:5.3.3:8)', () => {
    expect(breadths(invite(2, [set(maxBreadth, 60)]).world)).toEqual([30, 30]);
    expect(breadths(invite(3, [set(maxBreadth, 8)]).world)).toEqual([3, 3, 2]);
  });

  test('stays whole in a serial fork and without one: no hop takes anything (§5.2; @req rfc5393:5.3.3:9)', () => {
    const { world, bobs } = invite(2, [set(maxBreadth, 60)], { q: [1, 0.5] });
    bobs[0]?.answer(486);
    world.run(100);
    expect(breadths(world)).toEqual([60, 60]);
    expect(breadths(invite(1, [set(maxBreadth, 7)]).world)).toEqual([7]);
  });

  test('of 4 for 8 targets: 4 at once, another as each one fails (§5.5; @req rfc5393:5.3.3.1:1, @req rfc5393:5.3.3:5)', () => {
    const { world, alice, bobs } = invite(8, [set(maxBreadth, 4)]);
    expect(breadths(world)).toEqual([1, 1, 1, 1]);
    for (let failed = 0; failed < 4; failed += 1) {
      bobs[failed]?.answer(486);
      world.run(100);
      expect(breadths(world)).toHaveLength(5 + failed);
    }
    for (let failed = 4; failed < 8; failed += 1) bobs[failed]?.answer(486);
    world.run();
    expect(alice.finals()).toEqual([486]);
    expect(mostAtOnce(world)).toBe(4);
  });

  test('of 1 forks one after another', () => {
    const { world, bobs } = invite(3, [set(maxBreadth, 1)]);
    expect(breadths(world)).toEqual([1]);
    bobs[0]?.answer(404);
    world.run(100);
    expect(breadths(world)).toEqual([1, 1]);
  });

  test('of 0 is answered 440 (@req rfc5393:5.3.3:6)', () => {
    const { alice, world } = invite(2, [set(maxBreadth, 0)]);
    world.run();
    expect(alice.finals()).toEqual([440]);
    expect(breadths(world)).toEqual([]);
  });

  test('keeps the attack of many addresses to as many branches at a time', () => {
    const all = Array.from({ length: 4 }, (_, index) => `sip:${'abcdefgh'[index]}@${P1}`);
    const users = Object.fromEntries(all.map((aor) => [aor, all]));
    const { forwarded, most } = attack(users, 3);
    expect(forwarded).toBe(64);
    // Each of three concurrent branches is a chain through the proxy, no longer than there are addresses.
    expect(most).toBeLessThanOrEqual(3 * 5);
    expect(attack(users).most).toBeGreaterThan(20);
  });
});
