import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Frame, frameDatagram, parseMessage, StreamFramer } from '../../src/index.ts';
import { bytesOf, faultOf, mandatory, text } from '../support/text.ts';

const head = ['MESSAGE sip:bob@example.com SIP/2.0', ...mandatory];
const short = bytesOf([...head, 'Content-Length: 0']);
const binary = bytesOf(
  [...head, 'l:\r\n  256'],
  Uint8Array.from({ length: 256 }, (_, index) => index),
);
const deceptive = bytesOf([...head, 'Content-Length: 12', 'X: y'], '\r\n\r\nSIP/2.0 ');
const ping = new Uint8Array([13, 10, 13, 10]);
const pong = new Uint8Array([13, 10]);

function join(parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(parts.flatMap((part) => [...part]));
}

/** What a framer makes of a stream cut at `cuts`. */
function framesOf(
  stream: Uint8Array,
  cuts: readonly number[],
  framer = new StreamFramer(),
): readonly Frame[] {
  const places = [...new Set(cuts.map((cut) => cut % (stream.length + 1)))].sort((a, b) => a - b);
  const frames: Frame[] = [];
  let start = 0;
  for (const place of [...places, stream.length]) {
    frames.push(...framer.push(stream.slice(start, place)));
    start = place;
  }
  return frames;
}

const shown = (frames: readonly Frame[]): readonly string[] =>
  frames.map((frame) =>
    frame.type === 'message'
      ? [...frame.bytes].join()
      : frame.type === 'error'
        ? frame.error.code
        : frame.type,
  );

describe('streams (§7.5, §18.3, RFC 5626 §3.5.1)', () => {
  it('give whole messages and pings', () => {
    const frames = framesOf(join([short, binary, ping, short, pong, deceptive]), []);
    const messages = [short, binary, short, deceptive].map((bytes) => [...bytes].join());
    messages.splice(2, 0, 'keep-alive');
    expect(shown(frames)).toEqual(messages);
  });

  it('ignore CRLF before a start-line (@req rfc3261:7.5:1)', () => {
    expect(shown(framesOf(join([pong, short, pong, short]), []))).toEqual([
      [...short].join(),
      [...short].join(),
    ]);
  });

  it('give the same, however they are cut', () => {
    const pieces = fc.constantFrom(short, binary, deceptive, ping, pong);
    const runs = 300 * Number(process.env['FUZZ_RUNS'] ?? 1);
    fc.assert(
      fc.property(
        fc.array(pieces, { maxLength: 6 }),
        fc.array(fc.nat(), { maxLength: 40 }),
        (parts, cuts) => {
          const stream = join(parts);
          expect(shown(framesOf(stream, cuts))).toEqual(shown(framesOf(stream, [])));
        },
      ),
      { numRuns: runs },
    );
    const bytewise = Array.from({ length: 4000 }, (_, index) => index);
    const stream = join([short, ping, binary, deceptive, pong]);
    expect(shown(framesOf(stream, bytewise))).toEqual(shown(framesOf(stream, [])));
  });

  it('do not change bytes that were given out', () => {
    const framer = new StreamFramer();
    const stream = join([short, short.subarray(0, 50)]);
    const [frame] = framer.push(stream);
    framer.push(short.subarray(50));
    expect(frame?.type === 'message' && text(frame.bytes)).toBe(text(short));
    expect(text(stream)).toBe(text(join([short, short.subarray(0, 50)])));
  });

  it.each([
    ['without Content-Length (@req rfc3261:18.3:4)', bytesOf(head), 'length', 400],
    ['with a Content-Length that is no number', bytesOf([...head, 'Content-Length: x']), 'value', 400],
    ['with two of them', bytesOf([...head, 'Content-Length: 0', 'l: 0']), 'duplicate', 400],
    ['larger than the limit', bytesOf([...head, 'Content-Length: 5000']), 'limit', 513],
    ['with a head larger than the limit', bytesOf([...head, `X: ${'y'.repeat(3000)}`, 'l: 0']), 'limit', 513],
  ])('end at a message %s', (_, bytes, code, status) => {
    const framer = new StreamFramer({ limits: { messageBytes: 4000, headBytes: 2000 } });
    const frames = framesOf(join([short, bytes, short]), [10, 500, 700], framer);
    expect(frames.map(({ type }) => type)).toEqual(['message', 'error']);
    const [, fault] = frames;
    expect(fault?.type === 'error' && [fault.error.code, fault.error.status]).toEqual([code, status]);
    expect(framer.push(short)).toEqual([]);
  });

  it('hand on what can be answered', () => {
    const [frame] = new StreamFramer().push(bytesOf(head));
    expect(frame?.type === 'error' && frame.error.received?.raw('Call-ID')).toEqual(['1@192.0.2.1']);
  });

  it('end at a head that never ends, without keeping more than the limit', () => {
    const framer = new StreamFramer({ limits: { headBytes: 10_000 } });
    const chunk = new Uint8Array(1000).fill(65);
    let pushed = 0;
    let frames: readonly Frame[] = [];
    while (frames.length === 0 && pushed < 100) {
      frames = framer.push(chunk);
      pushed++;
    }
    expect(shown(frames)).toEqual(['limit']);
    expect(pushed).toBeLessThanOrEqual(11);
  });

  it('take time linear in their length, byte by byte too', () => {
    const time = (size: number): number => {
      const stream = bytesOf([...head, `Content-Length: ${size}`], new Uint8Array(size));
      const framer = new StreamFramer();
      const started = performance.now();
      let frames = 0;
      for (let at = 0; at < stream.length; at++) frames += framer.push(stream.subarray(at, at + 1)).length;
      expect(frames).toBe(1);
      return performance.now() - started;
    };
    time(20_000);
    const small = Math.min(time(20_000), time(20_000), time(20_000));
    const large = Math.min(time(200_000), time(200_000));
    // Ten times the bytes; a framer that copies or scans again needs a hundred times the time.
    expect(large).toBeLessThan(small * 40 + 20);
  });
});

describe('datagrams (§18.3)', () => {
  it('drop what follows the body (@req rfc3261:18.3:1)', () => {
    const bytes = join([short, binary]);
    expect(text(frameDatagram(bytes))).toBe(text(short));
    expect(parseMessage(bytes).toBytes().length).toBe(short.length);
  });

  it('may begin with CRLF', () => {
    expect(text(frameDatagram(join([ping, pong, short])))).toBe(text(short));
  });

  it('shorter than their Content-Length are an error with status 400', () => {
    const fault = faultOf(() => frameDatagram(binary.subarray(0, binary.length - 1)));
    expect([fault.code, fault.status]).toEqual(['length', 400]);
  });
});
