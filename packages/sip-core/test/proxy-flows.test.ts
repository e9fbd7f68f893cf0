import { describe, expect, test } from 'vitest';
import { createResponse, set } from '../src/index.ts';
import { Agent, forked, Hop, isAtRest, peerAt, requestOf, World } from './support/proxies.ts';
import { seeded } from './support/sip.ts';

/** RFC 3261 §24.2: alice at atlanta.com, bob at biloxi.com, a proxy for each. */
function trapezoid(setup: { recordRoute?: boolean } = {}) {
  const world = new World();
  const alice = world.add(new Agent(world, 'alice', 'pc33.atlanta.com'));
  const bob = world.add(new Agent(world, 'bob', '192.0.2.4'));
  const atlanta = world.add(
    new Hop(world, 'atlanta', 'bigbox3.site3.atlanta.com', {
      ...setup,
      domains: ['atlanta.com'],
      admit: () => ({ route: ['<sip:server10.biloxi.com;lr>'] }),
    }),
  );
  const biloxi = world.add(
    new Hop(world, 'biloxi', 'server10.biloxi.com', {
      ...setup,
      domains: ['biloxi.com'],
      users: { 'sip:bob@biloxi.com': [{ uri: 'sip:bob@192.0.2.4' }] },
    }),
  );
  return { world, alice, bob, atlanta, biloxi };
}

describe('RFC 3261 §24.2: a session through two proxies', () => {
  test('takes the messages of the figure (@req rfc3261:16.7:2, @req rfc3261:16.7:3)', () => {
    const { world, alice, bob, atlanta, biloxi } = trapezoid({ recordRoute: false });
    bob.answers = ({ method }) => (method === 'INVITE' ? [180, 0] : [200]);
    const invite = requestOf('INVITE', 'sip:bob@biloxi.com', [
      set('Contact', '<sip:alice@pc33.atlanta.com>'),
    ]);
    alice.send(invite, peerAt(atlanta));
    world.later(100, () => bob.answer(200));
    world.run(150);
    const ok = world.response('alice', 200);
    const to = ok.raw('To')[0] ?? '';
    const ack = requestOf('ACK', 'sip:bob@192.0.2.4', [set('To', to), set('Call-ID', ...ok.raw('Call-ID'))]);
    alice.send(ack, peerAt(bob));
    world.run(1000);
    expect(world.ladder()).toEqual([
      'alice INVITE atlanta',
      'atlanta INVITE biloxi',
      'biloxi INVITE bob',
      'bob 180 biloxi',
      'biloxi 180 atlanta',
      'atlanta 180 alice',
      'bob 200 biloxi',
      'biloxi 200 atlanta',
      'atlanta 200 alice',
      'alice ACK bob',
    ]);
    world.run();
    expect(isAtRest([atlanta, biloxi], [alice, bob])).toBe(true);
  });

  test('with both on the route, ACK and BYE take it too', () => {
    const { world, alice, bob, atlanta, biloxi } = trapezoid();
    alice.send(requestOf('INVITE', 'sip:bob@biloxi.com'), peerAt(atlanta));
    world.run(150);
    const ok = world.response('alice', 200);
    expect(ok.raw('Record-Route')).toHaveLength(2);
    const route = [...ok.raw('Record-Route')].reverse();
    const inDialog = (method: string, sequence: number) =>
      requestOf(method, 'sip:bob@192.0.2.4', [
        set('To', ok.raw('To')[0] ?? ''),
        set('Call-ID', ok.raw('Call-ID')[0] ?? ''),
        set('CSeq', `${sequence} ${method}`),
        set('Route', ...route),
      ]);
    world.flights.length = 0;
    alice.send(inDialog('ACK', 1), peerAt(atlanta));
    alice.send(inDialog('BYE', 2), peerAt(atlanta));
    world.run(100);
    expect(world.ladder()).toEqual([
      'alice ACK atlanta',
      'alice BYE atlanta',
      'atlanta ACK biloxi',
      'atlanta BYE biloxi',
      'biloxi ACK bob',
      'biloxi BYE bob',
      'bob 200 biloxi',
      'biloxi 200 atlanta',
      'atlanta 200 alice',
    ]);
    world.run();
    expect(isAtRest([atlanta, biloxi], [alice, bob])).toBe(true);
  });
});

describe('a MESSAGE', () => {
  test('reaches the one who is registered, and its answer comes back', () => {
    const { world, alice, bobs, proxy } = forked(['bob']);
    alice.send(requestOf('MESSAGE', 'sip:bob@b.example', [], 'Watson, come here.'), peerAt(proxy));
    world.run();
    expect(world.ladder()).toEqual(['alice MESSAGE p', 'p MESSAGE bob', 'bob 200 p', 'p 200 alice']);
    expect(alice.finals()).toEqual([200]);
    expect(isAtRest([proxy], [alice, ...bobs])).toBe(true);
  });
});

describe('two proxies in a network that loses a third of what is sent', () => {
  /** Calls and messages to somebody with two phones; one of them refuses. */
  function lossy(seed: number, loss: number, count: number) {
    const { world, alice, bob, atlanta, biloxi } = trapezoid();
    const second = world.add(new Agent(world, 'second', '192.0.2.5'));
    biloxi.users = { 'sip:bob@biloxi.com': [{ uri: 'sip:bob@192.0.2.4' }, { uri: 'sip:second@192.0.2.5' }] };
    bob.answers = () => [486];
    second.answers = (request) => {
      if (request.method !== 'INVITE') return [200];
      const headers = [
        set('Record-Route', ...request.raw('Record-Route')),
        set('Contact', '<sip:second@192.0.2.5>'),
      ];
      const response = createResponse(request, 200, { toTag: 'second', headers });
      // What a UAS core does until the ACK comes (§13.3.1.4); here none does.
      for (const after of [500, 1500, 3500, 7500, 11_500, 15_500, 19_500, 23_500, 27_500, 31_500])
        world.later(after, () => world.transmit(second, peerAt(biloxi), response.toBytes()));
      return [180, response];
    };
    const bytes = seeded(seed);
    world.lose = () => (bytes(1)[0] ?? 0) < loss * 256;
    const ids = new Map<string, string>();
    for (let n = 0; n < count; n += 1)
      for (const method of ['INVITE', 'MESSAGE'])
        ids.set(
          alice.send(
            requestOf(method, 'sip:bob@biloxi.com', [set('Call-ID', `${method}${n}`)]),
            peerAt(atlanta),
          ),
          method,
        );
    world.run();
    return { alice, agents: [alice, bob, second], hops: [atlanta, biloxi], ids };
  }

  test('every request ends, with no final response but that of its kind, and nothing is left', () => {
    for (const [seed, loss] of [
      [1, 0.3],
      [2, 0.3],
      [3, 0.1],
    ] as const) {
      const { alice, agents, hops, ids } = lossy(seed, loss, 20);
      for (const [id, method] of ids) {
        const ends = alice.heard.flatMap((action): (string | number)[] => {
          if (action.type === 'failed' && action.id === id) return [action.reason];
          return action.type === 'response' && action.id === id && action.response.status >= 200
            ? [action.response.status]
            : [];
        });
        // A 2xx to INVITE is passed up however often it comes.
        expect(new Set(ends).size, `${id} ${method} ${ends}`).toBe(1);
        if (method !== 'INVITE') expect(ends).toHaveLength(1);
        expect(method === 'INVITE' ? [200, 486, 408, 'timeout'] : [200, 486, 'timeout']).toContain(ends[0]);
      }
      expect(isAtRest(hops, agents)).toBe(true);
    }
  });
});
