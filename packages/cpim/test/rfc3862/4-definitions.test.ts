import { describe, expect, test } from 'vitest';
import {
  cc,
  dateTime,
  dateTimeOf,
  from,
  header,
  instantOf,
  readAddress,
  subject,
  to,
  validate,
} from '../../src/index.ts';
import { linesOf, withHeaders } from '../text.ts';

describe('RFC 3862 §4.1-4.3: From, To, cc', () => {
  test.each([
    [
      'Winnie the Pooh <im:pooh@100akerwood.com>',
      { name: 'Winnie the Pooh', uri: 'im:pooh@100akerwood.com' },
    ],
    ['<im:tigger@100akerwood.com>', { uri: 'im:tigger@100akerwood.com' }],
    [
      '"A <b> \\"c\\""<sip:a@[2001:db8::1]:5060;x=y>',
      { name: 'A <b> "c"', uri: 'sip:a@[2001:db8::1]:5060;x=y' },
    ],
    ['Jörg Müller <tel:+49-30-1234>', { name: 'Jörg Müller', uri: 'tel:+49-30-1234' }],
    ['<xmpp:a@example.com/b?c>', { uri: 'xmpp:a@example.com/b?c' }],
  ])('%s is read, valid and written the same', (text, address) => {
    const message = withHeaders(`From: ${text}`, `To: ${text}`, `cc: ${text}`);
    expect([from.of(message), to.of(message), cc.of(message)]).toEqual([address, address, address]);
    expect(validate(message)).toEqual([]);
    expect(linesOf(cc.set(withHeaders(), address))).toEqual([`cc: ${text}`]);
  });

  test.each([
    '',
    'im:a@example.com',
    '"open <im:a@example.com>',
    '"a" b <im:a@example.com>',
    '<im:a@example.com> x',
    'a <',
  ])('"%s" says no address', (text) => {
    expect(readAddress(text)).toBeUndefined();
    expect(validate(withHeaders(`To: ${text}`)).some(({ rule }) => rule === 'value')).toBe(true);
  });

  test('white space that the syntax lacks is passed over by readers, and not valid', () => {
    for (const text of [
      '"A"  <im:a@example.com>',
      'A  B <im:a@example.com>',
      'A<im:a@example.com>',
      '< im:a@example.com>',
    ]) {
      const message = withHeaders(`To: ${text}`);
      expect(to.of(message)?.uri, text).toBe('im:a@example.com');
    }
    expect(validate(withHeaders('To: "A" <im:a@example.com>')).map(({ rule }) => rule)).toEqual(['value']);
    expect(validate(withHeaders('To: A<im:a@example.com>')).map(({ rule }) => rule)).toEqual(['value']);
  });

  test('recipients are as many as there are headers', () => {
    const message = withHeaders(
      'To: <im:a@example.com>',
      'cc: <im:c@example.com>',
      'To: nobody',
      'To: <im:b@example.com>',
    );
    expect(to.all(message)).toEqual([{ uri: 'im:a@example.com' }, { uri: 'im:b@example.com' }]);
    expect(linesOf(to.setAll(message, []))).toEqual(['cc: <im:c@example.com>']);
    expect(linesOf(to.set(message, { uri: 'im:d@example.com' }))).toEqual([
      'To: <im:d@example.com>',
      'cc: <im:c@example.com>',
    ]);
  });

  test('what is no absolute URI is not written', () => {
    for (const uri of ['', 'a', 'im:', 'im:a>b', 'im:a b', 'im:a\r\nX: y', 'im:é', 'im:a#b', 'im:%zz']) {
      expect(() => to.set(withHeaders(), { uri }), uri).toThrow(RangeError);
    }
  });
});

describe('RFC 3862 §4.4: DateTime', () => {
  test('keeps its written form, with the offset', () => {
    const message = withHeaders('DateTime: 2001-02-01T12:16:49-05:00');
    expect(dateTime.of(message)).toBe('2001-02-01T12:16:49-05:00');
    expect(instantOf('2001-02-01T12:16:49-05:00')).toBe(Date.UTC(2001, 1, 1, 17, 16, 49));
  });

  test.each([
    ['1985-04-12T23:20:50.52Z', Date.UTC(1985, 3, 12, 23, 20, 50, 520)],
    ['1990-12-31T23:59:60Z', Date.UTC(1991, 0, 1)],
    ['1937-01-01T12:00:27.87+00:20', Date.UTC(1937, 0, 1, 11, 40, 27, 870)],
    ['2000-02-29t00:00:00z', Date.UTC(2000, 1, 29)],
  ])('%s is a moment', (text, instant) => expect(instantOf(text)).toBe(instant));

  test.each([
    '2001-02-29T00:00:00Z',
    '2001-02-01T00:00:00',
    '2001-02-01',
    '2001-02-01T24:00:00Z',
    '01-02-01T00:00:00Z',
    'now',
  ])('%s is no date-time', (text) => {
    expect(dateTime.of(withHeaders(`DateTime: ${text}`))).toBeUndefined();
    expect(validate(withHeaders(`DateTime: ${text}`)).map(({ rule }) => rule)).toEqual(['value']);
    expect(() => dateTime.set(withHeaders(), text)).toThrow(RangeError);
  });

  test('a moment is written as a clock with the offset shows it', () => {
    const instant = Date.UTC(2026, 0, 31, 12);
    expect(dateTimeOf(instant)).toBe('2026-01-31T12:00:00Z');
    expect(dateTimeOf(instant, -330)).toBe('2026-01-31T06:30:00-05:30');
    expect(dateTimeOf(instant + 5, 60)).toBe('2026-01-31T13:00:00.005+01:00');
    expect(instantOf(dateTimeOf(instant + 5, 60))).toBe(instant + 5);
    expect(() => dateTimeOf(Date.UTC(10_000, 0, 1))).toThrow(RangeError);
    expect(() => dateTimeOf(instant, 24 * 60)).toThrow(RangeError);
  });
});

describe('RFC 3862 §4.5: Subject', () => {
  test('one in each language', () => {
    const message = withHeaders('Subject: the weather', "Subject:;lang=fr beau temps prevu pour aujourd'hui");
    const all = subject.all(message);
    expect(all).toEqual([
      { text: 'the weather' },
      { text: "beau temps prevu pour aujourd'hui", language: 'fr' },
    ]);
    const more = subject.setAll(message, [...all, { text: 'schönes Wetter', language: 'de-CH' }]);
    expect(linesOf(more)).toEqual([...linesOf(message), 'Subject:;lang=de-CH schönes Wetter']);
    expect(validate(more)).toEqual([]);
    expect(() => subject.set(message, { text: 'x', language: 'not a tag' })).toThrow(RangeError);
  });

  test('other parameters are read, in quotes too, and ones that break the syntax are not valid', () => {
    const message = withHeaders('Subject:;a=1;b="x; \\"y\\" z";lang=en text');
    expect(message.headers[0]?.parameters).toEqual([
      { name: 'a', value: '1' },
      { name: 'b', value: 'x; "y" z' },
      { name: 'lang', value: 'en' },
    ]);
    expect(subject.of(message)).toEqual({ text: 'text', language: 'en' });
    expect(validate(message)).toEqual([]);
    for (const text of [';x text', ';x="open text', ';lang=12 text', ';a b=c text', ';a= text']) {
      expect(
        validate(withHeaders(`Subject:${text}`)).map(({ rule }) => rule),
        text,
      ).toEqual(['parameter']);
    }
  });

  test("a header of one's own is checked when it is made", () => {
    expect(header('a.B', 'c', [{ name: 'd', value: 'e f' }])).toMatchObject({ name: 'a.B' });
    expect(() => header('a.b.c', 'x')).toThrow(RangeError);
    expect(() => header('a:b', 'x')).toThrow(RangeError);
    expect(() => header('a', 'x\r\nB: y')).toThrow(RangeError);
    expect(() => header('a', 'x', [{ name: 'd e', value: '' }])).toThrow(RangeError);
  });
});
