import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Network, Socket } from './runner.ts';
import { StreamCutter } from './wire.ts';

/** How long a live server may take over an answer. */
const PATIENCE = 3_000;

/** A server that listens on real sockets. */
export interface LiveServer {
  readonly host: string;
  readonly udpPort: number;
  readonly tcpPort: number;
  /** A domain it serves. */
  readonly domain: string;
}

/** Real sockets to a live server; give each trace one of its own. `run` goes into the names of users. */
export function liveNetwork(server: LiveServer, run: string): Network {
  const open: LiveSocket[] = [];
  return {
    mode: 'live',
    domain: server.domain,
    run,
    async open(_name, transport) {
      const socket = await (transport === 'udp' ? openUdp : openTcp)(server);
      open.push(socket);
      return socket;
    },
    advance: (milliseconds) => sleep(milliseconds),
    async close() {
      await Promise.all(open.map((socket) => socket.close()));
    },
  };
}

interface LiveSocket extends Socket {
  close(): Promise<void>;
}

async function openUdp({ host, udpPort }: LiveServer): Promise<LiveSocket> {
  const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
  const inbox = new Inbox();
  socket.on('message', (bytes) => inbox.put(new Uint8Array(bytes)));
  // An unreachable port shows as a message that never comes; the trace says where.
  socket.on('error', () => {});
  socket.bind(0, host.includes(':') ? '::1' : '127.0.0.1');
  await once(socket, 'listening');
  const { address, port } = socket.address();
  return {
    local: endpointOf(address, port),
    send: (bytes) => socket.send(bytes, udpPort, host),
    receive: () => inbox.take(),
    drain: () => inbox.drain(),
    close: () => new Promise((resolve) => socket.close(() => resolve())),
  };
}

async function openTcp({ host, tcpPort }: LiveServer): Promise<LiveSocket> {
  const socket = connect(tcpPort, host);
  socket.setNoDelay(true);
  const inbox = new Inbox();
  const cutter = new StreamCutter();
  socket.on('data', (chunk) => {
    for (const message of cutter.push(new Uint8Array(chunk))) inbox.put(message);
  });
  await once(socket, 'connect');
  socket.on('error', () => {});
  return {
    local: endpointOf(socket.localAddress ?? host, socket.localPort ?? 0),
    send: (bytes) => void socket.write(bytes),
    receive: () => inbox.take(),
    drain: () => inbox.drain(),
    close: async () => {
      socket.destroy();
    },
  };
}

/** Messages in the order they came, and at most one reader waiting for the next. */
class Inbox {
  #messages: Uint8Array[] = [];
  #wake: (() => void) | undefined;

  put(bytes: Uint8Array): void {
    this.#messages.push(bytes);
    this.#wake?.();
  }

  async take(): Promise<Uint8Array | undefined> {
    if (this.#messages.length === 0) {
      const patience = new AbortController();
      const came = new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      await Promise.race([came, sleep(PATIENCE, undefined, { signal: patience.signal }).catch(() => {})]);
      patience.abort();
      this.#wake = undefined;
    }
    return this.#messages.shift();
  }

  drain(): readonly Uint8Array[] {
    return this.#messages.splice(0);
  }
}

function endpointOf(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
