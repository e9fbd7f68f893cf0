import { describe, expect, test } from 'vitest';
import { set } from '../../src/index.ts';
import { fieldsOf, forked, isAtRest, peerAt, requestOf, written } from '../support/proxies.ts';

/** Alice's INVITE to two Bobs that ring; she takes it back at some moment. */
function ringing(setup: Parameters<typeof forked>[1] = {}) {
  const { world, alice, bobs, proxy } = forked(['b0', 'b1'], setup);
  for (const bob of bobs) bob.answers = () => [180];
  const id = alice.send(requestOf('INVITE', 'sip:bob@b.example'), peerAt(proxy));
  const cancel = () => alice.give({ type: 'cancel', id });
  return { world, alice, bobs, proxy, cancel };
}

describe('CANCEL (RFC 3261 §16.10)', () => {
  test('is answered at once, goes to all pending branches, and the INVITE ends with 487 (@req rfc3261:16.10:2, @req rfc3261:16.10:4, @req rfc3261:16.10:5)', () => {
    const { world, alice, bobs, proxy, cancel } = ringing();
    world.run(100);
    world.flights.length = 0;
    cancel();
    world.run(100);
    expect(world.ladder().slice(0, 4)).toEqual([
      'alice CANCEL p',
      'p 200 alice',
      'p CANCEL b0',
      'p CANCEL b1',
    ]);
    expect(alice.finals()).toEqual([487]);
    world.run();
    expect(isAtRest([proxy], [alice, ...bobs])).toBe(true);
  });

  test('has the branch of its INVITE, hop by hop (@req rfc3261:16.6:59, @req rfc3261:16.6:60, @req rfc5393:4.2.1:6, @req rfc5393:4.2.1:7)', () => {
    const { world, cancel } = ringing();
    world.run(100);
    cancel();
    world.run(100);
    for (const name of ['b0', 'b1']) {
      const [invite, cancelled, ack] = ['INVITE', 'CANCEL', 'ACK'].map((method) =>
        world.request(name, method),
      );
      expect(cancelled?.raw('Via')).toEqual(invite?.raw('Via').slice(0, 1));
      expect(ack?.raw('Via')).toEqual(invite?.raw('Via').slice(0, 1));
    }
  });

  test('of a branch that has not answered yet is sent when it does', () => {
    const { world, alice, bobs, cancel, proxy } = ringing();
    for (const bob of bobs) bob.answers = () => [];
    world.lose = ({ from, message }) =>
      from.startsWith('b') && message.type === 'response' && message.status === 100;
    world.run(250);
    cancel();
    world.run(100);
    expect(world.to('b0', 'CANCEL')).toEqual([]);
    for (const bob of bobs) bob.answer(180);
    world.run(100);
    expect(world.to('b0', 'CANCEL')).toHaveLength(1);
    expect(alice.finals()).toEqual([487]);
    world.run();
    expect(isAtRest([proxy], [alice, ...bobs])).toBe(true);
  });

  test('of an INVITE whose branches never answer ends in 487', () => {
    const { world, alice, cancel } = ringing();
    world.lose = ({ to }) => to.startsWith('b');
    world.run(250);
    cancel();
    world.run(40_000);
    expect(alice.finals()).toEqual([487]);
  });

  test('while the proxy still asks ends the INVITE there, and nothing is forwarded after it', () => {
    for (const type of ['admit', 'locate']) {
      const { world, alice, bobs, proxy, cancel } = ringing();
      proxy.isSlow = true;
      world.run(10);
      const [admit] = proxy.asked;
      if (type === 'locate' && admit !== undefined) proxy.decide(admit);
      world.run(300);
      cancel();
      world.run(100);
      expect(alice.finals()).toEqual([487]);
      for (const question of [...proxy.asked]) proxy.decide(question);
      world.run(100);
      expect(bobs.flatMap((bob) => bob.requests())).toEqual([]);
      expect(proxy.core.size).toBe(0);
    }
  });

  test('that crosses a 2xx changes nothing: the 2xx goes back, and so does one that comes after the CANCEL', () => {
    const { world, alice, bobs, cancel } = ringing();
    world.run(100);
    bobs[0]?.answer(200);
    cancel();
    world.run(100);
    expect(alice.finals()).toEqual([200]);
    expect(world.to('b1', 'CANCEL')).toHaveLength(1);
    const late = ringing();
    late.world.run(100);
    late.cancel();
    late.world.run(1);
    // The CANCEL is at the proxy, not yet at Bob, who takes the call.
    late.bobs[0]?.answer(200);
    late.world.run(100);
    expect(late.alice.finals()).toEqual([200]);
    expect(late.world.ladder()).toContain('b1 487 p');
  });

  test('that comes after the final response is answered and goes no further', () => {
    const { world, alice, bobs, cancel, proxy } = ringing();
    world.run(100);
    bobs[0]?.answer(486);
    bobs[1]?.answer(486);
    cancel();
    world.run(100);
    expect(alice.finals()).toEqual([486]);
    expect(world.to('b0', 'CANCEL')).toEqual([]);
    expect(proxy.core.size).toBe(0);
  });

  test('starts no serial branch any more', () => {
    const { world, alice, bobs, cancel } = ringing({ q: [1, 0.5] });
    world.run(100);
    cancel();
    world.run();
    expect(bobs[1]?.requests()).toEqual([]);
    expect(alice.finals()).toEqual([487]);
  });

  test('of no known request is sent on statelessly, the same way each time, and its answer is dropped (@req rfc3261:16.10:6, @req rfc6026:7.3:2, @req rfc4320:4.2:2)', () => {
    const { world, alice, bobs, proxy } = forked(['b0']);
    const fields = fieldsOf('CANCEL').map((field) =>
      field.replace('Call-ID: raw-CANCEL', 'Call-ID: raw-INVITE'),
    );
    for (let n = 0; n < 2; n += 1)
      world.transmit(alice, peerAt(proxy), written('CANCEL sip:bob@b.example', fields));
    world.run(100);
    const [first, second] = world.to('b0', 'CANCEL');
    expect(first?.raw('Via')).toEqual(second?.raw('Via'));
    expect(first?.raw('Via')).toHaveLength(2);
    expect(first?.has('Max-Breadth')).toBe(false);
    expect(world.to('p', 481).length).toBeGreaterThan(0);
    expect(world.to('alice')).toEqual([]);
    world.run();
    expect(isAtRest([proxy], [alice, ...bobs])).toBe(true);
  });

  test('of no known request that would go elsewhere is dropped: it could not be challenged', () => {
    const { world, alice, proxy } = forked(['b0'], { admit: () => undefined });
    world.transmit(alice, peerAt(proxy), written('CANCEL sip:bob@10.0.1.1', fieldsOf('CANCEL')));
    world.run(100);
    expect(world.to('b0')).toEqual([]);
  });
});

describe('the ACK of a 2xx (RFC 3261 §16.11)', () => {
  test('goes along the route of the dialog without a transaction, repeated ones the same in everything (@req rfc3261:16.11:1, @req rfc3261:16.11:3, @req rfc3261:16.11:5, @req rfc3261:16.11:6, @req rfc3261:16.11:8, @req rfc3261:16.11:9, @req rfc3261:16.11:10, @req rfc3261:16.11:12, @req rfc3261:16.11:13, @req rfc3261:16.11:14, @req rfc3261:16.11:15)', () => {
    const { world, alice, bobs, proxy } = forked(['b0']);
    alice.send(requestOf('INVITE', 'sip:bob@b.example'), peerAt(proxy));
    world.run(50);
    const ok = world.response('alice', 200);
    const ack = (branch: string) =>
      requestOf('ACK', 'sip:b0@10.0.1.1', [
        set('Via', `SIP/2.0/UDP 10.0.0.1:5060;branch=${branch}`),
        set('To', ...ok.raw('To')),
        set('Call-ID', ...ok.raw('Call-ID')),
        set('Route', ...ok.raw('Record-Route')),
      ]).toBytes();
    for (const branch of ['z9hG4bK1', 'z9hG4bK1', 'z9hG4bK2'])
      world.transmit(alice, peerAt(proxy), ack(branch));
    world.run(50);
    const [one, again, other] = world.to('b0', 'ACK').map((each) => each.raw('Via')[0]);
    expect(one).toBe(again);
    expect(world.to('b0', 'ACK')[0]?.toBytes()).toEqual(world.to('b0', 'ACK')[1]?.toBytes());
    expect(world.to('alice').filter((each) => each.type === 'response' && each.status < 200)).toEqual([]);
    expect(one).not.toBe(other);
    expect(world.to('b0', 'ACK')[0]?.raw('Route')).toEqual([]);
    expect(world.to('b0', 'ACK')[0]?.raw('Max-Forwards')).toEqual(['69']);
    world.run();
    expect(isAtRest([proxy], [alice, ...bobs])).toBe(true);
  });

  test('is validated like all others (@req rfc3261:16.11:2)', () => {
    const { world, alice, proxy } = forked(['b0']);
    const spent = fieldsOf('ACK').map((field) => field.replace('70', '0'));
    world.transmit(alice, peerAt(proxy), written('ACK sip:bob@b.example', spent));
    world.run(50);
    expect(world.to('b0')).toEqual([]);
  });

  test('is not relayed for one who has no such route', () => {
    const { world, alice, proxy } = forked(['b0'], { admit: () => undefined });
    world.transmit(alice, peerAt(proxy), written('ACK sip:b0@10.0.1.1', fieldsOf('ACK')));
    world.run(50);
    expect(world.to('b0')).toEqual([]);
  });

  test('to a user here goes where the location service says first, to one place, as a CANCEL does (@req rfc3261:16.11:4, @req rfc3261:16.11:7, @req rfc3261:16.11:16)', () => {
    const { world, alice, proxy } = forked(['b0', 'b1'], { q: [0.5, 1] });
    world.transmit(alice, peerAt(proxy), written('ACK sip:bob@b.example', fieldsOf('ACK')));
    world.run(50);
    expect([world.to('b0').length, world.to('b1').length]).toEqual([0, 1]);
    world.transmit(alice, peerAt(proxy), written('CANCEL sip:bob@b.example', fieldsOf('CANCEL')));
    world.run(50);
    expect([world.to('b0').length, world.to('b1').length]).toEqual([0, 2]);
    expect(proxy.core.size).toBe(0);
  });
});
