import { accept, acceptEncoding, contact } from '@sip-simple/sip-core';
import { describe, expect, test } from 'vitest';
import { MessageReceiver, type ReceiverAction, type ReceiverOptions } from '../../src/index.ts';
import { countingRandom, epoch, request, textOf } from '../network.ts';

function receiver(options: Partial<ReceiverOptions> = {}) {
  return new MessageReceiver({ random: countingRandom(), ...options });
}

function receive(machine: MessageReceiver, lines: readonly string[], body = 'hello', now = epoch) {
  const peer = { transport: 'udp', host: '192.0.2.10', port: 5060 } as const;
  const input = { type: 'request', transaction: 't', request: request(lines, body), peer } as const;
  return read(machine.handle(input, now));
}

function read(actions: readonly ReceiverAction[]) {
  const response = actions.find((action) => action.type === 'respond')?.response;
  const message = actions.find((action) => action.type === 'message');
  if (response === undefined) throw new Error('no answer');
  return { response, status: response.status, message, text: message && textOf(message) };
}

describe('a receiver (RFC 3428 §7)', () => {
  test('answers at once and finally (@req rfc3428:7:1)', () => {
    const { status, text, message } = receive(receiver(), []);
    expect([status, text, message?.from.displayName]).toEqual([200, 'hello', 'Alice']);
  });

  test('a 2xx has no body and no Contact (@req rfc3428:7:2 @req rfc3428:7:3)', () => {
    for (const status of [200, 202] as const) {
      const { response } = receive(receiver({ status }), ['Contact: <sip:alice@192.0.2.10>']);
      expect([response.status, response.body.length, response.has(contact)]).toEqual([status, 0, false]);
      expect(response.raw('Content-Length')).toEqual(['0']);
      expect(response.raw('To')[0]).toContain(';tag=');
    }
  });

  test('reads text/plain, whatever else it reads (@req rfc3428:7:5)', () => {
    expect(receive(receiver(), ['Content-Type: text/plain;charset=UTF-8'], 'Grüße').text).toBe('Grüße');
    expect(receive(receiver({ mediaTypes: [] }), []).text).toBe('hello');
    expect(receive(receiver({ mediaTypes: ['text/html'] }), []).text).toBe('hello');
    expect(receive(receiver(), ['Content-Type: message/cpim']).status).toBe(200);
  });

  test('answers 415 with what it reads for anything else (table 1: Accept in a 415 is mandatory)', () => {
    const { response, message } = receive(receiver(), ['Content-Type: image/png']);
    expect(response.status).toBe(415);
    expect(response.getAll(accept).map(({ type }) => type)).toEqual(['text/plain', 'message/cpim']);
    expect(message).toBeUndefined();
    expect(receive(receiver({ mediaTypes: 'all' }), ['Content-Type: image/png']).status).toBe(200);
  });

  test('answers 415 for an encoding, 413 for too much, 400 without Content-Type', () => {
    const encoded = receive(receiver(), ['Content-Encoding: gzip']).response;
    expect([encoded.status, encoded.getAll(acceptEncoding).map(({ token }) => token)]).toEqual([
      415,
      ['identity'],
    ]);
    expect(receive(receiver({ bodyBytes: 4 }), []).status).toBe(413);
    expect(receive(receiver(), ['Content-Type:'], 'x').status).toBe(400);
    expect(receive(receiver(), ['Date: yesterday']).status).toBe(400);
  });

  test('takes a message without a body (§9)', () => {
    const { status, message } = receive(receiver(), [], '');
    expect([status, message?.contentType, message?.body.length]).toEqual([200, undefined, 0]);
  });

  test('does not hand on twice what comes twice, in another transaction', () => {
    const machine = receiver({ remembered: 2 });
    expect([receive(machine, []).text, receive(machine, []).status, receive(machine, []).text]).toEqual([
      'hello',
      200,
      undefined,
    ]);
    for (const id of ['b', 'c']) receive(machine, [`Call-ID: ${id}`]);
    expect(receive(machine, []).text).toBe('hello');
  });

  test('knows one that it refused before as new', () => {
    const machine = receiver();
    expect(receive(machine, ['Content-Type: image/png']).status).toBe(415);
    expect(receive(machine, []).text).toBe('hello');
  });

  test('leaves other methods to others', () => {
    const { request: message } = { request: request([], 'x') };
    const other = { ...message, method: 'INFO' };
    const peer = { transport: 'udp', host: '192.0.2.10', port: 5060 } as const;
    expect(receiver().handle({ type: 'request', transaction: 't', request: other, peer }, epoch)).toEqual([]);
  });
});

describe('expiration (RFC 3428 §7)', () => {
  const sentAt = 'Date: Thu, 01 Jan 2026 00:00:00 GMT'; // epoch

  test('counts from the Date (@req rfc3428:7:6)', () => {
    const lines = [sentAt, 'Expires: 60'];
    const late = receive(receiver(), lines, 'hello', epoch + 60_001);
    expect([late.status, late.text]).toEqual([200, undefined]);
    const timely = receive(receiver(), lines, 'hello', epoch + 59_000).message;
    expect([timely?.expiresAt, timely?.sentAt, timely?.isExpired]).toEqual([epoch + 60_000, epoch, false]);
  });

  test('counts from reception where there is no Date (@req rfc3428:7:7)', () => {
    const { message } = receive(receiver(), ['Expires: 60'], 'hello', epoch + 5);
    expect([message?.expiresAt, message?.isExpired]).toEqual([epoch + 60_005, false]);
    expect(receive(receiver(), ['Expires: 0']).text).toBe('hello');
  });

  test('there is none without Expires', () => {
    expect(receive(receiver(), ['Date: Thu, 01 Jan 2015 00:00:00 GMT']).message?.expiresAt).toBeUndefined();
  });

  test('what has expired is thrown away, or marked, as the policy says (@req rfc3428:7:8 @req rfc3428:7:9)', () => {
    const lines = [sentAt, 'Expires: 60'];
    const now = epoch + 3_600_000;
    expect(receive(receiver({ expired: 'discard' }), lines, 'hello', now).message).toBeUndefined();
    expect(receive(receiver({ expired: 'mark' }), lines, 'hello', now).message?.isExpired).toBe(true);
  });
});

describe('replays (RFC 3428 §11.4)', () => {
  const options = { dateWindowSeconds: 300 };
  const at = (seconds: number) => [`Date: ${new Date(epoch + seconds * 1000).toUTCString()}`];

  test('a Date that is not near is answered 400 (@req rfc3428:11.4:2)', () => {
    for (const seconds of [-301, 301]) {
      const { response, message } = receive(receiver(options), at(seconds));
      expect([response.status, response.reason, message]).toEqual([400, 'Incorrect Date or Time', undefined]);
    }
    for (const seconds of [-300, 0, 300]) expect(receive(receiver(options), at(seconds)).status).toBe(200);
    expect(receive(receiver(options), []).status).toBe(200);
  });

  test('but not from a relay that is known to deliver late', () => {
    const isKnownRelay: ReceiverOptions['isKnownRelay'] = (_, peer) => peer.host === '192.0.2.10';
    expect(receive(receiver({ ...options, isKnownRelay }), at(-86_400)).status).toBe(200);
  });
});
