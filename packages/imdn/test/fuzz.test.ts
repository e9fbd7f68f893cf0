import {
  CpimError,
  parse as parseMessage,
  serialize as serializeMessage,
  validate as validateMessage,
} from '@sip-simple/cpim';
import { plain, randomFrom } from '@sip-simple/testkit';
import { array, assert, constantFrom, oneof, option, property, record, string, tuple } from 'fast-check';
import { expect, test } from 'vitest';
import {
  forward,
  ImdnError,
  type ImdnInit,
  notificationFor,
  notificationsIn,
  parse,
  recordRoute,
  requestedBy,
  retarget,
  serialize,
  validate,
  withoutRecipients,
} from '../src/index.ts';
import { documentWith, fixture } from './fixtures.ts';

const runs = 200 * Number(process.env['FUZZ_RUNS'] ?? 1);
// What XML can say: no control characters, no lone surrogates.
const text = string({ unit: 'binary' }).map((value) =>
  value.replace(/[^\t\n -\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, ''),
);
const uri = constantFrom('im:bob@example.com', 'sip:a@[::1]', 'tel:+1', 'urn:x:é');
const notification = oneof(
  record({
    type: constantFrom('delivery' as const),
    value: record({
      status: record({
        result: constantFrom('delivered' as const, 'failed' as const, 'forbidden' as const, 'error' as const),
      }),
    }),
  }),
  record({
    type: constantFrom('display' as const),
    value: record({
      status: record({ result: constantFrom('displayed' as const, 'forbidden' as const, 'error' as const) }),
    }),
  }),
  record({
    type: constantFrom('processing' as const),
    value: record({
      status: record({
        result: constantFrom('processed' as const, 'stored' as const, 'forbidden' as const, 'error' as const),
      }),
    }),
  }),
);
const recipient = record({ recipientUri: uri, originalRecipientUri: uri });

test('what is written is valid, and reads as meant', () => {
  const documents = record({
    messageId: string({ unit: 'grapheme-ascii', minLength: 1 }).map((id) => id.replace(/\s+/g, '') || 'x'),
    dateTime: text,
    recipient: option(recipient, { nil: undefined }),
    subject: option(record({ text, language: option(constantFrom('en', 'de-CH'), { nil: undefined }) }), {
      nil: undefined,
    }),
    notification,
  });
  assert(
    property(documents, ({ recipient, subject, ...rest }) => {
      const value: ImdnInit = recipient === undefined ? rest : { ...rest, ...recipient, subject };
      const bytes = serialize(value);
      expect(validate(bytes)).toEqual([]);
      expect(plain({ ...parse(bytes), extra: undefined })).toMatchObject(Object(plain(value)));
    }),
    { numRuns: runs },
  );
});

test('mutated documents and messages are read or refused with a typed error', () => {
  const random = randomFrom(2);
  const upTo = (limit: number) => Math.floor(random() * limit);
  const seeds = [
    new TextEncoder().encode(documentWith('<x:e/>', '<x:g/>')),
    ...['7.1.1.3-im', '7.2.1.1-delivery', '8.3-aggregated'].map((name) => fixture(`rfc5438/${name}.cpim`)),
  ];
  for (let run = 0; run < runs * 10; run += 1) {
    const bytes = [...(seeds[run % seeds.length] ?? [])];
    for (let change = 0; change <= run % 4; change += 1) {
      const at = upTo(bytes.length);
      bytes.splice(at, upTo(9), ...Array.from({ length: upTo(5) }, () => upTo(256)));
    }
    const input = Uint8Array.from(bytes);
    try {
      if (run % seeds.length === 0) validate(serialize(parse(input)));
      else {
        const message = parseMessage(input);
        requestedBy(message);
        notificationsIn(message);
        forward(message, () => true);
        serializeMessage(withoutRecipients(message, { uri: 'im:list@example.com' }));
        notificationFor(
          message,
          { type: 'delivered' },
          { role: 'recipient', consent: 'given', messageId: 'x', sent: new Set() },
        );
      }
    } catch (error) {
      if (!(error instanceof ImdnError || error instanceof CpimError)) throw error;
    }
  }
});

test('no message makes it throw', () => {
  const odd = constantFrom(
    '',
    ' ',
    '<',
    '>',
    '"',
    '\\',
    '\\u0000',
    '\\ud800',
    '\u{fffe}',
    'im:a@[::1]',
    'im:é',
    'im:',
    'im:a@b',
    'sip:a@[::1]',
    'a b',
    'x',
    ';lang=1',
  );
  const value = array(odd, { maxLength: 4 }).map((parts) => parts.join(''));
  const line = tuple(
    constantFrom(
      'From: <@>',
      'To: <@>',
      'Subject: @',
      'Subject:;lang=@ x',
      'imdn.Message-ID: @',
      'imdn.Original-To: <@>',
      'imdn.IMDN-Record-Route: @ <@>',
      'imdn.IMDN-Route: <@>',
      'DateTime: @',
      '@: x',
    ),
    value,
  ).map(([template, value]) => template.replaceAll('@', value));
  assert(
    property(array(line), constantFrom('text/plain', 'message/imdn+xml'), (lines, type) => {
      const fixed = ['NS: imdn <urn:ietf:params:imdn>', 'imdn.Disposition-Notification: display'];
      const good = [
        'From: <im:a@b>',
        'To: <im:c@d>',
        'DateTime: 2026-01-31T12:00:00Z',
        'imdn.Message-ID: abc',
      ];
      const head = [...fixed, ...lines.filter((each) => !/^(?: |:)/.test(each)), ...good];
      const text = [...head, '', `Content-Type: ${type}`, 'A B: c', '', 'x'].join('\r\n');
      const message = parseMessage(new TextEncoder().encode(text));
      const options = {
        role: 'recipient',
        consent: 'given',
        messageId: 'x',
        sent: new Set<never>(),
      } as const;
      const outgoing = notificationFor(message, { type: 'displayed' }, options);
      if (outgoing !== undefined) {
        const imdn = parseMessage(serializeMessage(outgoing.message));
        expect(validateMessage(imdn)).toEqual([]);
        expect(validate(imdn.content.body)).toEqual([]);
      }
      forward(message, () => true);
      const own = { uri: 'im:list@example.com' };
      for (const onward of [recordRoute(message, own), retarget(message, own)]) serializeMessage(onward);
      parseMessage(serializeMessage(withoutRecipients(message, own)));
    }),
    { numRuns: runs },
  );
});
