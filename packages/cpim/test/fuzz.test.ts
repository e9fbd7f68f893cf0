import { randomFrom } from '@sip-simple/testkit';
import { array, assert, constantFrom, option, property, record, string, tuple, uint8Array } from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  CpimError,
  cc,
  create,
  dateTime,
  from,
  mediaType,
  parse,
  required,
  serialize,
  subject,
  to,
  validate,
} from '../src/index.ts';
import { bytesOf, fixture } from './text.ts';

const runs = 200 * Number(process.env['FUZZ_RUNS'] ?? 1);
const text = string({ unit: 'binary' }).map((value) => value.replace(/\p{Cs}/gu, '').replace(/^ +| +$/g, ''));
const uri = constantFrom('im:a@example.com', 'sip:b@[::1]', 'tel:+1', 'xmpp:c@d/e', 'urn:x:%20');
const address = record({ uri, name: option(text, { nil: undefined }) }).map((each) =>
  each.name === undefined || each.name === '' ? { uri: each.uri } : each,
);
const topic = record({ text, language: constantFrom('en', 'fr-CA', undefined) }).map(({ text, language }) =>
  language === undefined ? { text } : { text, language },
);

describe('messages', () => {
  test('what is written is valid, and reads as meant', () => {
    assert(
      property(
        address,
        array(address),
        array(address),
        array(topic),
        uint8Array(),
        (sender, tos, ccs, topics, body) => {
          let message = create({ type: 'text/plain', body });
          message = from.set(message, sender);
          message = to.setAll(message, tos);
          message = cc.setAll(message, ccs);
          message = subject.setAll(message, topics);
          message = dateTime.set(message, '2026-01-31T12:00:00+01:00');
          const read = parse(serialize(message));
          expect(validate(read)).toEqual([]);
          expect(validate(message)).toEqual([]);
          expect([from.of(read), to.all(read), cc.all(read), subject.all(read)]).toEqual([
            sender,
            tos,
            ccs,
            topics,
          ]);
          expect(read.content.body).toEqual(body);
          expect(serialize({ ...read, headers: [...read.headers] })).toEqual(serialize(message));
        },
      ),
      { numRuns: runs },
    );
  });

  test('any lines of text come back to the byte', () => {
    const line = tuple(string({ unit: 'grapheme' }), string({ unit: 'grapheme' })).map(
      ([name, value]) => `a${name.replace(/[\p{Cc}:]/gu, '')}:${value.replace(/\p{Cc}/gu, '')}`,
    );
    assert(
      property(array(line), uint8Array(), (lines, rest) => {
        const bytes = Uint8Array.from([
          ...bytesOf(`${lines.map((each) => `${each}\r\n`).join('')}\r\n`),
          ...rest,
        ]);
        const { headers, content } = parse(bytes, { limits: { headers: 1_000 } });
        expect(headers).toHaveLength(lines.length);
        expect(serialize({ headers, content })).toEqual(bytes);
      }),
      { numRuns: runs },
    );
  });

  test('mutated messages are read or refused with a CpimError, and written as they came', () => {
    const seeds = ['5.1-message', '5.2-signed'].map((name) => fixture(`rfc3862/${name}.cpim`));
    const random = randomFrom(1);
    const upTo = (limit: number) => Math.floor(random() * limit);
    let refused = 0;
    for (let run = 0; run < runs * 20; run += 1) {
      let bytes = [...(seeds[run % seeds.length] ?? [])];
      for (let change = 0; change <= run % 4; change += 1) {
        const at = upTo(bytes.length);
        const kind = upTo(4);
        if (kind === 0) bytes[at] = upTo(256);
        else if (kind === 1) bytes.splice(at, upTo(20));
        else if (kind === 2) bytes.splice(at, 0, ...Array.from({ length: upTo(9) }, () => upTo(256)));
        else bytes = [...bytes.slice(0, at), ...bytes.slice(upTo(bytes.length))];
      }
      const input = Uint8Array.from(bytes);
      try {
        const message = parse(input);
        for (const lens of [from, to, cc, dateTime, subject]) lens.all(message);
        required(message);
        mediaType(message.content);
        validate(message);
        expect(serialize({ headers: message.headers, content: message.content })).toEqual(input);
      } catch (error) {
        if (!(error instanceof CpimError)) throw error;
        refused += 1;
      }
    }
    expect(refused).toBeGreaterThan(runs);
  });
});

describe('hostile input', () => {
  test.each([
    ['a value of quotes', `From: ${'"'.repeat(1_000_000)}`],
    ['a value of backslashes', `Subject: ${'\\'.repeat(1_000_001)}`],
    ['a value of brackets', `From: ${'<'.repeat(1_000_000)}`],
    ['parameters without end', `Subject:${';a="'.repeat(250_000)}`],
    ['a name of dots', `${'.'.repeat(1_000_000)}: x`],
    ['names without end', `Require: ${'a.b, '.repeat(200_000)}`],
    ['spaces', `From: ${' '.repeat(1_000_000)}x`],
  ])('%s takes linear time', (_, line) => {
    const start = performance.now();
    const message = parse(bytesOf(`${line}\r\n\r\n`));
    for (const lens of [from, to, cc, dateTime, subject]) lens.all(message);
    required(message);
    validate(message);
    expect(performance.now() - start).toBeLessThan(2_000);
  });

  test.each([
    ['folds', `Content-Type: a/b${'\r\n '.repeat(200)}`],
    ['one fold of white space', `Content-Type: a/b\r\n${' \t'.repeat(500_000)}\r\n x`],
    ['parameters', `Content-Type: a/b${';a="b"'.repeat(200_000)}`],
    ['open quotes', `Content-Type: a/b${';a="'.repeat(200_000)}`],
    ['semicolons', `Content-Type: a/b${';'.repeat(1_000_000)}`],
  ])('a content of %s takes linear time', (_, head) => {
    const start = performance.now();
    mediaType(parse(bytesOf(`\r\n${head}\r\n\r\n`)).content);
    expect(performance.now() - start).toBeLessThan(2_000);
  });
});
