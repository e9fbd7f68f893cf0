import { isIP, type Server, type Socket } from 'node:net';
import type { LocalAddress, Peer, TransportName } from '../endpoint/peer.ts';
import { Connection } from './connection.ts';
import type { Transport, TransportEvents } from './transport.ts';

/** What a transport over connections holds at most. */
export interface StreamLimits {
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
export const defaultStreamLimits: StreamLimits = {
  connections: 10_000,
  idleMilliseconds: 600_000,
  bufferedBytes: 4_194_304,
  connectMilliseconds: 4000,
};

/** What a {@link StreamPool} is made of. */
export interface StreamPoolOptions extends TransportEvents {
  readonly transport: TransportName;
  readonly limits?: Partial<StreamLimits> | undefined;
  /** The event by which a socket made by `open` says that it is ready. */
  readonly ready: 'connect' | 'secureConnect';
  /** Begins a connection. */
  open(peer: Peer): Socket;
}

/**
 * All connections of one transport. A message goes out on the connection that its peer names, else on one already open
 * to the peer's address and domain, else on a new one (RFC 3261 §18, RFC 5923 §5 for what may be reused).
 */
export class StreamPool {
  readonly #options: StreamPoolOptions;
  readonly #limits: StreamLimits;
  readonly #byFlow: Map<number, Connection> = new Map();
  readonly #byAddress: Map<string, Connection> = new Map();
  #isClosed = false;

  constructor(options: StreamPoolOptions) {
    this.#options = options;
    this.#limits = { ...defaultStreamLimits, ...options.limits };
  }

  /** Takes an accepted connection; `identities` are the domains that its certificate proves. */
  accept(socket: Socket, identities?: readonly string[]): void {
    const { remoteAddress, remotePort } = socket;
    const hasRoom = !this.#isClosed && this.#byFlow.size < this.#limits.connections;
    if (!hasRoom || remoteAddress === undefined || remotePort === undefined) socket.destroy();
    else this.#keep(socket, { host: plainAddress(remoteAddress), port: remotePort, identities });
  }

  send(peer: Peer, bytes: Uint8Array): void {
    const named = peer.connection === undefined ? undefined : this.#byFlow.get(peer.connection);
    const other = peer.flowOnly === true ? undefined : this.#byAddress.get(addressOf(peer));
    const connection = named ?? other ?? this.#connect(peer);
    if (connection === undefined) {
      const why = peer.flowOnly === true ? 'the connection is closed' : 'too many connections';
      const error = new Error(this.#isClosed ? 'the transport is closed' : why);
      // Later, like every other failure: the caller is in the middle of sending.
      queueMicrotask(() => this.#options.onFailed(peer, error));
    } else connection.send(peer, bytes);
  }

  close(): void {
    this.#isClosed = true;
    for (const connection of this.#byFlow.values()) connection.end();
  }

  #connect(peer: Peer): Connection | undefined {
    if (this.#isClosed || peer.flowOnly === true || this.#byFlow.size >= this.#limits.connections)
      return undefined;
    return this.#keep(this.#options.open(peer), peer, this.#options.ready);
  }

  #keep(socket: Socket, far: Omit<Peer, 'transport'>, ready?: StreamPoolOptions['ready']): Connection {
    const { onReceived, onFailed, transport } = this.#options;
    const { host, port, domain, identities } = far;
    const peer: Peer = { transport, host, port, domain, identities };
    const address = addressOf(peer);
    const connection = new Connection(socket, peer, ready, this.#limits, {
      onReceived,
      onClosed: (lost, error) => {
        this.#byFlow.delete(connection.flow);
        if (this.#byAddress.get(address) === connection) this.#byAddress.delete(address);
        if (!this.#isClosed) for (const each of lost) onFailed(each, error);
      },
    });
    this.#byFlow.set(connection.flow, connection);
    this.#byAddress.set(address, connection);
    return connection;
  }
}

/**
 * Binds a server for a pool and gives both as a transport.
 *
 * @throws Error (rejects) with the system's code when the address cannot be had, e.g. `EADDRINUSE`
 */
export async function serve(
  server: Server,
  pool: StreamPool,
  transport: TransportName,
  host: string,
  port: number,
): Promise<Transport> {
  const local = await bound(server, transport, host, port);
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

/**
 * Listens.
 *
 * @throws Error (rejects) with the system's code when the address cannot be had
 */
export function bound(
  server: Server,
  transport: TransportName,
  host: string,
  port: number,
): Promise<LocalAddress> {
  return new Promise((done, failed) => {
    server.once('error', failed);
    server.listen({ host, port }, () => {
      server.off('error', failed);
      const address = server.address();
      // A server listening on host and port has an address of that form, not a pipe's name.
      if (address !== null && typeof address === 'object')
        done({ transport, host: address.address, port: address.port });
    });
  });
}

/** What a connection is good for: an address, and over TLS the domain that its certificate was checked against. */
function addressOf({ host, port, domain = '' }: Pick<Peer, 'host' | 'port' | 'domain'>): string {
  return `${host} ${port} ${domain}`;
}

/** An IPv4 client of an IPv6 listener is known by its IPv4 address. */
export function plainAddress(address: string): string {
  const mapped = address.startsWith('::ffff:') ? address.slice(7) : address;
  return isIP(mapped) === 4 ? mapped : address;
}
