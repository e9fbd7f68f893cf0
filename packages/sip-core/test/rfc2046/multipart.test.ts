import { bytesOf, textOf } from '@sip-simple/testkit';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  boundaryFor,
  headerOf,
  MultipartError,
  type Part,
  parseMultipart,
  serializeMultipart,
} from '../../src/index.ts';

const numRuns = 200 * Number(process.env['FUZZ_RUNS'] ?? 1);
const read = (text: string, boundary = 'b', limits = {}) =>
  parseMultipart(bytesOf(text), boundary, limits).map(({ headers, body }) => [
    headers.map(({ name, value }) => `${name}=${value}`).join('&'),
    textOf(body),
  ]);

describe('parts (RFC 2046 §5.1.1)', () => {
  test('are what stands between delimiter lines, to the octet', () => {
    expect(read('--b\r\nA: 1\r\nB:2\r\n\r\nbody\r\n\r\n--b\r\n\r\nplain\r\n--b--\r\n')).toEqual([
      ['A=1&B=2', 'body\r\n'],
      ['', 'plain'],
    ]);
  });

  test('have headers with any character, U+2028 among them', () => {
    expect(read('--b\r\nA: 1\u20282\r\n\r\nx\r\n--b--')).toEqual([['A=1\u20282', 'x']]);
  });

  test('may be empty, or have headers alone', () => {
    expect(read('--b\r\n\r\n--b--')).toEqual([['', '']]);
    expect(read('--b\r\nA: 1\r\n--b--')).toEqual([['A=1', '']]);
    expect(read('--b\r\n\r\n\r\n--b\r\nA: 1\r\n\r\n\r\n--b--')).toEqual([
      ['', ''],
      ['A=1', ''],
    ]);
  });

  test('come without what stands before and after', () => {
    expect(read('preamble\r\n--b no\r\n--b\r\n\r\nx\r\n--b--\r\nepilogue\r\n--b\r\n\r\nno')).toEqual([
      ['', 'x'],
    ]);
  });

  test('end at delimiters with white space behind them, and at no other lines', () => {
    expect(read('--b \t \r\n\r\nx\r\n--b2\r\n--bx--\r\n--b y\r\n-- b\r\n --b\r\n\n--b\r\n--b-- ')).toEqual([
      ['', 'x\r\n--b2\r\n--bx--\r\n--b y\r\n-- b\r\n --b\r\n\n--b'],
    ]);
  });

  test('have headers over several lines, whose names have no case', () => {
    const [part] = parseMultipart(
      bytesOf('--b\r\nContent-Type: a/b;\r\n\t c=d\r\n  ;e=ü\r\n\r\n\r\n--b--'),
      'b',
    );
    if (part === undefined) throw new Error('there is a part');
    expect(headerOf(part, 'content-TYPE')).toBe('a/b; c=d ;e=ü');
    expect(headerOf(part, 'Content-ID')).toBeUndefined();
    expect(textOf(part.source)).toBe('Content-Type: a/b;\r\n\t c=d\r\n  ;e=ü\r\n\r\n');
  });

  test('are views, not copies', () => {
    const bytes = bytesOf('--b\r\n\r\nbody\r\n--b--');
    expect(parseMultipart(bytes, 'b')[0]?.body.buffer).toBe(bytes.buffer);
  });
});

describe('what is none', () => {
  const error = (code: string, status = 400) =>
    expect.objectContaining({ name: 'MultipartError', code, status });

  test.each([
    ['unterminated', ''],
    ['unterminated', 'text'],
    ['unterminated', '--b'],
    ['unterminated', '--b--'],
    ['unterminated', '--b\r\n\r\ntruncated'],
    ['unterminated', '--b\r\n\r\nx\r\n--b\r\n\r\ny\r\n--b-'],
    ['malformed', '--b\r\nno header\r\n\r\n--b--'],
    ['malformed', '--b\r\n folded\r\n\r\n--b--'],
    ['malformed', '--b\r\n: x\r\n\r\n--b--'],
    ['malformed', '--b\r\nA: x\nB: y\r\n\r\n--b--'],
    ['malformed', '--b\r\nA: x\r\n y\rB: z\r\n\r\n--b--'],
    ['malformed', '--b\r\nA: x\0\r\n\r\n--b--'],
  ])('%s: %j', (code, text) => {
    expect(() => read(text)).toThrow(error(code));
  });

  test.each(['', ' ', 'a ', 'a\r\n', 'ä', 'x'.repeat(71), 'a"b'])('a boundary: %j', (boundary) => {
    expect(() => read('--b\r\n\r\n--b--', boundary)).toThrow(error('boundary'));
    expect(() => serializeMultipart([{ headers: [], body: bytesOf('') }], boundary)).toThrow(RangeError);
  });

  test('headers that are not UTF-8', () => {
    const bytes = bytesOf('--b\r\nA: x\r\n\r\n\r\n--b--');
    bytes[8] = 0xff;
    expect(() => parseMultipart(bytes, 'b')).toThrow(error('malformed'));
  });

  test('more than the limits allow', () => {
    const two = '--b\r\nA: 1\r\nB: 2\r\n\r\n\r\n--b\r\n\r\n\r\n--b--';
    expect(read(two, 'b', { parts: 2, headers: 2, headerBytes: 14, bytes: 60 })).toHaveLength(2);
    expect(() => read(two, 'b', { parts: 1 })).toThrow(error('limit', 413));
    expect(() => read(two, 'b', { headers: 1 })).toThrow(error('limit', 413));
    expect(() => read(two, 'b', { headerBytes: 8 })).toThrow(error('limit', 413));
    expect(() => read(two, 'b', { bytes: 20 })).toThrow(error('limit', 413));
  });
});

const boundary = fc
  .string({ unit: fc.constantFrom(..."0aZ'()+_,-./:=? "), minLength: 1, maxLength: 70 })
  .filter((text) => !text.endsWith(' '));
const body = fc.oneof(
  fc.uint8Array({ maxLength: 100 }),
  fc
    .array(fc.constantFrom('\r', '\n', '\r\n', '-', '--', 'b', ' ', 'x: y'), { maxLength: 20 })
    .map((all) => bytesOf(all.join(''))),
);
const header = fc.record({
  name: fc.stringMatching(/^[A-Za-z-]{1,12}$/),
  value: fc
    .string({ unit: 'binary', maxLength: 20 })
    .map((text) => text.replace(/[\r\n\0\uD800-\uDFFF\uFEFF]/g, '·').trim()),
});
const parts: fc.Arbitrary<Part[]> = fc.array(
  fc.record({ headers: fc.array(header, { maxLength: 3 }), body }),
  {
    minLength: 1,
    maxLength: 5,
  },
);

test('whatever is in parts comes back, with any boundary that stands in none', () => {
  fc.assert(
    fc.property(parts, boundary, (written, proposed) => {
      let attempt = 0;
      const chosen = boundaryFor(written, () =>
        attempt++ === 0 ? proposed : `${proposed.slice(0, 60)}${attempt}`,
      );
      const found = parseMultipart(serializeMultipart(written, chosen), chosen);
      expect(found.map(({ headers, body: bytes }) => ({ headers, body: [...bytes] }))).toEqual(
        written.map(({ headers, body: bytes }) => ({ headers, body: [...bytes] })),
      );
    }),
    { numRuns: numRuns * 2 },
  );
});

test('multipart bodies nest', () => {
  const inner = serializeMultipart([{ headers: [], body: bytesOf('--outer') }], 'outer-inner');
  expect(() => serializeMultipart([{ headers: [], body: inner }], 'outer')).toThrow(RangeError);
  const outer = serializeMultipart([{ headers: [], body: inner }], 'other');
  expect(parseMultipart(outer, 'other')[0]?.body).toEqual(inner);
});

test('what cannot be written is refused', () => {
  const part = { headers: [], body: bytesOf('x\r\n--b') };
  expect(() => serializeMultipart([part], 'b')).toThrow(RangeError);
  expect(() => serializeMultipart([{ ...part, body: bytesOf('--bb') }], 'b')).toThrow(RangeError);
  expect(() => serializeMultipart([], 'b')).toThrow(RangeError);
  expect(() => serializeMultipart([{ ...part, headers: [{ name: 'a b', value: '' }] }], 'c')).toThrow(
    RangeError,
  );
  expect(() => serializeMultipart([{ ...part, headers: [{ name: 'a', value: 'x\r\nb: y' }] }], 'c')).toThrow(
    RangeError,
  );
  expect(() => boundaryFor([part], () => 'b')).toThrow(RangeError);
});

test('of any bytes it makes parts, or the error', () => {
  const piece = fc.constantFrom('--b', '--b--', '\r\n', '\r', '\n', ' ', 'A: 1', ':', 'x', '-');
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
      try {
        expect(parseMultipart(bytesOf(pieces.join('')), 'b').length).toBeGreaterThan(0);
      } catch (error) {
        if (!(error instanceof MultipartError)) throw error;
      }
    }),
    { numRuns: numRuns * 5 },
  );
});

test('it takes linear time, whatever the body looks like', () => {
  const began = performance.now();
  for (const piece of [
    '\r',
    '\r\n',
    '\r\n--bbbbbbb',
    '\r\n--bbbbbbbb',
    '--bbbbbbbb',
    'A: 1\r\n',
    '\r\n--bbbbbbbb   ',
  ]) {
    const bytes = bytesOf(`--bbbbbbbb\r\n${piece.repeat(300_000)}`);
    try {
      parseMultipart(bytes, 'bbbbbbbb', { headers: 1e9, headerBytes: 1e9, parts: 1e9 });
    } catch (error) {
      if (!(error instanceof MultipartError)) throw error;
    }
  }
  expect(performance.now() - began).toBeLessThan(4_000);
});
