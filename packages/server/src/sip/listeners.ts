import { lookup } from 'node:dns/promises';
import type { LocalAddress, Peer, SipError } from '@sip-simple/sip-core';
import { listenTcp, listenTls, listenUdp, type Transport, transmit } from '@sip-simple/sip-core/node';
import { isPortInUse } from '../errors.ts';

export interface ListenersOptions extends ListenerEvents {
  readonly host: string;
  /** For UDP and TCP alike; 0 picks one that is free for both. */
  readonly port: number;
}

/** Where what arrives goes. */
export interface ListenerEvents {
  readonly onReceived: (peer: Peer, bytes: Uint8Array, fault?: SipError) => void;
  readonly onFailed: (peer: Peer, error: Error) => void;
}

/** The certificate that proves who this server is, and whose certificates it believes, in PEM. */
export interface Credentials {
  readonly cert: string;
  readonly key: string;
  readonly ca: string | undefined;
}

/** The open SIP listeners. */
export class Listeners {
  readonly #transports: Transport[] = [];

  get addresses(): readonly LocalAddress[] {
    return this.#transports.map(({ local }) => local);
  }

  add(transport: Transport): void {
    this.#transports.push(transport);
  }

  transmit(peer: Peer, bytes: Uint8Array): void {
    transmit(this.#transports, peer, bytes);
  }

  async close(): Promise<void> {
    await Promise.all(this.#transports.map((transport) => transport.close()));
  }
}

const ATTEMPTS = 20;

/** Opens UDP and TCP on the same address and port. Rejects with what the operating system said. */
export async function openPlain({ host: name, ...events }: ListenersOptions): Promise<readonly Transport[]> {
  // A name may stand for several addresses: both listeners need the same one.
  const { address: host } = await lookup(name);
  const options = { host, ...events };
  for (let attempt = 1; ; attempt++) {
    const tcp = await listenTcp(options);
    try {
      return [await listenUdp({ ...options, port: tcp.local.port }), tcp];
    } catch (error) {
      await tcp.close();
      // A port that was free for TCP may be taken for UDP: ask for another.
      if (options.port !== 0 || attempt === ATTEMPTS || !isPortInUse(error)) throw error;
    }
  }
}

/** Opens TLS. Who connects may prove a domain by a certificate (RFC 5922 §7.4), and need not. */
export async function openTls(options: ListenersOptions & Credentials): Promise<Transport> {
  const { address: host } = await lookup(options.host);
  return listenTls({ ...options, host, clientCertificates: 'request' });
}
