import { isIP } from 'node:net';
import { connect, createServer, type PeerCertificate, type TLSSocket } from 'node:tls';
import type { Peer } from '../endpoint/peer.ts';
import { isIdentified, sipIdentities } from '../identities.ts';
import { type StreamLimits, StreamPool, serve } from './stream-pool.ts';
import type { Transport, TransportEvents } from './transport.ts';

/** Where to listen for TLS connections, with which certificate, and whom to tell. */
export interface TlsOptions extends TransportEvents {
  readonly host: string;
  /** 0 picks a free one. */
  readonly port: number;
  /** The certificate with the chain that proves it, and its private key, in PEM. */
  readonly cert: string | Uint8Array;
  readonly key: string | Uint8Array;
  /** Certificates of the authorities that are trusted, in PEM; those of the platform unless given. */
  readonly ca?: string | Uint8Array | readonly string[] | undefined;
  /**
   * Whether those who connect are asked for a certificate, and refused without a valid one. Default `none`. With
   * `request` who has none, or an invalid one, counts as not authenticated (RFC 5922 §7.4).
   */
  readonly clientCertificates?: 'none' | 'request' | 'require' | undefined;
  readonly limits?: Partial<StreamLimits> | undefined;
}

/**
 * Opens a TLS listener, which makes connections too. A server's certificate must be valid and name the domain that the
 * request is for: `domain` of the peer, or its host. Both ends offer TLS 1.2 or newer.
 *
 * @throws Error (rejects) when the address cannot be had, or the certificate and key can't be used
 * @see RFC 3261 §26.2.1, §26.3.2.1; RFC 5922
 */
export async function listenTls(options: TlsOptions): Promise<Transport> {
  const { cert, key, clientCertificates = 'none' } = options;
  // Node takes lists and buffers alike, but not read-only lists.
  const ca = options.ca === undefined ? undefined : [options.ca].flat().map((each) => Buffer.from(each));
  const credentials = { cert: Buffer.from(cert), key: Buffer.from(key), ca, minVersion: 'TLSv1.2' as const };
  const pool = new StreamPool({
    ...options,
    transport: 'tls',
    ready: 'secureConnect',
    open: (peer) => {
      const domain = domainOf(peer);
      return connect({
        ...credentials,
        host: peer.host,
        port: peer.port,
        // RFC 5922 §7.8; an address is none that the extension can name (RFC 6066 §3).
        ...(isIP(domain) === 0 ? { servername: domain } : {}),
        checkServerIdentity: (_, certificate) => refusalOf(domain, certificate),
      });
    },
  });
  const server = createServer({
    ...credentials,
    noDelay: true,
    requestCert: clientCertificates !== 'none',
    rejectUnauthorized: clientCertificates === 'require',
    handshakeTimeout: options.limits?.connectMilliseconds ?? 4000,
  });
  server.on('secureConnection', (socket) => pool.accept(socket, provedBy(socket)));
  server.on('tlsClientError', (_, socket) => socket.destroy());
  return serve(server, pool, 'tls', options.host, options.port);
}

function domainOf({ domain, host }: Peer): string {
  return domain ?? host;
}

function refusalOf(domain: string, certificate: PeerCertificate): Error | undefined {
  const identities = identitiesOf(certificate);
  if (isIdentified(domain, identities)) return undefined;
  return new Error(`the certificate is for ${identities.join(', ') || 'no SIP domain'}, not for ${domain}`);
}

function identitiesOf({ subjectaltname, subject }: PeerCertificate): readonly string[] {
  const { CN: names } = subject ?? {};
  return sipIdentities(subjectaltname, [names ?? []].flat());
}

/** What the other end's certificate proves; nothing when it has none or an invalid one. */
function provedBy(socket: TLSSocket): readonly string[] {
  return socket.authorized ? identitiesOf(socket.getPeerCertificate()) : [];
}
