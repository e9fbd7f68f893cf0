import { describe, expect, test } from 'vitest';
import {
  createResponse,
  type Endpoint,
  parseMessage,
  type SipRequest,
  set,
  to,
  via,
} from '../../src/index.ts';
import {
  all,
  endpoint,
  incoming,
  names,
  only,
  outgoing,
  play,
  sentRequest,
  T0,
  there,
} from '../support/sip.ts';

/** An endpoint whose every request is a proxy's. */
function forwarding(): Endpoint {
  return endpoint({ methods: ['OPTIONS'], forwards: () => true });
}

const receive = (machine: Endpoint, bytes: Uint8Array, at = 0) =>
  machine.handle({ type: 'received', peer: there, bytes }, T0 + at);

describe('what an endpoint leaves to the proxy core (RFC 3261 §16.2)', () => {
  test('a request of any method, with any extension, comes as forward, once (@req rfc3261:16.2:3)', () => {
    const machine = forwarding();
    const bytes = incoming('FROBNICATE', { Require: 'nobody-knows' });
    expect(names(receive(machine, bytes))).toEqual(['forward']);
    expect(names(receive(machine, bytes))).toEqual([]);
  });

  test('merged requests are no fault (@req rfc3261:16.3:3)', () => {
    const machine = forwarding();
    receive(machine, incoming('MESSAGE'));
    const merged = incoming('MESSAGE', { Via: 'SIP/2.0/UDP 192.0.2.9:5060;branch=z9hG4bKother' });
    expect(names(receive(machine, merged))).toEqual(['forward']);
  });

  test('a request with a To tag is not looked for among the dialogs here', () => {
    const machine = forwarding();
    const bytes = incoming('BYE', { To: '<sip:alice@example.com>;tag=a1' });
    expect(names(receive(machine, bytes))).toEqual(['forward']);
  });

  test('a forwarded response leaves as it is: no tag is added, no Via is touched (@req rfc3261:16.7:30)', () => {
    const machine = forwarding();
    const bytes = incoming('INVITE', { Via: 'SIP/2.0/UDP 10.0.0.1:5060;branch=z9hG4bKnat' });
    const { transaction, request } = only(receive(machine, bytes), 'forward');
    const response = createResponse(request, 180);
    const actions = machine.handle({ type: 'respond', transaction, response, forwarded: true }, T0);
    expect(only(actions, 'transmit').bytes).toEqual(response.toBytes());
    // The same as a user's own.
    const own = parseMessage(
      only(machine.handle({ type: 'respond', transaction, response }, T0), 'transmit').bytes,
    );
    expect(own.get(to)?.params.has('tag')).toBe(true);
    expect(own.get(via)?.params.get('received')).toBe(there.host);
  });

  test('the ACK of a 2xx comes as forward and belongs to no transaction', () => {
    const machine = forwarding();
    const { transaction, request } = only(receive(machine, incoming('INVITE')), 'forward');
    const response = createResponse(request, 200, { toTag: 'x' });
    machine.handle({ type: 'respond', transaction, response, forwarded: true }, T0);
    const fields = { CSeq: '1 ACK', To: '<sip:alice@example.com>;tag=x' };
    const ack = incoming('ACK', { ...fields, Via: 'SIP/2.0/UDP 192.0.2.9:5060;branch=z9hG4bKack' });
    expect(only(receive(machine, ack), 'forward').transaction).toBe('');
    // Also with the branch of its INVITE, as RFC 2543 peers send it (RFC 6026 §7.1).
    expect(only(receive(machine, incoming('ACK', fields)), 'forward').transaction).toBe('');
  });

  test('the ACK of another final response ends at its transaction', () => {
    const machine = forwarding();
    const { transaction, request } = only(receive(machine, incoming('INVITE')), 'forward');
    const response = createResponse(request, 486, { toTag: 'x' });
    machine.handle({ type: 'respond', transaction, response, forwarded: true }, T0);
    const ack = incoming('ACK', { CSeq: '1 ACK', To: '<sip:alice@example.com>;tag=x' });
    expect(names(receive(machine, ack))).toEqual([]);
    expect(play(machine)).toEqual([]);
  });

  test('a CANCEL is answered 200 where its INVITE is known, whatever methods users here take (@req rfc3261:16.10:4)', () => {
    const machine = forwarding();
    receive(machine, incoming('INVITE'));
    const actions = receive(machine, incoming('CANCEL', { CSeq: '1 CANCEL' }));
    expect(names(actions)).toEqual(['send 200', 'cancelled']);
  });

  test('a CANCEL of nothing known comes as forward', () => {
    const machine = forwarding();
    expect(names(receive(machine, incoming('CANCEL', { CSeq: '1 CANCEL' })))).toEqual(['forward']);
  });

  test('what could have no transaction or answer is refused here, without either (@req rfc3261:16.3:4)', () => {
    const machine = forwarding();
    for (const fields of [
      { To: 'sip:{x}' },
      { From: undefined },
      { 'Call-ID': undefined },
      { CSeq: '1 BYE' },
    ])
      for (const method of ['MESSAGE', 'INVITE', 'CANCEL']) {
        const bytes = incoming(method, fields);
        expect(names(receive(machine, bytes))).toEqual(['send 400']);
      }
    expect(names(receive(machine, incoming('ACK', { To: 'sip:{x}' })))).toEqual(['dropped']);
    expect(machine.transactions.counts.servers).toBe(0);
  });

  test('what the predicate leaves alone is a UAS’s as before', () => {
    const machine = endpoint({ methods: ['OPTIONS'], forwards: (request) => request.method === 'MESSAGE' });
    expect(names(receive(machine, incoming('MESSAGE')))).toEqual(['forward']);
    expect(names(receive(machine, incoming('INVITE')))).toEqual(['send 405']);
    expect(names(receive(machine, incoming('OPTIONS')))).toEqual(['request OPTIONS']);
  });
});

describe('what an endpoint sends for a proxy core', () => {
  const forwarded = (): SipRequest =>
    outgoing('INVITE', [set('Via', 'SIP/2.0/UDP 192.0.2.66;branch=z9hG4bKfar')]);

  test('has our Via above those before us, and the text given at the end of its branch', () => {
    const machine = endpoint();
    const actions = machine.handle(
      { type: 'send', id: 'x', request: forwarded(), to: there, forwards: '.mark' },
      T0,
    );
    const [own, far] = sentRequest(actions).getAll(via);
    expect(own?.params.get('branch')).toMatch(/^z9hG4bK[a-z0-9]{16}\.mark$/);
    expect(far?.params.get('branch')).toBe('z9hG4bKfar');
  });

  test('gets its responses with all Vias; with ours alone there is nobody to send it to (@req rfc3261:16.7:6)', () => {
    const machine = endpoint();
    const sent = sentRequest(
      machine.handle({ type: 'send', id: 'x', request: forwarded(), to: there, forwards: '' }, T0),
    );
    const response = createResponse(sent, 180, { toTag: 'x' });
    const [actions] = [receive(machine, response.toBytes())];
    expect(only(actions, 'response').response.getAll(via)).toHaveLength(2);
    const alone = response.with(set(via, ...sent.getAll(via).slice(0, 1)));
    expect(names(receive(machine, alone.toBytes()))).toEqual(['dropped']);
  });

  test('keeps that when it is sent again by another transport, with a new branch (@req rfc3261:16.6:53)', () => {
    const machine = endpoint();
    const request = forwarded().with(set('X-Large', 'x'.repeat(1400)));
    const input = { type: 'send', id: 'x', request, to: there, forwards: '.mark' } as const;
    const first = only(machine.handle(input, T0), 'transmit');
    expect(first.peer.transport).toBe('tcp');
    const second = all(machine.handle({ type: 'transport-failed', peer: first.peer }, T0), 'transmit')[0];
    expect(second?.peer.transport).toBe('udp');
    const branches = [first, second].map((each) =>
      parseMessage(each?.bytes ?? new Uint8Array())
        .get(via)
        ?.params.get('branch'),
    );
    expect(branches[0]).not.toBe(branches[1]);
    expect(branches[1]).toMatch(/\.mark$/);
    const response = createResponse(parseMessage(second?.bytes ?? new Uint8Array()) as SipRequest, 180);
    expect(names(receive(machine, response.toBytes()))).toEqual(['response 180']);
  });
});
