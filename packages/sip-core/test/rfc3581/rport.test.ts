import { describe, expect, test } from 'vitest';
import { createResponse, type Peer, via } from '../../src/index.ts';
import {
  endpoint,
  incoming,
  only,
  outgoing,
  parsedResponse,
  sentRequest,
  T0,
  there,
} from '../support/sip.ts';

/** The request of RFC 3581 §6, as it comes out of the NAT. */
const nat: Peer = { transport: 'udp', host: '192.0.2.1', port: 9988, connection: 7 };

function responseTo(viaValue: string, peer: Peer) {
  const machine = endpoint();
  const { transaction, request } = only(
    machine.handle({ type: 'received', peer, bytes: incoming('OPTIONS', { Via: viaValue }) }, T0),
    'request',
  );
  const response = createResponse(request, 200);
  return only(machine.handle({ type: 'respond', transaction, response }, T0), 'transmit');
}

describe('a client (RFC 3581 §3)', () => {
  test('asks with a parameter without value (@req rfc3581:3:2)', () => {
    const machine = endpoint();
    const request = sentRequest(
      machine.handle({ type: 'send', id: 'x', request: outgoing('OPTIONS'), to: there }, T0),
    );
    expect(request.get(via)?.params.has('rport')).toBe(true);
    expect(request.get(via)?.params.get('rport')).toBeUndefined();
  });
});

describe('a server (RFC 3581 §4)', () => {
  test('fills in rport and received, and answers there, as in the example of §6 (@req rfc3581:4:1, @req rfc3581:4:3)', () => {
    const { peer, bytes } = responseTo('SIP/2.0/UDP 10.1.1.1:4540;rport;branch=z9hG4bKkjshdyff', nat);
    expect(peer).toEqual(nat);
    const top = parsedResponse(bytes).get(via);
    expect(top?.params.get('received')).toBe('192.0.2.1');
    expect(top?.params.get('rport')).toBe('9988');
    expect(top?.params.get('branch')).toBe('z9hG4bKkjshdyff');
    expect(top?.host).toBe('10.1.1.1');
  });

  test('adds received even when it equals the sent-by (@req rfc3581:4:2)', () => {
    const { bytes } = responseTo('SIP/2.0/UDP 192.0.2.1:9988;rport;branch=z9hG4bK1', nat);
    expect(parsedResponse(bytes).get(via)?.params.get('received')).toBe('192.0.2.1');
  });

  test('answers by the socket that received the request (@req rfc3581:4:4)', () => {
    const { peer } = responseTo('SIP/2.0/UDP 10.1.1.1:4540;rport;branch=z9hG4bK1', nat);
    expect(peer.connection).toBe(7);
  });

  test('answers to the port of sent-by when rport is not asked for', () => {
    const { peer } = responseTo('SIP/2.0/UDP 10.1.1.1:4540;branch=z9hG4bK1', nat);
    expect(peer).toEqual({ ...nat, port: 4540 });
  });

  test('believes no received that the client wrote itself', () => {
    const { peer, bytes } = responseTo('SIP/2.0/UDP 10.1.1.1:4540;received=203.0.113.5;branch=z9hG4bK1', nat);
    expect(peer.host).toBe('192.0.2.1');
    expect(parsedResponse(bytes).get(via)?.params.get('received')).toBe('192.0.2.1');
  });
});
