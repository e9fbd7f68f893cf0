import type { Socket } from 'node:net';
import type { Peer } from '../endpoint/peer.ts';
import type { SipError } from '../errors.ts';
import { StreamFramer } from '../framer.ts';
import { nextFlow } from './flow.ts';
import type { StreamLimits, StreamPoolOptions } from './stream-pool.ts';

/** Whom a {@link Connection} tells. */
export interface ConnectionEvents {
  readonly onReceived: (peer: Peer, bytes: Uint8Array, fault?: SipError) => void;
  /** It is gone; `lost` are the peers that were sent to over it, itself among them. */
  readonly onClosed: (lost: readonly Peer[], error: Error) => void;
}

/** How long a connection stays open for answers after the peer has said that it sends no more. */
const HALF_OPEN_MILLISECONDS = 5000;
/** How long a peer has to close its half when this side is closed. */
const CLOSING_MILLISECONDS = 1000;
/** How many names of one connection are told when it closes. */
const MAX_NAMES = 32;
const CRLF: Uint8Array = Uint8Array.of(0x0d, 0x0a);

/** One TCP or TLS connection: bytes framed into messages, pings answered, limits kept. */
export class Connection {
  /** Its name: `connection` of the peers that it receives from. */
  readonly flow: number = nextFlow();
  readonly #socket: Socket;
  readonly #peer: Peer;
  readonly #limits: StreamLimits;
  readonly #events: ConnectionEvents;
  readonly #framer: StreamFramer = new StreamFramer();
  /** Other names it was reached by: an address alone, or a connection that it replaces. */
  readonly #names: Map<number | undefined, Peer> = new Map();
  #error: Error = new Error('the connection was closed');

  /** Whether what is written goes out, or waits for the connection. */
  #isReady: boolean;

  /** @param ready the event by which a connection that is being made says that it is; none for an accepted one */
  constructor(
    socket: Socket,
    peer: Peer,
    ready: StreamPoolOptions['ready'] | undefined,
    limits: StreamLimits,
    events: ConnectionEvents,
  ) {
    this.#socket = socket;
    this.#peer = { ...peer, connection: this.flow };
    this.#isReady = ready === undefined;
    this.#limits = limits;
    this.#events = events;
    socket.setTimeout(ready === undefined ? limits.idleMilliseconds : limits.connectMilliseconds);
    if (ready !== undefined) {
      socket.once(ready, () => {
        this.#isReady = true;
        socket.setTimeout(limits.idleMilliseconds);
      });
    }
    socket.on('timeout', () => this.#expire());
    socket.on('data', (chunk: Uint8Array) => this.#receive(chunk));
    socket.on('end', () => socket.setTimeout(HALF_OPEN_MILLISECONDS));
    socket.on('error', (error) => {
      this.#error = error;
    });
    socket.once('close', () => events.onClosed([this.#peer, ...this.#names.values()], this.#error));
  }

  send(peer: Peer, bytes: Uint8Array): void {
    if (peer.connection !== this.flow && this.#names.size < MAX_NAMES) this.#names.set(peer.connection, peer);
    if (this.#socket.writableLength + bytes.length > this.#limits.bufferedBytes) {
      this.#socket.destroy(new Error('the peer does not take what is sent to it'));
    } else this.#socket.write(bytes);
  }

  /**
   * Closes it: sends what is left, then waits for the peer to close as well, so that nothing it has still to read
   * is lost to a reset; a second at most.
   */
  end(): void {
    this.#socket.end();
    setTimeout(() => this.#socket.destroy(), CLOSING_MILLISECONDS).unref();
  }

  #expire(): void {
    const why = this.#isReady ? 'the connection was silent for too long' : 'no connection in time';
    this.#socket.destroy(new Error(why));
  }

  #receive(chunk: Uint8Array): void {
    // A plain view: Buffer's own slice() shares memory where Uint8Array's copies.
    const bytes = new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    for (const frame of this.#framer.push(bytes)) {
      switch (frame.type) {
        case 'message':
          this.#events.onReceived(this.#peer, frame.bytes);
          break;
        case 'keep-alive':
          this.send(this.#peer, CRLF);
          break;
        case 'error':
          // It is handed on to be answered; where the next message would begin nobody can say.
          this.#events.onReceived(this.#peer, frame.bytes, frame.error);
          setImmediate(() => this.end());
      }
    }
  }
}
