import { describe, expect, test } from 'vitest';
import { createResponse, type HeaderEdit, type Peer, requestUri, set, via } from '../../src/index.ts';
import {
  answer,
  endpoint,
  here,
  incoming,
  names,
  only,
  outgoing,
  parsedResponse,
  play,
  sentRequest,
  T0,
  there,
  thereTcp,
} from '../support/sip.ts';

function sent(edits: readonly HeaderEdit[], to?: Peer) {
  const machine = endpoint();
  const request = outgoing('OPTIONS').with(...edits);
  return machine.handle({ type: 'send', id: 'x', request, to }, T0);
}

describe('sending requests (RFC 3261 §8.1.1.7, §18.1.1)', () => {
  test('adds a Via of SIP/2.0 with the listener’s address and a branch (@req rfc3261:8.1.1.7:1, @req rfc3261:8.1.1.7:2, @req rfc3261:8.1.1.7:3, @req rfc3261:8.1.1.7:5, @req rfc3261:18.1.1:6)', () => {
    const top = sentRequest(sent([], there)).get(via);
    expect(top).toMatchObject({
      protocol: 'SIP',
      version: '2.0',
      transport: 'UDP',
      host: here.host,
      port: 5060,
    });
    expect(top?.params.get('branch')).toMatch(/^z9hG4bK\w{16}$/);
    expect(sentRequest(sent([], thereTcp)).get(via)?.transport).toBe('TCP');
  });

  test('gives each request a branch of its own (@req rfc3261:8.1.1.7:4)', () => {
    const machine = endpoint();
    const branches = Array.from({ length: 200 }, (_, n) => {
      const actions = machine.handle(
        { type: 'send', id: `${n}`, request: outgoing('OPTIONS'), to: there },
        T0,
      );
      return sentRequest(actions).get(via)?.params.get('branch');
    });
    expect(new Set(branches).size).toBe(200);
  });

  test('has Max-Forwards 70 unless its user says otherwise (@req rfc3261:8.1.1.6:1)', () => {
    expect(sentRequest(sent([], there)).raw('Max-Forwards')).toEqual(['70']);
    expect(sentRequest(sent([set('Max-Forwards', '5')], there)).raw('Max-Forwards')).toEqual(['5']);
  });

  const places: [string, readonly HeaderEdit[], Peer | undefined][] = [
    [
      'the Request-URI',
      [requestUri('sip:bob@198.51.100.1:5070')],
      { transport: 'udp', host: '198.51.100.1', port: 5070 },
    ],
    [
      'a name without port',
      [requestUri('sip:example.com')],
      { transport: 'udp', host: 'example.com', port: 5060 },
    ],
    [
      'the transport parameter',
      [requestUri('sip:example.com;transport=TCP')],
      { transport: 'tcp', host: 'example.com', port: 5060 },
    ],
    [
      'an IPv6 reference',
      [requestUri('sip:[2001:db8::1]')],
      { transport: 'udp', host: '2001:db8::1', port: 5060 },
    ],
    [
      'maddr',
      [requestUri('sip:example.com;maddr=198.51.100.2')],
      { transport: 'udp', host: '198.51.100.2', port: 5060 },
    ],
    [
      'the first Route',
      [set('Route', '<sip:198.51.100.3;lr>', '<sip:198.51.100.4;lr>')],
      { transport: 'udp', host: '198.51.100.3', port: 5060 },
    ],
    ['an unknown transport', [requestUri('sip:example.com;transport=pigeon')], undefined],
    ['a URI that names no host', [requestUri('tel:+15551234')], undefined],
    ['SIPS without a TLS listener', [requestUri('sips:example.com')], undefined],
  ];
  test.each(places)('goes by itself to %s (§8.1.2)', (_, edits, peer) => {
    const actions = sent(edits);
    if (peer === undefined) expect(actions).toEqual([{ type: 'failed', id: 'x', reason: 'transport' }]);
    else expect(only(actions, 'transmit').peer).toEqual(peer);
  });

  test('SIPS goes over TLS', () => {
    const machine = endpoint({ addresses: [{ transport: 'tls', host: here.host, port: 5061 }] });
    const request = outgoing('OPTIONS').with(requestUri('sips:example.com'));
    const { peer } = only(machine.handle({ type: 'send', id: 'x', request }, T0), 'transmit');
    expect(peer).toEqual({ transport: 'tls', host: 'example.com', port: 5061 });
  });

  test('an ACK is sent once, without a transaction', () => {
    const machine = endpoint();
    expect(names(machine.handle({ type: 'send', id: 'x', request: outgoing('ACK'), to: there }, T0))).toEqual(
      ['send ACK'],
    );
    expect(machine.deadline).toBeUndefined();
  });

  test('writes IPv6 listeners in brackets', () => {
    const machine = endpoint({
      addresses: [
        { transport: 'udp', host: here.host, port: 5060 },
        { transport: 'udp', host: '2001:db8::5', port: 5060 },
      ],
    });
    const to: Peer = { transport: 'udp', host: '2001:db8::1', port: 5060 };
    const request = sentRequest(
      machine.handle({ type: 'send', id: 'x', request: outgoing('OPTIONS'), to }, T0),
    );
    expect(request.raw('Via')[0]).toContain('[2001:db8::5]:5060');
  });
});

describe('large requests (RFC 3261 §18.1.1)', () => {
  const large = outgoing('MESSAGE', [], 'x'.repeat(1400));

  test('go over TCP, which Via then says (@req rfc3261:18.1.1:1, @req rfc3261:18.1.1:2)', () => {
    const actions = endpoint().handle({ type: 'send', id: 'x', request: large, to: there }, T0);
    expect(only(actions, 'transmit').peer).toEqual(thereTcp);
    expect(sentRequest(actions).get(via)?.transport).toBe('TCP');
  });

  test('go over UDP after all when TCP finds no connection, under the same name', () => {
    const machine = endpoint();
    machine.handle({ type: 'send', id: 'x', request: large, to: there }, T0);
    const actions = machine.handle({ type: 'transport-failed', peer: thereTcp }, T0 + 20);
    expect(names(actions)).toEqual(['send MESSAGE']);
    expect(only(actions, 'transmit').peer).toEqual(there);
    const request = sentRequest(actions);
    expect(request.getAll(via)).toHaveLength(1);
    expect(request.get(via)?.transport).toBe('UDP');
    expect(
      names(machine.handle({ type: 'received', peer: there, bytes: answer(request, 200) }, T0 + 30)),
    ).toEqual(['response 200']);
    expect(names(machine.handle({ type: 'transport-failed', peer: there }, T0 + 40))).toEqual([]);
    expect(play(machine)).toEqual([]);
    expect(machine.transactions.counts.clients).toBe(0);
  });

  test('go over UDP at once where there is no TCP listener, or the limit says so', () => {
    const udpOnly = endpoint({ addresses: [{ transport: 'udp', host: here.host, port: 5060 }] });
    expect(
      only(udpOnly.handle({ type: 'send', id: 'x', request: large, to: there }, T0), 'transmit').peer,
    ).toEqual(there);
    const wide = endpoint({ limits: { datagramBytes: 8000 } });
    expect(
      only(wide.handle({ type: 'send', id: 'x', request: large, to: there }, T0), 'transmit').peer,
    ).toEqual(there);
  });
});

describe('transport errors (RFC 3261 §17.1.4, §18.4)', () => {
  test('fail the transactions that wait for that flow, and no others', () => {
    const machine = endpoint();
    const first: Peer = { ...thereTcp, connection: 1 };
    const second: Peer = { ...thereTcp, connection: 2 };
    machine.handle({ type: 'send', id: 'a', request: outgoing('OPTIONS'), to: first }, T0);
    machine.handle({ type: 'send', id: 'b', request: outgoing('OPTIONS'), to: second }, T0);
    machine.handle({ type: 'send', id: 'c', request: outgoing('OPTIONS'), to: there }, T0);
    machine.handle({ type: 'send', id: 'd', request: outgoing('INVITE'), to: first }, T0);
    expect(machine.handle({ type: 'transport-failed', peer: first }, T0 + 1)).toEqual([
      { type: 'failed', id: 'a', reason: 'transport' },
      { type: 'failed', id: 'd', reason: 'transport' },
    ]);
    expect(machine.transactions.counts.clients).toBe(2);
  });
});

describe('receiving responses (RFC 3261 §18.1.2, §8.1.3.3)', () => {
  function received(change: (text: string) => string): string[] {
    const machine = endpoint();
    const request = sentRequest(
      machine.handle({ type: 'send', id: 'x', request: outgoing('OPTIONS'), to: there }, T0),
    );
    const text = change(new TextDecoder().decode(answer(request, 200)));
    return names(
      machine.handle({ type: 'received', peer: there, bytes: new TextEncoder().encode(text) }, T0),
    );
  }

  test('passes one that matches to its transaction (@req rfc3261:18.1.2:2)', () => {
    expect(received((text) => text)).toEqual(['response 200']);
  });

  test('discards one whose sent-by is not ours (@req rfc3261:18.1.2:1)', () => {
    expect(received((text) => text.replace('UDP 192.0.2.1:5060', 'UDP 192.0.2.2:5060'))).toEqual(['dropped']);
    expect(received((text) => text.replace('UDP 192.0.2.1:5060', 'UDP 192.0.2.1:5066'))).toEqual(['dropped']);
  });

  test('discards one with more than one Via', () => {
    expect(
      received((text) => text.replace('From:', 'Via: SIP/2.0/UDP a.example.com;branch=z9hG4bKa\r\nFrom:')),
    ).toEqual(['dropped']);
  });
});

describe('receiving requests and answering them (RFC 3261 §18.2)', () => {
  function answered(viaValue: string, peer: Peer) {
    const machine = endpoint();
    const { transaction, request } = only(
      machine.handle({ type: 'received', peer, bytes: incoming('OPTIONS', { Via: viaValue }) }, T0),
      'request',
    );
    return only(
      machine.handle({ type: 'respond', transaction, response: createResponse(request, 200) }, T0),
      'transmit',
    );
  }
  const received = (bytes: Uint8Array) => parsedResponse(bytes).get(via)?.params.get('received');

  test('adds received when sent-by is a name or another address (@req rfc3261:18.2.1:4, @req rfc3261:18.2.1:5, @req rfc3261:18.2.1:6)', () => {
    expect(received(answered('SIP/2.0/UDP bob.example.com;branch=z9hG4bK1', there).bytes)).toBe('192.0.2.9');
    expect(received(answered('SIP/2.0/UDP 10.0.0.1;branch=z9hG4bK1', there).bytes)).toBe('192.0.2.9');
    expect(received(answered('SIP/2.0/UDP 192.0.2.9;branch=z9hG4bK1', there).bytes)).toBeUndefined();
    const ipv6: Peer = { transport: 'udp', host: '2001:db8::9', port: 5060 };
    expect(received(answered('SIP/2.0/UDP [2001:db8::9];branch=z9hG4bK1', ipv6).bytes)).toBeUndefined();
  });

  test('answers over UDP to the source address and the port of sent-by, or 5060 (@req rfc3261:18.2.2:7)', () => {
    const from = { ...there, port: 40_000 };
    expect(answered('SIP/2.0/UDP bob.example.com:5080;branch=z9hG4bK1', from).peer).toMatchObject({
      host: '192.0.2.9',
      port: 5080,
    });
    expect(answered('SIP/2.0/UDP bob.example.com;branch=z9hG4bK1', from).peer).toMatchObject({ port: 5060 });
  });

  test('answers to maddr where it is given (@req rfc3261:18.2.2:5)', () => {
    const { peer } = answered('SIP/2.0/UDP bob.example.com:5080;maddr=239.1.1.1;branch=z9hG4bK1', there);
    expect(peer).toMatchObject({ host: '239.1.1.1', port: 5080 });
  });

  test('answers over TCP on the same connection, or a new one to the port of sent-by (@req rfc3261:18.2.2:2)', () => {
    const from: Peer = { ...thereTcp, port: 51_000, connection: 3 };
    const { peer } = answered('SIP/2.0/TCP bob.example.com:5080;branch=z9hG4bK1', from);
    expect(peer).toEqual({ transport: 'tcp', host: '192.0.2.9', port: 5080, connection: 3 });
  });
});
