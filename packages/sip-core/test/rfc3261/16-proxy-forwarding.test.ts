import { describe, expect, test } from 'vitest';
import { maxForwards, recordRoute, set, via } from '../../src/index.ts';
import { maxBreadth } from '../../src/proxy/index.ts';
import { Agent, fieldsOf, forked, Hop, peerAt, requestOf, World, written } from '../support/proxies.ts';

describe('the target set (RFC 3261 §16.5)', () => {
  test('the location service is asked by the canonical form of the Request-URI (@req rfc3261:16.5:4)', () => {
    const { world, alice, proxy } = forked(['bob']);
    alice.send(requestOf('MESSAGE', 'sip:%62ob@B.Example:5060;user=phone'), peerAt(proxy));
    world.run();
    expect(proxy.asked[1]).toMatchObject({ type: 'locate', aor: 'sip:bob@b.example' });
    expect(alice.finals()).toEqual([200]);
  });

  test('of another domain the Request-URI is the only target, and nothing is looked up (@req rfc3261:16.5:2)', () => {
    const { world, alice, bobs, proxy } = forked(['bob'], { admit: () => undefined });
    alice.send(requestOf('MESSAGE', 'sip:x@10.0.1.1;p=1'), peerAt(proxy));
    world.run();
    expect(bobs[0]?.requests()[0]?.uri).toBe('sip:x@10.0.1.1;p=1');
    expect(proxy.asked.map(({ type }) => type)).toEqual(['admit']);
  });

  test('equal URIs are one target (@req rfc3261:16.5:8)', () => {
    const targets = ['sip:bob@10.0.1.1', 'sip:%62ob@10.0.1.1', 'sip:bob@10.0.1.1;x=1'].map((uri) => ({
      uri,
    }));
    const { world, alice, proxy } = forked(['bob'], { users: { 'sip:bob@b.example': targets } });
    alice.send(requestOf('MESSAGE', 'sip:bob@b.example'), peerAt(proxy));
    world.run();
    expect(world.to('bob')).toHaveLength(1);
  });

  test('users that there are not are answered 404, those that are not there 480 (@req rfc3261:16.5:15, @req rfc3261:16.5:16)', () => {
    const { world, alice, proxy } = forked(['bob'], {
      users: { 'sip:carol@b.example': [], 'sip:dave@b.example': 480 },
    });
    for (const user of ['nobody', 'carol', 'dave'])
      alice.send(requestOf('MESSAGE', `sip:${user}@b.example`, [set('Call-ID', user)]), peerAt(proxy));
    world.run();
    expect(alice.finals()).toEqual([404, 480, 480]);
  });

  test('an address of the proxy where no user is found is 404, and not forwarded to itself', () => {
    const { world, alice, proxy } = forked(['bob'], { admit: () => undefined });
    alice.send(requestOf('MESSAGE', 'sip:bob@10.0.0.100'), peerAt(proxy));
    world.run();
    expect(alice.finals()).toEqual([404]);
    expect(world.to('p')).toHaveLength(1);
  });

  test('who is ambiguous is answered 485 with contacts to try (@req rfc3261:16.5:5, @req rfc3261:16.5:6)', () => {
    const { world, alice, proxy } = forked(['bob']);
    proxy.isSlow = true;
    alice.send(requestOf('MESSAGE', 'sip:bob@b.example'), peerAt(proxy));
    world.run(10);
    const id = proxy.asked[0]?.id ?? '';
    proxy.give({ type: 'admitted', id });
    const headers = [set('Contact', '<sip:bob.1@b.example>', '<sip:bob.2@b.example>')];
    proxy.give({ type: 'located', id, targets: [], status: 485, headers });
    world.run();
    expect(world.response('alice', 485).raw('Contact')).toHaveLength(2);
  });

  test('targets that turn up later are tried too, those known already are not (@req rfc3261:16.5:12, @req rfc3261:16.5:13, @req rfc3261:16.5:14)', () => {
    const { world, alice, bobs, proxy } = forked(['bob', 'bill'], {
      users: { 'sip:bob@b.example': [{ uri: 'sip:bob@10.0.1.1' }] },
    });
    for (const bob of bobs) bob.answers = () => [180];
    alice.send(requestOf('INVITE', 'sip:bob@b.example'), peerAt(proxy));
    world.run(100);
    const id = proxy.asked[0]?.id ?? '';
    const targets = [{ uri: 'sip:bob@10.0.1.1' }, { uri: 'sip:bob@10.0.1.2' }];
    proxy.give({ type: 'located', id, targets });
    // The first has all of Max-Breadth as long as it rings.
    bobs[0]?.answer(486);
    world.run(100);
    expect(bobs.map((bob) => bob.requests('INVITE').length)).toEqual([1, 1]);
    bobs[1]?.answer(200);
    world.run(100);
    proxy.give({ type: 'located', id, targets: [{ uri: 'sip:bob@10.0.1.2;x=2' }] });
    world.run(100);
    expect(alice.finals()).toEqual([200]);
    expect(bobs[1]?.requests('INVITE')).toHaveLength(1);
  });

  test('a request for somebody elsewhere gets no other targets (@req rfc3261:16.5:9)', () => {
    const { world, alice, bobs, proxy } = forked(['bob', 'bill'], { admit: () => undefined, recurse: true });
    const [bob, bill] = bobs;
    if (bob !== undefined) bob.answers = () => [180];
    alice.send(requestOf('INVITE', 'sip:bob@10.0.1.1'), peerAt(proxy));
    world.run(100);
    proxy.give({ type: 'located', id: proxy.asked[0]?.id ?? '', targets: [{ uri: 'sip:bill@10.0.1.2' }] });
    bob?.answer(302, [set('Contact', '<sip:bill@10.0.1.2>')]);
    world.run();
    expect(bill?.requests()).toEqual([]);
    expect(world.response('alice', 302).raw('Contact')).toEqual(['<sip:bill@10.0.1.2>']);
  });

  test('no more targets are tried than the limit', () => {
    const targets = Array.from({ length: 20 }, (_, n) => ({ uri: `sip:b${n}@10.0.1.1` }));
    const { world, alice, proxy } = forked(['bob'], {
      users: { 'sip:bob@b.example': targets },
      limits: { branches: 7 },
    });
    alice.send(requestOf('MESSAGE', 'sip:bob@b.example'), peerAt(proxy));
    world.run(10);
    expect(world.to('bob')).toHaveLength(7);
  });
});

describe('the copy that is forwarded (RFC 3261 §16.6)', () => {
  test('has all header fields in their order and form, and the body as it was (@req rfc3261:16.6:6, @req rfc3261:16.6:7, @req rfc3261:16.6:8, @req rfc3261:16.6:9, @req rfc3261:16.6:10, @req rfc6665:4.4.4:3)', () => {
    const { world, alice, proxy } = forked(['bob']);
    const fields = [
      'Accept: text/plain ,  text/html',
      'f: <sip:alice@a.example>;tag=a1',
      't: "Bob"   <sip:bob@b.example>',
      'i: copy@a.example',
      'CSeq: 1    MESSAGE',
      'X-List: a, b',
      'Max-Forwards: 9',
      'X-List: c',
      'Content-Type: application/octet-stream',
      'X-Folded: one',
      '  two',
      'l: 5',
    ];
    world.transmit(alice, peerAt(proxy), written('MESSAGE sip:bob@b.example', fields, '\u0000\r\n\u00e4'));
    world.run();
    const sent = new TextDecoder().decode(world.request('bob', 'MESSAGE').toBytes());
    const [head = ''] = sent.split('\r\n\r\n');
    const [, own, alices, ...rest] = head.split('\r\n');
    expect(own).toMatch(/^Via: SIP\/2\.0\/UDP 10\.0\.0\.100:5060;branch=/);
    expect(alices).toBe('Via: SIP/2.0/UDP 10.0.0.1:5060;branch=z9hG4bKraw');
    const kept = fields.join('\r\n').replace('Max-Forwards: 9', 'Max-Forwards: 8');
    expect(rest.join('\r\n')).toBe(`${kept}\r\nMax-Breadth: 60`);
    expect(world.request('bob', 'MESSAGE').body).toEqual(new TextEncoder().encode('\u0000\r\n\u00e4'));
  });

  test('has the target as its Request-URI, without what may not be there (@req rfc3261:16.6:11, @req rfc3261:16.6:12)', () => {
    const uri = 'sip:bob@10.0.1.1;x=1;method=INVITE?Subject=hi';
    const { world, alice, proxy } = forked(['bob'], { users: { 'sip:bob@b.example': [{ uri }] } });
    alice.send(requestOf('MESSAGE', 'sip:bob@b.example'), peerAt(proxy));
    world.run();
    expect(world.request('bob', 'MESSAGE').uri).toBe('sip:bob@10.0.1.1;x=1');
  });

  test('has Max-Forwards one less, or 70 where there was none (@req rfc3261:16.6:13, @req rfc3261:16.6:14)', () => {
    const { world, alice, proxy } = forked(['bob']);
    alice.send(requestOf('MESSAGE', 'sip:bob@b.example', [set(maxForwards, 12)]), peerAt(proxy));
    world.run();
    expect(world.request('bob', 'MESSAGE').get(maxForwards)).toBe(11);
    world.transmit(alice, peerAt(proxy), written('OPTIONS sip:bob@b.example', fieldsOf('OPTIONS').slice(1)));
    world.run();
    expect(world.request('bob', 'OPTIONS').get(maxForwards)).toBe(70);
  });

  test('has our Via on top with a branch of its own, and in the one below where it came from (@req rfc3261:16.6:54, @req rfc3261:16.6:56, @req rfc5393:4.2.1:1, @req rfc5393:4.2.1:3)', () => {
    const { world, alice, bobs, proxy } = forked(['bob', 'bill']);
    alice.send(requestOf('MESSAGE', 'sip:bob@b.example'), peerAt(proxy));
    world.run();
    const tops = bobs.map((bob) => bob.requests()[0]?.getAll(via) ?? []);
    const branches = tops.map(([own]) => own?.params.get('branch'));
    expect(new Set(branches).size).toBe(2);
    for (const [own, alices] of tops) {
      expect(own).toMatchObject({ host: '10.0.0.100', port: 5060, transport: 'UDP' });
      expect(own?.params.get('branch')).toMatch(/^z9hG4bK[a-z0-9]{16}\./);
      expect(alices?.params.get('rport')).toBe('5060');
      expect(alices?.params.get('received')).toBe('10.0.0.1');
    }
  });

  test('has a Content-Length, whatever it came by; so has the response (@req rfc3261:16.6:61)', () => {
    const { world, alice, bobs, proxy } = forked(['bob'], {
      users: { 'sip:bob@b.example': [{ uri: 'sip:bob@10.0.1.1;transport=tcp' }] },
    });
    const fields = fieldsOf('MESSAGE', ['Content-Type: text/plain']);
    world.transmit(alice, peerAt(proxy), written('MESSAGE sip:bob@b.example', fields, 'hello'));
    world.run();
    expect(bobs[0]?.requests()[0]?.raw('Content-Length')).toEqual(['5']);
    expect(new TextDecoder().decode(bobs[0]?.requests()[0]?.body)).toBe('hello');
  });

  test('goes by a client transaction of its own, which repeats it (@req rfc3261:16.6:62)', () => {
    const { world, alice, bobs, proxy } = forked(['bob']);
    let lost = 2;
    world.lose = ({ to }) => to === 'bob' && lost-- > 0;
    alice.send(requestOf('MESSAGE', 'sip:bob@b.example'), peerAt(proxy));
    world.run();
    expect(alice.finals()).toEqual([200]);
    expect(bobs[0]?.requests()).toHaveLength(1);
  });

  test('goes once, however often the request comes, to all that it forks to, and from UDP to TCP (@req rfc3261:16.1:4, @req rfc3261:16.1:7)', () => {
    const { world, alice, bobs, proxy } = forked(['bob', 'bill'], {
      users: {
        'sip:bob@b.example': [{ uri: 'sip:bob@10.0.1.1;transport=tcp' }, { uri: 'sip:bill@10.0.1.2' }],
      },
    });
    for (const bob of bobs) bob.answers = () => [];
    alice.send(requestOf('MESSAGE', 'sip:bob@b.example'), peerAt(proxy));
    world.run(3000);
    expect(world.to('p', 'MESSAGE').length).toBeGreaterThan(2);
    expect(world.to('bob', 'MESSAGE')).toHaveLength(1);
    expect(bobs.map((bob) => bob.requests().length)).toEqual([1, 1]);
    // The answer comes once by TCP; what Alice misses of it is sent again by the proxy.
    let lost = 1;
    world.lose = ({ to }) => to === 'alice' && lost-- > 0;
    bobs[0]?.answer(200);
    world.run(5000);
    expect(alice.finals()).toEqual([200]);
    expect(world.to('p', 200)).toHaveLength(1);
  });

  test('of an INVITE is preceded by a 100 of the proxy, when nothing else comes within 200 ms (@req rfc3261:16.2:1)', () => {
    const { world, alice, bobs, proxy } = forked(['bob']);
    world.lose = ({ to }) => to === 'bob';
    for (const bob of bobs) bob.answers = () => [];
    alice.send(requestOf('INVITE', 'sip:bob@b.example'), peerAt(proxy));
    world.run(200);
    expect(alice.outcomes()).toEqual([]);
    world.run(10);
    expect(alice.outcomes()).toEqual([100]);
  });

  test('goes to those with the highest q first, to equals at once, to the next when all have failed', () => {
    const { world, alice, bobs, proxy } = forked(['b1', 'b2', 'b3', 'b4'], { q: [0.5, 1, 1, 0.7] });
    for (const bob of bobs) bob.answers = () => [486];
    alice.send(requestOf('INVITE', 'sip:bob@b.example'), peerAt(proxy));
    world.run();
    const invites = world.ladder().filter((line) => line.startsWith('p INVITE') || line.endsWith('486 p'));
    expect(invites).toEqual([
      'p INVITE b2',
      'p INVITE b3',
      'b2 486 p',
      'b3 486 p',
      'p INVITE b4',
      'b4 486 p',
      'p INVITE b1',
      'b1 486 p',
    ]);
    expect(alice.finals()).toEqual([486]);
  });
});

describe('Record-Route (RFC 3261 §16.6 step 4)', () => {
  const dialogs = ['INVITE', 'SUBSCRIBE', 'REFER', 'NOTIFY', 'FROB'];
  const others = ['MESSAGE', 'OPTIONS', 'PUBLISH', 'BYE', 'INFO'];

  test.each(dialogs)(
    '%s gets a value above those there, a sip URI of ours with lr (@req rfc6665:4.3:1, @req rfc3261:16.6:15, @req rfc3261:16.6:18, @req rfc3261:16.6:19, @req rfc3261:16.6:22, @req rfc3261:16.6:28)',
    (method) => {
      const { world, alice, proxy } = forked(['bob']);
      const headers = [set('Record-Route', '<sip:before.example;lr>')];
      alice.send(requestOf(method, 'sip:bob@b.example', headers), peerAt(proxy));
      world.run();
      const [own, before] = world.request('bob', method).getAll(recordRoute);
      expect(own?.uri).toMatchObject({ scheme: 'sip', host: '10.0.0.100', port: 5060 });
      expect(own?.uri.type === 'sip' && [...own.uri.params]).toEqual([['lr', undefined]]);
      expect(before?.uri).toMatchObject({ host: 'before.example' });
    },
  );

  test('also in a dialog, and where a Route is preloaded (@req rfc3261:16.6:16)', () => {
    const { world, alice, proxy } = forked(['bob'], { admit: () => undefined });
    const headers = [set('To', '<sip:bob@b.example>;tag=b'), set('Route', '<sip:10.0.0.100;lr>')];
    alice.send(requestOf('INVITE', 'sip:bob@10.0.1.1', headers), peerAt(proxy));
    world.run();
    expect(world.request('bob', 'INVITE').raw('Record-Route')).toHaveLength(1);
  });

  test.each(others)('%s gets none', (method) => {
    const { world, alice, proxy } = forked(['bob']);
    alice.send(requestOf(method, 'sip:bob@b.example'), peerAt(proxy));
    world.run();
    expect(world.request('bob', method).has('Record-Route')).toBe(false);
  });

  test.each(dialogs)('%s gets none where it is not wanted (@req rfc6665:4.3:3)', (method) => {
    const { world, alice, proxy } = forked(['bob'], { recordRoute: false });
    alice.send(requestOf(method, 'sip:bob@b.example'), peerAt(proxy));
    world.run();
    expect(world.request('bob', method).has('Record-Route')).toBe(false);
  });

  /** Alice and Bob by the transports given, a proxy between them that records only where it must. */
  function between(from: 'udp' | 'tcp' | 'tls', to: 'udp' | 'tcp' | 'tls', scheme = 'sip', recorded = false) {
    const world = new World();
    const alice = world.add(new Agent(world, 'alice', '10.0.0.1', from));
    const bob = world.add(new Agent(world, 'bob', '10.0.1.1', to));
    const contact = scheme === 'sips' ? 'sips:bob@10.0.1.1' : `sip:bob@10.0.1.1;transport=${to}`;
    const proxy = world.add(
      new Hop(world, 'p', '10.0.0.100', {
        transports: 'udp tcp tls',
        recordRoute: recorded,
        domains: ['b.example'],
        users: { [`${scheme}:bob@b.example`]: [{ uri: contact }] },
      }),
    );
    const contactOf = [set('Contact', `<${scheme}:alice@10.0.0.1>`)];
    alice.send(requestOf('INVITE', `${scheme}:bob@b.example`, contactOf), peerAt(proxy, from));
    world.run(100);
    const values = [world.request('bob', 'INVITE'), world.response('alice', 200)].map((message) =>
      message.raw('Record-Route')[0]?.replace(/rr~[^@]*@/, 'mark@'),
    );
    return { world, alice, bob, proxy, values };
  }

  test('a sips request that did not come by TLS: sips behind, sip before (@req rfc3261:16.6:23, @req rfc3261:16.6:24, @req rfc3261:16.7:36, @req rfc3261:16.7:37)', () => {
    expect(between('tcp', 'tls', 'sips').values).toEqual([
      '<sips:mark@10.0.0.100:5061;lr>',
      '<sip:mark@10.0.0.100:5060;lr;transport=tcp>',
    ]);
  });

  test('a request that came by TLS and goes on without: sip behind, sips before (@req rfc3261:16.6:25, @req rfc3261:16.7:36)', () => {
    expect(between('tls', 'udp').values).toEqual([
      '<sip:mark@10.0.0.100:5060;lr>',
      '<sips:mark@10.0.0.100:5061;lr>',
    ]);
  });

  test('one that comes by UDP and goes on by TLS: the transport behind, none before (@req rfc3261:16.7:37)', () => {
    expect(between('udp', 'tls', 'sip', true).values).toEqual([
      '<sip:mark@10.0.0.100:5061;lr;transport=tls>',
      '<sip:mark@10.0.0.100:5060;lr>',
    ]);
  });

  test('names a transport only to the side that has just used it (@req rfc3261:16.6:21, @req rfc3261:16.7:39, @req rfc3261:16.7:38)', () => {
    expect(between('udp', 'tcp', 'sip', true).values).toEqual([
      '<sip:mark@10.0.0.100:5060;lr;transport=tcp>',
      '<sip:mark@10.0.0.100:5060;lr>',
    ]);
    expect(between('tls', 'tls', 'sips', true).values).toEqual([
      '<sips:mark@10.0.0.100:5061;lr>',
      '<sips:mark@10.0.0.100:5061;lr>',
    ]);
  });

  test('both ends send by it over their own transports', () => {
    const { world, alice, bob, proxy } = between('tls', 'udp');
    const ok = world.response('alice', 200);
    const tags = [set('To', ...ok.raw('To')), set('Call-ID', ...ok.raw('Call-ID'))];
    alice.give({
      type: 'send',
      id: 'bye',
      request: requestOf('BYE', 'sip:bob@10.0.1.1', [...tags, set('Route', ...ok.raw('Record-Route'))]),
    });
    const invite = world.request('bob', 'INVITE');
    bob.give({
      type: 'send',
      id: 'info',
      request: requestOf('MESSAGE', 'sips:alice@10.0.0.1', [
        ...tags,
        set('Route', ...invite.raw('Record-Route')),
      ]),
    });
    world.run(100);
    expect(bob.requests('BYE')).toHaveLength(1);
    expect(alice.requests('MESSAGE')).toHaveLength(1);
    expect(proxy.asked.slice(2)).toMatchObject([{ reach: 'dialog' }, { reach: 'dialog' }]);
  });

  test('of a request that spirals each value is found again and rewritten for its own side (@req rfc3261:16.6:26, @req rfc3261:16.7:40)', () => {
    const world = new World();
    const alice = world.add(new Agent(world, 'alice', '10.0.0.1', 'tls'));
    world.add(new Agent(world, 'bob', '10.0.1.1', 'udp'));
    const proxy = world.add(
      new Hop(world, 'p', '10.0.0.100', {
        transports: 'udp tcp tls',
        domains: ['b.example'],
        users: {
          // From TLS to TCP here, then from TCP to UDP.
          'sip:bob@b.example': [{ uri: 'sip:bill@b.example;maddr=10.0.0.100;transport=tcp' }],
          'sip:bill@b.example': [{ uri: 'sip:bob@10.0.1.1' }],
        },
        admit: () => undefined,
      }),
    );
    alice.send(requestOf('INVITE', 'sip:bob@b.example'), peerAt(proxy, 'tls'));
    world.run(100);
    const mask = (values: readonly string[]) => values.map((value) => value.replace(/rr~[^@]*@/, 'mark@'));
    expect(mask(world.request('bob', 'INVITE').raw('Record-Route'))).toEqual([
      '<sip:mark@10.0.0.100:5060;lr>',
      '<sip:mark@10.0.0.100:5060;lr;transport=tcp>',
    ]);
    expect(mask(world.response('alice', 200).raw('Record-Route'))).toEqual([
      '<sip:mark@10.0.0.100:5060;lr;transport=tcp>',
      '<sips:mark@10.0.0.100:5061;lr>',
    ]);
    expect(world.request('bob', 'INVITE').get(maxBreadth)).toBe(60);
  });
});
