import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { fileURLToPath } from 'node:url';
import { pino } from 'pino';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { Accounts } from '../src/accounts/accounts.ts';
import type { Config } from '../src/config/options.ts';
import { type Server, startServer } from '../src/server.ts';
import { lmdbStore } from '../src/store/lmdb.ts';
import { Message, pidf, publishHeaders, SipClient, subscribeHeaders } from './sip-client.ts';

const folder = mkdtempSync(join(tmpdir(), 'sip-simple-secure-'));
const log = pino({ level: 'silent' });
const certificate = (name: string) => fileURLToPath(new URL(`fixtures/tls/${name}`, import.meta.url));
const tls = {
  tlsCert: certificate('server.pem'),
  tlsKey: certificate('server.key'),
  tlsCa: certificate('ca.pem'),
  sipTlsPort: 0,
};
const open: { close(): unknown }[] = [];
let folders = 0;

afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each.close();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function start(config: Partial<Config> = {}): Promise<Server> {
  const server = await startServer({ sipPort: 0, httpPort: 0, ...config }, { log });
  open.push(server);
  return server;
}

async function withUsers(config: Partial<Config> = {}): Promise<Server> {
  const data = join(folder, `${folders++}`);
  const store = await lmdbStore({ directory: data });
  const accounts = new Accounts(store);
  for (const user of ['alice', 'bob']) await accounts.add({ user, domain: 'localhost' }, `${user}'s secret`);
  await store.close();
  return start({ data, auth: 'digest', ...config });
}

const md5 = (text: string) => createHash('md5').update(text).digest('hex');
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/** Answers a challenge with nothing of ours. */
function credentials(
  challenge: Message,
  hash: typeof md5,
  name: string,
  user: string,
  password: string,
  method: string,
  uri: string,
  nc = '00000001',
) {
  const line =
    challenge.head
      .split('\r\n')
      .find((each) => each.startsWith('WWW-Authenticate') && each.includes(`algorithm=${name},`)) ?? '';
  const nonce = /nonce="([^"]*)"/.exec(line)?.[1];
  const response = hash(
    `${hash(`${user}:localhost:${password}`)}:${nonce}:${nc}:c0ffee:auth:${hash(`${method}:${uri}`)}`,
  );
  return `Authorization: Digest username="${user}", realm="localhost", nonce="${nonce}", uri="${uri}", response="${response}", algorithm=${name}, cnonce="c0ffee", nc=${nc}, qop=auth`;
}

describe('with --auth digest', () => {
  const uri = 'sip:alice@localhost';
  const publish = { method: 'PUBLISH', uri, from: `<${uri}>;tag=1`, body: pidf(uri, 'in') };

  test.each([
    ['MD5', md5],
    ['SHA-256', sha256],
  ] as const)(
    'only a user who proves it with %s publishes and watches in their name (@req rfc3903:14.1:2, @req rfc3903:14.3:1, @req rfc3903:14.2:2, @req rfc3856:6.6.1:1, @req rfc3856:9.4:4)',
    async (name, hash) => {
      const server = await withUsers();
      const client = await SipClient.open('udp', server.sipPort);
      open.push(client);
      const refused = await client.request({ ...publish, headers: [...publishHeaders, 'Expires: 600'] });
      expect(refused.status).toBe(401);
      const answer = credentials(refused, hash, name, 'alice', "alice's secret", 'PUBLISH', uri);
      const published = await client.request({
        ...publish,
        headers: [...publishHeaders, 'Expires: 600', answer],
      });
      expect(published.status).toBe(200);
      // Seen once is seen: the same request in another transaction is a replay (RFC 3903 §14.3).
      const replayed = await client.request({
        ...publish,
        headers: [...publishHeaders, 'Expires: 600', answer],
      });
      expect(replayed.status).toBe(401);

      const bob = { method: 'SUBSCRIBE', uri, from: '<sip:bob@localhost>;tag=2' };
      const challenge = await client.request({ ...bob, headers: [...subscribeHeaders, 'Expires: 600'] });
      expect(challenge.status).toBe(401);
      const guess = credentials(challenge, hash, name, 'bob', 'guess', 'SUBSCRIBE', uri);
      expect((await client.request({ ...bob, headers: [...subscribeHeaders, guess] })).status).toBe(401);
      const asAlice = credentials(challenge, hash, name, 'alice', "alice's secret", 'SUBSCRIBE', uri);
      expect((await client.request({ ...bob, headers: [...subscribeHeaders, asAlice] })).status).toBe(403);
      const right = credentials(challenge, hash, name, 'bob', "bob's secret", 'SUBSCRIBE', uri, '00000002');
      expect((await client.request({ ...bob, headers: [...subscribeHeaders, right] })).status).toBe(200);
      expect(
        (await client.notify((message) => message.body.includes('<note>in</note>'))).header('Event'),
      ).toBe('presence');
    },
  );

  test('somebody of another domain is not let in', async () => {
    const server = await withUsers();
    const client = await SipClient.open('tcp', server.sipPort);
    open.push(client);
    const subscribe = {
      method: 'SUBSCRIBE',
      uri,
      from: '<sip:eve@example.org>;tag=2',
      headers: subscribeHeaders,
    };
    expect((await client.request(subscribe)).status).toBe(403);
  });
});

describe('with a certificate', () => {
  const send = (
    socket: { write(text: string): unknown },
    transport: string,
    from = 'sip:bob@localhost',
    method = 'OPTIONS',
    uri = 'sip:localhost',
  ) =>
    socket.write(
      [
        `${method} ${uri} SIP/2.0`,
        `Via: SIP/2.0/${transport} client.invalid;branch=z9hG4bK${Math.random()}`,
        'Max-Forwards: 70',
        `From: <${from}>;tag=1`,
        `To: <${uri}>`,
        `Call-ID: ${Math.random()}`,
        `CSeq: 1 ${method}`,
        `Contact: <${uri.startsWith('sips:') ? 'sips' : 'sip'}:client.invalid>`,
        'Event: presence',
        'Content-Length: 0',
        '\r\n',
      ].join('\r\n'),
    );
  const next = (socket: NodeJS.EventEmitter, event: string) =>
    new Promise<Message>((done) => socket.once(event, (data) => done(new Message(String(data)))));

  test('SIP and SIPS are served over TLS (@req rfc3856:9.2:4, @req rfc3903:14.4:3, @req rfc3903:14.5:2)', async () => {
    const server = await start(tls);
    expect(server.addresses[2]).toBe(`sip:tls:127.0.0.1:${server.sipTlsPort}`);
    const socket = connect({
      port: server.sipTlsPort ?? 0,
      ca: readFileSync(tls.tlsCa),
      servername: 'localhost',
    });
    open.push({ close: () => socket.destroy() });
    await new Promise<void>((done) => socket.once('secureConnect', () => done()));
    send(socket, 'TLS');
    expect((await next(socket, 'data')).status).toBe(200);
    const answer = next(socket, 'data');
    send(socket, 'TLS', 'sips:bob@localhost', 'SUBSCRIBE', 'sips:alice@localhost');
    expect((await answer).status).toBe(200);
  });

  test('another domain is believed that proves itself by its own (RFC 5922 §7.4, @req rfc3903:14.4:3, @req rfc3903:14.5:2)', async () => {
    const server = await withUsers(tls);
    const watch = async (client: { cert?: Buffer; key?: Buffer }, from: string) => {
      const socket = connect({
        port: server.sipTlsPort ?? 0,
        ca: readFileSync(tls.tlsCa),
        servername: 'localhost',
        ...client,
      });
      open.push({ close: () => socket.destroy() });
      await new Promise<void>((done) => socket.once('secureConnect', () => done()));
      send(socket, 'TLS', from, 'SUBSCRIBE', 'sip:alice@localhost');
      return (await next(socket, 'data')).status;
    };
    const biloxi = {
      cert: readFileSync(certificate('biloxi.pem')),
      key: readFileSync(certificate('biloxi.key')),
    };
    expect(await watch(biloxi, 'sip:bob@biloxi.example.com')).toBe(200);
    expect(await watch(biloxi, 'sip:bob@atlanta.example.com')).toBe(403);
    expect(await watch({}, 'sip:bob@biloxi.example.com')).toBe(403);
  });

  test('HTTP and WebSocket are served over TLS too', async () => {
    const server = await start(tls);
    expect(server.addresses.at(-1)).toBe(`https://127.0.0.1:${server.httpPort}`);
    const socket = new WebSocket(`wss://localhost:${server.httpPort}/`, 'sip', {
      ca: readFileSync(tls.tlsCa),
    });
    open.push({ close: () => socket.terminate() });
    await new Promise<void>((done) => socket.once('open', () => done()));
    send({ write: (text) => socket.send(text) }, 'WSS');
    expect((await next(socket, 'message')).status).toBe(200);
  });

  test('that cannot be read is said', async () => {
    await expect(start({ tlsCert: '/nowhere.pem', tlsKey: '/nowhere.key' })).rejects.toMatchObject({
      code: 'unreadable-file',
    });
    await expect(start({ tlsCert: tls.tlsCert })).rejects.toMatchObject({ code: 'refused' });
  });
});

describe('over WebSocket', () => {
  test('presence is published and watched (RFC 7118)', async () => {
    const server = await start();
    const socket = new WebSocket(`ws://127.0.0.1:${server.httpPort}/`, 'sip');
    open.push({ close: () => socket.terminate() });
    await new Promise<void>((done) => socket.once('open', () => done()));
    const received: Message[] = [];
    socket.on('message', (data) => {
      const message = new Message(String(data));
      received.push(message);
      const copied = ['Via', 'From', 'To', 'Call-ID', 'CSeq'].map(
        (name) => `${name}: ${message.header(name)}\r\n`,
      );
      if (message.method === 'NOTIFY' && message.status === 0)
        socket.send(`SIP/2.0 200 OK\r\n${copied.join('')}Content-Length: 0\r\n\r\n`);
    });
    const client = await SipClient.open('udp', server.sipPort);
    open.push(client);
    const alice = 'sip:alice@localhost';
    const text = client
      .build({ method: 'SUBSCRIBE', uri: alice, headers: [...subscribeHeaders, 'Expires: 600'] })
      .replace(/SIP\/2.0\/UDP [^;]*/, 'SIP/2.0/WS x.invalid')
      .replace(/Contact: .*/, 'Contact: <sip:x.invalid;transport=ws>');
    socket.send(text);
    await expect
      .poll(() => received.map(({ method, status }) => `${method} ${status}`))
      .toContain('SUBSCRIBE 200');
    await client.request({
      method: 'PUBLISH',
      uri: alice,
      headers: [...publishHeaders, 'Expires: 600'],
      body: pidf(alice, 'by UDP'),
    });
    await expect.poll(() => received.some(({ body }) => body.includes('by UDP'))).toBe(true);
  });

  test("another site's page is not let in where nobody has to prove who they are", async () => {
    const server = await start();
    const status = (headers: Record<string, string>) =>
      new Promise((done) => {
        const socket = new WebSocket(`ws://127.0.0.1:${server.httpPort}/`, 'sip', { headers });
        open.push({ close: () => socket.terminate() });
        socket.on('open', () => done(101));
        socket.on('unexpected-response', (_, response) => done(response.statusCode));
        socket.on('error', () => undefined);
      });
    expect(await status({ Origin: 'https://evil.example' })).toBe(403);
    expect(await status({ Origin: `http://127.0.0.1:${server.httpPort}` })).toBe(101);
    expect(await status({})).toBe(101);
  });
});
