import { createServer, isIP, connect as open, type Server, type Socket } from 'node:net';
import type { LocalAddress, Peer } from '../endpoint/peer.ts';
import { Connection } from './connection.ts';
import type { Transport, TransportEvents } from './transport.ts';

/** Where to listen for connections, and whom to tell. */
export interface TcpOptions extends TransportEvents {
  /** Address of an interface, or a name for one. */
  readonly host: string;
  /** 0 picks a free one. */
  readonly port: number;
  readonly limits?: Partial<TcpLimits> | undefined;
}

/** What a TCP transport holds at most. */
export interface TcpLimits {
  /** Open connections, accepted and made together; more are refused. */
  readonly connections: number;
  /** A connection silent for so many milliseconds is closed. */
  readonly idleMilliseconds: number;
  /** A connection on which more bytes wait to be taken by the peer is given up. */
  readonly bufferedBytes: number;
  /** How many milliseconds making a connection may take. */
  readonly connectMilliseconds: number;
}

/** The limits in force unless the caller gives others. */
export const defaultTcpLimits: TcpLimits = {
  connections: 10_000,
  idleMilliseconds: 600_000,
  bufferedBytes: 4_194_304,
  connectMilliseconds: 4000,
};

/**
 * Opens a TCP listener. It accepts connections and makes them: a message goes out on the connection that its
 * peer names, else on one already open to the peer's address, else on a new one.
 *
 * @throws Error (rejects) with the system's code when the address cannot be had, e.g. `EADDRINUSE`
 * @see RFC 3261 §18
 */
export async function listenTcp(options: TcpOptions): Promise<Transport> {
  const pool = new Pool(options);
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => pool.accept(socket));
  const local = await bound(server, options.host, options.port);
  // After it is bound, the server fails only to accept (no descriptors left): the next client may fare better.
  server.on('error', () => undefined);
  return {
    local,
    send: (peer, bytes) => pool.send(peer, bytes),
    close: () => {
      const closed = new Promise<void>((done) => {
        server.close(() => done());
      });
      pool.close();
      return closed;
    },
  };
}

/** All connections of one transport. */
class Pool {
  readonly #options: TcpOptions;
  readonly #limits: TcpLimits;
  readonly #byFlow: Map<number, Connection> = new Map();
  readonly #byAddress: Map<string, Connection> = new Map();
  #isClosed = false;

  constructor(options: TcpOptions) {
    this.#options = options;
    this.#limits = { ...defaultTcpLimits, ...options.limits };
  }

  accept(socket: Socket): void {
    const { remoteAddress, remotePort } = socket;
    const hasRoom = !this.#isClosed && this.#byFlow.size < this.#limits.connections;
    if (!hasRoom || remoteAddress === undefined || remotePort === undefined) socket.destroy();
    else this.#keep(socket, plainAddress(remoteAddress), remotePort);
  }

  send(peer: Peer, bytes: Uint8Array): void {
    const address = addressOf(peer.host, peer.port);
    const named = peer.connection === undefined ? undefined : this.#byFlow.get(peer.connection);
    const connection = named ?? this.#byAddress.get(address) ?? this.#connect(peer);
    if (connection === undefined) {
      const error = new Error(this.#isClosed ? 'the transport is closed' : 'too many connections');
      // Later, like every other failure: the caller is in the middle of sending.
      queueMicrotask(() => this.#options.onFailed(peer, error));
    } else connection.send(peer, bytes);
  }

  close(): void {
    this.#isClosed = true;
    for (const connection of this.#byFlow.values()) connection.end();
  }

  #connect(peer: Peer): Connection | undefined {
    if (this.#isClosed || this.#byFlow.size >= this.#limits.connections) return undefined;
    const socket = open({ host: peer.host, port: peer.port, allowHalfOpen: true, noDelay: true });
    return this.#keep(socket, peer.host, peer.port);
  }

  #keep(socket: Socket, host: string, port: number): Connection {
    const { onReceived, onFailed } = this.#options;
    const address = addressOf(host, port);
    const connection = new Connection(socket, host, port, this.#limits, {
      onReceived,
      onClosed: (lost, error) => {
        this.#byFlow.delete(connection.flow);
        if (this.#byAddress.get(address) === connection) this.#byAddress.delete(address);
        if (!this.#isClosed) for (const peer of lost) onFailed(peer, error);
      },
    });
    this.#byFlow.set(connection.flow, connection);
    this.#byAddress.set(address, connection);
    return connection;
  }
}

function bound(server: Server, host: string, port: number): Promise<LocalAddress> {
  return new Promise((done, failed) => {
    server.once('error', failed);
    server.listen({ host, port }, () => {
      server.off('error', failed);
      const address = server.address();
      // A server listening on host and port has an address of that form, not a pipe's name.
      if (address !== null && typeof address === 'object')
        done({ transport: 'tcp', host: address.address, port: address.port });
    });
  });
}

function addressOf(host: string, port: number): string {
  return `${host} ${port}`;
}

/** An IPv4 client of an IPv6 listener is known by its IPv4 address. */
function plainAddress(address: string): string {
  const mapped = address.startsWith('::ffff:') ? address.slice(7) : address;
  return isIP(mapped) === 4 ? mapped : address;
}
