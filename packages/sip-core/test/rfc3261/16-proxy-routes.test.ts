import { describe, expect, test } from 'vitest';
import { recordRoute, set } from '../../src/index.ts';
import type { ProxySetup } from '../support/proxies.ts';
import { Agent, Hop, peerAt, requestOf, World } from '../support/proxies.ts';

/** A proxy between two user agents, and another one to send on to. */
function around(setup: ProxySetup = {}) {
  const world = new World();
  const alice = world.add(new Agent(world, 'alice', '10.0.0.1'));
  const bob = world.add(new Agent(world, 'bob', '10.0.1.1'));
  const other = world.add(new Agent(world, 'other', '10.0.2.1'));
  const proxy = world.add(
    new Hop(world, 'p', '10.0.0.100', {
      domains: ['b.example'],
      users: { 'sip:bob@b.example': [{ uri: 'sip:bob@10.0.1.1' }] },
      admit: () => undefined,
      ...setup,
    }),
  );
  return { world, alice, bob, other, proxy };
}

const routes = (...values: string[]) => set('Route', ...values);

describe('route information that led here (RFC 3261 §16.4)', () => {
  test.each(['<sip:10.0.0.100;lr>', '<sip:10.0.0.100:5060;lr>', '<sip:p.b.example;lr>'])(
    'the first Route value, %s, is removed where it names the proxy, the others stay as they are (@req rfc3261:16.4:6, @req rfc3261:16.4:1)',
    (own) => {
      const { world, alice, proxy } = around({ isOwn: (uri) => uri.host === 'p.b.example' });
      const rest = ['"Other, one"  <sip:10.0.2.1;lr>;p=1', '<sip:10.9.9.9;lr>'];
      alice.send(requestOf('MESSAGE', 'sip:x@far.example', [routes(own, ...rest)]), peerAt(proxy));
      world.run(50);
      expect(world.request('other', 'MESSAGE').raw('Route')).toEqual(rest);
    },
  );

  test('it stays where it names somebody else, to whom the request goes', () => {
    const { world, alice, proxy } = around();
    alice.send(requestOf('MESSAGE', 'sip:x@far.example', [routes('<sip:10.0.2.1;lr>')]), peerAt(proxy));
    world.run(50);
    expect(world.request('other', 'MESSAGE').raw('Route')).toEqual(['<sip:10.0.2.1;lr>']);
    expect(world.request('other', 'MESSAGE').uri).toBe('sip:x@far.example');
  });

  test('a Request-URI that is our own Record-Route gives way to the last Route (@req rfc3261:16.4:2, @req rfc3261:16.4:3)', () => {
    const { world, alice, bob, proxy } = around();
    alice.send(requestOf('INVITE', 'sip:bob@b.example'), peerAt(proxy));
    world.run(100);
    const [own] = world.response('alice', 200).getAll(recordRoute);
    const uri = world.response('alice', 200).raw('Record-Route')[0]?.slice(1, -1) ?? '';
    expect(own?.uri.type).toBe('sip');
    // A strict router wrote this: its next hop is in the Request-URI.
    const bye = requestOf('BYE', uri, [
      routes('<sip:10.0.2.1;lr>', '<sip:bob@10.0.1.1>'),
      set('To', ...world.response('alice', 200).raw('To')),
      set('Call-ID', ...world.response('alice', 200).raw('Call-ID')),
    ]);
    alice.send(bye, peerAt(proxy));
    world.run(100);
    const sent = world.request('other', 'BYE');
    expect(sent.uri).toBe('sip:bob@10.0.1.1');
    expect(sent.raw('Route')).toEqual(['<sip:10.0.2.1;lr>']);
    expect(bob.requests('BYE')).toEqual([]);
  });

  test('an own Record-Route that was changed, or is another dialog’s, is refused', () => {
    const { world, alice, proxy } = around();
    alice.send(requestOf('INVITE', 'sip:bob@b.example'), peerAt(proxy));
    world.run(100);
    const ok = world.response('alice', 200);
    const [value = ''] = ok.raw('Record-Route');
    const bye = (route: string, callId: string) =>
      requestOf('BYE', 'sip:bob@10.0.1.1', [
        routes(route),
        set('To', ...ok.raw('To')),
        set('Call-ID', callId),
      ]);
    const callId = ok.raw('Call-ID')[0] ?? '';
    alice.send(bye(value, callId), peerAt(proxy));
    alice.send(bye(value.replace('rr~', 'rr~x'), callId), peerAt(proxy));
    alice.send(bye(value, 'another@a.example'), peerAt(proxy));
    world.run(100);
    expect(alice.finals()).toEqual([200, 403, 403, 200]);
  });

  test('an own Record-Route outside of a dialog opens nothing', () => {
    const { world, alice, proxy } = around({ admit: (reach) => (reach === 'elsewhere' ? 403 : undefined) });
    alice.send(requestOf('INVITE', 'sip:bob@b.example'), peerAt(proxy));
    world.run(100);
    const ok = world.response('alice', 200);
    const headers = [
      routes(...ok.raw('Record-Route')),
      set('Call-ID', ...ok.raw('Call-ID')),
      set('CSeq', '2 INVITE'),
    ];
    alice.send(requestOf('INVITE', 'sip:x@10.0.2.1', headers), peerAt(proxy));
    world.run(50);
    expect(alice.finals()).toEqual([200, 403]);
  });

  test('an maddr that is ours is stripped with port and transport, when it came that way (@req rfc3261:16.4:4, @req rfc3261:16.4:5)', () => {
    const { world, alice, bob, proxy } = around();
    const uri = 'sip:bob@b.example:5060;transport=udp;maddr=10.0.0.100';
    alice.send(requestOf('MESSAGE', uri), peerAt(proxy));
    world.run(50);
    expect(proxy.asked).toMatchObject([{ type: 'admit' }, { type: 'locate', aor: 'sip:bob@b.example' }]);
    expect(bob.requests()).toHaveLength(1);
  });

  test('an maddr is the only target otherwise (@req rfc3261:16.5:1)', () => {
    const { world, alice, proxy } = around();
    const uri = 'sip:bob@b.example;maddr=10.0.2.1';
    alice.send(requestOf('MESSAGE', uri), peerAt(proxy));
    world.run(50);
    expect(world.request('other', 'MESSAGE').uri).toBe(uri);
    expect(proxy.asked.map(({ type }) => type)).toEqual(['admit']);
  });

  test('of our maddr with another transport, the proxy goes to itself over that one', () => {
    const { world, alice, proxy } = around();
    alice.send(requestOf('MESSAGE', 'sip:bob@b.example;transport=tcp;maddr=10.0.0.100'), peerAt(proxy));
    world.run(50);
    expect(world.ladder().slice(0, 3)).toEqual(['alice MESSAGE p', 'p MESSAGE p', 'p MESSAGE bob']);
  });
});

describe('route information for those behind (RFC 3261 §16.6 steps 6 and 7)', () => {
  test('what policy wants visited goes before what is there (@req rfc3261:16.6:36)', () => {
    const { world, alice, proxy } = around({
      admit: () => ({ route: ['<sip:10.0.2.1;lr>', '<sip:10.0.2.2;lr>'] }),
    });
    alice.send(requestOf('MESSAGE', 'sip:x@far.example', [routes('<sip:10.9.9.9;lr>')]), peerAt(proxy));
    world.run(50);
    expect(world.request('other', 'MESSAGE').raw('Route')).toEqual([
      '<sip:10.0.2.1;lr>',
      '<sip:10.0.2.2;lr>',
      '<sip:10.9.9.9;lr>',
    ]);
  });

  test('also where there was no Route (@req rfc3261:16.6:37, @req rfc3261:16.6:49)', () => {
    const { world, alice, proxy } = around({ admit: () => ({ route: ['<sip:10.0.2.1;lr>'] }) });
    alice.send(requestOf('MESSAGE', 'sip:x@far.example'), peerAt(proxy));
    world.run(50);
    expect(world.request('other', 'MESSAGE').raw('Route')).toEqual(['<sip:10.0.2.1;lr>']);
  });

  test('the path of a registration goes before what is there (RFC 3327 §5.4)', () => {
    const target = { uri: 'sip:bob@10.0.1.1', path: ['<sip:10.0.2.1;lr>'] };
    const { world, alice, proxy } = around({ users: { 'sip:bob@b.example': [target] } });
    alice.send(requestOf('MESSAGE', 'sip:bob@b.example'), peerAt(proxy));
    world.run(50);
    const sent = world.request('other', 'MESSAGE');
    expect([sent.uri, sent.raw('Route')]).toEqual(['sip:bob@10.0.1.1', ['<sip:10.0.2.1;lr>']]);
  });

  test('what policy wants visited are loose routers (@req rfc3261:16.6:35)', () => {
    const { world, alice, proxy } = around({ admit: () => ({ route: ['<sip:10.0.2.1>'] }) });
    alice.send(requestOf('MESSAGE', 'sip:x@far.example'), peerAt(proxy));
    expect(() => world.run(50)).toThrow(RangeError);
  });

  test('for a strict router the Request-URI goes to the end of Route, and the router into the Request-URI (@req rfc3261:16.6:41, @req rfc3261:16.6:42, @req rfc3261:16.6:43, @req rfc3261:16.6:44, @req rfc3261:16.6:48)', () => {
    const { world, alice, proxy } = around();
    const headers = [routes('<sip:10.0.0.100;lr>', '<sip:10.0.2.1;x=1;method=INVITE>', '<sip:10.9.9.9;lr>')];
    alice.send(requestOf('MESSAGE', 'sip:x@far.example;p=2', headers), peerAt(proxy));
    world.run(50);
    const sent = world.request('other', 'MESSAGE');
    expect(sent.uri).toBe('sip:10.0.2.1;x=1');
    expect(sent.raw('Route')).toEqual(['<sip:10.9.9.9;lr>', '<sip:x@far.example;p=2>']);
  });

  test('a sips Request-URI goes by TLS alone, whatever the next hop says (@req rfc3261:16.6:50, @req rfc3261:16.6:40)', () => {
    const { world, alice, proxy } = around({ transports: 'udp tcp tls' });
    const carol = world.add(new Agent(world, 'carol', '10.0.3.1', 'tls'));
    const headers = [routes('<sip:10.0.3.1;lr>')];
    alice.send(requestOf('MESSAGE', 'sips:x@far.example', headers), peerAt(proxy));
    world.run(50);
    expect(carol.requests()).toHaveLength(1);
    expect(world.flights.find(({ to }) => to === 'carol')?.peer).toMatchObject({
      transport: 'tls',
      port: 5061,
    });
  });

  test('a user of a sips URI is not tried without TLS', () => {
    const { world, alice, bob, proxy } = around({
      users: { 'sips:bob@b.example': [{ uri: 'sip:bob@10.0.1.1' }] },
    });
    alice.send(requestOf('MESSAGE', 'sips:bob@b.example'), peerAt(proxy));
    world.run(50);
    expect(alice.finals()).toEqual([480]);
    expect(bob.requests()).toEqual([]);
  });
});

describe('RFC 3261 §16.12.1: examples', () => {
  test('§16.12.1.2: traversing a strict router', () => {
    const world = new World();
    const [u1, u2] = [
      world.add(new Agent(world, 'u1', 'u1.example.com')),
      world.add(new Agent(world, 'u2', 'u2.domain.com')),
    ];
    const hosts = ['p1.example.com', 'p2.example.com', 'p3.middle.com', 'p4.domain.com'];
    const hops = hosts
      .map((host) => host.split('.')[0] ?? '')
      .map((name, index) =>
        // P3 is a strict router, played by an agent.
        index === 2
          ? undefined
          : world.add(new Hop(world, name, hosts[index] ?? '', { admit: () => undefined })),
      );
    const p3 = world.add(new Agent(world, 'p3', 'p3.middle.com'));
    const [p1, p2, , p4] = hops;
    if (p1 === undefined || p2 === undefined || p4 === undefined) throw new Error('not there');

    // P2's own value is needed as it was recorded, so the INVITE is sent through it.
    u1.send(
      requestOf('INVITE', 'sip:callee@u2.domain.com', [set('To', '<sip:callee@u2.domain.com>')]),
      peerAt(p2),
    );
    world.run(100);
    const ok = world.response('u1', 200);
    const [recorded = ''] = ok.raw('Record-Route');
    world.flights.length = 0;

    const bye = requestOf('BYE', 'sip:caller@u1.example.com', [
      routes('<sip:p4.domain.com;lr>', '<sip:p3.middle.com>', recorded, '<sip:p1.example.com;lr>'),
      set('To', ...ok.raw('To')),
      set('Call-ID', ...ok.raw('Call-ID')),
    ]);
    u2.send(bye, peerAt(p4));
    world.run(20);
    const atP3 = world.request('p3', 'BYE');
    expect(atP3.uri).toBe('sip:p3.middle.com');
    expect(atP3.raw('Route')).toEqual([recorded, '<sip:p1.example.com;lr>', '<sip:caller@u1.example.com>']);
    // What a strict router makes of that.
    const forwarded = requestOf('BYE', recorded.slice(1, -1), [
      routes('<sip:p1.example.com;lr>', '<sip:caller@u1.example.com>'),
      set('To', ...ok.raw('To')),
      set('Call-ID', ...ok.raw('Call-ID')),
    ]);
    p3.send(forwarded, peerAt(p2));
    world.run(20);
    const atP1 = world.request('p1', 'BYE');
    expect([atP1.uri, atP1.raw('Route')]).toEqual(['sip:caller@u1.example.com', ['<sip:p1.example.com;lr>']]);
    const atU1 = world.request('u1', 'BYE');
    expect([atU1.uri, atU1.raw('Route')]).toEqual(['sip:caller@u1.example.com', []]);
  });
});
