import { describe, expect, test } from 'vitest';
import { createResponse, set } from '../../src/index.ts';
import { forked, isAtRest, peerAt, requestOf } from '../support/proxies.ts';

describe('a proxy and the 2xx of an INVITE (RFC 6026)', () => {
  test('a 2xx that comes again goes on again, while its transactions last; then nothing is left', () => {
    const { world, alice, bobs, proxy } = forked(['b0']);
    alice.send(requestOf('INVITE', 'sip:bob@b.example'), peerAt(proxy));
    world.run(10);
    const again = createResponse(world.request('b0', 'INVITE'), 200, { toTag: 'tag-b0' });
    const [bob] = bobs;
    for (const later of [500, 4000, 20_000])
      world.later(later, () => {
        if (bob !== undefined) world.transmit(bob, peerAt(proxy), again.toBytes());
      });
    world.run(31_000);
    expect(alice.finals()).toEqual([200, 200, 200, 200]);
    world.run();
    expect(isAtRest([proxy], [alice, ...bobs])).toBe(true);
  });

  test('several 2xx of a branch that forked further on all go back, each with its tag', () => {
    const { world, alice, bobs, proxy } = forked(['b0']);
    const [bob] = bobs;
    if (bob !== undefined) bob.answers = () => [];
    alice.send(requestOf('INVITE', 'sip:bob@b.example'), peerAt(proxy));
    world.run(10);
    for (const toTag of ['one', 'two'])
      if (bob !== undefined)
        world.transmit(
          bob,
          peerAt(proxy),
          createResponse(world.request('b0', 'INVITE'), 200, { toTag }).toBytes(),
        );
    world.run(10);
    const tags = world.to('alice', 200).map((each) => each.raw('To')[0]?.split('tag=')[1]);
    expect(tags).toEqual(['one', 'two']);
  });

  test('INVITEs that come again are absorbed after the 2xx, and the ACK goes through', () => {
    const { world, alice, proxy } = forked(['b0']);
    alice.send(requestOf('INVITE', 'sip:bob@b.example'), peerAt(proxy));
    world.run(10);
    const invite = world.request('p', 'INVITE');
    world.flights.length = 0;
    world.transmit(alice, peerAt(proxy), invite.toBytes());
    world.run(10);
    expect(world.ladder()).toEqual(['alice INVITE p']);
  });

  test('a response of no transaction goes nowhere, whatever its Vias say (@req rfc6026:7.3:1, @req rfc6026:7.3:2, @req rfc6026:8.2:1, @req rfc6026:8.9:2)', () => {
    const { world, alice, bobs, proxy } = forked(['b0']);
    const [bob] = bobs;
    for (const [method, branch] of [
      ['INVITE', 'z9hG4bKnever'],
      ['MESSAGE', 'z9hG4bKnever.mark'],
    ] as const) {
      const request = requestOf(method, 'sip:bob@b.example', [
        set(
          'Via',
          `SIP/2.0/UDP 10.0.0.100:5060;branch=${branch}`,
          'SIP/2.0/UDP 10.0.0.1:5060;branch=z9hG4bK1',
        ),
      ]);
      for (const status of [180, 200, 486])
        if (bob !== undefined)
          world.transmit(bob, peerAt(proxy), createResponse(request, status, { toTag: 'x' }).toBytes());
    }
    world.run();
    expect(world.to('alice')).toEqual([]);
    expect(proxy.heard).toHaveLength(6);
    expect(isAtRest([proxy], [alice])).toBe(true);
  });

  test('a context lasts while a branch does, also after the answer (@req rfc3261:16.7:47)', () => {
    const { world, alice, bobs, proxy } = forked(['b0', 'b1']);
    for (const bob of bobs) bob.answers = () => [180];
    alice.send(requestOf('INVITE', 'sip:bob@b.example'), peerAt(proxy));
    world.run(100);
    bobs[0]?.answer(200);
    world.lose = ({ message }) => message.type === 'request' && message.method === 'CANCEL';
    world.run(1000);
    expect(proxy.core.size).toBe(1);
    bobs[1]?.answer(200);
    world.run(10);
    expect(alice.finals()).toEqual([200, 200]);
    world.run();
    expect(isAtRest([proxy], [alice, ...bobs])).toBe(true);
  });
});
