import { expect, test } from 'vitest';
import { createMessage, MessageReceiver } from '../../src/index.ts';
import { fixture, requestFixture } from '../fixture.ts';
import { bytesOf, countingRandom, epoch, textOf } from '../network.ts';

const names = ['From', 'To', 'Call-ID', 'CSeq', 'Max-Forwards', 'Content-Type', 'Content-Length', 'Contact'];

test('F1 is what a sender makes (RFC 3428 §10)', () => {
  const printed = requestFixture('rfc3428/10-F1');
  const made = createMessage(
    {
      from: 'sip:user1@domain.com',
      to: 'sip:user2@domain.com',
      body: bytesOf('Watson, come here.'),
      contentType: 'text/plain',
    },
    { callId: 'asd88asd77a@1.2.3.4', fromTag: '49583', sequence: 1 },
    epoch,
  );
  const bare = (value: string): string => value.replace(/[<>]/g, '');
  const fields = (message: typeof made) => names.map((name) => message.raw(name).map(bare));
  expect([made.uri, textOf(made), fields(made)]).toEqual([printed.uri, textOf(printed), fields(printed)]);
});

test('F2 is answered with F3, which F4 is without its top Via (RFC 3428 §10)', () => {
  const request = requestFixture('rfc3428/10-F2');
  const receiver = new MessageReceiver({ random: countingRandom() });
  const peer = { transport: 'tcp', host: '192.0.2.1', port: 5060 } as const;
  const actions = receiver.handle({ type: 'request', transaction: 't', request, peer }, epoch);
  const [respond, message] = actions;
  if (respond?.type !== 'respond' || message?.type !== 'message') throw new Error('not answered and shown');
  expect(textOf(message)).toBe('Watson, come here.');
  const f3 = fixture('rfc3428/10-F3');
  const untagged = (value: string): string => value.replace(/;tag=\w+$/, '');
  for (const name of ['From', 'To', 'Call-ID', 'CSeq', 'Content-Length']) {
    expect(respond.response.raw(name).map(untagged)).toEqual(f3.raw(name).map(untagged));
  }
  expect([...respond.response.headers()].map(([name]) => name).sort()).toEqual(
    [...f3.headers()].map(([name]) => name).sort(),
  );
  expect(fixture('rfc3428/10-F4').raw('Via')).toHaveLength(f3.raw('Via').length - 1);
});
