import { describe, expect, test } from 'vitest';
import { createResponse } from '../../src/index.ts';
import { endpoint, incoming, names, only, play, T0, there, thereTcp } from '../support/sip.ts';

function withRequest(peer = there, t1 = 500) {
  const machine = endpoint({ timers: { t1 } });
  const { transaction, request } = only(
    machine.handle({ type: 'received', peer, bytes: incoming('MESSAGE') }, T0),
    'request',
  );
  const respond = (status: number, at: number) =>
    names(
      machine.handle({ type: 'respond', transaction, response: createResponse(request, status) }, T0 + at),
    );
  return { machine, respond };
}

describe('provisional responses to non-INVITE requests (RFC 4320 §4.1)', () => {
  test('other than 100 are not sent (@req rfc4320:4.1:1)', () => {
    const { machine, respond } = withRequest(thereTcp);
    expect(respond(180, 0)).toEqual([]);
    expect(respond(183, 4000)).toEqual([]);
    expect(respond(200, 4000)).toEqual(['send 200']);
    expect(machine.transactions.counts.servers).toBe(0);
  });

  test('100 is not sent over UDP before timer E has reached T2 (@req rfc4320:4.1:2)', () => {
    const { respond } = withRequest();
    expect(respond(100, 0)).toEqual([]);
    expect(respond(100, 3499)).toEqual([]);
  });

  test('100 may be sent over TCP at any time', () => {
    expect(withRequest(thereTcp).respond(100, 0)).toEqual(['send 100']);
  });

  test('100 is sent by itself when nothing else was by then, over any transport (@req rfc4320:4.1:4)', () => {
    expect(play(withRequest().machine, 5000)).toEqual([[3500, 'send 100']]);
    expect(play(withRequest(thereTcp).machine, 5000)).toEqual([[3500, 'send 100']]);
    // T1 = 1 s: E takes 1 + 2 s to be reset to 4 s.
    expect(play(withRequest(there, 1000).machine, 5000)).toEqual([[3000, 'send 100']]);
  });

  test('100 is not sent by itself once there is a final response', () => {
    const { machine, respond } = withRequest();
    respond(200, 100);
    expect(play(machine)).toEqual([]);
  });
});

describe('final responses that come too late (RFC 4320 §4.2)', () => {
  test('408 is never sent to a non-INVITE request (@req rfc4320:4.2:1)', () => {
    expect(withRequest().respond(408, 1000)).toEqual([]);
  });

  test('none is sent after 64*T1, when the client has given up; nothing of the transaction is left (@req rfc4320:4.2:2)', () => {
    const { machine, respond } = withRequest();
    expect(play(machine)).toEqual([[3500, 'send 100']]);
    expect(machine.transactions.counts).toEqual({ clients: 0, servers: 0, hosts: 0 });
    expect(respond(200, 32_001)).toEqual([]);
  });
});
