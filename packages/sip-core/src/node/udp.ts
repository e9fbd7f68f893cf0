import { createSocket, type Socket, type SocketOptions } from 'node:dgram';
import { lookup } from 'node:dns';
import { isIP } from 'node:net';
import type { LocalAddress, Peer } from '../endpoint/peer.ts';
import { answerStun } from '../stun.ts';
import { nextFlow } from './flow.ts';
import type { Transport, TransportEvents } from './transport.ts';

/** Where to listen for datagrams, and whom to tell. */
export interface UdpOptions extends TransportEvents {
  /** Address of an interface, or a name for one. */
  readonly host: string;
  /** 0 picks a free one. */
  readonly port: number;
  /** Kernel buffer for received datagrams in bytes; default 4 MiB, of which the system may grant less. */
  readonly receiveBufferBytes?: number | undefined;
}

/**
 * Opens a UDP listener: each datagram is one message. Requests and responses leave from the same port. Keep-alives by
 * STUN are answered (RFC 5626 §8).
 *
 * @throws Error (rejects) with the system's code when the address cannot be had, e.g. `EADDRINUSE`
 * @see RFC 3261 §18
 */
export async function listenUdp(options: UdpOptions): Promise<Transport> {
  const { host, port, onReceived, onFailed } = options;
  const connection = nextFlow();
  const socket = createSocket({ type: host.includes(':') ? 'udp6' : 'udp4', lookup: resolve });
  socket.on('message', (message, { address, port: from }) => {
    // A plain view: Buffer's own slice() shares memory where Uint8Array's copies.
    const bytes = new Uint8Array(message.buffer, message.byteOffset, message.byteLength);
    const stun = answerStun(bytes, address, from);
    if (stun === undefined) onReceived({ transport: 'udp', host: address, port: from, connection }, bytes);
    else if (stun !== 'ignored') socket.send(stun, from, address, () => undefined);
  });
  const local = await bound(socket, host, port);
  // Errors of single datagrams come to send's callback; what comes here concerns none of them.
  socket.on('error', () => undefined);
  growBuffer(socket, options.receiveBufferBytes ?? 4_194_304);
  let isOpen = true;
  let waiting: Outgoing[] | undefined;
  const transmit = ({ peer, bytes }: Outgoing): void => {
    socket.send(bytes, peer.port, peer.host, (error) => {
      if (error !== null && isOpen) onFailed(peer, error);
    });
  };
  const flush = (): void => {
    const due = waiting ?? [];
    waiting = undefined;
    for (const each of due) transmit(each);
  };
  return {
    local,
    connection,
    // The first datagram of a turn of the event loop leaves at once, the others together at its end: a peer on
    // the same machine is then woken once for many of them, and waking it costs more than sending.
    send(peer: Peer, bytes: Uint8Array): void {
      if (!isOpen) return;
      if (waiting !== undefined) {
        waiting.push({ peer, bytes });
        return;
      }
      waiting = [];
      setImmediate(flush);
      transmit({ peer, bytes });
    },
    close(): Promise<void> {
      if (!isOpen) return Promise.resolve();
      flush();
      isOpen = false;
      return new Promise((done) => {
        socket.close(() => done());
      });
    },
  };
}

interface Outgoing {
  readonly peer: Peer;
  readonly bytes: Uint8Array;
}

function bound(socket: Socket, host: string, port: number): Promise<LocalAddress> {
  return new Promise((done, failed) => {
    socket.once('error', failed);
    socket.bind({ address: host, port }, () => {
      socket.off('error', failed);
      const { address, port: actual } = socket.address();
      done({ transport: 'udp', host: address, port: actual });
    });
  });
}

/** Bursts wait in the kernel while the process is busy; systems that grant no more keep their default. */
function growBuffer(socket: Socket, bytes: number): void {
  try {
    socket.setRecvBufferSize(bytes);
  } catch {
    // The default is in force, and works.
  }
}

/** Addresses need no resolver, and the one of the system costs a trip through its thread pool. */
const resolve: NonNullable<SocketOptions['lookup']> = (name, options, callback) => {
  const family = isIP(name);
  if (family !== 0) callback(null, name, family);
  else lookup(name, options, callback);
};
