import { connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import {
  createResponse,
  Endpoint,
  type EndpointAction,
  type EndpointInput,
  type Peer,
  type SipError,
  set,
} from '../../src/index.ts';
import {
  Driver,
  listenTcp,
  listenUdp,
  now,
  random,
  type TcpOptions,
  type Transport,
  transmit,
} from '../../src/node.ts';
import { incoming, outgoing } from '../support/sip.ts';

const HOST = '127.0.0.1';
const open: { close(): Promise<void> }[] = [];
const servers: Server[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((each) => each.close()));
  for (const server of servers.splice(0)) server.close();
});

/** Collects what a transport tells, and lets a test wait for it. */
class Log<T> {
  readonly entries: T[] = [];
  #wake: () => void = () => undefined;

  add(entry: T): void {
    this.entries.push(entry);
    this.#wake();
  }

  async next(): Promise<T> {
    while (this.entries.length === 0) {
      await new Promise<void>((done) => {
        this.#wake = done;
      });
    }
    const entry = this.entries.shift();
    if (entry === undefined) throw new Error('nothing there');
    return entry;
  }
}

interface Received {
  readonly peer: Peer;
  readonly text: string;
  readonly fault: SipError | undefined;
}

async function listener(kind: 'udp' | 'tcp', limits?: TcpOptions['limits']) {
  const received = new Log<Received>();
  const failed = new Log<{ peer: Peer; error: Error }>();
  const events = {
    host: HOST,
    port: 0,
    onReceived: (peer: Peer, bytes: Uint8Array, fault?: SipError) =>
      received.add({ peer, text: new TextDecoder().decode(bytes), fault }),
    onFailed: (peer: Peer, error: Error) => failed.add({ peer, error }),
  };
  const transport = kind === 'udp' ? await listenUdp(events) : await listenTcp({ ...events, limits });
  open.push(transport);
  const { port } = transport.local;
  const address: Peer = { transport: kind, host: HOST, port };
  return { transport, received, failed, address };
}

/** An endpoint with a user that answers every MESSAGE, on real sockets and real time. */
async function element(answerWith = 200) {
  const transports: Transport[] = [];
  const log = new Log<EndpointAction>();
  const endpoint = new Endpoint({ random, methods: ['MESSAGE'], limits: { datagramBytes: 1300 } });
  const driver: Driver<EndpointInput, EndpointAction> = new Driver(endpoint, {
    perform: (action) => {
      if (action.type === 'transmit') transmit(transports, action.peer, action.bytes);
      else if (action.type === 'request') {
        const response = createResponse(action.request, answerWith, {
          headers: [set('X-Body', `${action.request.body.length}`)],
        });
        driver.handle({ type: 'respond', transaction: action.transaction, response });
      }
      log.add(action);
    },
  });
  const events = {
    host: HOST,
    onReceived: (peer: Peer, bytes: Uint8Array) => driver.handle({ type: 'received', peer, bytes }),
    onFailed: (peer: Peer) => driver.handle({ type: 'transport-failed', peer }),
  };
  const udp = await listenUdp({ ...events, port: 0 });
  const tcp = await listenTcp({ ...events, port: udp.local.port });
  transports.push(udp, tcp);
  open.push(udp, tcp, { close: () => driver[Symbol.asyncDispose]() });
  endpoint.addresses = transports.map((transport) => transport.local);
  const outcome = async () => {
    for (;;) {
      const action = await log.next();
      if (action.type === 'response' || action.type === 'failed') return action;
    }
  };
  return { endpoint, driver, outcome, port: udp.local.port };
}

const message = (body: string, id: string) => outgoing('MESSAGE', [set('Call-ID', id)], body);

describe('two endpoints over loopback', () => {
  test.each([
    ['udp', 'short', 'UDP'],
    ['tcp', 'short', 'TCP'],
    ['udp', 'x'.repeat(20_000), 'TCP'],
  ] as const)('a request over %s and its response', async (transport, body, via) => {
    const [alice, bob] = [await element(), await element()];
    const to: Peer = { transport, host: HOST, port: bob.port };
    alice.driver.handle({
      type: 'send',
      id: 'a/1',
      request: message(body, `${transport}${body.length}`),
      to,
    });
    const outcome = await alice.outcome();
    if (outcome.type !== 'response') throw new Error(outcome.reason);
    expect(outcome.id).toBe('a/1');
    expect(outcome.response.status).toBe(200);
    expect(outcome.response.raw('X-Body')).toEqual([`${body.length}`]);
    expect(outcome.response.raw('Via')[0]).toContain(`SIP/2.0/${via}`);
  });

  test('a large request reaches a peer without TCP over UDP (§18.1.1)', async () => {
    const alice = await element();
    const bob = await listener('udp');
    alice.driver.handle({
      type: 'send',
      id: 'a/1',
      request: message('x'.repeat(2000), 'big'),
      to: bob.address,
    });
    expect((await bob.received.next()).text).toMatch(/^MESSAGE [\s\S]*Via: SIP\/2\.0\/UDP/);
  });

  test('a request to a TCP port where nobody listens fails at once', async () => {
    const alice = await element();
    const gone = await listener('tcp');
    await gone.transport.close();
    const began = now();
    alice.driver.handle({ type: 'send', id: 'a/1', request: message('x', 'gone'), to: gone.address });
    expect(await alice.outcome()).toEqual({ type: 'failed', id: 'a/1', reason: 'transport' });
    expect(now() - began).toBeLessThan(3000);
  });
});

describe('a UDP listener', () => {
  test('delivers datagrams with their source, and answers from the same port', async () => {
    const [a, b] = [await listener('udp'), await listener('udp')];
    a.transport.send(b.address, new TextEncoder().encode('ping'));
    const { peer, text } = await b.received.next();
    expect(text).toBe('ping');
    expect(peer).toEqual({ ...a.address, connection: b.transport.connection });
    b.transport.send(peer, new TextEncoder().encode('pong'));
    expect((await a.received.next()).peer.port).toBe(b.transport.local.port);
  });

  test('sends the datagrams of one turn in their order, also those still waiting when it is closed', async () => {
    const [a, b] = [await listener('udp'), await listener('udp')];
    const texts = ['first', 'second', 'third'];
    for (const text of texts) a.transport.send(b.address, new TextEncoder().encode(text));
    await a.transport.close();
    for (const text of texts) expect((await b.received.next()).text).toBe(text);
  });

  test('tells what cannot be sent', async () => {
    const a = await listener('udp');
    const peer: Peer = { transport: 'udp', host: HOST, port: 9 };
    a.transport.send(peer, new Uint8Array(70_000));
    expect((await a.failed.next()).peer).toEqual(peer);
  });

  test('refuses an address in use with the system’s code, and closes twice without harm', async () => {
    const a = await listener('udp');
    const again = listenUdp({
      host: HOST,
      port: a.transport.local.port,
      onReceived: () => {},
      onFailed: () => {},
    });
    await expect(again).rejects.toMatchObject({ code: 'EADDRINUSE' });
    await a.transport.close();
    await a.transport.close();
    expect(() => a.transport.send(a.address, new Uint8Array(1))).not.toThrow();
  });
});

describe('a TCP listener', () => {
  const options = new TextDecoder().decode(incoming('OPTIONS'));

  function client(port: number): { socket: Socket; heard: Log<string>; closed: Promise<void> } {
    const heard = new Log<string>();
    const socket = connect(port, HOST);
    socket.setEncoding('utf8').on('data', (chunk: string) => heard.add(chunk));
    socket.on('error', () => undefined);
    const closed = new Promise<void>((done) => {
      socket.on('close', () => done());
    });
    open.push({ close: async () => void socket.destroy() });
    return { socket, heard, closed };
  }

  test('cuts messages from the stream wherever it is split', async () => {
    const a = await listener('tcp');
    const { socket } = client(a.transport.local.port);
    const stream = options.repeat(3);
    for (const part of stream.match(/[\s\S]{1,97}/g) ?? []) {
      socket.write(part);
      await new Promise((done) => setImmediate(done));
    }
    for (let n = 0; n < 3; n += 1) expect((await a.received.next()).text).toBe(options);
  });

  test('answers on the connection the request came by, and reuses one that is open to an address', async () => {
    const [a, b] = [await listener('tcp'), await listener('tcp')];
    a.transport.send(b.address, incoming('OPTIONS'));
    const first = await b.received.next();
    b.transport.send(first.peer, incoming('NOTIFY'));
    const back = await a.received.next();
    expect(back.peer.port).toBe(b.transport.local.port);
    a.transport.send(b.address, incoming('OPTIONS'));
    expect((await b.received.next()).peer.connection).toBe(first.peer.connection);
  });

  test('connects anew when the connection that a peer names is gone', async () => {
    const [a, b] = [await listener('tcp'), await listener('tcp')];
    a.transport.send({ ...b.address, connection: 12_345 }, incoming('OPTIONS'));
    expect((await b.received.next()).text).toBe(options);
  });

  test('does not, when only that connection will do (RFC 5626 §7)', async () => {
    const tcp = await listener('tcp');
    const other = await listener('tcp');
    const { transport, host, port } = { ...other.transport.local };
    const peer: Peer = { transport, host, port, connection: 1, flowOnly: true };
    tcp.transport.send(peer, incoming('MESSAGE'));
    expect((await tcp.failed.next()).peer).toEqual(peer);
    tcp.transport.send({ transport, host, port }, incoming('MESSAGE'));
    await other.received.next();
    expect(other.received.entries).toEqual([]);
  });

  test('answers the ping of RFC 5626 §4.4.1 with a pong (@req rfc5626:5.4:2)', async () => {
    const a = await listener('tcp');
    const { socket, heard } = client(a.transport.local.port);
    socket.write('\r\n\r\n');
    expect(await heard.next()).toBe('\r\n');
    socket.write(options);
    expect((await a.received.next()).text).toBe(options);
  });

  test('hands on what cannot be framed, for an answer, and closes', async () => {
    const a = await listener('tcp');
    const { socket, closed } = client(a.transport.local.port);
    const broken = options.replace('Content-Length: 0', 'Content-Length: none');
    socket.write(broken);
    const { peer, text, fault } = await a.received.next();
    expect(text.startsWith('OPTIONS')).toBe(true);
    expect(fault?.status).toBe(400);
    a.transport.send(peer, new TextEncoder().encode('SIP/2.0 400 Bad Request\r\n\r\n'));
    await closed;
  });

  test('tells the peers of a connection that breaks, by every name they were sent to', async () => {
    const a = await listener('tcp');
    let accepted: Socket | undefined;
    const server = createServer((socket) => {
      accepted = socket;
      socket.on('data', () => socket.resetAndDestroy());
    }).listen(0, HOST);
    servers.push(server);
    await new Promise((done) => server.once('listening', done));
    const bound = server.address();
    if (bound === null || typeof bound === 'string') throw new Error('no port');
    const peer: Peer = { transport: 'tcp', host: HOST, port: bound.port };
    a.transport.send(peer, incoming('OPTIONS'));
    const failures = [await a.failed.next(), await a.failed.next()].map((failure) => failure.peer);
    expect(failures).toContainEqual(peer);
    expect(failures.some(({ connection }) => connection !== undefined)).toBe(true);
    expect(accepted).toBeDefined();
  });

  test('refuses connections beyond its limit', async () => {
    const a = await listener('tcp', { connections: 1 });
    const first = client(a.transport.local.port);
    first.socket.write(options);
    await a.received.next();
    const second = client(a.transport.local.port);
    await second.closed;
    a.transport.send({ transport: 'tcp', host: HOST, port: 9 }, incoming('OPTIONS'));
    expect((await a.failed.next()).error.message).toBe('too many connections');
    first.socket.write(options);
    expect((await a.received.next()).text).toBe(options);
  });

  test('closes connections that are silent', async () => {
    const a = await listener('tcp', { idleMilliseconds: 50 });
    await client(a.transport.local.port).closed;
  });

  test('gives up a peer that does not take what is sent to it', async () => {
    const a = await listener('tcp', { bufferedBytes: 100_000 });
    const { socket } = client(a.transport.local.port);
    socket.write(options);
    const { peer } = await a.received.next();
    socket.pause();
    const chunk = new Uint8Array(65_536);
    for (let n = 0; n < 200; n += 1) a.transport.send(peer, chunk);
    const failure = await a.failed.next();
    expect(failure.error.message).toBe('the peer does not take what is sent to it');
    expect(failure.peer.connection).toBe(peer.connection);
  });

  test('still answers a peer that has closed its sending half', async () => {
    const a = await listener('tcp');
    const { socket, heard } = client(a.transport.local.port);
    socket.end(options);
    const { peer } = await a.received.next();
    await new Promise((done) => setTimeout(done, 50));
    a.transport.send(peer, new TextEncoder().encode('answer'));
    expect(await heard.next()).toBe('answer');
  });

  test('refuses an address in use with the system’s code, and ends its connections when closed', async () => {
    const a = await listener('tcp');
    const again = listenTcp({
      host: HOST,
      port: a.transport.local.port,
      onReceived: () => {},
      onFailed: () => {},
    });
    await expect(again).rejects.toMatchObject({ code: 'EADDRINUSE' });
    const { socket, closed } = client(a.transport.local.port);
    socket.write(options);
    await a.received.next();
    await a.transport.close();
    await closed;
  });
});
