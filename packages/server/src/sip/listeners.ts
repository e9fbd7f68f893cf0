import { lookup } from 'node:dns/promises';
import type { LocalAddress, Peer, SipError } from '@sip-simple/sip-core';
import { listenTcp, listenUdp, type Transport, transmit } from '@sip-simple/sip-core/node';
import { isPortInUse } from '../errors.ts';

export interface ListenersOptions {
  readonly host: string;
  /** For UDP and TCP alike; 0 picks one that is free for both. */
  readonly port: number;
  readonly onReceived: (peer: Peer, bytes: Uint8Array, fault?: SipError) => void;
  readonly onFailed: (peer: Peer, error: Error) => void;
}

/** The open SIP listeners. */
export interface Listeners {
  readonly addresses: readonly LocalAddress[];
  transmit(peer: Peer, bytes: Uint8Array): void;
  close(): Promise<void>;
}

const ATTEMPTS = 20;

/** Opens UDP and TCP on the same address and port. Rejects with what the operating system said. */
export async function openListeners({ host: name, ...events }: ListenersOptions): Promise<Listeners> {
  // A name may stand for several addresses: both listeners need the same one.
  const { address: host } = await lookup(name);
  const options = { host, ...events };
  for (let attempt = 1; ; attempt++) {
    const tcp = await listenTcp(options);
    try {
      const udp = await listenUdp({ ...options, port: tcp.local.port });
      return together(udp, tcp);
    } catch (error) {
      await tcp.close();
      // A port that was free for TCP may be taken for UDP: ask for another.
      if (options.port !== 0 || attempt === ATTEMPTS || !isPortInUse(error)) throw error;
    }
  }
}

function together(udp: Transport, tcp: Transport): Listeners {
  const transports = [udp, tcp];
  return {
    addresses: transports.map(({ local }) => local),
    transmit(peer, bytes) {
      transmit(transports, peer, bytes);
    },
    async close() {
      await Promise.all([udp.close(), tcp.close()]);
    },
  };
}
