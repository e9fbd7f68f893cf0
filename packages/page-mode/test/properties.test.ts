import { ResourceListsError } from '@sip-simple/resource-lists';
import { MultipartError, SipError } from '@sip-simple/sip-core';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PageModeError } from '../src/index.ts';
import { readListMessage, toRecipients } from '../src/lists/index.ts';
import { createMessage } from '../src/message-request.ts';
import { ListWorld, listMessage } from './list-world.ts';
import { bytesOf, epoch, request, textOf } from './network.ts';

const numRuns = 200 * Number(process.env['FUZZ_RUNS'] ?? 1);
const user = fc.stringMatching(/^[a-z][a-z0-9]{0,8}$/);
const recipient = fc.record({
  uri: user.map((name) => `sip:${name}@example.com`),
  copyControl: fc.constantFrom('to' as const, 'cc' as const, 'bcc' as const),
  anonymize: fc.boolean(),
});

describe('whatever is sent to many', () => {
  test('reaches each once, as it was said; nobody learns of blind copies and anonymous recipients', () => {
    const said = fc.string({ unit: 'binary', minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(said, fc.array(recipient, { minLength: 1, maxLength: 20 }), (text, recipients) => {
        let count = 0;
        const token = () => {
          count += 1;
          return `b${count}`;
        };
        const content = toRecipients({ body: bytesOf(text), contentType: 'text/plain' }, recipients, token);
        const identity = { callId: 'c', fromTag: 'f', sequence: 1 };
        const envelope = { from: 'sip:alice@example.com', to: 'sip:lists.example.com' };
        const message = createMessage({ ...envelope, ...content }, identity, epoch);
        const world = new ListWorld({ isCongestionSafe: () => true });
        const { copies } = world.receive(message);
        expect(copies.map(({ uri }) => uri)).toEqual([...new Set(recipients.map(({ uri }) => uri))]);
        for (const copy of copies) {
          const read = readListMessage(copy);
          expect(read.content.map(textOf)).toEqual([text]);
          for (const { uri, copyControl, anonymize } of recipients) {
            const isOpen = recipients.some((each) => each.uri === uri && each.copyControl !== 'bcc');
            const isHidden = recipients.some((each) => each.uri === uri && each.anonymize);
            const isTold = read.recipients?.some((each) => each.uri === uri) === true;
            if (copyControl !== undefined && isTold && copy.uri !== uri)
              expect([isOpen, isHidden]).toEqual([true, false]);
            if (isOpen && !isHidden && !anonymize) expect(isTold).toBe(true);
          }
        }
      }),
      { numRuns },
    );
  });
});

describe('whatever comes', () => {
  const original = textOf(listMessage(['sip:bill@example.com copyControl=to', 'sip:joe@example.org']));

  const fragment = fc.oneof(
    fc.constantFrom(
      '',
      '--b1\r\n',
      '--b1--',
      '\r\n\r\n',
      '"',
      '<list>',
      '</list>',
      'sip:%',
      '<!DOCTYPE x>',
      '\0',
      ';',
    ),
    fc.string({ maxLength: 20 }),
  );

  test('a list service answers, and takes no harm', () => {
    fc.assert(
      fc.property(fc.nat(original.length), fc.nat(40), fragment, (at, cut, put) => {
        const body = original.slice(0, at) + put + original.slice(at + cut);
        const lines = ['Content-Type: multipart/mixed;boundary="b1"'];
        const message = request(lines, body, 'sip:lists.example.com');
        const world = new ListWorld();
        expect([202, 400, 413, 415, 482, 513]).toContain(world.receive(message).status);
        try {
          readListMessage(message);
        } catch (error) {
          const isOurs = [PageModeError, MultipartError, ResourceListsError, SipError].some(
            (type) => error instanceof type,
          );
          if (!isOurs) throw error;
        }
      }),
      { numRuns },
    );
  });
});
