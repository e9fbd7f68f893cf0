import { describe, expect, test } from 'vitest';
import { type Peer, parseUri, set, Tokens } from '../../src/index.ts';
import type { ProxyTarget } from '../../src/proxy/index.ts';
import { Seals } from '../../src/proxy/seals.ts';
import { Agent, forked, Hop, type ProxySetup, peerAt, requestOf, World } from '../support/proxies.ts';
import { seeded } from '../support/sip.ts';

/** Bob's phone is behind a NAT: its contact leads nowhere, only the connection that it opened does. */
function natted(setup: ProxySetup = {}, target: Partial<ProxyTarget> = {}) {
  const world = new World();
  const alice = world.add(new Agent(world, 'alice', '10.0.0.1', 'udp tcp'));
  const bob = world.add(new Agent(world, 'bob', '10.0.1.1', 'tcp'));
  const proxy = world.add(new Hop(world, 'p', '10.0.0.100', { domains: ['b.example'], ...setup }));
  bob.send(requestOf('MESSAGE', 'sip:alice@b.example'), peerAt(proxy, 'tcp'));
  world.run(50);
  const [first] = world.flights;
  if (first === undefined) throw new Error('nothing flew');
  // What a registrar would have kept of the flow.
  let flow: Peer | undefined;
  const receive = proxy.receive.bind(proxy);
  proxy.receive = (peer, bytes) => {
    flow ??= peer;
    receive(peer, bytes);
  };
  bob.send(requestOf('OPTIONS', 'sip:alice@b.example'), peerAt(proxy, 'tcp'));
  world.run(50);
  if (flow === undefined) throw new Error('no flow');
  proxy.users = {
    'sip:bob@b.example': [
      { uri: 'sip:bob@192.168.1.2;transport=tcp;ob', flow, regId: 1, instance: 'urn:x:1', ...target },
    ],
  };
  world.flights.length = 0;
  return { world, alice, bob, proxy, flow };
}

describe('requests for a user behind a flow (RFC 5626 §7)', () => {
  test('go over it, and nothing else will do (@req rfc5626:7:4)', () => {
    const { world, alice, bob, proxy, flow } = natted();
    alice.send(requestOf('INVITE', 'sip:bob@b.example'), peerAt(proxy));
    world.run(50);
    expect(bob.requests('INVITE')).toHaveLength(1);
    expect(world.flights.find(({ to }) => to === 'bob')?.peer).toEqual({ ...flow, flowOnly: true });
  });

  test('end in 480 when it is gone', () => {
    const { world, alice, proxy, flow } = natted();
    world.closed.add(flow.connection ?? 0);
    alice.send(requestOf('INVITE', 'sip:bob@b.example'), peerAt(proxy));
    world.run(50);
    expect(alice.finals()).toEqual([480]);
  });

  test('are tried over another flow of the same instance then (@req rfc5626:7:2, @req rfc5626:11.4:1)', () => {
    const other = { uri: 'sip:bob@10.0.1.1;transport=tcp', instance: 'urn:x:1', regId: 2 };
    const { world, alice, bob, proxy, flow } = natted({}, { alternates: [other] });
    world.closed.add(flow.connection ?? 0);
    alice.send(requestOf('MESSAGE', 'sip:bob@b.example'), peerAt(proxy));
    world.run(50);
    expect(bob.requests('MESSAGE')).toHaveLength(1);
    expect(alice.finals()).toEqual([200]);
  });

  test('in a dialog take the flow too, by the route that the proxy gave (RFC 5626 §5.3)', () => {
    const { world, alice, bob, proxy } = natted();
    alice.send(requestOf('INVITE', 'sip:bob@b.example'), peerAt(proxy));
    world.run(50);
    const ok = world.response('alice', 200);
    expect(ok.raw('Record-Route')).not.toEqual(world.request('bob', 'INVITE').raw('Record-Route'));
    const bye = requestOf('BYE', 'sip:bob@192.168.1.2;transport=tcp', [
      set('To', ...ok.raw('To')),
      set('Call-ID', ...ok.raw('Call-ID')),
      set('Route', ...ok.raw('Record-Route')),
    ]);
    alice.send(bye, peerAt(proxy));
    world.run(50);
    expect(bob.requests('BYE')).toHaveLength(1);
    expect(bob.requests('BYE')[0]?.uri).toBe('sip:bob@192.168.1.2;transport=tcp');
  });

  test('in a dialog are answered 430 when the flow is gone, and 403 when the token was changed (@req rfc5626:5.3.1:1, @req rfc5626:5.3.1:2)', () => {
    const { world, alice, proxy, flow } = natted();
    alice.send(requestOf('INVITE', 'sip:bob@b.example'), peerAt(proxy));
    world.run(50);
    const ok = world.response('alice', 200);
    const [value = ''] = ok.raw('Record-Route');
    const bye = (route: string) =>
      requestOf('BYE', 'sip:bob@192.168.1.2;transport=tcp', [
        set('To', ...ok.raw('To')),
        set('Call-ID', ...ok.raw('Call-ID')),
        set('Route', route),
      ]);
    world.closed.add(flow.connection ?? 0);
    alice.send(bye(value), peerAt(proxy));
    alice.send(bye(value.replace('10.0.1.1', '10.0.1.9')), peerAt(proxy));
    world.run(50);
    expect(alice.finals().slice(1).sort()).toEqual([403, 430]);
  });

  test('from that user in the dialog go on, not back over the flow they came by', () => {
    const { world, alice, bob, proxy } = natted({ admit: () => undefined });
    const contact = set('Contact', '<sip:bob@192.168.1.2;transport=tcp;ob>');
    const from = [set('From', '<sip:bob@b.example>;tag=b'), set('To', '<sip:alice@a.example>')];
    bob.send(requestOf('INVITE', 'sip:alice@10.0.0.1', [contact, ...from]), peerAt(proxy, 'tcp'));
    world.run(50);
    const ok = world.response('bob', 200);
    const dialog = [set('To', ...ok.raw('To')), set('Call-ID', ...ok.raw('Call-ID'))];
    const request = requestOf('BYE', 'sip:alice@10.0.0.1', [
      ...dialog,
      ...from.slice(0, 1),
      set('Route', ...ok.raw('Record-Route')),
    ]);
    bob.send(request, peerAt(proxy, 'tcp'));
    world.run(50);
    expect(alice.requests('BYE')).toHaveLength(1);
    // Alice reaches Bob by what she was given in his INVITE: it has his flow.
    const invite = world.request('alice', 'INVITE');
    const back = requestOf('OPTIONS', 'sip:bob@192.168.1.2;transport=tcp;ob', [
      set('To', ...invite.raw('From')),
      set('From', ...ok.raw('To')),
      set('Call-ID', ...invite.raw('Call-ID')),
      set('Route', ...invite.raw('Record-Route')),
    ]);
    alice.send(back, peerAt(proxy));
    world.run(50);
    expect(bob.requests('OPTIONS')).toHaveLength(1);
  });
});

describe('one instance at a time (RFC 5626 §7)', () => {
  const two = (setup: ProxySetup = {}) =>
    forked(['b0', 'b1'], {
      users: {
        'sip:bob@b.example': [
          { uri: 'sip:bob@10.0.1.1', instance: 'urn:x:1', regId: 1 },
          { uri: 'sip:bob@10.0.1.2', instance: 'urn:x:1', regId: 2 },
        ],
      },
      ...setup,
    });

  test('two contacts of an instance are never in the target set together (@req rfc5626:7:1)', () => {
    const { world, alice, bobs, proxy } = two();
    for (const bob of bobs) bob.answers = () => [180];
    alice.send(requestOf('INVITE', 'sip:bob@b.example'), peerAt(proxy));
    world.run(1000);
    expect(bobs.map((bob) => bob.requests('INVITE').length)).toEqual([1, 0]);
  });

  test.each([
    [430, 1],
    [408, 1],
    [486, 0],
    [404, 0],
    [500, 0],
  ])('after %i the other one is tried %i times (@req rfc5626:7:2, @req rfc5626:7:3)', (status, times) => {
    const { world, alice, bobs, proxy } = two();
    const [first] = bobs;
    if (first !== undefined) first.answers = () => [status];
    alice.send(requestOf('INVITE', 'sip:bob@b.example'), peerAt(proxy));
    world.run();
    expect(bobs[1]?.requests('INVITE')).toHaveLength(times);
    expect(alice.finals()).toEqual([times === 1 ? 200 : status]);
  });

  test('two instances with equal contact URIs behind two NATs are two targets', () => {
    const { world, alice, bobs, proxy } = forked(['b0', 'b1']);
    const target = (instance: string, host: string) => ({
      uri: 'sip:bob@192.168.1.2',
      instance,
      regId: 1,
      flow: { transport: 'udp', host, port: 5060 } as const,
    });
    proxy.users = { 'sip:bob@b.example': [target('urn:x:1', '10.0.1.1'), target('urn:x:2', '10.0.1.2')] };
    alice.send(requestOf('MESSAGE', 'sip:bob@b.example'), peerAt(proxy));
    world.run();
    expect(bobs.map((bob) => bob.requests().length)).toEqual([1, 1]);
  });
});

describe('an edge proxy on the path of registrations (RFC 5626 §5.1, RFC 3327 §5.2)', () => {
  function edge(headers: readonly ReturnType<typeof set>[], setup: ProxySetup = {}) {
    const world = new World();
    const bob = world.add(new Agent(world, 'bob', '10.0.1.1', 'tcp'));
    const home = world.add(new Agent(world, 'home', '10.0.2.1', 'udp tcp'));
    const proxy = world.add(
      new Hop(world, 'p', '10.0.0.100', { path: true, admit: () => undefined, ...setup }),
    );
    bob.send(requestOf('REGISTER', 'sip:10.0.2.1', headers), peerAt(proxy, 'tcp'));
    world.run(50);
    return { world, bob, home, proxy, register: world.request('home', 'REGISTER') };
  }
  const outbound = [
    set('Supported', 'path, outbound'),
    set('Contact', '<sip:bob@192.168.1.2;transport=tcp;ob>;reg-id=1;+sip.instance="<urn:uuid:1>"'),
  ];

  test('adds a Path with ob and the flow, above those there, by which requests come to the user agent (@req rfc3327:4:4, @req rfc5626:5.1:1, @req rfc5626:5.1:2, @req rfc5626:5.1:5)', () => {
    const { world, bob, home, proxy, register } = edge([...outbound, set('Path', '<sip:other;lr>')]);
    const [own = '', other] = register.raw('Path');
    expect(own).toMatch(/^<sip:ft~~tcp-10\.0\.1\.1-5060-\d+~[a-z0-9]{16}@10\.0\.0\.100:5060;lr;ob>$/);
    expect(other).toBe('<sip:other;lr>');
    home.send(requestOf('MESSAGE', 'sip:bob@192.168.1.2;transport=tcp', [set('Route', own)]), peerAt(proxy));
    world.run(50);
    expect(bob.requests('MESSAGE')).toHaveLength(1);
    expect(bob.requests('MESSAGE')[0]?.has('Route')).toBe(false);
    expect(proxy.asked.at(-1)).toMatchObject({ reach: 'flow' });
  });

  test('names no two flows alike (@req rfc5626:5.1:3)', () => {
    const seals = new Seals(new Uint8Array(32), new Tokens(seeded(1)));
    const flows: Peer[] = [
      { transport: 'tcp', host: '10.0.1.1', port: 5060, connection: 1 },
      { transport: 'tcp', host: '10.0.1.1', port: 5060, connection: 2 },
      { transport: 'udp', host: '10.0.1.1', port: 5060, connection: 1 },
      { transport: 'udp', host: '10.0.1.1', port: 5061, connection: 1 },
      { transport: 'wss', host: '2001:db8::1', port: 5060, connection: 1 },
    ];
    const tokens = flows.map((flow) => seals.ofFlow(flow));
    expect(new Set(tokens).size).toBe(flows.length);
    for (const [index, token] of tokens.entries()) {
      expect(parseUri(`sip:${token}@p`)).toMatchObject({ user: token });
      expect(seals.open(token, 'any')).toEqual({ pass: 'flow', flow: { ...flows[index], flowOnly: true } });
      expect(new Seals(new Uint8Array(32).fill(1), new Tokens(seeded(1))).open(token, '')).toBe('tampered');
    }
  });

  test('is not changed with impunity: 403', () => {
    const { world, home, proxy, register } = edge(outbound);
    const [own = ''] = register.raw('Path');
    const changed = own.replace('tcp-10.0.1.1', 'tcp-10.0.1.7');
    home.send(requestOf('MESSAGE', 'sip:bob@192.168.1.2', [set('Route', changed)]), peerAt(proxy));
    world.run(50);
    expect(home.finals()).toEqual([403]);
  });

  test('has no ob where the user agent is not next to the proxy (@req rfc5626:5.1:6)', () => {
    const { register } = edge([...outbound, set('Via', 'SIP/2.0/TCP 192.168.1.2;branch=z9hG4bKfar')]);
    expect(register.raw('Path')[0]).toMatch(/^<sip:ft~~~[a-z0-9]{16}@10\.0\.0\.100:5060;lr>$/);
  });

  test('adds none for a user agent that does not know of it, or where it is not wanted (@req rfc3327:5.2:1)', () => {
    const contact = set('Contact', '<sip:bob@192.168.1.2>');
    expect(edge([contact]).register.has('Path')).toBe(false);
    expect(edge(outbound, { path: false }).register.has('Path')).toBe(false);
  });

  test('never records a route for REGISTER', () => {
    expect(edge(outbound).register.has('Record-Route')).toBe(false);
  });
});
