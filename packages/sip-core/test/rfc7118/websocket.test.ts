import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import {
  createRequest,
  createResponse,
  Endpoint,
  type EndpointAction,
  type EndpointInput,
  type Peer,
  set,
  via,
} from '../../src/index.ts';
import { Driver, listenWs, random, type Transport, transmit, type WsOptions } from '../../src/node.ts';
import { connectWs, type WebSocketLike, type WsConnection } from '../../src/web.ts';
import { incoming } from '../support/sip.ts';

const pem = (name: string) => readFileSync(new URL(`../fixtures/tls/${name}`, import.meta.url), 'utf8');
const HOST = '127.0.0.1';
const MESSAGE = incoming('MESSAGE');
const open: { close(): Promise<void> }[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
});

/** Collects, and lets a test wait for what comes next. */
function inbox<T>() {
  const held: T[] = [];
  const waiting: ((entry: T) => void)[] = [];
  return {
    add(entry: T) {
      const first = waiting.shift();
      if (first === undefined) held.push(entry);
      else first(entry);
    },
    next(): Promise<T> {
      const entry = held.shift();
      return entry === undefined ? new Promise((done) => waiting.push(done)) : Promise.resolve(entry);
    },
  };
}

interface News {
  readonly peer: Peer;
  readonly bytes?: Uint8Array;
  readonly error?: string;
}

async function server(options: Partial<WsOptions> = {}) {
  const news = inbox<News>();
  const transport = await listenWs({
    host: HOST,
    port: 0,
    onReceived: (peer, bytes) => news.add({ peer, bytes }),
    onFailed: (peer, error) => news.add({ peer, error: error.message }),
    ...options,
  });
  open.push(transport);
  return { transport, news, url: `${transport.local.transport}://localhost:${transport.local.port}/sip` };
}

// The library's class has the browser's interface.
const socket = (url: string, protocol: string) =>
  new WebSocket(url, protocol, { ca: pem('ca.pem') }) as unknown as WebSocketLike;

async function client(url: string, options: { open?: typeof socket } = {}) {
  const news = inbox<News>();
  const connection: WsConnection = await connectWs({
    url,
    name: 'df7jal23ls0d.invalid',
    open: socket,
    onReceived: (peer, bytes) => news.add({ peer, bytes }),
    onFailed: (peer, error) => news.add({ peer, error: error.message }),
    ...options,
  });
  open.push(connection);
  return { connection, news };
}

const rawClient = (url: string, protocols: string[] = ['sip'], headers = {}) =>
  new Promise<{ socket?: WebSocket; status?: number; challenge?: string | undefined; protocol?: string }>(
    (done) => {
      const made = new WebSocket(url, protocols, { headers });
      made.on('open', () => done({ socket: made, protocol: made.protocol }));
      made.on('unexpected-response', (_, response) =>
        done({ status: response.statusCode ?? 0, challenge: response.headers['www-authenticate'] }),
      );
      made.on('error', () => undefined);
      open.push({ close: async () => made.terminate() });
    },
  );

describe('the handshake (§4.1)', () => {
  test('negotiates the subprotocol sip (@req rfc7118:4.1:1, @req rfc7118:4.1:2)', async () => {
    const { url } = await server();
    expect(await rawClient(url, ['xmpp', 'sip'])).toMatchObject({ protocol: 'sip' });
    expect(await rawClient(url, ['xmpp'])).toEqual({ status: 400, challenge: undefined });
    const asked = inbox<string>();
    await client(url, {
      open: (to, protocol) => {
        asked.add(protocol);
        return socket(to, protocol);
      },
    });
    expect(await asked.next()).toBe('sip');
  });

  test('can be refused by what it holds, and challenged (§7, @req rfc7118:7:4, @req rfc7118:7:5)', async () => {
    const headers = { 'WWW-Authenticate': 'Digest realm="example.com", nonce="n", qop="auth"' };
    const { url } = await server({
      refuse: ({ headers: { cookie } }) => (cookie === 'session=1' ? undefined : { status: 401, headers }),
    });
    expect(await rawClient(url)).toEqual({ status: 401, challenge: headers['WWW-Authenticate'] });
    expect(await rawClient(url, ['sip'], { Cookie: 'session=1' })).toMatchObject({ protocol: 'sip' });
    await expect(client(url)).rejects.toThrow('no SIP over WebSocket');
  });

  test('that is none of WebSocket is answered 426', async () => {
    const { transport } = await server();
    const response = await fetch(`http://${HOST}:${transport.local.port}/`);
    expect(response.status).toBe(426);
  });
});

describe('messages (§4.2, §5)', () => {
  test('in text and binary frames are one SIP message each (@req rfc7118:4.2:1, @req rfc7118:5:2)', async () => {
    const { url, news } = await server();
    const { socket: raw } = await rawClient(url);
    raw?.send(new TextDecoder().decode(MESSAGE));
    raw?.send(MESSAGE);
    const [first, second] = [await news.next(), await news.next()];
    expect(
      [first.bytes, second.bytes].map((bytes) => new TextDecoder().decode(bytes ?? new Uint8Array())),
    ).toEqual(Array(2).fill(new TextDecoder().decode(MESSAGE)));
    expect(first.peer).toMatchObject({ transport: 'ws', host: HOST });
  });

  test('that are not UTF-8 go out as binary frames, others as text, from both ends (@req rfc7118:4.2:2)', async () => {
    const { url, news, transport } = await server();
    const { socket: raw } = await rawClient(url);
    const frames = inbox<[boolean, number]>();
    raw?.on('message', (data: Buffer, isBinary) => frames.add([isBinary, data.length]));
    raw?.send(MESSAGE);
    const { peer } = await news.next();
    const binary = Uint8Array.of(...MESSAGE, 0xff);
    for (const bytes of [MESSAGE, binary]) transport.send(peer, bytes);
    expect([await frames.next(), await frames.next()]).toEqual([
      [false, MESSAGE.length],
      [true, binary.length],
    ]);
    const sent: unknown[] = [];
    const { connection } = await client(url, {
      open: (to, protocol) => {
        const made = socket(to, protocol);
        const { send } = made;
        return Object.assign(made, {
          send: (data: string | Uint8Array) => {
            sent.push(typeof data);
            send.call(made, data);
          },
        });
      },
    });
    for (const bytes of [MESSAGE, binary]) connection.send(connection.peer, bytes);
    expect(new Uint8Array((await news.next()).bytes ?? [])).toEqual(new Uint8Array(MESSAGE));
    expect((await news.next()).bytes?.at(-1)).toBe(0xff);
    expect(sent).toEqual(['string', 'object']);
  });

  test('a ping of two CRLFs is answered with one (RFC 5626 §3.5.1)', async () => {
    const { url } = await server();
    const { socket: raw } = await rawClient(url);
    const pong = new Promise<string>((done) => raw?.on('message', (data) => done(String(data))));
    raw?.send('\r\n\r\n');
    expect(await pong).toBe('\r\n');
  });

  test('to a connection that is gone fail, at either end', async () => {
    const { url, news, transport } = await server();
    const { connection, news: clientNews } = await client(url);
    connection.send(connection.peer, MESSAGE);
    const { peer } = await news.next();
    await connection.close();
    expect(await news.next()).toEqual({ peer, error: 'the connection was closed' });
    transport.send(peer, MESSAGE);
    expect(await news.next()).toEqual({ peer, error: 'the connection is closed' });
    expect(await clientNews.next()).toMatchObject({ error: 'the connection was closed' });
    connection.send(connection.peer, MESSAGE);
    expect(await clientNews.next()).toMatchObject({ error: 'the connection is closed' });
  });

  test('larger than the limit end the connection, and no other', async () => {
    const { url, news } = await server();
    const [{ socket: large }, { socket: small }] = [await rawClient(url), await rawClient(url)];
    large?.send(new Uint8Array(2_000_000));
    expect(await news.next()).toMatchObject({ error: 'the connection was closed' });
    small?.send(MESSAGE);
    expect((await news.next()).bytes).toBeDefined();
  });
});

describe('two endpoints, over ws and wss', () => {
  test.each([
    ['ws', {}],
    ['wss', { cert: pem('example.pem'), key: pem('example.key') }],
  ] as const)('a request and its response over %s (§5.1)', async (name, tls) => {
    const uas = new Endpoint({ random, methods: ['MESSAGE'] });
    const transports: Transport[] = [];
    const server_: Driver<EndpointInput, EndpointAction> = new Driver(uas, {
      perform: (action) => {
        if (action.type === 'transmit') transmit(transports, action.peer, action.bytes);
        else if (action.type === 'request')
          server_.handle({
            type: 'respond',
            transaction: action.transaction,
            response: createResponse(action.request, 200),
          });
      },
    });
    const { transport, url } = await server({
      ...tls,
      onReceived: (peer, bytes) => server_.handle({ type: 'received', peer, bytes }),
      onFailed: (peer) => server_.handle({ type: 'transport-failed', peer }),
    });
    transports.push(transport);
    uas.addresses = [transport.local];

    const done = inbox<EndpointAction>();
    let send: (peer: Peer, bytes: Uint8Array) => void = () => undefined;
    const uac = new Endpoint({ random, methods: [] });
    const driver: Driver<EndpointInput, EndpointAction> = new Driver(uac, {
      perform: (action) => {
        if (action.type === 'transmit') send(action.peer, action.bytes);
        else done.add(action);
      },
    });
    const connection = await connectWs({
      url,
      name: 'df7jal23ls0d.invalid',
      open: socket,
      onReceived: (peer, bytes) => driver.handle({ type: 'received', peer, bytes }),
      onFailed: (peer) => driver.handle({ type: 'transport-failed', peer }),
    });
    open.push(connection);
    send = connection.send;
    uac.addresses = [connection.local];
    const request = createRequest({
      method: 'MESSAGE',
      uri: 'sip:bob@example.com',
      headers: [
        set('From', '<sip:alice@example.com>;tag=1'),
        set('To', '<sip:bob@example.com>'),
        set('Call-ID', 'w'),
        set('CSeq', '1 MESSAGE'),
      ],
    });
    driver.handle({ type: 'send', id: 'a', request, to: connection.peer });
    const outcome = await done.next();
    if (outcome.type !== 'response') throw new Error(outcome.type);
    expect(outcome.response.status).toBe(200);
    expect(outcome.response.get(via)).toMatchObject({
      transport: name.toUpperCase(),
      host: 'df7jal23ls0d.invalid',
    });
    await driver[Symbol.asyncDispose]();
    await server_[Symbol.asyncDispose]();
  });
});
