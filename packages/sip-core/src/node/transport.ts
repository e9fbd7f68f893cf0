import type { LocalAddress, Peer } from '../endpoint/peer.ts';
import type { SipError } from '../errors.ts';

/** An open listener: what an endpoint's 'transmit' actions are given to. */
export interface Transport {
  /** The address in use; the port is the real one when 0 was asked for. */
  readonly local: LocalAddress;
  /** The flow that all its datagrams belong to; `undefined` where each connection has its own. */
  readonly connection?: number | undefined;
  /** Sends one message. It never throws: what cannot be sent is told to `onFailed`, later. */
  send(peer: Peer, bytes: Uint8Array): void;
  /** Stops listening and closes what is open. */
  close(): Promise<void>;
}

/** Where a transport delivers. */
export interface TransportEvents {
  /**
   * One message: a datagram, or what the framer cut from a stream. With a `fault` it is what could not be cut: pass
   * that on in 'received' too. The connection closes after it.
   */
  readonly onReceived: (peer: Peer, bytes: Uint8Array, fault?: SipError) => void;
  /** Nothing can be sent to this peer, or nothing will come from it any more: pass it on as 'transport-failed'. */
  readonly onFailed: (peer: Peer, error: Error) => void;
}

/**
 * Sends by the transport a peer's flow belongs to: the socket it names, else the first of its kind and address
 * family.
 *
 * @returns false when there is none
 */
export function transmit(transports: readonly Transport[], peer: Peer, bytes: Uint8Array): boolean {
  let found: Transport | undefined;
  let isSure = false;
  for (const transport of transports) {
    const { local, connection } = transport;
    if (local.transport !== peer.transport) continue;
    if (connection !== undefined && connection === peer.connection) {
      found = transport;
      break;
    }
    const suits = local.host.includes(':') === peer.host.includes(':');
    if (found === undefined || (suits && !isSure)) found = transport;
    isSure ||= suits;
  }
  found?.send(peer, bytes);
  return found !== undefined;
}
