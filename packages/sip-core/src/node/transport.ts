import type { LocalAddress, Peer } from '../endpoint/peer.ts';

/** An open listener: what an {@link Endpoint}'s 'transmit' actions are given to. */
export interface Transport {
  /** The address in use; the port is the real one when 0 was asked for. */
  readonly local: LocalAddress;
  /** Sends one message. It never throws: what cannot be sent is told to `onFailed`, later. */
  send(peer: Peer, bytes: Uint8Array): void;
  /** Stops listening and closes what is open. */
  close(): Promise<void>;
}

/** Where a transport delivers. */
export interface TransportEvents {
  /** One message: a datagram, or what the framer cut from a stream. */
  readonly onReceived: (peer: Peer, bytes: Uint8Array) => void;
  /** Nothing can be sent to this peer: pass it on as 'transport-failed'. */
  readonly onFailed: (peer: Peer, error: Error) => void;
}
