import type { Transport, TransportEvents } from './transport.ts';

/** Where to listen. */
export interface UdpOptions extends TransportEvents {
  /** Address or name of an interface. */
  readonly host: string;
  /** 0 picks a free one. */
  readonly port: number;
}

/** Limits of a TCP listener. */
export interface TcpOptions extends UdpOptions {
  readonly limits?: Partial<TcpLimits> | undefined;
}

export interface TcpLimits {
  /** Open connections, accepted and made; default 10,000. */
  readonly connections: number;
  /** A connection without traffic for so long is closed; milliseconds, default 10 minutes. */
  readonly idleMilliseconds: number;
  /** Bytes waiting to be sent on a connection before it is given up; default 4 MiB. */
  readonly bufferedBytes: number;
  /** How long making a connection may take; milliseconds, default 4000. */
  readonly connectMilliseconds: number;
}

export function listenUdp(options: UdpOptions): Promise<Transport> {
  return Promise.reject(new TypeError(options.host));
}

export function listenTcp(options: TcpOptions): Promise<Transport> {
  return Promise.reject(new TypeError(options.host));
}
