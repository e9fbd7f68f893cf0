/** How SIP travels. Only `udp` is unreliable and bound to one datagram a message. */
export type TransportName = 'udp' | 'tcp' | 'tls' | 'ws' | 'wss';

/** An address this element listens on, and puts into Via. IPv6 hosts are written without brackets. */
export interface LocalAddress {
  readonly transport: TransportName;
  readonly host: string;
  readonly port: number;
}

/**
 * The other end of a hop.
 *
 * `connection` names the flow it came in on (a TCP connection, or the UDP socket that received it), so that
 * answers leave by the same one; without it, or once that flow is gone, `host` and `port` are connected to.
 * `host` is an IP literal without brackets, or a name that the adapter resolves.
 */
export interface Peer {
  readonly transport: TransportName;
  readonly host: string;
  readonly port: number;
  readonly connection?: number | undefined;
  /** Over connections: only the one named will do, and when it is gone, sending fails (RFC 5626 §7). */
  readonly flowOnly?: boolean | undefined;
  /** Over TLS: the domain that the certificate of who is connected to must prove; `host` unless given (RFC 5922 §7.3). */
  readonly domain?: string | undefined;
  /** Over TLS: the domains that the certificate of who connected here proves (RFC 5922 §7.4). */
  readonly identities?: readonly string[] | undefined;
}

/** Whether the transport delivers in order or says that it could not (RFC 3261 §17: timers A, E, G do not run). */
export function isReliable(transport: TransportName): boolean {
  return transport !== 'udp';
}

/** The port when none is written (RFC 3261 §19.1.2, RFC 7118 §5.4 for WebSockets). */
export function defaultPort(transport: TransportName): number {
  switch (transport) {
    case 'tls':
      return 5061;
    case 'ws':
      return 80;
    case 'wss':
      return 443;
    default:
      return 5060;
  }
}

/** Reads a transport name in any case, as Via and `transport=` write it; `undefined` for one not known here. */
export function transportName(text: string): TransportName | undefined {
  const name = text.toLowerCase();
  switch (name) {
    case 'udp':
    case 'tcp':
    case 'tls':
    case 'ws':
    case 'wss':
      return name;
    default:
      return undefined;
  }
}

/** A host as Via and URIs write it: IPv6 literals in brackets (RFC 3261 §25.1 `IPv6reference`). */
export function writtenHost(host: string): string {
  return host.includes(':') && !host.startsWith('[') ? `[${host}]` : host;
}

/** The opposite of {@link writtenHost}. */
export function bareHost(host: string): string {
  return host.startsWith('[') && host.endsWith(']') ? host.slice(1, -1) : host;
}
