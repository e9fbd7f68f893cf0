import type { TransportName } from '../endpoint/peer.ts';
import type { Answer, NaptrRecord } from './records.ts';
import { plainName } from './records.ts';

/** A service that a domain offers: the transport, and the name of its SRV records. */
export interface Service {
  readonly transport: TransportName;
  readonly name: string;
}

/** `SIP+D2X` and `SIPS+D2X` (RFC 3263 §9, RFC 7118 §10.2). SIPS+D2U and SIP+D2S are for transports nobody has here. */
const services: Readonly<Record<string, TransportName>> = {
  'sip+d2u': 'udp',
  'sip+d2t': 'tcp',
  'sips+d2t': 'tls',
  'sip+d2w': 'ws',
  'sips+d2w': 'wss',
};

/**
 * Gives the services that can be used, the domain's most preferred first.
 *
 * @param isSecure the URI is a SIPS URI: services of SIP are left out
 * @param transports those that can be used; services of others are left out
 * @see RFC 3263 §4.1
 */
export function offeredServices(
  answer: Answer,
  isSecure: boolean,
  transports: readonly TransportName[],
): readonly Service[] {
  const found: (Service & Pick<NaptrRecord, 'order' | 'preference'>)[] = [];
  for (const record of answer ?? []) {
    // "The resource record will contain an empty regular expression and a replacement value, which is the SRV record".
    if (record.type !== 'NAPTR' || record.flags.toLowerCase() !== 's' || record.regexp !== '') continue;
    const transport = services[record.service.toLowerCase()];
    if (transport === undefined || !transports.includes(transport)) continue;
    if (isSecure && !isSecureTransport(transport)) continue;
    const { order, preference, replacement } = record;
    found.push({ transport, name: plainName(replacement), order, preference });
  }
  return found.sort((a, b) => a.order - b.order || a.preference - b.preference);
}

/** Says whether a domain offers SIP over TLS (RFC 3263 §7). */
export function offersSips(answer: Answer): boolean {
  return (answer ?? []).some((record) => record.type === 'NAPTR' && /^sips\+d2/i.test(record.service));
}

/** The name of a domain's SRV records: `_sip._udp.example.com`, `_sips._tcp.example.com`. */
export function serviceName(transport: TransportName, domain: string): string {
  switch (transport) {
    case 'tls':
      return `_sips._tcp.${domain}`;
    case 'wss':
      return `_sips._ws.${domain}`;
    default:
      return `_sip._${transport}.${domain}`;
  }
}

/** Says whether a transport is one that a SIPS URI allows. */
export function isSecureTransport(transport: TransportName): boolean {
  return transport === 'tls' || transport === 'wss';
}
