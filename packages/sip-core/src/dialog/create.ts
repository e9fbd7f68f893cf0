import type { Peer } from '../endpoint/peer.ts';
import { SipError } from '../errors.ts';
import { callId, cseq, from, recordRoute, to } from '../headers/index.ts';
import type { SipMessage, SipRequest, SipResponse } from '../message/index.ts';
import { type NameAddr, serializeNameAddr } from '../name-addr.ts';
import { type Dialog, dialogId } from './dialog.ts';
import { requiredContactUri } from './target.ts';

/** This side's part of a dialog that a request opens. */
export interface LocalEnd {
  /** The tag that the response puts into To. */
  readonly localTag: string;
  /** The Contact value that the response gives. */
  readonly contact: string;
  /** Where the request came from. */
  readonly peer?: Peer | undefined;
}

/**
 * The dialog that a UAS has once it answers a request with a 2xx (or a 1xx with a To tag).
 *
 * @throws SipError `missing`, `value` when the request cannot open a dialog
 * @see RFC 3261 §12.1.1
 */
export function dialogFromRequest(request: SipRequest, local: LocalEnd): Dialog {
  return asUas(request, local.localTag, local.contact, undefined, local.peer);
}

/** This side's part of a dialog that a NOTIFY opens. */
export interface NotifiedEnd {
  /** The Contact value that the SUBSCRIBE gave. */
  readonly contact: string;
  /** The CSeq number of the SUBSCRIBE; the dialog's next request counts on from it. */
  readonly localSequence: number;
  readonly peer?: Peer | undefined;
}

/**
 * The dialog that a subscriber has once a NOTIFY for its SUBSCRIBE arrives, before or without a 2xx.
 *
 * @throws SipError `missing`, `value` when the request cannot open a dialog
 * @see RFC 6665 §4.4.1
 */
export function dialogFromNotify(notify: SipRequest, local: NotifiedEnd): Dialog {
  const localTag = notify.get(to)?.params.get('tag') ?? '';
  return asUas(notify, localTag, local.contact, local.localSequence, local.peer);
}

/**
 * The dialog that a UAC has once its request is answered with a 2xx (or a 1xx with a To tag).
 *
 * @param request the request as it was sent
 * @param peer where it was sent to
 * @throws SipError `missing`, `value` when the response cannot open a dialog
 * @see RFC 3261 §12.1.2
 */
export function dialogFromResponse(request: SipRequest, response: SipResponse, peer?: Peer): Dialog {
  const local = required(request.get(from), 'From');
  const remote = required(response.get(to), 'To');
  const id = required(request.get(callId), 'Call-ID');
  const localTag = local.params.get('tag') ?? '';
  const remoteTag = remote.params.get('tag') ?? '';
  return {
    id: dialogId(id, localTag, remoteTag),
    callId: id,
    localTag,
    remoteTag,
    localUri: withoutTag(local),
    remoteUri: withoutTag(remote),
    remoteTarget: requiredContactUri(response),
    localContact: request.raw('Contact')[0] ?? '',
    localSequence: required(request.get(cseq), 'CSeq').sequence,
    remoteSequence: undefined,
    routeSet: recordedRoute(response).reverse(),
    secure: isSecure(request, peer),
    peer,
  };
}

function asUas(
  request: SipRequest,
  localTag: string,
  localContact: string,
  localSequence: number | undefined,
  peer: Peer | undefined,
): Dialog {
  const remote = required(request.get(from), 'From');
  const id = required(request.get(callId), 'Call-ID');
  const remoteTag = remote.params.get('tag') ?? '';
  return {
    id: dialogId(id, localTag, remoteTag),
    callId: id,
    localTag,
    remoteTag,
    localUri: withoutTag(required(request.get(to), 'To')),
    remoteUri: withoutTag(remote),
    remoteTarget: requiredContactUri(request),
    localContact,
    localSequence,
    remoteSequence: required(request.get(cseq), 'CSeq').sequence,
    routeSet: recordedRoute(request),
    secure: isSecure(request, peer),
    peer,
  };
}

function recordedRoute(message: SipMessage): string[] {
  return message.getAll(recordRoute).map(serializeNameAddr);
}

function isSecure(request: SipRequest, peer: Peer | undefined): boolean {
  const overTls = peer?.transport === 'tls' || peer?.transport === 'wss';
  return overTls && /^sips:/i.test(request.uri);
}

function withoutTag(address: NameAddr): string {
  if (!address.params.has('tag')) return serializeNameAddr(address);
  const params = new Map(address.params);
  params.delete('tag');
  return serializeNameAddr({ ...address, params });
}

function required<T>(value: T | undefined, name: string): T {
  if (value === undefined) throw new SipError('missing', `no ${name}`, { rfc: 'RFC 3261 §8.1.1' });
  return value;
}
