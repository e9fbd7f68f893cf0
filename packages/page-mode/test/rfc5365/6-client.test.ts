import { parse, validate } from '@sip-simple/resource-lists';
import { headerOf, parseMultipart, require as requireHeader } from '@sip-simple/sip-core';
import { describe, expect, test } from 'vitest';
import { createMessage, MessageSender } from '../../src/index.ts';
import { recipientListMessage, toRecipients } from '../../src/lists/index.ts';
import { requestFixture } from '../fixture.ts';
import { bytesOf, countingRandom, epoch, textOf } from '../network.ts';

const hello = { body: bytesOf('Hello World!\r\n'), contentType: 'text/plain' };
const boundary = () => 'boundary1';
const recipients = [
  { uri: 'sip:bill@example.com', copyControl: 'to' },
  { uri: 'sip:randy@example.net', copyControl: 'to', anonymize: true },
  { uri: 'sip:ted@example.net', copyControl: 'bcc' },
] as const;
const envelope = {
  from: 'Alice <sip:alice@example.com>',
  to: '"MESSAGE URI-list service" <sip:list-service.example.com>',
};

function made(content = toRecipients(hello, recipients, boundary)) {
  const identity = { callId: 'd432fa84b4c76e66710', fromTag: '32331', sequence: 1 };
  return createMessage({ ...envelope, ...content }, identity, epoch);
}

describe('a message for many (RFC 5365 §6)', () => {
  test('is a MESSAGE as any other, without Contact (@req rfc5365:6:1)', () => {
    const printed = requestFixture('rfc5365/9-figure-2');
    const names = ['From', 'Call-ID', 'CSeq', 'Max-Forwards', 'Require', 'Content-Type', 'Contact'];
    const fields = (message: typeof printed) =>
      names.map((name) => message.raw(name).map((value) => value.replaceAll('"', '')));
    expect([made().method, made().uri, fields(made())]).toEqual(['MESSAGE', printed.uri, fields(printed)]);
  });

  test('requires the service, beside what it requires anyway (@req rfc5365:6:3 @req rfc5365:6:4)', () => {
    expect(made().getAll(requireHeader)).toEqual([recipientListMessage]);
    const headers = [{ type: 'set' as const, name: 'Require', lines: ['pref'] }];
    expect(made(toRecipients({ ...hello, headers }, recipients, boundary)).getAll(requireHeader)).toEqual([
      'pref',
      recipientListMessage,
    ]);
  });

  test('has what is said and a flat list, which is valid (@req rfc5365:4:1 @req rfc5365:6:8)', () => {
    const [said, list] = parseMultipart(made().body, 'boundary1');
    if (said === undefined || list === undefined) throw new Error('not two parts');
    expect([headerOf(said, 'Content-Type'), textOf(said)]).toEqual(['text/plain', 'Hello World!\r\n']);
    expect(headerOf(list, 'Content-Disposition')).toBe('recipient-list');
    expect(validate(list.body)).toEqual([]);
    const entries = parse(list.body).lists.flatMap(({ members }) => members);
    expect(
      entries.map(({ type, value }) => [
        type,
        type === 'entry' && value.uri,
        value.copyControl,
        value.anonymize,
      ]),
    ).toEqual([
      ['entry', 'sip:bill@example.com', 'to', undefined],
      ['entry', 'sip:randy@example.net', 'to', true],
      ['entry', 'sip:ted@example.net', 'bcc', undefined],
    ]);
  });

  test('may ask for header fields in a URI, but not for a body (@req rfc5365:6:7)', () => {
    const uri = 'sip:bob@example.com?Accept-Contact=*%3bmobility%3d%22mobile%22';
    expect(() => toRecipients(hello, [{ uri }], boundary)).not.toThrow();
    expect(() => toRecipients(hello, [{ uri: 'sip:bob@example.com?Body=hi' }], boundary)).toThrow(TypeError);
    expect(() => toRecipients(hello, [], boundary)).toThrow(TypeError);
  });

  test('is sent by a sender', () => {
    const sender = new MessageSender({ random: countingRandom() });
    const message = { ...envelope, ...toRecipients(hello, recipients, boundary) };
    const [send] = sender.handle({ type: 'message', id: 'a', message }, epoch);
    expect(send?.type).toBe('send');
  });
});
