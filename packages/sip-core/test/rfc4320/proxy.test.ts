import { describe, expect, test } from 'vitest';
import { createResponse } from '../../src/index.ts';
import { forked, isAtRest, peerAt, requestOf } from '../support/proxies.ts';

describe('a proxy and requests other than INVITE (RFC 4320 §4)', () => {
  test('passes on no provisional response but leaves the 100 to its server transaction (@req rfc4320:4.1:1, @req rfc3261:16.2:2)', () => {
    const { world, alice, bobs, proxy } = forked(['b0']);
    const [bob] = bobs;
    if (bob !== undefined) bob.answers = () => [];
    const { transport, host, port } = peerAt(proxy);
    alice.send(requestOf('MESSAGE', 'sip:bob@b.example'), { transport, host, port });
    world.run(10);
    // A provisional response that Bob's endpoint would not send.
    const request = world.request('b0', 'MESSAGE');
    if (bob !== undefined)
      for (const status of [100, 180])
        world.transmit(bob, peerAt(proxy), createResponse(request, status, { toTag: 'x' }).toBytes());
    world.run(3000);
    expect(world.to('alice')).toEqual([]);
    world.run(1000);
    // Timer E is at T2 by then.
    expect(alice.outcomes()).toEqual([100]);
  });

  test('answers nothing when no branch does: no 408, and nothing is left (@req rfc4320:4.2:1)', () => {
    const { world, alice, bobs, proxy } = forked(['b0', 'b1']);
    world.lose = ({ to }) => to.startsWith('b');
    alice.send(requestOf('MESSAGE', 'sip:bob@b.example'), peerAt(proxy));
    world.run();
    expect(alice.finals()).toEqual(['timeout']);
    expect(world.to('alice', 408)).toEqual([]);
    expect(isAtRest([proxy], [alice, ...bobs])).toBe(true);
  });

  test('does not pass a 408 on, but another response of another branch', () => {
    const { world, alice, bobs, proxy } = forked(['b0', 'b1']);
    const request = () => world.request('b0', 'MESSAGE');
    for (const bob of bobs) bob.answers = () => [];
    alice.send(requestOf('MESSAGE', 'sip:bob@b.example'), peerAt(proxy));
    world.run(10);
    const [first, second] = bobs;
    if (first !== undefined)
      world.transmit(first, peerAt(proxy), createResponse(request(), 408, { toTag: 'x' }).toBytes());
    world.run(10);
    second?.answer(500);
    world.run(100);
    expect(alice.finals()).toEqual([500]);
  });

  test('passes on no response that comes when its server transaction is over (@req rfc4320:4.2:2)', () => {
    const { world, alice, bobs, proxy } = forked(['b0', 'b1'], { q: [1, 0.5] });
    for (const bob of bobs) bob.answers = () => [];
    world.lose = ({ to }) => to === 'b0';
    alice.send(requestOf('MESSAGE', 'sip:bob@b.example'), peerAt(proxy));
    world.run();
    // The first took 64*T1: nobody would hear what the second says.
    expect(world.to('b1')).toEqual([]);
    expect(isAtRest([proxy], [alice, ...bobs])).toBe(true);
  });
});
