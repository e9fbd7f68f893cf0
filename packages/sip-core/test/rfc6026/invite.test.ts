import { describe, expect, test } from 'vitest';
import { createResponse, type Endpoint } from '../../src/index.ts';
import {
  answer,
  endpoint,
  incoming,
  names,
  only,
  outgoing,
  play,
  sentRequest,
  T0,
  there,
  thereTcp,
} from '../support/sip.ts';

const INVITE = outgoing('INVITE');

function receive(machine: Endpoint, bytes: Uint8Array, at: number, peer = there) {
  return names(machine.handle({ type: 'received', peer, bytes }, T0 + at));
}

describe('the Accepted state of a client (RFC 6026 §7.2)', () => {
  test('passes the 2xx, its retransmissions and those of other forks up for 64*T1, without an ACK of its own (@req rfc6026:6:1, @req rfc6026:7.2:1, @req rfc6026:7.2:2, @req rfc6026:7.2:3, @req rfc6026:8.4:7, @req rfc6026:8.4:8, @req rfc6026:8.4:9, @req rfc6026:8.4:10, @req rfc6026:8.4:11)', () => {
    const machine = endpoint();
    const invite = sentRequest(machine.handle({ type: 'send', id: 'x', request: INVITE, to: there }, T0));
    const fork = new TextEncoder().encode(
      new TextDecoder().decode(answer(invite, 200)).replace('tag=b1', 'tag=b2'),
    );
    expect(receive(machine, answer(invite, 200), 100)).toEqual(['response 200']);
    expect(receive(machine, answer(invite, 200), 600)).toEqual(['response 200']);
    expect(receive(machine, fork, 700)).toEqual(['response 200']);
    expect(machine.deadline).toBe(T0 + 100 + 32_000);
  });

  test('ends with timer M; what comes later is dropped (@req rfc6026:7.2:4, @req rfc6026:7.2:5, @req rfc6026:8.4:12, @req rfc6026:8.4:13, @req rfc6026:8.9:1, @req rfc6026:8.9:2)', () => {
    const machine = endpoint();
    const invite = sentRequest(machine.handle({ type: 'send', id: 'x', request: INVITE, to: thereTcp }, T0));
    expect(receive(machine, answer(invite, 200), 100, thereTcp)).toEqual(['response 200']);
    expect(play(machine)).toEqual([]);
    expect(machine.transactions.counts).toEqual({ clients: 0, servers: 0, hosts: 0 });
    expect(receive(machine, answer(invite, 200), 32_200, thereTcp)).toEqual(['dropped']);
  });
});

describe('the Accepted state of a server (RFC 6026 §7.1)', () => {
  function accepted(fields: Record<string, string> = {}) {
    const machine = endpoint();
    const { transaction, request } = only(
      machine.handle({ type: 'received', peer: there, bytes: incoming('INVITE', fields) }, T0),
      'request',
    );
    const response = createResponse(request, 200, { toTag: 'a1' });
    const respond = (at: number) =>
      names(machine.handle({ type: 'respond', transaction, response }, T0 + at));
    expect(respond(0)).toEqual(['send 200']);
    return { machine, respond, transaction };
  }

  test('absorbs retransmissions of the INVITE and retransmits nothing by itself (@req rfc6026:7.1:1, @req rfc6026:7.1:2, @req rfc6026:8.5:1, @req rfc6026:8.5:2, @req rfc6026:8.7:2)', () => {
    const { machine } = accepted();
    expect(receive(machine, incoming('INVITE'), 500)).toEqual([]);
    expect(machine.deadline).toBe(T0 + 32_000);
    expect(play(machine, 31_999)).toEqual([]);
  });

  test('sends the retransmissions of the 2xx that its user asks for (@req rfc6026:7.1:3, @req rfc6026:8.7:1)', () => {
    const { respond } = accepted();
    expect(respond(500)).toEqual(['send 200']);
    expect(respond(1500)).toEqual(['send 200']);
  });

  test('passes an ACK without the magic cookie up, whose transaction is the INVITE’s (§6, @req rfc6026:6:5, @req rfc6026:7.1:4)', () => {
    const legacy = { Via: 'SIP/2.0/UDP 192.0.2.9:5060;branch=1' };
    const { machine, transaction } = accepted(legacy);
    const ack = incoming('ACK', { ...legacy, To: '<sip:alice@example.com>;tag=a1' });
    const action = only(machine.handle({ type: 'received', peer: there, bytes: ack }, T0 + 50), 'request');
    expect(action.request.method).toBe('ACK');
    expect(action.transaction).toBe(transaction);
  });

  test('ends with timer L, over TCP as well (@req rfc6026:7.1:5, @req rfc6026:7.1:6, @req rfc6026:8.7:3, @req rfc6026:8.7:4)', () => {
    const { machine } = accepted();
    expect(play(machine)).toEqual([]);
    expect(machine.transactions.counts).toEqual({ clients: 0, servers: 0, hosts: 0 });
  });

  test('a transport error is told to the user and changes no state (@req rfc6026:6:2, @req rfc6026:7.1:7, @req rfc6026:7.1:8)', () => {
    const { machine } = accepted();
    expect(names(machine.handle({ type: 'transport-failed', peer: there }, T0 + 5))).toEqual([
      'unanswered transport',
    ]);
    expect(receive(machine, incoming('INVITE'), 500)).toEqual([]);
    expect(machine.transactions.counts.servers).toBe(1);
  });
});
