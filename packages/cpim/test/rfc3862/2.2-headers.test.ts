import { describe, expect, test } from 'vitest';
import { CpimError, from, parse, serialize, subject, to, validate } from '../../src/index.ts';
import { bytesOf, fixture, linesOf, textOf, withHeaders } from '../text.ts';

const CONTENT = '\r\nContent-Type: text/plain\r\n\r\nHello';

function failure(text: string | Uint8Array): CpimError {
  try {
    parse(typeof text === 'string' ? bytesOf(text) : text);
  } catch (error) {
    if (error instanceof CpimError) return error;
    throw error;
  }
  throw new TypeError('it was read');
}

describe('RFC 3862 §2.2: message headers', () => {
  test.each(['5.1-message', '5.2-signed'])(
    'the example %s is read, valid, and written as it came',
    (name) => {
      const bytes = fixture(`rfc3862/${name}.cpim`);
      const message = parse(bytes);
      expect(message.headers.map(({ name }) => name)).toEqual([
        'From',
        'To',
        'DateTime',
        'Subject',
        'Subject',
        'NS',
        'Require',
        'MyFeatures.VitalMessageOption',
        'MyFeatures.WackyMessageOption',
      ]);
      expect(validate(message)).toEqual([]);
      expect(serialize(message)).toBe(bytes);
      expect(serialize({ headers: message.headers, content: message.content })).toEqual(bytes);
    },
  );

  test('an unchanged message, and all of a changed one that was not changed, keep their octets and order (@req rfc3862:2.2:1, @req rfc3862:2.2:12, @req rfc3862:2.2:13, @req rfc3862:6:1)', () => {
    const lines = [
      'Z.Unknown: \\u0041 \\q  é ',
      'From:<im:a@example.com>',
      'Subject:;x="a \\"b; c";lang=en  two spaces',
      'To: "B" <im:b@example.com>',
      'From: again <im:a2@example.com>',
    ];
    const message = withHeaders(...lines);
    expect(textOf(serialize({ ...message }))).toBe([...lines, CONTENT].join('\r\n'));
    const changed = to.set(message, { uri: 'im:c@example.com' });
    expect(linesOf(changed)).toEqual(
      lines.map((line) => (line.startsWith('To') ? 'To: <im:c@example.com>' : line)),
    );
  });

  test('a header that is not UTF-8 keeps its octets when another changes, and is no valid one (@req rfc3862:2.2:6, @req rfc3862:3.2:1)', () => {
    const bytes = bytesOf(`X: a?b\r\nTo: <im:b@example.com>\r\n${CONTENT}`);
    bytes[4] = 0xff;
    const message = parse(bytes);
    expect(message.headers[0]?.value).toBe('a\u{fffd}b');
    expect(validate(message).map(({ rule }) => rule)).toEqual(['utf-8']);
    const written = serialize(subject.set(message, { text: 'x' }));
    expect(written.subarray(0, 8)).toEqual(bytes.subarray(0, 8));
  });

  test('what is written is UTF-8, in the form of RFC 3629 (@req rfc3862:3.6:2)', () => {
    const message = subject.set(withHeaders(), { text: 'naïve 日本 😀' });
    const bytes = serialize(message);
    expect(new TextDecoder('utf-8', { fatal: true }).decode(bytes)).toContain('Subject: naïve 日本 😀\r\n');
  });

  test('a header is a single line; one that is folded is refused (@req rfc3862:2.2:2)', () => {
    expect(failure(`Subject: a\r\n b\r\n${CONTENT}`)).toMatchObject({
      code: 'header',
      offset: 12,
      rfc: 'RFC 3862 §2.2',
    });
    expect(failure(`Subject: a\r\n\tb\r\n${CONTENT}`).code).toBe('header');
  });

  test('there is one header on a line: what looks like a second is part of the value (@req rfc3862:2.2:3)', () => {
    const message = withHeaders('To: <im:a@example.com>, To: <im:b@example.com>');
    expect(message.headers).toHaveLength(1);
    const both = to.setAll(withHeaders(), [{ uri: 'im:a@example.com' }, { uri: 'im:b@example.com' }]);
    expect(linesOf(both)).toEqual(['To: <im:a@example.com>', 'To: <im:b@example.com>']);
  });

  test('a line may be as long as the message (@req rfc3862:2.2:4)', () => {
    const text = 'x'.repeat(1_000_000);
    expect(subject.of(withHeaders(`Subject: ${text}`))?.text).toBe(text);
  });

  test('white space at the beginning of a line is refused, at the end it is not valid and never written (@req rfc3862:2.2:5)', () => {
    expect(failure(` From: <im:a@example.com>\r\n${CONTENT}`).code).toBe('header');
    expect(validate(withHeaders('From: <im:a@example.com> ')).map(({ rule }) => rule)).toContain('space');
    expect(linesOf(subject.set(withHeaders(), { text: '  a b ' }))).toEqual(['Subject: a b']);
  });

  test('CR LF terminates each line, nothing else does (@req rfc3862:2.2:7)', () => {
    expect(failure(`From: <im:a@example.com>\nTo: <im:b@example.com>\r\n${CONTENT}`).code).toBe('header');
    expect(failure(`From: <im:a@example.com>\rTo: <im:b@example.com>\r\n${CONTENT}`).code).toBe('header');
    const written = textOf(serialize(from.set(withHeaders(), { uri: 'im:a@example.com' })));
    expect(written).toBe(`From: <im:a@example.com>\r\n${CONTENT}`);
  });

  test('a control character in a header is refused (@req rfc3862:2.2:8)', () => {
    for (let code = 0; code < 32; code += 1) {
      const text = `Subject: a${String.fromCharCode(code)}b\r\n${CONTENT}`;
      expect(failure(text), String(code)).toMatchObject({ code: 'header', offset: 10 });
    }
    expect(validate(withHeaders('Subject: a\x7fb')).map(({ rule }) => rule)).toEqual(['control-character']);
  });

  test('a single space stands before the value; readers do without (@req rfc3862:2.2:10)', () => {
    const without = withHeaders('From:<im:a@example.com>');
    expect(from.of(without)).toEqual({ uri: 'im:a@example.com' });
    expect(validate(without).map(({ rule }) => rule)).toEqual(['space']);
    expect(validate(withHeaders('From:  <im:a@example.com>')).map(({ rule }) => rule)).toContain('space');
    expect(linesOf(from.set(without, { uri: 'im:b@example.com' }))).toEqual(['From: <im:b@example.com>']);
  });

  test('names match exactly (@req rfc3862:2.2:11, @req rfc3862:3:1, @req rfc3862:3.6:1, @req rfc3862:4:1)', () => {
    const message = withHeaders('from: <im:a@example.com>', 'CC: <im:b@example.com>', 'subject: x');
    expect(from.of(message)).toBeUndefined();
    expect(subject.of(message)).toBeUndefined();
    const added = from.set(message, { uri: 'im:c@example.com' });
    expect(linesOf(added)).toContain('from: <im:a@example.com>');
    expect(linesOf(added)).toContain('From: <im:c@example.com>');
    expect(subject.of(withHeaders('Subject:;LANG=fr x'))).toEqual({ text: 'x' });
  });

  test('a header of a name that is none is read, kept, and not valid', () => {
    const message = withHeaders('Foo Bar: x', 'a.b.c: y');
    expect(validate(message).map(({ rule }) => rule)).toEqual(['name', 'name', 'undeclared-prefix']);
    expect(linesOf(from.set(message, { uri: 'im:c@example.com' })).slice(0, 2)).toEqual([
      'Foo Bar: x',
      'a.b.c: y',
    ]);
  });

  test('a line without a name and a colon is refused, as is a message without a blank line', () => {
    expect(failure(`From\r\n${CONTENT}`)).toMatchObject({ code: 'header', offset: 0, status: 400 });
    expect(failure(`: x\r\n${CONTENT}`).code).toBe('header');
    expect(failure('From: <im:a@example.com>\r\n').code).toBe('truncated');
    expect(failure('From: <im:a@example.com>\r\n\r').code).toBe('truncated');
    expect(failure('').code).toBe('truncated');
  });

  test('limits are kept, and are faults of their own', () => {
    const bytes = bytesOf(`A: 1\r\nB: 22222\r\n${CONTENT}`);
    expect(() =>
      parse(bytes, { limits: { bytes: bytes.length, headers: 2, headerLength: 8 } }),
    ).not.toThrow();
    const thrown = (limits: object) => () => parse(bytes, { limits });
    expect(thrown({ bytes: bytes.length - 1 })).toThrow(
      expect.objectContaining({ code: 'limit', status: 413 }),
    );
    expect(thrown({ headers: 1 })).toThrow(expect.objectContaining({ code: 'limit', offset: 6 }));
    expect(thrown({ headerLength: 7 })).toThrow(expect.objectContaining({ code: 'limit', offset: 6 }));
    const lines = bytesOf(`\r\n${'a: b\r\n'.repeat(300)}\r\n`);
    expect(() => parse(lines)).toThrow(expect.objectContaining({ code: 'limit' }));
  });
});
