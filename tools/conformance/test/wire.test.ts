import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LiveServer, liveNetwork } from '../src/live.ts';
import { runTrace } from '../src/runner.ts';
import { parseTrace } from '../src/trace.ts';
import { readMessage, StreamCutter, valuesOf } from '../src/wire.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const text = (message: Uint8Array) => new TextDecoder().decode(message);

describe('the reader of messages', () => {
  test('takes compact names, any case, folding and repeated headers', () => {
    const message = readMessage(
      bytes('SIP/2.0 200 OK\r\nv: a\r\nVIA: b\r\nSubject: one\r\n two\r\nl: 4\r\n\r\né\r\n'),
    );
    expect(message.startLine).toBe('SIP/2.0 200 OK');
    expect(valuesOf(message, 'Via')).toEqual(['a', 'b']);
    expect(valuesOf(message, 'subject')).toEqual(['one two']);
    expect(message).toMatchObject({ body: 'é\r\n', bodyLength: 4 });
  });

  test('refuses what is no message', () => {
    expect(() => readMessage(bytes('SIP/2.0 200 OK\r\n'))).toThrow('no end of head');
    expect(() => readMessage(bytes('SIP/2.0 200 OK\r\nnonsense\r\n\r\n'))).toThrow('not a header');
  });

  test('cuts a stream wherever it is torn, skipping keep-alives', () => {
    const first = 'SIP/2.0 200 OK\r\nContent-Length: 3\r\n\r\nabc';
    const second = 'SIP/2.0 404 No\r\nl: 0\r\n\r\n';
    const stream = bytes(`\r\n${first}\r\n\r\n${second}`);
    for (let at = 0; at <= stream.length; at++) {
      const cutter = new StreamCutter();
      const messages = [...cutter.push(stream.slice(0, at)), ...cutter.push(stream.slice(at))];
      expect(messages.map(text)).toEqual([first, second]);
    }
  });
});

describe('a live server', () => {
  let server: LiveServer;
  const close: (() => void)[] = [];
  beforeAll(async () => {
    const udp = createSocket('udp4');
    udp.on('message', (request, { address, port }) => udp.send(answer(request), port, address));
    udp.bind(0, '127.0.0.1');
    await once(udp, 'listening');
    const tcp = createServer((socket) => {
      socket.on('data', (request) => {
        // In two pieces, so that they have to be put together.
        const whole = answer(request);
        socket.write(whole.subarray(0, 20), () => setTimeout(() => socket.write(whole.subarray(20)), 10));
      });
      socket.on('error', () => {});
    });
    tcp.listen(0, '127.0.0.1');
    await once(tcp, 'listening');
    // A server that listens on a port has an address of this form, not the path of a pipe.
    const { port } = tcp.address() as AddressInfo;
    server = { host: '127.0.0.1', udpPort: udp.address().port, tcpPort: port, domain: 'example.com' };
    close.push(
      () => udp.close(),
      () => tcp.close(),
    );
  });
  afterAll(() => {
    for (const each of close) each();
  });

  const answer = (request: Uint8Array) =>
    bytes(`SIP/2.0 200 OK\r\nX-Got: ${text(request).split('\r\n')[0]}\r\nContent-Length: 0\r\n\r\n`);

  test.each(['udp', 'tcp'] as const)('is reached over %s, with users of this run', async (transport) => {
    const network = liveNetwork(server, '-7');
    const trace =
      '> a\n  OPTIONS sip:{user:bob} SIP/2.0\n< a\n  200\n  X-Got: OPTIONS sip:bob-7@example.com SIP/2.0\n';
    await runTrace(parseTrace(trace, 'x'), network, transport);
    const wrong = parseTrace(trace.replace('200', '404'), 'x.trace');
    await expect(runTrace(wrong, network, transport)).rejects.toThrow(/x\.trace:4: /);
    await expect(
      runTrace(parseTrace(`${trace}> a again\nnothing 1s\n`, 'x'), network, transport),
    ).rejects.toThrow('nothing for 1 s');
    await network.close();
  });
});
