import { describe, expect, test } from 'vitest';
import { createResponse, set, to } from '../../src/index.ts';
import {
  all,
  answer,
  endpoint,
  incoming,
  messages,
  names,
  only,
  outgoing,
  play,
  sentRequest,
  sentResponse,
  T0,
  there,
} from '../support/sip.ts';

const INVITE = outgoing('INVITE', [
  set('Route', '<sip:192.0.2.9;lr>', '<sip:192.0.2.10;lr>'),
  set('Require', '100rel'),
  set('Contact', '<sip:alice@192.0.2.1>'),
]);

describe('cancelling a request of ours (RFC 3261 §9.1)', () => {
  test('sends a CANCEL that matches the INVITE, to where it went (@req rfc3261:9.1:2, @req rfc3261:9.1:3, @req rfc3261:9.1:4, @req rfc3261:9.1:5, @req rfc3261:9.1:6, @req rfc3261:9.1:10)', () => {
    const machine = endpoint();
    const invite = sentRequest(machine.handle({ type: 'send', id: 'x', request: INVITE, to: there }, T0));
    machine.handle({ type: 'received', peer: there, bytes: answer(invite, 180) }, T0);
    const actions = machine.handle({ type: 'cancel', id: 'x' }, T0 + 10);
    const cancel = sentRequest(actions);
    expect(only(actions, 'transmit').peer).toEqual(there);
    expect(cancel.method).toBe('CANCEL');
    expect(cancel.uri).toBe(invite.uri);
    for (const name of ['Via', 'From', 'To', 'Call-ID', 'Route'])
      expect(cancel.raw(name)).toEqual(invite.raw(name));
    expect(cancel.raw('CSeq')).toEqual(['1 CANCEL']);
    expect(cancel.has('Require')).toBe(false);
  });

  test('waits for a provisional response before it sends one (@req rfc3261:9.1:8)', () => {
    const machine = endpoint();
    const invite = sentRequest(machine.handle({ type: 'send', id: 'x', request: INVITE, to: there }, T0));
    expect(names(machine.handle({ type: 'cancel', id: 'x' }, T0))).toEqual([]);
    expect(
      names(machine.handle({ type: 'received', peer: there, bytes: answer(invite, 100) }, T0 + 50)),
    ).toEqual(['response 100', 'send CANCEL']);
  });

  test('is retransmitted by a transaction of its own, whose answer is nobody else’s', () => {
    const machine = endpoint();
    const invite = sentRequest(machine.handle({ type: 'send', id: 'x', request: INVITE, to: there }, T0));
    machine.handle({ type: 'received', peer: there, bytes: answer(invite, 180) }, T0);
    const cancel = sentRequest(machine.handle({ type: 'cancel', id: 'x' }, T0));
    expect(play(machine, 1500)).toEqual([
      [500, 'send CANCEL'],
      [1500, 'send CANCEL'],
    ]);
    expect(
      names(machine.handle({ type: 'received', peer: there, bytes: answer(cancel, 200) }, T0 + 1600)),
    ).toEqual([]);
    expect(
      names(machine.handle({ type: 'received', peer: there, bytes: answer(invite, 487) }, T0 + 1700)),
    ).toEqual(['send ACK', 'response 487']);
    expect(play(machine)).toEqual([]);
    expect(machine.transactions.counts.clients).toBe(0);
  });

  test('ends an INVITE that is never answered 64*T1 later', () => {
    const machine = endpoint();
    const invite = sentRequest(machine.handle({ type: 'send', id: 'x', request: INVITE, to: there }, T0));
    machine.handle({ type: 'received', peer: there, bytes: answer(invite, 180) }, T0);
    machine.handle({ type: 'cancel', id: 'x' }, T0 + 1000);
    expect(play(machine).at(-1)).toEqual([33_000, 'failed timeout']);
    expect(machine.transactions.counts.clients).toBe(0);
  });

  test('does nothing once the INVITE has a final response', () => {
    const machine = endpoint();
    const invite = sentRequest(machine.handle({ type: 'send', id: 'x', request: INVITE, to: there }, T0));
    machine.handle({ type: 'received', peer: there, bytes: answer(invite, 200) }, T0);
    expect(machine.handle({ type: 'cancel', id: 'x' }, T0 + 10)).toEqual([]);
    expect(machine.handle({ type: 'cancel', id: 'unknown' }, T0 + 10)).toEqual([]);
  });
});

describe('being cancelled (RFC 3261 §9.2)', () => {
  test('a CANCEL is answered 200, its INVITE left to the user to answer 487', () => {
    const machine = endpoint();
    const { transaction, request } = only(
      machine.handle({ type: 'received', peer: there, bytes: incoming('INVITE') }, T0),
      'request',
    );
    const actions = machine.handle({ type: 'received', peer: there, bytes: incoming('CANCEL') }, T0 + 10);
    expect(names(actions)).toEqual(['send 200', 'cancelled']);
    expect(only(actions, 'cancelled')).toEqual({ type: 'cancelled', transaction, request });
    const tag = sentResponse(all(actions, 'transmit')).get(to)?.params.get('tag');
    const final = machine.handle(
      { type: 'respond', transaction, response: createResponse(request, 487) },
      T0 + 20,
    );
    expect(names(final)).toEqual(['send 487']);
    // §9.2: the To tag of both answers SHOULD be the same.
    expect(messages(final)[0]?.get(to)?.params.get('tag')).toBe(tag);
  });

  test('a retransmitted CANCEL gets its 200 again and cancels nothing twice', () => {
    const machine = endpoint();
    machine.handle({ type: 'received', peer: there, bytes: incoming('INVITE') }, T0);
    machine.handle({ type: 'received', peer: there, bytes: incoming('CANCEL') }, T0 + 10);
    expect(
      names(machine.handle({ type: 'received', peer: there, bytes: incoming('CANCEL') }, T0 + 510)),
    ).toEqual(['send 200']);
  });

  test('a CANCEL after the final response changes nothing', () => {
    const machine = endpoint();
    const { transaction, request } = only(
      machine.handle({ type: 'received', peer: there, bytes: incoming('INVITE') }, T0),
      'request',
    );
    machine.handle(
      { type: 'respond', transaction, response: createResponse(request, 200, { toTag: 'a1' }) },
      T0,
    );
    const actions = machine.handle({ type: 'received', peer: there, bytes: incoming('CANCEL') }, T0 + 10);
    expect(names(actions)).toEqual(['send 200']);
  });

  test('a CANCEL of nothing is answered 481', () => {
    const machine = endpoint();
    const actions = machine.handle({ type: 'received', peer: there, bytes: incoming('CANCEL') }, T0);
    expect(sentResponse(actions).status).toBe(481);
  });

  test('a CANCEL where no INVITE is taken is answered 405', () => {
    const machine = endpoint({ methods: ['MESSAGE'] });
    const actions = machine.handle({ type: 'received', peer: there, bytes: incoming('CANCEL') }, T0);
    expect(sentResponse(actions).status).toBe(405);
  });
});
