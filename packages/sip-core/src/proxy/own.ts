import {
  bareHost,
  defaultPort,
  type LocalAddress,
  type TransportName,
  transportName,
} from '../endpoint/peer.ts';
import type { SipUri } from '../uri.ts';

/** The transport that a URI names, or that its scheme means. */
export function transportOf(uri: SipUri): TransportName | undefined {
  const named = uri.params.get('transport');
  const transport = named === undefined ? 'udp' : transportName(named);
  if (uri.scheme === 'sip' || transport === undefined) return transport;
  return transport === 'ws' || transport === 'wss' ? 'wss' : 'tls';
}

/** Whether a URI leads to one of these listeners, over whatever transport. */
export function leadsTo(uri: SipUri, addresses: readonly LocalAddress[]): boolean {
  const host = bareHost(uri.params.get('maddr') ?? uri.host).toLowerCase();
  const port = uri.port ?? defaultPort(transportOf(uri) ?? 'udp');
  return addresses.some((local) => local.host === host && local.port === port);
}

/** Whether TLS protects the hop. */
export function isSecure(transport: TransportName): boolean {
  return transport === 'tls' || transport === 'wss';
}
