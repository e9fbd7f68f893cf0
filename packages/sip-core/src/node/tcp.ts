import { createServer, connect as open } from 'node:net';
import { type StreamLimits, StreamPool, serve } from './stream-pool.ts';
import type { Transport, TransportEvents } from './transport.ts';

/** Where to listen for connections, and whom to tell. */
export interface TcpOptions extends TransportEvents {
  /** Address of an interface, or a name for one. */
  readonly host: string;
  /** 0 picks a free one. */
  readonly port: number;
  readonly limits?: Partial<StreamLimits> | undefined;
}

/**
 * Opens a TCP listener. It accepts connections and makes them: a message goes out on the connection that its
 * peer names, else on one already open to the peer's address, else on a new one.
 *
 * @throws Error (rejects) with the system's code when the address cannot be had, e.g. `EADDRINUSE`
 * @see RFC 3261 §18
 */
export function listenTcp(options: TcpOptions): Promise<Transport> {
  const pool = new StreamPool({
    ...options,
    transport: 'tcp',
    ready: 'connect',
    open: ({ host, port }) => open({ host, port, allowHalfOpen: true, noDelay: true }),
  });
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => pool.accept(socket));
  return serve(server, pool, 'tcp', options.host, options.port);
}
