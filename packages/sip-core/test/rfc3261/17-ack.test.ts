import { describe, expect, test } from 'vitest';
import { type Peer, parseMessage, set } from '../../src/index.ts';
import { all, answer, endpoint, outgoing, sentRequest, T0 } from '../support/sip.ts';

const INVITE = outgoing('INVITE', [
  set('Route', '<sip:192.0.2.9;lr>', '<sip:192.0.2.10;lr>'),
  set('Contact', '<sip:alice@192.0.2.1>'),
  set('CSeq', '314 INVITE'),
]);
const next: Peer = { transport: 'tcp', host: '192.0.2.9', port: 5070, connection: 4 };

/** The ACK for a refusal of the INVITE, and where it went. */
function acknowledged() {
  const machine = endpoint();
  const invite = sentRequest(machine.handle({ type: 'send', id: 'x', request: INVITE, to: next }, T0));
  const bytes = answer(invite, 486);
  const [ack] = all(machine.handle({ type: 'received', peer: next, bytes }, T0 + 50), 'transmit');
  if (ack === undefined) throw new Error('no ACK');
  return { invite, response: parseMessage(bytes), ack: parseMessage(ack.bytes), peer: ack.peer };
}

describe('the ACK for a non-2xx response (RFC 3261 §17.1.1.3)', () => {
  test('has Call-ID, From and Request-URI of the INVITE (@req rfc3261:17.1.1.3:2)', () => {
    const { invite, ack } = acknowledged();
    if (ack.type !== 'request') throw new Error('no request');
    expect(ack.method).toBe('ACK');
    expect(ack.uri).toBe(invite.uri);
    for (const name of ['Call-ID', 'From']) expect(ack.raw(name)).toEqual(invite.raw(name));
  });

  test('has the To of the response (@req rfc3261:17.1.1.3:3)', () => {
    const { response, ack } = acknowledged();
    expect(ack.raw('To')).toEqual(response.raw('To'));
    expect(ack.raw('To')[0]).toContain('tag=b1');
  });

  test('has the top Via of the INVITE and no other (@req rfc3261:17.1.1.3:4)', () => {
    const { invite, ack } = acknowledged();
    expect(ack.raw('Via')).toEqual([invite.raw('Via')[0]]);
  });

  test('has the CSeq number of the INVITE with its own method (@req rfc3261:17.1.1.3:5)', () => {
    expect(acknowledged().ack.raw('CSeq')).toEqual(['314 ACK']);
  });

  test('has the Route of the INVITE, and no body (@req rfc3261:17.1.1.3:6)', () => {
    const { invite, ack } = acknowledged();
    expect(ack.raw('Route')).toEqual(invite.raw('Route'));
    expect(ack.body).toHaveLength(0);
  });

  test('goes to where the INVITE went (@req rfc3261:17.1.1.2:20, @req rfc6026:8.4:3)', () => {
    expect(acknowledged().peer).toEqual(next);
  });
});
