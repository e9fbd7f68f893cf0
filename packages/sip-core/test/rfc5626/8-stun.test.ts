import { createSocket } from 'node:dgram';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { listenUdp } from '../../src/node.ts';
import { answerStun } from '../../src/stun.ts';

function hex(text: string): Uint8Array {
  return Uint8Array.from(text.replace(/\s/g, '').match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
}

const TRANSACTION = '2112a442 b7e7a701 bc34d686 fa87dfae';
const REQUEST = hex(`0001 0000 ${TRANSACTION}`);

describe('RFC 5626 §8 STUN on a port for SIP', () => {
  test.each([
    ['192.0.2.1', '0101 000c', '0020 0008 0001 a147 e112a643'],
    ['::ffff:192.0.2.1', '0101 000c', '0020 0008 0001 a147 e112a643'],
    [
      '2001:db8:1234:5678:11:2233:4455:6677',
      '0101 0018',
      '0020 0014 0002 a147 0113a9fa a5d3f179 bc25f4b5 bed2b9d9',
    ],
  ])(
    'a Binding Request is answered with XOR-MAPPED-ADDRESS: the addresses of RFC 5769 §2.2, §2.3, %s (@req rfc5626:8:1)',
    (host, head, attribute) => {
      expect(answerStun(REQUEST, host, 32_853)).toEqual(hex(`${head} ${TRANSACTION} ${attribute}`));
    },
  );

  test('short IPv6 addresses are written in full', () => {
    const answer = answerStun(REQUEST, '2001:db8::1%eth0', 1);
    if (!(answer instanceof Uint8Array)) throw new Error('no answer');
    const address = answer.slice(28).map((byte, at) => byte ^ (answer[4 + at] ?? 0));
    expect(address).toEqual(hex('20010db8 00000000 00000000 00000001'));
  });

  test('an attribute that has to be understood and is not gets an error, others are passed over', () => {
    const request = hex(`0001 0014 ${TRANSACTION} 0003 0004 00000006 8022 0005 41424344 45000000`);
    expect(answerStun(request, '192.0.2.1', 1)).toEqual(
      hex(`0111 0010 ${TRANSACTION} 0009 0004 00000414 000a 0002 0003 0000`),
    );
    const harmless = hex(`0001 000c ${TRANSACTION} 8022 0005 41424344 45000000`);
    expect((answerStun(harmless, '192.0.2.1', 1) as Uint8Array)[1]).toBe(1);
  });

  test.each([
    ['an indication', `0011 0000 ${TRANSACTION}`],
    ['a response', `0101 0000 ${TRANSACTION}`],
    ['a length that is wrong', `0001 0004 ${TRANSACTION}`],
    ['attributes beyond the end', `0001 0004 ${TRANSACTION} 0006 0010`],
  ])('%s has no answer', (_case, text) => {
    expect(answerStun(hex(text), '192.0.2.1', 1)).toBe('ignored');
  });

  test('SIP is no STUN, nor are other keep-alives', () => {
    for (const text of ['\r\n\r\n', 'OPTIONS sip:h SIP/2.0\r\n\r\n', '\0', '']) {
      expect(answerStun(new TextEncoder().encode(text), '192.0.2.1', 1)).toBeUndefined();
    }
    expect(answerStun(hex('0001 0000 00000000 00000000 00000000 00000000'), 'h', 1)).toBeUndefined();
  });

  test('whatever comes, it ends', () => {
    const body = fc.uint8Array({ maxLength: 80 });
    fc.assert(
      fc.property(body, (bytes) => {
        const datagram = Uint8Array.from([...REQUEST, ...bytes]);
        datagram[3] = bytes.length;
        const answer = answerStun(datagram, '192.0.2.1', 1);
        expect(answer === 'ignored' || answer instanceof Uint8Array).toBe(true);
      }),
    );
  });

  test('the UDP listener answers on the port on which it takes SIP (@req rfc5626:8:2 rfc5626:5.4:1 rfc5626:6:16)', async () => {
    const received: Uint8Array[] = [];
    const listener = await listenUdp({
      host: '127.0.0.1',
      port: 0,
      onReceived: (_peer, bytes) => received.push(bytes),
      onFailed: () => undefined,
    });
    const socket = createSocket('udp4');
    const answer = new Promise<Uint8Array>((done) => socket.once('message', (bytes) => done(bytes)));
    await new Promise<void>((done) => socket.bind(0, '127.0.0.1', done));
    socket.send(REQUEST, listener.local.port, '127.0.0.1');
    const expected = answerStun(REQUEST, '127.0.0.1', socket.address().port);
    expect(new Uint8Array(await answer)).toEqual(expected);
    expect(received).toEqual([]);
    socket.close();
    await listener.close();
  });
});
