import { to, type Via, via } from '../headers/index.ts';
import { type HeaderEdit, prepend, removeFirst, type SipResponse, set } from '../message/index.ts';
import { bareHost, defaultPort, isReliable, type LocalAddress, type Peer, writtenHost } from './peer.ts';
import { respliced } from './splice.ts';

/**
 * The top Via of a received request with where it came from written into it; `undefined` when that is not called
 * for. Responses (and a proxy's copies) of the request have it in place of what was received.
 *
 * @see RFC 3261 §18.2.1, RFC 3581 §4
 */
export function receivedVia(top: Via, peer: Peer): string | undefined {
  const wantsPort = top.params.has('rport') && top.params.get('rport') === undefined;
  // A `received` that the sender wrote itself is replaced: it is ours to say.
  const differs = bareHost(top.host) !== peer.host || top.params.has('received');
  if (!wantsPort && !differs) return undefined;
  const params = new Map(top.params);
  params.set('received', peer.host);
  if (wantsPort) params.set('rport', String(peer.port));
  return via.serialize({ ...top, params });
}

/**
 * The bytes of a response as it leaves.
 *
 * @param top what {@link receivedVia} gave, to stand in place of its top Via
 * @param tag to be added to its To, which has none
 */
export function finished(response: SipResponse, top: string | undefined, tag?: string): Uint8Array {
  if (top === undefined && tag === undefined) return response.toBytes();
  return respliced(response.toBytes(), top, tag) ?? edited(response, top, tag).toBytes();
}

function edited(response: SipResponse, top: string | undefined, tag: string | undefined): SipResponse {
  const edits: HeaderEdit[] = top === undefined ? [] : [removeFirst(via), prepend('Via', top)];
  // Read only when it is to be changed: in an answer to what is malformed it may be malformed too.
  const address = tag === undefined ? undefined : response.get(to);
  if (address !== undefined && tag !== undefined)
    edits.push(set(to, { ...address, params: new Map(address.params).set('tag', tag) }));
  return response.with(...edits);
}

/**
 * Where the responses to a request go: back over its connection, and when that is gone, or over UDP, to the
 * address that Via and the packet's source make up together.
 *
 * @see RFC 3261 §18.2.2, RFC 3581 §4
 */
export function replyTo(top: Via, peer: Peer): Peer {
  const { transport, connection } = peer;
  const port = top.port ?? defaultPort(transport);
  if (isReliable(transport)) return { transport, host: peer.host, port, connection };
  const multicast = top.params.get('maddr');
  if (multicast !== undefined) return { transport, host: bareHost(multicast), port, connection };
  return { transport, host: peer.host, port: top.params.has('rport') ? peer.port : port, connection };
}

/** The Via value of a request of ours (RFC 3261 §18.1.1, RFC 3581 §3). */
export function ownVia(local: LocalAddress, branch: string): string {
  const { transport, host, port } = local;
  return `SIP/2.0/${transport.toUpperCase()} ${writtenHost(host)}:${port};branch=${branch};rport`;
}

/** The listener to send to a peer from: its transport, and if possible its address family. */
export function localFor(addresses: readonly LocalAddress[], peer: Peer): LocalAddress | undefined {
  let found: LocalAddress | undefined;
  const isIpv6 = peer.host.includes(':');
  for (const local of addresses) {
    if (local.transport !== peer.transport) continue;
    if (local.host.includes(':') === isIpv6) return local;
    found ??= local;
  }
  return found;
}

/** Whether a response's top Via is one that we wrote (§18.1.2). */
export function isOwnVia(addresses: readonly LocalAddress[], top: Via): boolean {
  const host = bareHost(top.host);
  return addresses.some(
    (local) => local.host === host && local.port === (top.port ?? defaultPort(local.transport)),
  );
}
