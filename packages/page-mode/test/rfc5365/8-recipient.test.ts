import { describe, expect, test } from 'vitest';
import { readListMessage, replyToAll } from '../../src/lists/index.ts';
import { requestFixture } from '../fixture.ts';
import { ListWorld, listMessage } from '../list-world.ts';
import { request, textOf } from '../network.ts';

const isSelf = (self: string) => (uri: string) => uri === self;

describe('a recipient (RFC 5365 §8)', () => {
  test('sees what was said, and who got it too', () => {
    const { content, recipients } = readListMessage(requestFixture('rfc5365/9-figure-3'));
    expect(content.map(textOf)).toEqual(['Hello World!\r\n']);
    expect(recipients?.map(({ uri }) => uri)).toEqual([
      'sip:bill@example.com',
      'sip:anonymous@anonymous.invalid',
      'sip:joe@example.org',
      'sip:anonymous@anonymous.invalid',
    ]);
  });

  test('may answer to the sender and the others it is told of (@req rfc5365:1:1)', () => {
    const message = requestFixture('rfc5365/9-figure-3');
    expect(replyToAll(message, isSelf('sip:bill@example.com'))).toEqual([
      'sip:alice@example.com',
      'sip:joe@example.org',
    ]);
  });

  test('answers to the sender alone as a blind copy, when it is not listed, and without a list', () => {
    const { copies } = new ListWorld().receive(
      listMessage(['sip:bill@example.com copyControl=to', 'sip:ted@example.net copyControl=bcc']),
    );
    const blind = copies.find(({ uri }) => uri === 'sip:ted@example.net') ?? request([]);
    expect(replyToAll(blind, isSelf('sip:ted@example.net'))).toEqual(['sip:alice@example.com']);
    expect(replyToAll(blind, isSelf('sip:x@example.net'))).toEqual(['sip:alice@example.com']);
    expect(replyToAll(request([], 'hi'), isSelf('sip:bob@example.com'))).toEqual(['sip:alice@example.com']);
  });

  test('reads any other message as its own content', () => {
    const { content, recipients } = readListMessage(request(['c: text/html'], '<p>'));
    expect([content.map((part) => [part.headers, textOf(part)]), recipients]).toEqual([
      [[[{ name: 'Content-Type', value: 'text/html' }], '<p>']],
      undefined,
    ]);
    expect(readListMessage(request([], '')).content).toEqual([]);
  });
});
