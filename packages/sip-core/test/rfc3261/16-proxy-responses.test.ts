import { describe, expect, test } from 'vitest';
import { createResponse, parseMessage, set, via } from '../../src/index.ts';
import { ProxyCore } from '../../src/proxy/index.ts';
import { forked, isAtRest, peerAt, requestOf } from '../support/proxies.ts';
import { incoming, seeded, T0, there } from '../support/sip.ts';

/** What Alice gets for an INVITE when its branches answer so. */
function answered(statuses: readonly number[], method = 'INVITE'): (number | string)[] {
  const { world, alice, bobs, proxy } = forked(statuses.map((_, index) => `b${index}`));
  for (const [index, bob] of bobs.entries()) bob.answers = () => [statuses[index] ?? 500];
  alice.send(requestOf(method, 'sip:bob@b.example'), peerAt(proxy));
  world.run();
  expect(isAtRest([proxy], [alice, ...bobs])).toBe(true);
  return alice.finals();
}

const classes = [302, 401, 404, 407, 415, 420, 480, 484, 486, 487, 500, 503, 504, 600, 603];

/** What §16.7 step 6 says of two responses, written another way than the code does. */
function better(a: number, b: number): number[] {
  const group = (status: number) => Math.floor(status / 100);
  if (group(a) !== group(b)) {
    if (group(a) === 6) return [a];
    if (group(b) === 6) return [b];
    const lowest = group(a) < group(b) ? a : b;
    return [lowest === 503 ? 500 : lowest];
  }
  const helps = [401, 407, 415, 420, 484];
  const candidates = [a, b].filter((status) => helps.includes(status));
  return (candidates.length > 0 ? candidates : [a, b]).map((status) => (status === 503 ? 500 : status));
}

describe('the best response (RFC 3261 §16.7 step 6)', () => {
  test('of every two: 6xx, else the lowest class, there what helps to try again (@req rfc3261:16.7:19, @req rfc3261:16.7:20, @req rfc3261:16.7:22, @req rfc3261:16.7:23, @req rfc3261:16.7:24, @req rfc3261:16.7:26, @req rfc3261:16.7:16)', () => {
    for (const a of classes) {
      for (const b of classes) {
        const [got, ...more] = answered([a, b]);
        expect(more).toEqual([]);
        expect(better(a, b), `${a} and ${b}`).toContain(got);
      }
    }
  });

  test('the example: of 503, 407, 501 and 404 it is 407', () => {
    expect(answered([503, 407, 501, 404])).toEqual([407]);
  });

  test('of every three classes in any order one is chosen, the same way', () => {
    for (const a of [302, 404, 503])
      for (const b of [407, 500, 600])
        for (const c of [486, 603, 301]) {
          const expected = [a, b, c].some((status) => status >= 600)
            ? [a, b, c].filter((status) => status >= 600)
            : [a, b, c].filter((status) => status < 400);
          const wanted =
            expected.length > 0 ? expected : b === 407 ? [407] : [a, b, c].filter((s) => s < 500);
          expect(wanted, `${a} ${b} ${c}`).toContain(answered([a, b, c])[0]);
        }
  });

  test('a 503 alone becomes a 500 (@req rfc3261:16.7:27, @req rfc3261:16.7:28)', () => {
    expect(answered([503])).toEqual([500]);
    expect(answered([503, 503])).toEqual([500]);
    expect(answered([503], 'MESSAGE')).toEqual([500]);
  });

  test('nothing answered an INVITE: 408 (@req rfc3261:16.7:21)', () => {
    const { world, alice, bobs, proxy } = forked(['b0']);
    world.lose = ({ to }) => to === 'b0';
    alice.send(requestOf('INVITE', 'sip:bob@b.example'), peerAt(proxy));
    world.run();
    expect(alice.finals()).toEqual([408]);
    expect(isAtRest([proxy], [alice, ...bobs])).toBe(true);
  });

  test('what cannot be sent is like a 503, and answered 500 (@req rfc3261:16.9:1)', () => {
    const { world, alice, proxy } = forked(['b0'], {
      users: { 'sip:bob@b.example': [{ uri: 'sip:bob@10.7.7.7' }] },
    });
    alice.send(requestOf('INVITE', 'sip:bob@b.example'), peerAt(proxy));
    world.run();
    expect(alice.finals()).toEqual([500]);
  });
});

describe('responses that are passed on (RFC 3261 §16.7)', () => {
  test('lose our Via, and nothing else: body, tags, received and unknown fields stay (@req rfc3261:16.7:31, @req rfc3261:16.7:32, @req rfc3261:16.7:42, @req rfc3261:16.7:43, @req rfc3261:16.7:44, @req rfc3261:16.7:45, @req rfc3327:5.2:4)', () => {
    for (const status of [180, 200, 302, 404, 603]) {
      const { world, alice, bobs, proxy } = forked(['b0'], { recordRoute: false });
      const [bob] = bobs;
      let sent: Uint8Array = new Uint8Array();
      if (bob === undefined) throw new Error('no Bob');
      bob.answers = (request) => {
        const response = createResponse(request, status, {
          toTag: 'bobs',
          reason: 'Just So',
          headers: [
            set('X-Odd', ' a ,b;;'),
            set('Path', '<sip:edge;lr>'),
            set('Date', 'whenever'),
            set('Contact', '<sip:bob@x>'),
          ],
          body: Uint8Array.of(0, 255, 13, 10),
          contentType: 'x/y',
        });
        sent = response.toBytes();
        return [response];
      };
      alice.send(requestOf('INVITE', 'sip:bob@b.example'), peerAt(proxy));
      world.run(100);
      const got = world.response('alice', status);
      const lines = new TextDecoder('latin1').decode(sent).split('\r\n');
      const own = lines.findIndex((line) => line.startsWith('Via: SIP/2.0/UDP 10.0.0.100'));
      lines.splice(own, 1);
      expect(new TextDecoder('latin1').decode(got.toBytes())).toBe(lines.join('\r\n'));
      expect(got.get(via)?.params.get('received')).toBe('10.0.0.1');
    }
  });

  test('get no To tag where they have none (@req rfc3261:16.7:30)', () => {
    const { world, alice, bobs, proxy } = forked(['b0']);
    const [bob] = bobs;
    if (bob !== undefined) bob.answers = (request) => [createResponse(request, 180)];
    world.lose = () => false;
    alice.send(requestOf('INVITE', 'sip:bob@b.example'), peerAt(proxy));
    world.run(50);
    // Bob's own endpoint adds his; what the proxy sends is what it got.
    expect(world.response('alice', 180).raw('To')).toEqual(world.response('p', 180).raw('To'));
  });

  test('keep the To tag of the request (@req rfc3261:16.7:33)', () => {
    const { world, alice, bobs, proxy } = forked(['b0', 'b1']);
    for (const bob of bobs) bob.answers = () => [481];
    const to = '<sip:bob@b.example>;tag=known';
    alice.send(requestOf('MESSAGE', 'sip:bob@b.example', [set('To', to)]), peerAt(proxy));
    world.run();
    expect(world.response('alice', 481).raw('To')).toEqual([to]);
  });

  test('are sent at once when provisional or 2xx; a 100 never is (@req rfc3261:16.7:13, @req rfc3261:16.7:17)', () => {
    const { world, alice, bobs, proxy } = forked(['b0', 'b1']);
    const [first, second] = bobs;
    if (first !== undefined) first.answers = () => [100, 180, 183];
    if (second !== undefined) second.answers = () => [100, 181];
    alice.send(requestOf('INVITE', 'sip:bob@b.example'), peerAt(proxy));
    world.run(100);
    expect(alice.outcomes()).toEqual([180, 183, 181]);
    second?.answer(200);
    world.run(10);
    expect(alice.outcomes()).toEqual([180, 183, 181, 200]);
  });

  test('a 2xx cancels the other branches, and each further 2xx goes on too (@req rfc3261:16.7:15, @req rfc3261:16.7:48)', () => {
    const { world, alice, bobs, proxy } = forked(['b0', 'b1', 'b2']);
    for (const bob of bobs) bob.answers = () => [180];
    alice.send(requestOf('INVITE', 'sip:bob@b.example'), peerAt(proxy));
    world.run(100);
    bobs[0]?.answer(200);
    // Too quick for the CANCEL that follows.
    bobs[1]?.answer(200);
    world.run(10);
    expect(alice.finals()).toEqual([200, 200]);
    expect(world.ladder().filter((line) => line.startsWith('p CANCEL'))).toEqual([
      'p CANCEL b1',
      'p CANCEL b2',
    ]);
    expect(world.ladder().filter((line) => line === 'b2 487 p')).toHaveLength(1);
    world.run();
    expect(isAtRest([proxy], [alice, ...bobs])).toBe(true);
  });

  test('a 6xx waits until the branches that it cancels have ended, and starts no more (@req rfc3261:16.7:14, @req rfc3261:16.7:49)', () => {
    const { world, alice, bobs, proxy } = forked(['b0', 'b1', 'b2'], { q: [1, 1, 0.5] });
    for (const bob of bobs) bob.answers = () => [180];
    alice.send(requestOf('INVITE', 'sip:bob@b.example'), peerAt(proxy));
    world.run(100);
    bobs[0]?.answer(603);
    world.run(100);
    expect(alice.finals()).toEqual([603]);
    const ladder = world.ladder();
    expect(ladder.indexOf('b1 487 p')).toBeLessThan(ladder.indexOf('p 603 alice'));
    expect(world.to('b2')).toEqual([]);
  });

  test('a 2xx that overtakes the CANCEL of a 6xx wins, and the 6xx is never sent', () => {
    const { world, alice, bobs, proxy } = forked(['b0', 'b1']);
    for (const bob of bobs) bob.answers = () => [180];
    alice.send(requestOf('INVITE', 'sip:bob@b.example'), peerAt(proxy));
    world.run(100);
    bobs[0]?.answer(603);
    bobs[1]?.answer(200);
    world.run();
    expect(alice.finals()).toEqual([200]);
  });

  test('an answer that cannot be delivered stops no branch (@req rfc3261:16.9:2)', () => {
    const { world, alice, bobs, proxy } = forked(['b0']);
    for (const bob of bobs) bob.answers = () => [180];
    alice.send(requestOf('INVITE', 'sip:bob@b.example'), peerAt(proxy));
    world.run(100);
    proxy.failed(peerAt(alice));
    world.run(100);
    expect(world.to('b0', 'CANCEL')).toEqual([]);
    bobs[0]?.answer(200);
    world.run(10);
    expect(alice.finals()).toEqual([200]);
  });
});

describe('redirection (RFC 3261 §16.7 step 4)', () => {
  const contacts = (...values: string[]) => [set('Contact', ...values)];

  function redirected(values: readonly string[], scheme = 'sip') {
    const target = { uri: `${scheme}:bob@10.0.1.1` };
    const { world, alice, bobs, proxy } = forked(['b0', 'b1', 'b2'], {
      recurse: true,
      transports: 'udp tcp tls',
      users: { [`${scheme}:bob@b.example`]: [target] },
    });
    const [bob] = bobs;
    if (bob !== undefined)
      bob.answers = (request) => [createResponse(request, 302, { toTag: 'x', headers: contacts(...values) })];
    alice.send(requestOf('INVITE', `${scheme}:bob@b.example`), peerAt(proxy));
    world.run();
    return { world, alice, bobs };
  }

  test('contacts are tried, and what cannot be is left in the response (@req rfc3261:16.7:7)', () => {
    const { world, alice, bobs } = redirected([
      '<sip:b1@10.0.1.2>;q=0.5',
      '<mailto:bob@b.example>',
      '<sip:b2@10.0.1.3>',
    ]);
    expect(alice.finals()).toEqual([200]);
    expect(bobs.map((bob) => bob.requests('INVITE').length)).toEqual([1, 0, 1]);
    expect(world.to('alice', 302)).toEqual([]);
  });

  test('a 302 all of whose contacts were tried is no candidate (@req rfc3261:16.7:9)', () => {
    const { world, alice, bobs, proxy } = forked(['b0', 'b1'], {
      recurse: true,
      users: { 'sip:bob@b.example': [{ uri: 'sip:bob@10.0.1.1' }] },
    });
    const [first, second] = bobs;
    if (first !== undefined)
      first.answers = (request) => [
        createResponse(request, 302, { toTag: 'x', headers: contacts('<sip:b1@10.0.1.2>') }),
      ];
    if (second !== undefined) second.answers = () => [486];
    alice.send(requestOf('INVITE', 'sip:bob@b.example'), peerAt(proxy));
    world.run();
    expect(alice.finals()).toEqual([486]);
  });

  test('a 302 that is answered has no contact that was tried', () => {
    const { world, alice, bobs, proxy } = forked(['b0', 'b1'], {
      recurse: true,
      users: { 'sip:bob@b.example': [{ uri: 'sip:bob@10.0.1.1' }] },
    });
    const [first, second] = bobs;
    const values = contacts('<sip:b1@10.0.1.2>', '<mailto:bob@b.example>');
    if (first !== undefined)
      first.answers = (request) => [createResponse(request, 302, { toTag: 'x', headers: values })];
    if (second !== undefined) second.answers = () => [486];
    alice.send(requestOf('INVITE', 'sip:bob@b.example'), peerAt(proxy));
    world.run();
    expect(world.response('alice', 302).raw('Contact')).toEqual(['<mailto:bob@b.example>']);
  });

  test('none is tried without sips where the request has it (@req rfc3261:16.7:8)', () => {
    const { world, alice, proxy } = forked(['b0', 'b1'], {
      recurse: true,
      transports: 'udp tls',
      users: { 'sips:bob@b.example': [{ uri: 'sips:bob@10.0.3.1' }] },
    });
    alice.send(requestOf('INVITE', 'sips:bob@b.example'), peerAt(proxy));
    world.run(5);
    const [, locate] = proxy.asked;
    proxy.give({ type: 'located', id: locate?.id ?? '', targets: [{ uri: 'sip:b1@10.0.1.2' }] });
    world.run();
    expect(world.to('b1')).toEqual([]);
  });

  test('a contact that was tried already is not tried again', () => {
    const { bobs } = redirected(['<sip:bob@10.0.1.1>', '<sip:b1@10.0.1.2>']);
    expect(bobs.map((bob) => bob.requests('INVITE').length)).toEqual([1, 1, 0]);
  });

  test('without the option it is the caller who is redirected', () => {
    const { world, alice, bobs, proxy } = forked(['b0']);
    const values = contacts('<sip:b1@10.0.1.2>');
    for (const bob of bobs)
      bob.answers = (request) => [createResponse(request, 302, { toTag: 'x', headers: values })];
    alice.send(requestOf('INVITE', 'sip:bob@b.example'), peerAt(proxy));
    world.run();
    expect(world.response('alice', 302).raw('Contact')).toEqual(['<sip:b1@10.0.1.2>']);
  });
});

describe('timer C (RFC 3261 §16.6 step 11, §16.7 step 2, §16.8)', () => {
  test('has to be above three minutes (@req rfc3261:16.6:64)', () => {
    expect(() => forked(['b0'], { timerC: 180_000 })).toThrow(RangeError);
    expect(() => forked(['b0'], { timerC: Number.NaN })).toThrow(RangeError);
  });

  test('an INVITE that rings without end is cancelled (@req rfc3261:16.6:63, @req rfc3261:16.8:1, @req rfc3261:16.8:2)', () => {
    const { world, alice, bobs, proxy } = forked(['b0'], { timerC: 200_000 });
    for (const bob of bobs) bob.answers = () => [180];
    alice.send(requestOf('INVITE', 'sip:bob@b.example'), peerAt(proxy));
    world.run();
    const cancel = world.flights.find(
      ({ message }) => message.type === 'request' && message.method === 'CANCEL',
    );
    // The 180 is there after three hops of a millisecond.
    expect(cancel?.at).toBe(200_003);
    expect(alice.finals()).toEqual([487]);
    expect(isAtRest([proxy], [alice, ...bobs])).toBe(true);
  });

  test('every provisional response but 100 starts it again (@req rfc3261:16.7:4)', () => {
    const { world, alice, bobs, proxy } = forked(['b0'], { timerC: 200_000 });
    for (const bob of bobs) bob.answers = () => [180];
    alice.send(requestOf('INVITE', 'sip:bob@b.example'), peerAt(proxy));
    world.later(150_000, () => bobs[0]?.answer(183));
    world.run();
    const cancel = world.flights.find(
      ({ message }) => message.type === 'request' && message.method === 'CANCEL',
    );
    expect(cancel?.at).toBe(350_001);
    const trying = forked(['b0'], { timerC: 200_000 });
    for (const bob of trying.bobs) bob.answers = () => [100];
    trying.alice.send(requestOf('INVITE', 'sip:bob@b.example'), peerAt(trying.proxy));
    trying.world.later(150_000, () => trying.bobs[0]?.answer(100));
    trying.world.run();
    const early = trying.world.flights.find(
      ({ message }) => message.type === 'request' && message.method === 'CANCEL',
    );
    expect(early?.at).toBe(200_001);
  });

  test('a branch without any response is given up as if by a 408 (@req rfc3261:16.8:3)', () => {
    // An endpoint gives up much sooner, so the core is driven alone.
    const core = new ProxyCore({ random: seeded(1), secret: new Uint8Array(32), isResponsible: () => true });
    const request = parseMessage(incoming('INVITE'));
    if (request.type !== 'request') throw new Error('no request');
    core.handle({ type: 'forward', transaction: 't', request, peer: there }, T0);
    core.handle({ type: 'admitted', id: 'proxy/1' }, T0);
    const targets = [{ uri: 'sip:a@10.0.0.1' }, { uri: 'sip:b@10.0.0.2', q: 0.5 }];
    expect(core.handle({ type: 'located', id: 'proxy/1', targets }, T0)).toMatchObject([{ type: 'send' }]);
    expect(core.deadline).toBe(T0 + 240_000);
    expect(core.handle({ type: 'tick' }, T0 + 240_000)).toMatchObject([
      { type: 'cancel', id: 'proxy/1/0' },
      { type: 'send', id: 'proxy/1/1' },
    ]);
    const last = core.handle({ type: 'tick' }, T0 + 480_000);
    expect(last).toMatchObject([{ type: 'cancel' }, { type: 'respond', response: { status: 408 } }]);
    expect(core.size).toBe(0);
  });

  test('one that answers nothing to its CANCEL either is given up: 408', () => {
    const { world, alice, bobs, proxy } = forked(['b0'], { timerC: 200_000 });
    for (const bob of bobs) bob.answers = () => [180];
    world.lose = ({ message, to }) =>
      to === 'b0' && message.type === 'request' && message.method === 'CANCEL';
    alice.send(requestOf('INVITE', 'sip:bob@b.example'), peerAt(proxy));
    world.run(300_000);
    expect(alice.finals()).toEqual([408]);
    expect(proxy.core.size).toBe(0);
  });
});
