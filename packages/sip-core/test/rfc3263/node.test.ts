import { createSocket, type Socket } from 'node:dgram';
import { afterEach, describe, expect, test } from 'vitest';
import { SipError, via } from '../../src/index.ts';
import { resolver } from '../../src/node.ts';
import type { Question } from '../../src/resolve/index.ts';
import { a, naptr, srv, type Zone } from '../support/zone.ts';

const types: Readonly<Record<number, Question['type']>> = { 1: 'A', 28: 'AAAA', 33: 'SRV', 35: 'NAPTR' };
let server: Socket | undefined;

afterEach(() => {
  server?.close();
  server = undefined;
});

/** A DNS server (RFC 1035) for a zone; gives its address. */
async function serve(zone: Zone, asked: string[]): Promise<string> {
  const socket = createSocket('udp4');
  server = socket;
  socket.on('message', (query, from) => {
    const labels: string[] = [];
    let at = 12;
    for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
      labels.push(query.toString('latin1', at + 1, at + 1 + length));
      at += 1 + length;
    }
    const type = types[query.readUInt16BE(at + 1)] ?? 'A';
    const key = `${type} ${labels.join('.')}`;
    asked.push(key);
    const answers = (zone[key] ?? []).map((record) => {
      const data = dataOf(record);
      const head = Buffer.from([0xc0, 12, ...query.subarray(at + 1, at + 5), 0, 0, 0, 30, 0, 0]);
      head.writeUInt16BE(data.length, 10);
      return Buffer.concat([head, data]);
    });
    const header = Buffer.from([...query.subarray(0, 2), 0x81, 0x80, 0, 1, 0, answers.length, 0, 0, 0, 0]);
    socket.send(Buffer.concat([header, query.subarray(12, at + 5), ...answers]), from.port, from.address);
  });
  await new Promise<void>((done) => {
    socket.bind(0, '127.0.0.1', () => done());
  });
  return `127.0.0.1:${socket.address().port}`;
}

function dataOf(record: NonNullable<Zone[string]>[number]): Buffer {
  const text = (value: string) => [value.length, ...Buffer.from(value)];
  const name = (value: string) => [...value.split('.').flatMap(text), 0];
  const number = (value: number) => [value >> 8, value & 255];
  switch (record.type) {
    case 'NAPTR': {
      const { order, preference, flags, service, regexp, replacement } = record;
      const texts = [flags, service, regexp].flatMap(text);
      return Buffer.from([...number(order), ...number(preference), ...texts, ...name(replacement)]);
    }
    case 'SRV': {
      const { priority, weight, port, target } = record;
      return Buffer.from([...[priority, weight, port].flatMap(number), ...name(target)]);
    }
    case 'A':
      return Buffer.from(record.address.split('.').map(Number));
    default:
      throw new Error(`no ${record.type} here`);
  }
}

describe('the system’s DNS', () => {
  test('is asked, and what it says is kept', async () => {
    const asked: string[] = [];
    const zone: Zone = {
      'NAPTR example.com': [
        naptr('50 50 s SIPS+D2T _sips._tcp.example.com'),
        naptr('90 50 s SIP+D2T _sip._tcp.example.com'),
      ],
      'SRV _sip._tcp.example.com': [srv('1 0 5062 two.example.com'), srv('0 0 5061 one.example.com')],
      'A one.example.com': [a('192.0.2.1')],
      'A two.example.com': [a('192.0.2.2')],
    };
    const { locate, locateReply } = resolver({
      transports: ['tcp', 'udp'],
      families: [4],
      servers: [await serve(zone, asked)],
    });
    const expected = [
      { transport: 'tcp', host: '192.0.2.1', port: 5061 },
      { transport: 'tcp', host: '192.0.2.2', port: 5062 },
    ];
    expect((await locate('sip:alice@example.com')).peers).toEqual(expected);
    const count = asked.length;
    expect((await locate('sip:bob@example.com')).peers).toEqual(expected);
    expect((await locateReply(via.parse('SIP/2.0/TCP example.com'))).peers).toEqual(expected);
    expect(asked.length).toBe(count);
    expect(await locate('sip:absent.example.com:5060')).toMatchObject({ peers: [], reason: 'not-found' });
  });

  test('may be another one, whose failures are told', async () => {
    const { locate } = resolver({ ask: () => Promise.reject(new Error('no network')) });
    expect(await locate('sip:example.com')).toMatchObject({ peers: [], reason: 'dns' });
    await expect(locate('sip:')).rejects.toBeInstanceOf(SipError);
  });

  test('leaves names to the hosts file that it does not know', async () => {
    const { locate } = resolver({ families: [4] });
    expect((await locate('sip:localhost:5060')).peers).toEqual([
      { transport: 'udp', host: '127.0.0.1', port: 5060 },
    ]);
  });
});
