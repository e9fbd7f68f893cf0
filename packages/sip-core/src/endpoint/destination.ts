import { route } from '../headers/index.ts';
import type { SipRequest } from '../message/index.ts';
import { parseUri, type Uri } from '../uri.ts';
import { bareHost, defaultPort, type Peer, transportName } from './peer.ts';

/**
 * Where a request goes by itself: to its first Route, or else to its Request-URI. Names stay names, for the
 * adapter to resolve (RFC 3263's NAPTR and SRV are not asked here).
 *
 * @returns `undefined` when the URI names no host or an unknown transport
 * @throws SipError when Route or Request-URI is malformed
 * @see RFC 3261 §8.1.2
 */
export function destinationOf(request: SipRequest): Peer | undefined {
  return peerOf(request.get(route)?.uri ?? parseUri(request.uri));
}

/** Where a URI leads; `undefined` when it names no host or an unknown transport. */
export function peerOf(uri: Uri): Peer | undefined {
  if (uri.type === 'other') return undefined;
  const secure = uri.scheme === 'sips';
  const named = uri.params.get('transport');
  let transport = named === undefined ? undefined : transportName(named);
  if (named !== undefined && transport === undefined) return undefined;
  transport ??= secure ? 'tls' : 'udp';
  if (secure && transport === 'ws') transport = 'wss';
  else if (secure && transport !== 'wss') transport = 'tls';
  const host = bareHost(uri.params.get('maddr') ?? uri.host);
  return { transport, host, port: uri.port ?? defaultPort(transport) };
}
