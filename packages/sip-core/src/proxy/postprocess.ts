import { peerOf } from '../endpoint/destination.ts';
import type { Peer } from '../endpoint/peer.ts';
import { callId, route } from '../headers/index.ts';
import { type HeaderEdit, prepend, type SipRequest, set } from '../message/index.ts';
import { type NameAddr, parseNameAddr } from '../name-addr.ts';
import { noParams } from '../params.ts';
import type { SipUri, Uri } from '../uri.ts';
import { isSecure } from './own.ts';
import type { Names, Preprocessed } from './preprocess.ts';
import type { ProxyTarget } from './proxy-io.ts';

/** A target whose URI has been read. */
export type SipTarget = Omit<ProxyTarget, 'uri'> & { readonly uri: SipUri };

/** How a request leaves. */
export interface Postprocessed {
  /** The Request-URI: the target, or a strict router. */
  readonly uri: SipUri;
  /** What makes Route what it is to be. */
  readonly edits: readonly HeaderEdit[];
  readonly next: Peer;
  /** The flow it leaves by, when it does. */
  readonly flow: Peer | undefined;
  /** Whether that is the only way: without it the answer is 430. */
  readonly isFlowOnly: boolean;
  /** Whether the Request-URI or the first Route is a sips URI. */
  readonly isSips: boolean;
}

/**
 * Works out Request-URI, Route and the next hop for a target.
 *
 * @param policy Route values that local policy puts first
 * @returns `undefined` when there is no way there, or none over TLS where a sips URI wants it
 * @throws SipError when a Route value is malformed
 * @see RFC 3261 §16.6 steps 2, 6 and 7; RFC 5626 §7
 */
export function postprocess(
  request: SipRequest,
  preprocessed: Preprocessed,
  target: SipTarget,
  policy: readonly string[],
  names: Names,
): Postprocessed | undefined {
  // In a dialog, the route of the dialog takes the place of the path (RFC 5627 §6.1).
  const isRouted = isGruu(preprocessed.uri) && preprocessed.routes.length > 0;
  const path = isRouted ? [] : (target.path ?? []);
  const { pushed, flow: pathFlow } = withoutOwnPath([...policy, ...path], request, names);
  const routes = [...pushed.map(parseNameAddr), ...preprocessed.routes];
  const edits: HeaderEdit[] = [...preprocessed.edits];
  const final = asRequestUri(target.uri);
  const first = routes[0]?.uri;
  let uri = final;
  let way: Uri = first ?? final;
  let isSips = final.scheme === 'sips' || isSipsUri(first);
  if (first?.type === 'sip' && !first.params.has('lr')) {
    // A strict router wants itself in the Request-URI; the target travels at the end of the route.
    uri = asRequestUri(first);
    way = uri;
    const rest = [...routes.slice(1), { displayName: undefined, uri: final, params: noParams }];
    isSips = uri.scheme === 'sips' || isSipsUri(rest[0]?.uri);
    edits.push(set(route, ...rest));
  } else if (pushed.length > 0) edits.push(prepend(route.name, ...pushed));

  const sealed = preprocessed.flow ?? pathFlow;
  const flow = sealed ?? (routes.length === 0 ? target.flow : undefined);
  const isFlowOnly = flow !== undefined && (sealed !== undefined || (target.regId ?? 0) > 0);
  const next =
    flow === undefined ? peerOf(secured(way, final)) : isFlowOnly ? { ...flow, flowOnly: true } : flow;
  // "if the Request-URI specifies a SIPS resource, the proxy MUST follow the procedures of [4] as if the input URI were".
  if (next === undefined || (final.scheme === 'sips' && !isSecure(next.transport))) return undefined;
  return { uri, edits, next, flow, isFlowOnly, isSips };
}

/** Whether a URI says of itself that it is a GRUU (RFC 5627 §3.1). */
export function isGruu(uri: Uri): boolean {
  return uri.type === 'sip' && uri.params.has('gr');
}

/** Strips what a Request-URI may not have: the `method` parameter and headers (§19.1.1). */
export function asRequestUri(uri: SipUri): SipUri {
  if (uri.headers.length === 0 && !uri.params.has('method')) return uri;
  const params = new Map(uri.params);
  params.delete('method');
  return { ...uri, params, headers: [] };
}

/** Route values without our own at their beginning, which would lead here again, and the flow that these name. */
function withoutOwnPath(
  values: readonly string[],
  request: SipRequest,
  { isOwn, seals }: Names,
): { readonly pushed: readonly string[]; readonly flow: Peer | undefined } {
  let flow: Peer | undefined;
  let skipped = 0;
  for (const value of values) {
    const { uri }: NameAddr = parseNameAddr(value);
    if (flow !== undefined || uri.type === 'other' || !isOwn(uri)) break;
    const seal = seals.open(uri.user, request.get(callId) ?? '');
    if (seal !== 'tampered') flow = seal?.flow;
    skipped += 1;
  }
  return { pushed: values.slice(skipped), flow };
}

/** Whether a Route value names a loose router. */
export function isLooseRoute(value: string): boolean {
  const { uri } = parseNameAddr(value);
  return uri.type === 'sip' && uri.params.has('lr');
}

function secured(way: Uri, final: SipUri): Uri {
  return final.scheme === 'sips' && way.type === 'sip' ? { ...way, scheme: 'sips' } : way;
}

function isSipsUri(uri: Uri | undefined): boolean {
  return uri?.type === 'sip' && uri.scheme === 'sips';
}
