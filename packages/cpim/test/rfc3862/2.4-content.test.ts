import { describe, expect, test } from 'vitest';
import { contentHeader, create, from, mediaType, parse, serialize, validate } from '../../src/index.ts';
import { bytesOf, textOf } from '../text.ts';

describe('RFC 3862 §2.4: message content', () => {
  test('a content that is made has a Content-Type, and one without is not valid (@req rfc3862:2.4:1)', () => {
    const made = create({
      type: 'text/plain',
      headers: [{ name: 'Content-ID', value: '<1@a>' }],
      body: bytesOf('x'),
    });
    expect(textOf(serialize(made))).toBe('\r\nContent-Type: text/plain\r\nContent-ID: <1@a>\r\n\r\nx');
    expect(validate(made)).toEqual([]);
    const without = parse(bytesOf('\r\n\r\nx'));
    expect(validate(without)).toMatchObject([
      { rule: 'content-type', header: undefined, rfc: 'RFC 3862 §2.4' },
    ]);
  });

  test('the content is opaque: its bytes are those that came in, whatever the headers become (@req rfc3862:7.1:1, @req rfc3862:7.1:2)', () => {
    const head = bytesOf(
      'To: <im:a@example.com>\r\n\r\nContent-type:  X/Y ;\n\tq="é"\nContent-ID: <1>\r\n\r\n',
    );
    const body = Uint8Array.from({ length: 512 }, (_, at) => at & 255);
    const message = parse(Uint8Array.from([...head, ...body]));
    expect(message.content.body).toEqual(body);
    const changed = serialize(from.set(message, { uri: 'im:b@example.com' }));
    const content = bytesOf('Content-type:  X/Y ;\n\tq="é"\nContent-ID: <1>\r\n\r\n');
    expect(changed.subarray(-512)).toEqual(body);
    expect(changed.subarray(-512 - content.length, -512)).toEqual(content);
  });

  test('MIME headers are unfolded, their names matched in any case', () => {
    const { content } = parse(
      bytesOf('\r\nCONTENT-TYPE: Text/Plain;\r\n charset="UTF\\-8" ; Format=flowed\r\nnone\r\n\r\n'),
    );
    expect(contentHeader(content, 'content-type')).toBe('Text/Plain; charset="UTF\\-8" ; Format=flowed');
    expect(mediaType(content)?.type).toBe('text/plain');
    expect([...(mediaType(content)?.parameters ?? [])]).toEqual([
      ['charset', 'UTF-8'],
      ['format', 'flowed'],
    ]);
  });

  test('a content without a blank line is all headers; a media type that is none is absent', () => {
    const { content } = parse(bytesOf('\r\nContent-Type: text'));
    expect(content.headers).toEqual([{ name: 'Content-Type', value: 'text' }]);
    expect(content.body).toHaveLength(0);
    expect(mediaType(content)).toBeUndefined();
  });

  test('a MIME header with a line end, or no name, is not written', () => {
    const made = (name: string, value: string) => () =>
      serialize(create({ type: 'a/b', headers: [{ name, value }], body: bytesOf('') }));
    expect(made('A', 'b\r\nC: d')).toThrow(RangeError);
    expect(made('A B', 'c')).toThrow(RangeError);
  });
});
