import { from, parse, serialize, to, validate } from '@sip-simple/cpim';
import { describe, expect, test } from 'vitest';
import {
  dispositionNotification,
  imdnRecordRoute,
  imdnRoute,
  messageId,
  messageIdOf,
  originalTo,
  recordRoute,
  requestedBy,
  requestNotifications,
  retarget,
} from '../../src/index.ts';
import { fixture, im, requesting } from '../fixtures.ts';

const text = (message: Parameters<typeof serialize>[0]) => new TextDecoder().decode(serialize(message));
const bob = { uri: 'im:bob@example.com', name: 'Bob' };

describe('RFC 5438 §6, §10: CPIM headers', () => {
  test('the example of §7.1.1.3 says what it requests', () => {
    const message = parse(fixture('rfc5438/7.1.1.3-im.cpim'));
    expect(validate(message)).toEqual([]);
    expect(messageId.of(message)).toBe('34jk324j');
    expect([...requestedBy(message)]).toEqual(['positive-delivery', 'negative-delivery']);
  });

  test('any prefix will do; names are case sensitive (@req rfc5438:10:1)', () => {
    const other = parse(
      new TextEncoder().encode('NS: x <urn:ietf:params:imdn>\r\nx.Message-ID: a\r\nx.message-id: b\r\n\r\n'),
    );
    expect(messageId.all(other)).toEqual(['a']);
    expect(text(messageId.set(other, 'c'))).toBe(
      'NS: x <urn:ietf:params:imdn>\r\nx.Message-ID: c\r\nx.message-id: b\r\n\r\n',
    );
    expect([...requestedBy(requesting('Display, display'))]).toEqual(['display']);
  });

  test.each<[string, readonly object[]]>([
    ['', []],
    ['display', [{ type: 'display' }]],
    ['positive-delivery, negative-delivery', [{ type: 'positive-delivery' }, { type: 'negative-delivery' }]],
    [
      'a  ;  b=c;d="e, \\"f\\";g"  ,  x.y',
      [
        {
          type: 'a',
          parameters: [
            { name: 'b', value: 'c' },
            { name: 'd', value: 'e, "f";g' },
          ],
        },
        { type: 'x.y' },
      ],
    ],
    [',,display,', [{ type: 'display' }]],
    ['display;broken, processing', [{ type: 'display' }, { type: 'processing' }]],
  ])('Disposition-Notification: %s', (written, requests) => {
    expect(dispositionNotification.of(requesting(written))).toEqual(requests);
  });

  test('Disposition-Notification is written with its parameters', () => {
    const parameters = [
      { name: 'a', value: 'b' },
      { name: 'c', value: 'd "e"' },
    ];
    const message = dispositionNotification.set(im(), [{ type: 'display', parameters }, { type: 'x' }]);
    expect(text(message)).toContain('\r\nimdn.Disposition-Notification: display;a=b;c="d \\"e\\"", x\r\n');
    expect(dispositionNotification.of(message)).toEqual([{ type: 'display', parameters }, { type: 'x' }]);
    expect(() => dispositionNotification.set(im(), [{ type: 'a b' }])).toThrow(RangeError);
    expect(() => messageId.set(im(), 'a b')).toThrow(RangeError);
  });

  test('hostile values take linear time', () => {
    const start = performance.now();
    for (const value of [
      ';a="'.repeat(100_000),
      'a;'.repeat(100_000),
      `a${';b'.repeat(100_000)}`,
      `a;b=${'"\\'.repeat(100_000)}`,
      ` ${' '.repeat(100_000)}x`,
    ]) {
      dispositionNotification.of(requesting(`x${value}`));
    }
    expect(performance.now() - start).toBeLessThan(2_000);
  });
});

describe('RFC 5438 §6.3, §7.1.1: requesting', () => {
  const request = {
    messageId: 'abc',
    dateTime: '2006-04-04T12:16:49-05:00',
    types: ['display', 'negative-delivery'] as const,
  };
  const plain = parse(
    new TextEncoder().encode('From: <im:alice@example.com>\r\n\r\nContent-Type: text/plain\r\n\r\nHi'),
  );

  test('a request has Message-ID, DateTime and Disposition-Notification (@req rfc5438:6.2:1, @req rfc5438:6.3:1, @req rfc5438:7.1.1.1:1, @req rfc5438:7.1.1.2:1, @req rfc5438:7.1.1.3:1)', () => {
    const message = requestNotifications(plain, request);
    expect(text(message)).toBe(
      [
        'From: <im:alice@example.com>',
        'NS: imdn <urn:ietf:params:imdn>',
        'imdn.Message-ID: abc',
        'DateTime: 2006-04-04T12:16:49-05:00',
        'imdn.Disposition-Notification: display, negative-delivery',
        '',
        'Content-Type: text/plain',
        '',
        'Hi',
      ].join('\r\n'),
    );
    expect([...requestedBy(message)]).toEqual(['display', 'negative-delivery']);
  });

  test('a Message-ID holds all bits of the random bytes, and at least 64 of them (@req rfc5438:6.3:2, @req rfc5438:6.3:3)', () => {
    expect(messageIdOf(Uint8Array.of(0, 1, 2, 3, 4, 5, 6, 255))).toBe('00010203040506ff');
    expect(() => messageIdOf(new Uint8Array(7))).toThrow(RangeError);
    expect(() => requestNotifications(plain, { ...request, messageId: '' })).toThrow(RangeError);
  });

  test('an anonymous sender requests nothing (@req rfc5438:12.1.1:2)', () => {
    const anonymous = from.set(plain, { uri: 'sip:anonymous@anonymous.invalid' });
    expect(() => requestNotifications(anonymous, request)).toThrow(RangeError);
    expect(() => requestNotifications(from.set(plain, undefined), request)).toThrow(RangeError);
  });

  test('an IMDN requests nothing (@req rfc5438:7.2.1:4)', () => {
    for (const name of ['7.2.1.1-delivery', '7.2.1.2-display', '8.1-processing', '8.3-aggregated']) {
      const imdn = parse(fixture(`rfc5438/${name}.cpim`));
      expect(() => requestNotifications(imdn, request)).toThrow(RangeError);
    }
  });
});

describe('RFC 5438 §6.4, §8: Original-To', () => {
  const list = im().headers.length;

  test('a changed To leaves the address it had (@req rfc5438:6.4:2, @req rfc5438:6.4:3, @req rfc5438:8:1)', () => {
    const copy = retarget(requesting('display'), { uri: 'im:carol@example.com' });
    expect(to.of(copy)).toEqual({ uri: 'im:carol@example.com' });
    expect(originalTo.of(copy)).toEqual(bob);
    expect(text(copy)).toContain('imdn.Original-To: Bob <im:bob@example.com>\r\n');
    expect(copy.headers).toHaveLength(list + 2);
  });

  test('one that is there stays, and stays alone (@req rfc5438:6.4:4, @req rfc5438:6.4:5, @req rfc5438:8:2)', () => {
    const once = retarget(im(), { uri: 'im:list2@example.com' });
    const twice = retarget(once, { uri: 'im:carol@example.com' });
    expect(to.of(twice)).toEqual({ uri: 'im:carol@example.com' });
    expect(originalTo.all(twice)).toEqual([bob]);
  });

  test('an address that must not be revealed is not, and an unchanged one needs none', () => {
    expect(originalTo.of(retarget(im(), { uri: 'im:c@example.com' }, { isRevealed: false }))).toBeUndefined();
    expect(originalTo.of(retarget(im(), { uri: 'im:bob@example.com' }))).toBeUndefined();
  });
});

describe('RFC 5438 §6.5, §8: IMDN-Record-Route', () => {
  test('an intermediary that wants IMDNs back puts its own address on top (@req rfc5438:6.5:2, @req rfc5438:6.6:1, @req rfc5438:8:5)', () => {
    const once = recordRoute(im(), { uri: 'im:store@example.com' });
    const twice = recordRoute(once, { uri: 'im:list@example.com', name: 'List' });
    expect(text(twice)).toContain(
      'imdn.IMDN-Record-Route: List <im:list@example.com>\r\nimdn.IMDN-Record-Route: <im:store@example.com>\r\n',
    );
    expect(imdnRecordRoute.all(twice).map(({ uri }) => uri)).toEqual([
      'im:list@example.com',
      'im:store@example.com',
    ]);
    expect(imdnRoute.all(twice)).toEqual([]);
  });
});
