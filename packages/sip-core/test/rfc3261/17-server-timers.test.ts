import { describe, expect, test } from 'vitest';
import { createResponse, type Endpoint } from '../../src/index.ts';
import { endpoint, incoming, names, only, play, T0, there, thereTcp } from '../support/sip.ts';

const INVITE = incoming('INVITE');
const ACK = incoming('ACK', { To: '<sip:alice@example.com>;tag=a1' });
const MESSAGE = incoming('MESSAGE');
const overTcp = { Via: 'SIP/2.0/TCP 192.0.2.9:5060;branch=z9hG4bKtcp' };

function receive(machine: Endpoint, bytes: Uint8Array, at: number, peer = there) {
  return machine.handle({ type: 'received', peer, bytes }, T0 + at);
}

/** An endpoint that has handed one request to its user, and how that user answers it. */
function withRequest(bytes: Uint8Array, peer = there) {
  const machine = endpoint();
  const { transaction, request } = only(receive(machine, bytes, 0, peer), 'request');
  const respond = (status: number, at: number) => {
    const response = createResponse(request, status, status === 100 ? {} : { toTag: 'a1' });
    return names(machine.handle({ type: 'respond', transaction, response }, T0 + at));
  };
  return { machine, respond };
}

describe('an INVITE server transaction (RFC 3261 §17.2.1)', () => {
  test('passes the INVITE up, and sends 100 when its user has said nothing for 200 ms (@req rfc3261:17.2.1:1, @req rfc3261:17.2.1:3)', () => {
    const { machine } = withRequest(INVITE);
    expect(play(machine)).toEqual([[200, 'send 100']]);
  });

  test('sends no 100 of its own when its user is quick', () => {
    const { machine, respond } = withRequest(INVITE);
    expect(respond(180, 150)).toEqual(['send 180']);
    expect(machine.deadline).toBeUndefined();
  });

  test('sends each provisional response, and the last one again at a retransmission (@req rfc3261:17.2.1:4, @req rfc3261:17.2.1:5)', () => {
    const { machine, respond } = withRequest(INVITE);
    expect(names(receive(machine, INVITE, 50))).toEqual([]);
    expect(respond(180, 100)).toEqual(['send 180']);
    expect(respond(183, 110)).toEqual(['send 183']);
    expect(names(receive(machine, INVITE, 600))).toEqual(['send 183']);
  });

  test('retransmits a refusal over UDP from T1 up to T2, and tells its user when no ACK has come in 64*T1 (@req rfc3261:17.2.1:8, @req rfc3261:17.2.1:9, @req rfc3261:17.2.1:12)', () => {
    const { machine, respond } = withRequest(INVITE);
    expect(respond(486, 0)).toEqual(['send 486']);
    const log = play(machine);
    expect(log.map(([at]) => at)).toEqual([
      500, 1500, 3500, 7500, 11_500, 15_500, 19_500, 23_500, 27_500, 31_500, 32_000,
    ]);
    expect(log.at(-1)).toEqual([32_000, 'unanswered timeout']);
    expect(machine.transactions.counts).toEqual({ clients: 0, servers: 0, hosts: 0 });
  });

  test('sends a refusal again when the INVITE is (§17.2.1)', () => {
    const { machine, respond } = withRequest(INVITE);
    respond(486, 0);
    expect(names(receive(machine, INVITE, 100))).toEqual(['send 486']);
  });

  test('stops at the ACK, absorbs further ones for T4, and is gone (@req rfc3261:17.2.1:11, @req rfc3261:17.2.1:13, @req rfc3261:17.2.1:14)', () => {
    const { machine, respond } = withRequest(INVITE);
    respond(486, 0);
    expect(names(receive(machine, ACK, 700))).toEqual([]);
    expect(names(receive(machine, ACK, 900))).toEqual([]);
    expect(names(receive(machine, INVITE, 950))).toEqual([]);
    expect(play(machine)).toEqual([]);
    expect(machine.transactions.counts.servers).toBe(0);
    expect(names(receive(machine, ACK, 6000))).toEqual(['dropped']);
  });

  test('waits for the ACK of a refusal over TCP without retransmitting, and no time after it', () => {
    const { machine, respond } = withRequest(incoming('INVITE', overTcp), thereTcp);
    respond(486, 0);
    expect(machine.deadline).toBe(T0 + 32_000);
    receive(machine, incoming('ACK', { ...overTcp, To: '<sip:alice@example.com>;tag=a1' }), 40, thereTcp);
    expect(machine.deadline).toBeUndefined();
    expect(machine.transactions.counts.servers).toBe(0);
  });
});

describe('a non-INVITE server transaction (RFC 3261 §17.2.2)', () => {
  test('discards retransmissions while its user thinks', () => {
    const { machine } = withRequest(MESSAGE);
    expect(names(receive(machine, MESSAGE, 500))).toEqual([]);
  });

  test('sends its final response again, byte for byte, for 64*T1 (@req rfc3261:17.2.2:2, @req rfc3261:17.2.2:6, @req rfc3261:17.2.2:7, @req rfc3261:17.2.2:9, @req rfc3261:17.2.2:10)', () => {
    const machine = endpoint();
    const { transaction, request } = only(receive(machine, MESSAGE, 0), 'request');
    const response = createResponse(request, 200, { toTag: 'a1' });
    const [first] = machine.handle({ type: 'respond', transaction, response }, T0 + 10);
    expect(first).toEqual({ type: 'transmit', peer: there, bytes: response.toBytes() });
    expect(receive(machine, MESSAGE, 500)).toEqual([first]);
    expect(receive(machine, MESSAGE, 32_009)).toEqual([first]);
    expect(machine.deadline).toBe(T0 + 32_010);
    machine.handle({ type: 'tick' }, T0 + 32_010);
    expect(machine.transactions.counts).toEqual({ clients: 0, servers: 0, hosts: 0 });
    expect(names(receive(machine, MESSAGE, 32_020))).toEqual(['request MESSAGE']);
  });

  test('discards any other final response of its user (@req rfc3261:17.2.2:8)', () => {
    const { machine, respond } = withRequest(MESSAGE);
    expect(respond(200, 0)).toEqual(['send 200']);
    expect(respond(500, 10)).toEqual([]);
    expect(names(receive(machine, MESSAGE, 500))).toEqual(['send 200']);
  });

  test('is gone at once after its final response over TCP (@req rfc3261:17.2.2:6)', () => {
    const { machine, respond } = withRequest(incoming('MESSAGE', overTcp), thereTcp);
    expect(respond(200, 0)).toEqual(['send 200']);
    expect(machine.transactions.counts.servers).toBe(0);
    expect(machine.deadline).toBeUndefined();
  });

  test('sends a provisional response, again at a retransmission, then the final one (@req rfc3261:17.2.2:1, @req rfc3261:17.2.2:3, @req rfc3261:17.2.2:4, @req rfc3261:17.2.2:5)', () => {
    const { machine, respond } = withRequest(incoming('MESSAGE', overTcp), thereTcp);
    expect(respond(100, 0)).toEqual(['send 100']);
    expect(respond(100, 5)).toEqual(['send 100']);
    expect(names(receive(machine, incoming('MESSAGE', overTcp), 10, thereTcp))).toEqual(['send 100']);
    expect(respond(200, 20)).toEqual(['send 200']);
  });
});

describe('matching requests (RFC 3261 §17.2.3)', () => {
  const changes: [string, Record<string, string>, boolean][] = [
    ['the same', {}, true],
    ['another branch', { Via: 'SIP/2.0/UDP 192.0.2.9:5060;branch=z9hG4bKother', 'Call-ID': 'x2' }, false],
    ['another sent-by', { Via: 'SIP/2.0/UDP 192.0.2.8:5060;branch=z9hG4bKnashds8', 'Call-ID': 'x3' }, false],
    [
      'another sent-by port',
      { Via: 'SIP/2.0/UDP 192.0.2.9:5062;branch=z9hG4bKnashds8', 'Call-ID': 'x4' },
      false,
    ],
    ['another Call-ID but branch and sent-by', { 'Call-ID': 'x5' }, true],
  ];
  test.each(changes)('by branch, sent-by and method: %s', (_, fields, isSame) => {
    const { machine } = withRequest(MESSAGE);
    const again = names(receive(machine, incoming('MESSAGE', fields), 10));
    expect(again).toEqual(isSame ? [] : ['request MESSAGE']);
  });

  test('by method too: one branch, two methods, two transactions', () => {
    const { machine } = withRequest(MESSAGE);
    expect(names(receive(machine, incoming('OPTIONS'), 10))).toEqual(['request OPTIONS']);
  });

  const legacy = { Via: 'SIP/2.0/UDP 192.0.2.9:5060;branch=1' };
  const legacyChanges: [string, Record<string, string>, boolean][] = [
    ['the same', {}, true],
    ['another Request-URI', { 'Request-URI': 'sip:carol@192.0.2.1', 'Call-ID': 'y1' }, false],
    ['another From tag', { From: '<sip:bob@example.com>;tag=b2' }, false],
    ['another Call-ID', { 'Call-ID': 'y2' }, false],
    ['another CSeq', { CSeq: '2 MESSAGE' }, false],
    ['another Via', { Via: 'SIP/2.0/UDP 192.0.2.9:5060;branch=2', 'Call-ID': 'y3' }, false],
  ];
  test.each(legacyChanges)('without the magic cookie by the rules of RFC 2543: %s', (_, fields, isSame) => {
    const { machine } = withRequest(incoming('MESSAGE', legacy));
    const again = names(receive(machine, incoming('MESSAGE', { ...legacy, ...fields }), 10));
    expect(again).toEqual(isSame ? [] : ['request MESSAGE']);
  });

  test('an ACK of RFC 2543 only with the To tag of the response', () => {
    const { machine, respond } = withRequest(incoming('INVITE', legacy));
    respond(486, 0);
    expect(
      names(receive(machine, incoming('ACK', { ...legacy, To: '<sip:alice@example.com>;tag=zz' }), 10)),
    ).toEqual(['dropped']);
    expect(names(receive(machine, incoming('INVITE', legacy), 20))).toEqual(['send 486']);
    receive(machine, incoming('ACK', { ...legacy, To: '<sip:alice@example.com>;tag=a1' }), 30);
    expect(names(receive(machine, incoming('INVITE', legacy), 40))).toEqual([]);
  });
});
