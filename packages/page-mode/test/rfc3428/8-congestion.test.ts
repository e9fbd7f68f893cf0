import { createResponse, type SipRequest } from '@sip-simple/sip-core';
import { describe, expect, test } from 'vitest';
import { MessageSender, maxMessageBytes, type SenderAction } from '../../src/index.ts';
import { bytesOf, countingRandom, epoch, Network, textOf } from '../network.ts';

const said = (text: string, to = 'sip:bob@192.0.2.2') => ({
  from: 'sip:alice@example.com',
  to,
  body: bytesOf(text),
  contentType: 'text/plain',
});

function outcomes(actions: readonly SenderAction[]): unknown[] {
  return actions.flatMap((action) => (action.type === 'outcome' ? [[action.id, action.outcome]] : []));
}

describe('congestion (RFC 3428 §8)', () => {
  test('to one URI one message at a time is under way, whatever way it is written (@req rfc3428:8:3)', () => {
    const sender = new MessageSender({ random: countingRandom() });
    const send = (id: string, to: string) =>
      sender.handle({ type: 'message', id, message: said(id, to) }, epoch);
    const [first] = send('a', 'sip:bob@example.com');
    expect(send('b', '"Bob" <sip:b%6fb@EXAMPLE.com>')).toEqual([]);
    expect(send('c', 'sip:bob@example.com')).toEqual([]);
    expect(send('d', 'sip:carol@example.com').map(({ type }) => type)).toEqual(['send']);
    if (first?.type !== 'send') throw new Error('nothing was sent');
    const trying = createResponse(first.request, 100);
    expect(sender.handle({ type: 'response', id: first.id, response: trying }, epoch)).toEqual([]);
    const response = createResponse(first.request, 200, { toTag: 'x' });
    const next = sender.handle({ type: 'response', id: first.id, response }, epoch);
    expect(next.map((action) => (action.type === 'send' ? textOf(action.request) : action.outcome))).toEqual([
      'delivered',
      'b',
    ]);
    // the same answer again changes nothing
    expect(sender.handle({ type: 'response', id: first.id, response }, epoch)).toEqual([]);
  });

  test('the ones that follow wait for a silent one to time out', () => {
    const network = new Network();
    const alice = network.element('192.0.2.1');
    const bob = network.element('192.0.2.2');
    const sender = new MessageSender({ random: network.random });
    alice.use(sender);
    bob.answer = (request) =>
      textOf(request) === 'a' ? undefined : createResponse(request, 200, { toTag: 'x' });
    for (const id of ['a', 'b', 'c']) {
      alice.perform(sender.handle({ type: 'message', id, message: said(id) }, network.now));
    }
    network.advance(31);
    expect(network.requests('192.0.2.2').map(textOf)).toEqual(['a']);
    network.advance(1);
    expect(network.requests('192.0.2.2').map(textOf)).toEqual(['a', 'b', 'c']);
    expect(outcomes(alice.actions as readonly SenderAction[])).toEqual([
      ['a', 'failed'],
      ['b', 'delivered'],
      ['c', 'delivered'],
    ]);
  });

  test('what expired while it waited is not sent', () => {
    const sender = new MessageSender({ random: countingRandom() });
    const [first] = sender.handle({ type: 'message', id: 'a', message: said('a') }, epoch);
    sender.handle({ type: 'message', id: 'b', message: { ...said('b'), expiresSeconds: 10 } }, epoch);
    sender.handle({ type: 'message', id: 'c', message: said('c') }, epoch);
    if (first?.type !== 'send') throw new Error('nothing was sent');
    const late = sender.handle({ type: 'failed', id: first.id, reason: 'timeout' }, epoch + 32_000);
    expect(outcomes(late)).toEqual([
      ['a', 'failed'],
      ['b', 'expired'],
    ]);
    expect(late.map(({ type }) => type)).toEqual(['outcome', 'outcome', 'send']);
  });

  test('more than may wait is said at once', () => {
    const sender = new MessageSender({ random: countingRandom(), waiting: 2 });
    const send = (id: string) => sender.handle({ type: 'message', id, message: said(id) }, epoch);
    expect(outcomes([...send('a'), ...send('b'), ...send('c')])).toEqual([['c', 'overrun']]);
  });

  test('no message on the wire has more than 1300 bytes, unless all hops are known (@req rfc3428:8:2)', () => {
    const network = new Network();
    const alice = network.element('192.0.2.1');
    const bob = network.element('192.0.2.2');
    const sender = new MessageSender({ random: network.random });
    alice.use(sender);
    bob.answer = (request) => createResponse(request, 200, { toTag: 'x' });
    for (let length = 700; length < 1300; length += 1) {
      const message = said('x'.repeat(length));
      alice.perform(sender.handle({ type: 'message', id: `${length}`, message }, network.now));
    }
    const sizes = network.wire
      .filter(({ to }) => to === '192.0.2.2')
      .map(({ message }) => message.toBytes().length);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(maxMessageBytes);
    expect(Math.max(...sizes)).toBeGreaterThan(maxMessageBytes - 60);
    const results = outcomes(alice.actions as readonly SenderAction[]);
    expect(results.at(-1)).toEqual(['1299', 'too-large']);

    const message = said('x'.repeat(5000));
    const [known] = sender.handle(
      { type: 'message', id: 'big', message, isCongestionSafe: true },
      network.now,
    );
    expect(known?.type).toBe('send');
  });

  test('one that is too large does not stop those behind it', () => {
    const sender = new MessageSender({ random: countingRandom() });
    const big = { ...said('x'.repeat(2000)), to: 'sip:bob@192.0.2.2' };
    const [first] = sender.handle({ type: 'message', id: 'a', message: said('a') }, epoch);
    sender.handle({ type: 'message', id: 'b', message: big }, epoch);
    sender.handle({ type: 'message', id: 'c', message: said('c') }, epoch);
    if (first?.type !== 'send') throw new Error('nothing was sent');
    const requests: SipRequest[] = [];
    const response = createResponse(first.request, 200);
    for (const action of sender.handle({ type: 'response', id: first.id, response }, epoch)) {
      if (action.type === 'send') requests.push(action.request);
    }
    expect(requests.map(textOf)).toEqual(['c']);
  });
});
