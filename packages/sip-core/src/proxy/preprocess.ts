import { defaultPort, type LocalAddress, type Peer } from '../endpoint/peer.ts';
import { callId, route, to } from '../headers/index.ts';
import { type HeaderEdit, removeFirst, type SipRequest, set } from '../message/index.ts';
import type { NameAddr } from '../name-addr.ts';
import { parseUri, type SipUri, type Uri } from '../uri.ts';
import { transportOf } from './own.ts';
import { isSameFlow, type Seal, type Seals } from './seals.ts';

/** What a proxy is known by. */
export interface Names {
  readonly addresses: readonly LocalAddress[];
  /** Whether a URI names this proxy as a hop. */
  readonly isOwn: (uri: SipUri) => boolean;
  readonly isResponsible: (uri: Uri) => boolean;
  readonly seals: Seals;
}

/** A request as it is after §16.4. */
export interface Preprocessed {
  /** The Request-URI. */
  readonly uri: Uri;
  /** Whether it is no more what was received. */
  readonly isOtherUri: boolean;
  /** What is left in Route. */
  readonly routes: readonly NameAddr[];
  /** What makes it so in the request. */
  readonly edits: readonly HeaderEdit[];
  /** What a URI of this proxy, by which it came here, lets it do. */
  readonly pass: Seal['pass'] | undefined;
  /** The flow that such a URI says to go on by. */
  readonly flow: Peer | undefined;
}

/**
 * Takes from a request what was only to lead it here: repairs what a strict router made of it, strips an maddr that is
 * ours, and removes our own values from the beginning of Route.
 *
 * @returns `tampered` when one of our own URIs in it was changed, or is another dialog's
 * @throws SipError when Request-URI or Route is malformed
 * @see RFC 3261 §16.4, RFC 5626 §5.3
 */
export function preprocess(request: SipRequest, peer: Peer, names: Names): Preprocessed | 'tampered' {
  let uri = parseUri(request.uri);
  let routes = request.has(route) ? request.getAll(route) : noRoutes;
  let isOtherUri = false;
  let isRepaired = false;
  let seal: Seal | undefined;
  const open = (own: SipUri): Seal | 'tampered' | undefined =>
    names.seals.open(own.user, request.get(callId) ?? '');

  const last = routes.at(-1);
  if (last !== undefined && uri.type === 'sip' && uri.user !== undefined && names.isOwn(uri)) {
    const opened = open(uri);
    if (opened === 'tampered') return opened;
    if (opened !== undefined) {
      seal = opened;
      ({ uri } = last);
      routes = routes.slice(0, -1);
      isOtherUri = true;
      isRepaired = true;
    }
  }

  const stripped = withoutOwnMaddr(uri, peer, names);
  if (stripped !== undefined) {
    uri = stripped;
    isOtherUri = true;
  }

  let removed = 0;
  for (const { uri: own } of routes) {
    // A seal with a flow to another place says where to go: what follows in Route is for those behind it.
    if (own.type === 'other' || !names.isOwn(own) || onward(seal, peer) !== undefined) break;
    const opened = open(own);
    if (opened === 'tampered') return opened;
    seal = opened ?? seal;
    removed += 1;
  }
  if (removed > 0) routes = routes.slice(removed);

  const edits: HeaderEdit[] = isRepaired ? [set(route, ...routes)] : [];
  if (!isRepaired) for (let n = 0; n < removed; n += 1) edits.push(removeFirst(route));
  // "Endpoints MUST NOT use a URI obtained from a Record-Route header field outside the dialog" (§16.6 step 4).
  const isOutside = seal?.pass === 'dialog' && request.get(to)?.params.has('tag') !== true;
  return {
    uri,
    isOtherUri,
    routes,
    edits,
    pass: isOutside ? undefined : seal?.pass,
    flow: isOutside ? undefined : onward(seal, peer),
  };
}

const noRoutes: readonly NameAddr[] = [];

/** The flow of a seal, unless the request has just come by it: then it is on its way out (RFC 5626 §5.3). */
function onward(seal: Seal | undefined, peer: Peer): Peer | undefined {
  return seal?.flow === undefined || isSameFlow(seal.flow, peer) ? undefined : seal.flow;
}

function withoutOwnMaddr(uri: Uri, peer: Peer, names: Names): SipUri | undefined {
  const maddr = uri.type === 'sip' ? uri.params.get('maddr') : undefined;
  if (uri.type !== 'sip' || maddr === undefined) return undefined;
  const params = new Map(uri.params);
  params.delete('maddr');
  const there: SipUri = { ...uri, host: maddr, params };
  if (!names.isOwn(there) && !names.isResponsible(there)) return undefined;
  const transport = transportOf(uri);
  const port = uri.port ?? defaultPort(transport ?? 'udp');
  // The listener that it came by is not known: one of that transport and port there has to be.
  const isReceivedSo =
    transport === peer.transport &&
    names.addresses.some((local) => local.transport === transport && local.port === port);
  if (!isReceivedSo) return undefined;
  params.delete('transport');
  return { ...uri, port: undefined, params };
}
