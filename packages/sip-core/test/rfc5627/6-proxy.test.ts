import { describe, expect, test } from 'vitest';
import { createResponse, set } from '../../src/index.ts';
import type { ProxyTarget } from '../../src/proxy/index.ts';
import { Agent, Hop, type ProxySetup, peerAt, requestOf, World } from '../support/proxies.ts';

const GRUU = 'sip:bob@b.example;gr=urn:uuid:1';

function around(target: Partial<ProxyTarget>, setup: ProxySetup = {}) {
  const world = new World();
  const alice = world.add(new Agent(world, 'alice', '10.0.0.1'));
  const bob = world.add(new Agent(world, 'bob', '10.0.1.1'));
  const other = world.add(new Agent(world, 'other', '10.0.2.1'));
  const users = { 'sip:bob@b.example': [{ uri: 'sip:bob@10.0.1.1', instance: 'urn:uuid:1', ...target }] };
  const proxy = world.add(new Hop(world, 'p', '10.0.0.100', { domains: ['b.example'], users, ...setup }));
  return { world, alice, bob, other, proxy };
}

describe('requests to a GRUU (RFC 5627 §6.1)', () => {
  test('are looked up with it, and leave without it', () => {
    const { world, alice, proxy } = around({});
    alice.send(requestOf('MESSAGE', GRUU), peerAt(proxy));
    world.run(50);
    const [, locate] = proxy.asked;
    expect(locate).toMatchObject({ aor: 'sip:bob@b.example' });
    expect(locate?.type === 'locate' && locate.uri.type === 'sip' && locate.uri.params.get('gr')).toBe(
      'urn:uuid:1',
    );
    expect(world.request('bob', 'MESSAGE').uri).toBe('sip:bob@10.0.1.1');
  });

  test('leave the path of the registration where the dialog has a route (@req rfc5627:6.1:7)', () => {
    const path = ['<sip:10.9.9.9;lr>'];
    const { world, alice, proxy } = around({ path });
    alice.send(
      requestOf('MESSAGE', GRUU, [set('Route', '<sip:10.0.0.100;lr>', '<sip:10.0.2.1;lr>')]),
      peerAt(proxy),
    );
    world.run(50);
    expect(world.request('other', 'MESSAGE').raw('Route')).toEqual(['<sip:10.0.2.1;lr>']);
    expect(world.request('other', 'MESSAGE').uri).toBe('sip:bob@10.0.1.1');
  });

  test.each([
    [486, 0],
    [500, 0],
    [430, 1],
  ])('after %i another contact of the instance is tried %i times (@req rfc5627:6.1:5)', (status, times) => {
    const { world, alice, bob, other, proxy } = around({ alternates: [{ uri: 'sip:other@10.0.2.1' }] });
    bob.answers = () => [status];
    alice.send(requestOf('MESSAGE', GRUU), peerAt(proxy));
    world.run();
    expect(other.requests()).toHaveLength(times);
  });

  test('are not redirected by the proxy (@req rfc5627:6.1:10, @req rfc5627:6.1:12)', () => {
    const { world, alice, bob, other, proxy } = around({}, { recurse: true });
    const headers = [set('Contact', '<sip:other@10.0.2.1>')];
    bob.answers = (request) => [createResponse(request, 302, { toTag: 'x', headers })];
    alice.send(requestOf('MESSAGE', GRUU), peerAt(proxy));
    world.run();
    expect(other.requests()).toEqual([]);
    expect(alice.finals()).toEqual([302]);
  });
});

describe('dialogs with a GRUU are record-routed even where others are not (RFC 5627 §6.2)', () => {
  const unrouted = { recordRoute: false } as const;

  test('the caller’s, when others have recorded a route before (@req rfc5627:6.2:1)', () => {
    const contact = set('Contact', '<sip:alice@b.example;gr=urn:uuid:2>');
    for (const [headers, count] of [
      [[contact, set('Record-Route', '<sip:before;lr>')], 2],
      [[contact], 0],
      [[set('Record-Route', '<sip:before;lr>')], 1],
    ] as const) {
      const { world, alice, proxy } = around({}, unrouted);
      alice.send(requestOf('INVITE', 'sip:bob@b.example', headers), peerAt(proxy));
      world.run(50);
      expect(world.request('bob', 'INVITE').raw('Record-Route')).toHaveLength(count);
    }
  });

  test('the callee’s, when there is a path to it (@req rfc5627:6.2:3, @req rfc5627:6.2:5)', () => {
    const { world, alice, proxy } = around({ path: ['<sip:10.0.2.1;lr>'] }, unrouted);
    alice.send(requestOf('INVITE', 'sip:bob@b.example'), peerAt(proxy));
    world.run(50);
    expect(world.request('other', 'INVITE').raw('Record-Route')).toHaveLength(1);
  });
});
