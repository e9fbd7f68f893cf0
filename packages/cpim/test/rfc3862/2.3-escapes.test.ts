import { describe, expect, test } from 'vitest';
import { escapeText, from, quote, serialize, subject, unescapeText, validate } from '../../src/index.ts';
import { linesOf, textOf, withHeaders } from '../text.ts';

const line = (text: string) => linesOf(subject.set(withHeaders(), { text }))[0];

describe('RFC 3862 §2.3: character escapes', () => {
  test('the special sequences encode backslash, backspace, tab, linefeed and carriage return (@req rfc3862:2.3.1:1, @req rfc3862:2.2:9)', () => {
    expect(line('a\\b\bc\td\ne\rf')).toBe('Subject: a\\\\b\\bc\\td\\ne\\rf');
  });

  test('\\uxxxx encodes all other control characters (@req rfc3862:2.3:1, @req rfc3862:2.3.1:5)', () => {
    for (let code = 0; code <= 0x7f; code += 1) {
      if (code >= 0x20 && code < 0x7f) continue;
      const written = escapeText(`x${String.fromCharCode(code)}y`);
      const isShort = [8, 9, 10, 13].includes(code);
      if (!isShort) expect(written).toBe(`x\\u${code.toString(16).padStart(4, '0')}y`);
      const message = subject.set(withHeaders(), { text: `x${String.fromCharCode(code)}y` });
      expect(textOf(serialize(message)).split('\r\n\r\n')[0]).not.toMatch(/[\0-\x1f\x7f]/);
      expect(validate(message)).toEqual([]);
    }
  });

  test('no other character is escaped (@req rfc3862:2.3.1:6)', () => {
    const all = Array.from({ length: 0x3000 }, (_, code) => code)
      .filter((code) => code >= 0x20 && code !== 0x7f && code !== 0x5c)
      .map((code) => String.fromCharCode(code))
      .join('');
    expect(escapeText(all)).toBe(all);
    expect(validate(withHeaders('Subject: \\u0041')).map(({ rule }) => rule)).toEqual(['escape']);
  });

  test('a double quote within a string in double quotes is written \\" (@req rfc3862:2.3.1:2)', () => {
    const message = from.set(withHeaders(), { uri: 'im:a@example.com', name: 'A "B" C\\' });
    expect(linesOf(message)).toEqual(['From: "A \\"B\\" C\\\\"<im:a@example.com>']);
    expect(from.of(message)?.name).toBe('A "B" C\\');
  });

  test('the quotes that delimit a string are not escaped (@req rfc3862:2.3.1:4)', () => {
    expect(quote('a, b')).toBe('"a, b"');
    expect(escapeText(`'"`)).toBe(`'"`);
  });

  test('escape sequences are recognized wherever they occur (@req rfc3862:2.3.1:7, @req rfc3862:2.3.1:8)', () => {
    const message = withHeaders(
      'Subject: \\\\ \\" \\\' \\b \\t \\n \\r \\u0000 \\u00e9\\u00E9 \\ud83d\\ude00',
      'From: "\\u0041\\"\\\\" <im:a@example.com>',
    );
    expect(subject.of(message)?.text).toBe('\\ " \' \b \t \n \r \0 éé 😀');
    expect(from.of(message)?.name).toBe('A"\\');
  });

  test('any backslash introduces an escape sequence; of an unknown one the character after it remains (@req rfc3862:2.3.1:9, @req rfc3862:2.3.1:10)', () => {
    expect(unescapeText('\\q\\u12\\é\\😀')).toBe('qu12é😀');
    expect(validate(withHeaders('Subject: \\q')).map(({ rule }) => rule)).toEqual(['escape']);
  });

  test('an isolated backslash at the end is ignored (@req rfc3862:2.3.1:11)', () => {
    expect(unescapeText('a\\')).toBe('a');
    expect(unescapeText('a\\\\')).toBe('a\\');
  });
});
