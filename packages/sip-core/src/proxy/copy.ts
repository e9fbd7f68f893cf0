import { peerOf } from '../endpoint/destination.ts';
import type { Peer } from '../endpoint/peer.ts';
import { withTopField } from '../endpoint/splice.ts';
import { callId, maxForwards, via } from '../headers/index.ts';
import {
  append,
  type HeaderEdit,
  parseMessage,
  prepend,
  removeFirst,
  requestUri,
  type SipMessage,
  type SipRequest,
  set,
} from '../message/index.ts';
import { type SipUri, serializeUri } from '../uri.ts';
import { maxBreadth } from './max-breadth.ts';
import { type Postprocessed, postprocess, type SipTarget } from './postprocess.ts';
import type { Names, Preprocessed } from './preprocess.ts';
import {
  leadsByGruu,
  mayMakeDialog,
  mustRecordRoute,
  needsFlow,
  ownUri,
  pathFor,
  type RecordRoute,
  upstreamScheme,
} from './record-route.ts';

/** A request as it came, with what was found out about it. */
export interface Received {
  readonly request: SipRequest;
  readonly peer: Peer;
  readonly preprocessed: Preprocessed;
  /** Its top Via as responses are to have it; `undefined` when that is as it came. */
  readonly receivedVia: string | undefined;
}

/** What a copy is to have beside its target. */
export interface CopyOptions {
  /** Route values of local policy. */
  readonly route: readonly string[];
  /** `undefined` leaves Max-Breadth as it is. */
  readonly breadth: number | undefined;
  readonly recordRoute: boolean;
  readonly path: boolean;
}

/** A request as it goes on, but for our Via. */
export interface Copy {
  readonly request: SipRequest;
  readonly next: Peer;
  /** Whether it goes by a flow, and no other way will do. */
  readonly isFlowOnly: boolean;
  readonly recordRoute: RecordRoute | undefined;
}

/**
 * Makes what is forwarded to one target. All that is not named in §16.6 keeps its bytes and its order.
 *
 * @returns `undefined` when there is no way to go on
 * @throws SipError when a Route value, or a header field that decides about Record-Route or Path, is malformed
 * @see RFC 3261 §16.6 steps 1 to 9, RFC 5393 §5.3.3
 */
export function copyFor(
  received: Received,
  target: SipTarget,
  options: CopyOptions,
  names: Names,
): Copy | undefined {
  const { request, peer, preprocessed, receivedVia } = received;
  const onward = postprocess(request, preprocessed, target, options.route, names);
  if (onward === undefined) return undefined;
  const edits: HeaderEdit[] = [...onward.edits];
  const uri = serializeUri(onward.uri);
  if (uri !== request.uri) edits.push(requestUri(uri));
  if (receivedVia !== undefined) edits.push(removeFirst(via), prepend(via.name, receivedVia));
  const left = request.get(maxForwards);
  edits.push(left === undefined ? append(maxForwards, 70) : set(maxForwards, left - 1));
  if (options.breadth !== undefined) edits.push(set(maxBreadth, options.breadth));
  if (options.path && request.method === 'REGISTER') {
    const path = pathFor(request, peer, onward.next, names.addresses, names.seals);
    if (path !== undefined) edits.push(path);
  }
  const recordRoute = recordRouteFor(received, onward, target, options, names);
  if (recordRoute !== undefined) edits.push(prepend('Record-Route', `<${recordRoute.downstream}>`));
  const { next, isFlowOnly } = onward;
  return { request: withContentLength(request.with(...edits)), next, isFlowOnly, recordRoute };
}

/** A message with a Content-Length: over a stream it could not do without (§16.6 step 9, §18.3). */
export function withContentLength<M extends SipMessage>(message: M): M {
  if (message.has('Content-Length')) return message;
  const bytes = withTopField(message.toBytes(), `Content-Length: ${message.body.length}`);
  // A request or response with one more header field is still what it was.
  return parseMessage(bytes) as M;
}

/** What keeps this proxy on the path of a dialog: one URI for each side, each with the flow to the other one. */
function recordRouteFor(
  { request, peer, preprocessed, receivedVia }: Received,
  { next, flow, isSips }: Postprocessed,
  target: SipTarget,
  options: CopyOptions,
  names: Names,
): RecordRoute | undefined {
  const { addresses, seals } = names;
  const { method } = request;
  if (unrouted.has(method)) return undefined;
  const isWanted = mayMakeDialog(method) && (options.recordRoute || leadsByGruu(request, target, names));
  if (!isWanted && !mustRecordRoute(isSips, peer)) return undefined;
  const id = request.get(callId) ?? '';
  const back = needsFlow(request, peer, receivedVia !== undefined) ? peer : undefined;
  const forth = flow === undefined || leadsTo(target.uri, flow) ? undefined : flow;
  const user = seals.ofDialog(id, back);
  const downstream = ownUri(addresses, next, isSips ? 'sips' : 'sip', user);
  const upstreamUser = back === forth ? user : seals.ofDialog(id, forth);
  const upstream = ownUri(addresses, peer, upstreamScheme(preprocessed.uri, peer, next), upstreamUser);
  return downstream === undefined || upstream === undefined ? undefined : { downstream, upstream };
}

/** Whether a contact is reached at the other end of a flow in any case. */
function leadsTo(contact: SipUri, flow: Peer): boolean {
  const peer = peerOf(contact);
  return (
    peer !== undefined &&
    peer.transport === flow.transport &&
    peer.host === flow.host &&
    peer.port === flow.port
  );
}

/** Without a dialog to begin, or sent on as they are. */
const unrouted: ReadonlySet<string> = new Set(['ACK', 'CANCEL', 'REGISTER']);
