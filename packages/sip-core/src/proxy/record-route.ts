import { isReliable, type LocalAddress, type Peer, writtenHost } from '../endpoint/peer.ts';
import { localFor } from '../endpoint/via.ts';
import { SipError } from '../errors.ts';
import { contact, recordRoute, supported, via } from '../headers/index.ts';
import { type HeaderEdit, prepend, type SipRequest, type SipResponse, set } from '../message/index.ts';
import type { NameAddr } from '../name-addr.ts';
import type { Uri } from '../uri.ts';
import { isSecure } from './own.ts';
import { isGruu, type SipTarget } from './postprocess.ts';
import type { Names } from './preprocess.ts';
import type { Seals } from './seals.ts';

/** A URI of ours in Record-Route, and what it becomes on its way back. No two are the same. */
export interface RecordRoute {
  /** What those behind us are given: it leads here, and by its flow to the sender. */
  readonly downstream: string;
  /** What the sender's side is given. */
  readonly upstream: string;
}

/** Methods that neither make a dialog nor, in one, change where it leads. All others may. */
const dialogless: ReadonlySet<string> = new Set(
  'ACK BYE CANCEL INFO MESSAGE OPTIONS PRACK PUBLISH REGISTER UPDATE'.split(' '),
);

/** Whether to stay on the path: of what may make a dialog, unknown methods too (§16.6 step 4). */
export function mayMakeDialog(method: string): boolean {
  return !dialogless.has(method);
}

/**
 * Whether a request must be record-routed: TLS begins or ends here, as far as URIs say so.
 *
 * @param isSips whether Request-URI or first Route are sips URIs as the request leaves
 * @see RFC 3261 §16.6 step 4
 */
export function mustRecordRoute(isSips: boolean, from: Peer): boolean {
  return isSips !== isSecure(from.transport);
}

/**
 * Whether a dialog would spiral through here if this proxy was not on its route: the caller's GRUU leads here, or the
 * one that the callee has does, and others have put themselves on the way.
 *
 * @see RFC 5627 §6.2
 */
export function leadsByGruu(request: SipRequest, target: SipTarget, names: Names): boolean {
  if (target.instance !== undefined && (target.path ?? []).length > 0) return true;
  if (!request.has(recordRoute)) return false;
  return contactsOf(request).some(({ uri }) => isGruu(uri) && names.isResponsible(uri));
}

/**
 * The URI of this proxy for one side of it; `undefined` without a listener that the side can reach.
 *
 * The transport is named because that side is known to use it: it just did (§16.6 step 4).
 *
 * @param params more parameters of the URI, with their semicolons
 */
export function ownUri(
  addresses: readonly LocalAddress[],
  side: Peer,
  scheme: 'sip' | 'sips',
  user: string,
  params = '',
): string | undefined {
  const local = localFor(addresses, side);
  if (local === undefined) return undefined;
  const { transport, host, port } = local;
  const named = transport === 'udp' || (transport === 'tls' && scheme === 'sips') ? '' : transport;
  // RFC 7118 §5.2 has one name for both.
  const text = named === '' ? '' : `;transport=${named === 'wss' ? 'ws' : named}`;
  return `${scheme}:${user}@${writtenHost(host)}:${port};lr${text}${params}`;
}

/**
 * Which scheme the sender's side is to use. Between TLS and none the proxy "MUST rewrite the URI", to the one that
 * fits the side.
 *
 * @see RFC 3261 §16.7 step 8
 */
export function upstreamScheme(received: Uri, from: Peer, to: Peer): 'sip' | 'sips' {
  const isSips = received.type === 'sip' && received.scheme === 'sips';
  if (!isSecure(from.transport)) return 'sip';
  return isSips || !isSecure(to.transport) ? 'sips' : 'sip';
}

/** What makes our Record-Route value in a response say what the sender's side needs. */
export function rewritten(response: SipResponse, { upstream, downstream }: RecordRoute): HeaderEdit[] {
  if (upstream === downstream) return [];
  const lines = response.raw(recordRoute.name);
  const at = lines.findIndex((line) => line.includes(`<${downstream}>`));
  if (at === -1) return [];
  const changed = lines.map((line, index) =>
    index === at ? line.replace(`<${downstream}>`, () => `<${upstream}>`) : line,
  );
  return [set(recordRoute.name, ...changed)];
}

/**
 * Whether the sender can be reached by the flow of its request alone: it is a user agent next to us that says so, or
 * whose address is not what it believes (RFC 5626 §5.3.2, RFC 7118 §5).
 */
export function needsFlow(request: SipRequest, peer: Peer, hasReceived: boolean): boolean {
  if (peer.connection === undefined || request.getAll(via).length > 1) return false;
  if (peer.transport === 'ws' || peer.transport === 'wss' || hasReceived) return true;
  return contactsOf(request).some(
    ({ uri }) =>
      uri.type === 'sip' &&
      (uri.params.has('ob') || (isReliable(peer.transport) && uri.host.endsWith('.invalid'))),
  );
}

/**
 * The Path that keeps this proxy between a registrar elsewhere and a user agent: with the flow and `ob` when the user
 * agent is next to us. None for one that does not know of it (RFC 3327 §5.2).
 *
 * @param next where the REGISTER goes: that side uses the Path
 * @see RFC 3327 §5.2, RFC 5626 §5.1
 */
export function pathFor(
  request: SipRequest,
  peer: Peer,
  next: Peer,
  addresses: readonly LocalAddress[],
  seals: Seals,
): HeaderEdit | undefined {
  const isFirstHop = request.getAll(via).length === 1;
  const hasRegId = contactsOf(request).some(({ params }) => params.has('reg-id'));
  const knowsPath = request.getAll(supported).some((tag) => tag.toLowerCase() === 'path');
  if (!knowsPath && !(isFirstHop && hasRegId)) return undefined;
  const user = seals.ofFlow(isFirstHop ? peer : undefined);
  const uri = ownUri(addresses, next, 'sip', user, isFirstHop ? ';ob' : '');
  return uri === undefined ? undefined : prepend('Path', `<${uri}>`);
}

/** The contacts; none where Contact is malformed, which is for the other end to find (§16.3 step 1). */
function contactsOf(request: SipRequest): readonly NameAddr[] {
  try {
    return request.getAll(contact).filter((value) => value !== '*');
  } catch (error) {
    if (error instanceof SipError) return [];
    throw error;
  }
}
