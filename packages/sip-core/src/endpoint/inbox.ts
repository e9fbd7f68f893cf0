import type { Dialogs, Reception } from '../dialog/index.ts';
import type { SipError } from '../errors.ts';
import { cseq, retryAfter, to, type Via, via } from '../headers/index.ts';
import type { Instant } from '../machine.ts';
import {
  checkResponse,
  createResponse,
  type SipMessage,
  type SipRequest,
  type SipResponse,
  set,
} from '../message/index.ts';
import { noParams } from '../params.ts';
import type { Tokens } from '../token.ts';
import { isLegacyKey, type MergeKey, mergeKey, serverKey } from '../transaction/keys.ts';
import type { ServerBegin, Sink, TransactionLayer } from '../transaction/layer.ts';
import { inviteServer } from '../transaction/tables.ts';
import type { Transaction } from '../transaction/transaction.ts';
import { checkTransaction, type Door, type Refusal, refusalOf } from './door.ts';
import { answerableVia, faultPhrase } from './malformed.ts';
import type { EndpointLimits, EndpointOptions } from './options.ts';
import type { LocalAddress, Peer } from './peer.ts';
import { finished, isOwnVia, receivedVia, replyTo } from './via.ts';

/** What an {@link Inbox} works with; all of it the endpoint's. */
export interface InboxParts {
  readonly door: EndpointOptions;
  readonly limits: EndpointLimits;
  readonly tokens: Tokens;
  readonly layer: TransactionLayer;
  readonly dialogs: Dialogs;
  readonly sink: Sink;
}

/** What becomes of received messages: to their transactions, to the users above, refused, or dropped. */
export class Inbox {
  readonly #door: Door;
  readonly #forwards: EndpointOptions['forwards'];
  /** What a CANCEL may be for. */
  readonly #cancellable: ReadonlySet<string>;
  readonly #limits: EndpointLimits;
  readonly #tokens: Tokens;
  readonly #layer: TransactionLayer;
  readonly #dialogs: Dialogs;
  readonly #sink: Sink;

  constructor({ door, limits, tokens, layer, dialogs, sink }: InboxParts) {
    const methods = new Set(door.methods);
    if (methods.has('INVITE')) methods.add('ACK').add('CANCEL');
    this.#door = {
      methods,
      schemes: new Set(door.schemes ?? ['sip', 'sips', 'pres', 'im']),
      supported: new Set((door.supported ?? []).map((tag) => tag.toLowerCase())),
    };
    this.#forwards = door.forwards;
    this.#cancellable = door.forwards === undefined ? methods : new Set(['INVITE', ...methods]);
    this.#limits = limits;
    this.#tokens = tokens;
    this.#layer = layer;
    this.#dialogs = dialogs;
    this.#sink = sink;
  }

  /**
   * A response: to its client transaction, or nowhere (RFC 3261 §8.1.3.3, §18.1.2; RFC 6026 §8.9).
   *
   * @throws SipError when it is malformed
   */
  response(response: SipResponse, peer: Peer, addresses: readonly LocalAddress[], now: Instant): void {
    checkResponse(response);
    const vias = response.getAll(via);
    const top = vias[0];
    const transaction = this.#layer.client(top?.params.get('branch') ?? '', response.get(cseq)?.method ?? '');
    if (top === undefined || transaction === undefined) this.#drop(peer, 'a response to no request of ours');
    else if (!isOwnVia(addresses, top)) this.#drop(peer, 'a response whose Via we did not write');
    else if (vias.length > 1 && transaction.forwards === undefined)
      this.#drop(peer, 'a response meant for an element behind us');
    // The layer's own answer is a 100; what has no Via left is no proxy's to pass on (§16.7 step 3).
    else if (vias.length === 1 && transaction.forwards !== undefined)
      this.#drop(peer, 'a response to a forwarded request with our Via alone');
    else this.#layer.response(transaction, response, now);
  }

  /**
   * A request: a retransmission to its transaction, a new one through the door to its user.
   *
   * @throws SipError when it is malformed
   */
  request(request: SipRequest, peer: Peer, now: Instant): void {
    const top = request.get(via);
    if (top === undefined) {
      this.#drop(peer, 'a request without Via');
      return;
    }
    const key = serverKey(request, top);
    const known = this.#layer.server(key);
    if (known !== undefined && isSame(known, request)) this.#again(known, request, peer, now);
    else if (request.method === 'ACK') this.#strayAck(request, peer);
    else if (this.#isFull(peer)) this.#refuseStateless(request, top, peer, this.#busy());
    else if (request.method === 'CANCEL') this.#cancel(request, top, peer, key, now);
    else if (this.#forwards?.(request, peer) === true) this.#forward(request, top, peer, key, now);
    else this.#admit(request, top, peer, key, now);
  }

  /** Answers what is not well-formed when it can be answered, without keeping anything of it. */
  malformed(received: SipMessage | undefined, error: SipError, peer: Peer): void {
    const request = received?.type === 'request' ? received : undefined;
    const top = request === undefined ? undefined : answerableVia(request);
    if (request === undefined || top === undefined) this.#drop(peer, error.message);
    else this.#refuseStateless(request, top, peer, { status: error.status, reason: faultPhrase(error) });
  }

  /** A user's response; one for a transaction that is over goes nowhere (RFC 4320 §4.2). */
  respond(key: string, response: SipResponse, isForwarded: boolean, now: Instant): void {
    const transaction = this.#layer.server(key);
    if (transaction === undefined) return;
    const { status } = response;
    if (isForwarded && transaction.table === inviteServer && status >= 200)
      transaction.toTag = response.get(to)?.params.get('tag');
    const bytes = isForwarded ? response.toBytes() : this.#finished(transaction, response);
    this.#layer.respond(transaction, status, bytes, now);
  }

  #again(known: Transaction, request: SipRequest, peer: Peer, now: Instant): void {
    // RFC 6026 §7.1: such an ACK is for the 2xx, and goes to whoever sent it.
    const isForUser = request.method === 'ACK' && known.state === 'accepted';
    if (isForUser && this.#forwards?.(request, peer) === true) this.#forwardStateless(request, peer);
    else this.#layer.again(known, request, now);
  }

  /** A request for a proxy core: what it lacks, requires or has in common with others is no matter here (§16.3). */
  #forward(request: SipRequest, top: Via, peer: Peer, key: string, now: Instant): void {
    checkTransaction(request);
    const { key: transaction } = this.#layer.receive(begin(key, request, top, peer, undefined), now);
    this.#sink({ type: 'forward', transaction, request, peer });
  }

  #forwardStateless(request: SipRequest, peer: Peer): void {
    checkTransaction(request);
    this.#sink({ type: 'forward', transaction: '', request, peer });
  }

  #admit(request: SipRequest, top: Via, peer: Peer, key: string, now: Instant): void {
    const merge = mergeKey(request);
    const isMerged = merge !== undefined && this.#layer.isMerged(merge);
    const refusal = refusalOf(request, this.#door) ?? (isMerged ? { status: 482 } : undefined);
    const reception = refusal === undefined ? this.#place(request, peer) : undefined;
    const refused = refusal ?? (reception?.type === 'reject' ? reception : undefined);
    const transaction = this.#layer.receive(
      begin(key, request, top, peer, isMerged ? undefined : merge),
      now,
    );
    if (refused !== undefined) this.#answer(transaction, request, refused, now);
    else this.#deliver(transaction.key, request, peer, reception);
  }

  #deliver(transaction: string, request: SipRequest, peer: Peer, reception: Reception | undefined): void {
    const dialog = reception?.type === 'in-dialog' ? reception.dialog : undefined;
    const usage =
      reception?.type === 'in-dialog' || reception?.type === 'expected' ? reception.usage?.key : undefined;
    this.#sink({ type: 'request', transaction, request, peer, dialog, usage });
  }

  /** Where a request belongs. Those that never live in a dialog don't end for a tag copied into To (§12.2.2). */
  #place(request: SipRequest, peer: Peer): Reception {
    const reception = this.#dialogs.receive(request, peer);
    if (reception.type !== 'reject' || reception.status !== 481) return reception;
    return dialogless.has(request.method) ? { type: 'out-of-dialog' } : reception;
  }

  /**
   * §9.2: the CANCEL is answered here, the INVITE by its user, if it still can. One for another request that is
   * known is answered too and changes nothing (RFC 6665 §4.6), also where no INVITE is taken.
   */
  #cancel(request: SipRequest, top: Via, peer: Peer, key: string, now: Instant): void {
    const cancelled = this.#sameBranch(request, top);
    if (cancelled === undefined && this.#forwards?.(request, peer) === true) {
      this.#forwardStateless(request, peer);
      return;
    }
    const refusal = refusalOf(request, this.#door);
    const transaction = this.#layer.receive(begin(key, request, top, peer, undefined), now);
    if (cancelled === undefined || (refusal !== undefined && refusal.status !== 405)) {
      this.#answer(transaction, request, refusal ?? { status: 481 }, now);
      return;
    }
    if (cancelled.table !== inviteServer) {
      this.#answer(transaction, request, { status: 200 }, now);
      return;
    }
    cancelled.toTag ??= this.#tokens.next();
    transaction.toTag = cancelled.toTag;
    const { state, request: pending } = cancelled;
    this.#answer(transaction, request, { status: 200 }, now);
    if (state === 'proceeding' && pending !== undefined)
      this.#sink({ type: 'cancelled', transaction: cancelled.key, request: pending });
  }

  /** The transaction that a CANCEL is for: its key with another method. */
  #sameBranch(cancel: SipRequest, top: Via): Transaction | undefined {
    for (const method of this.#cancellable) {
      const found = method === 'CANCEL' ? undefined : this.#layer.server(serverKey(cancel, top, method));
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** An ACK of no transaction: for a 2xx, when its dialog wants it. */
  #strayAck(request: SipRequest, peer: Peer): void {
    const reception = this.#dialogs.receive(request, peer);
    if (reception.type === 'in-dialog' && reception.usage !== undefined)
      this.#deliver('', request, peer, reception);
    else if (this.#forwards?.(request, peer) === true) this.#forwardStateless(request, peer);
    else this.#drop(peer, 'an ACK of no transaction or dialog');
  }

  #answer(transaction: Transaction, request: SipRequest, refusal: Refusal, now: Instant): void {
    const response = createResponse(request, refusal.status, { headers: refusal.headers });
    this.#layer.respond(transaction, response.status, this.#finished(transaction, response), now);
  }

  /**
   * A response with the source of the request in Via, and with a To tag, the same in all of a transaction,
   * unless it is a 100 (§18.2.1, §8.2.6.2).
   */
  #finished(transaction: Transaction, response: SipResponse): Uint8Array {
    const { receivedVia: top, table } = transaction;
    if (response.status === 100) return finished(response, top);
    const given = response.get(to)?.params.get('tag');
    const tag = given ?? transaction.toTag ?? this.#tokens.next();
    // Others than INVITE have but one response with a tag.
    if (table === inviteServer) transaction.toTag = tag;
    return finished(response, top, given === undefined ? tag : undefined);
  }

  #isFull(peer: Peer): boolean {
    const { transactions, transactionsPerHost } = this.#limits;
    return this.#layer.servers >= transactions || this.#layer.serversOf(peer.host) >= transactionsPerHost;
  }

  #busy(): Refusal {
    return {
      status: 503,
      headers: [set(retryAfter, { seconds: this.#limits.retryAfterSeconds, params: noParams })],
    };
  }

  #refuseStateless(request: SipRequest, top: Via, peer: Peer, refusal: Refusal): void {
    const { status, reason, headers } = refusal;
    const response = createResponse(request, status, {
      reason,
      headers,
      // As it is written: what is answered here may have it twice, or broken.
      toTag: this.#tokens.of(`${top.params.get('branch')} ${request.raw('Call-ID')[0]}`),
    });
    this.#sink({
      type: 'transmit',
      peer: replyTo(top, peer),
      bytes: finished(response, receivedVia(top, peer)),
    });
  }

  #drop(peer: Peer, reason: string): void {
    this.#sink({ type: 'dropped', peer, reason });
  }
}

const dialogless: ReadonlySet<string> = new Set(['OPTIONS', 'PUBLISH', 'REGISTER']);

/** An ACK after RFC 2543 has its INVITE's key, but must have its response's To tag too (§17.2.3). */
function isSame(transaction: Transaction, request: SipRequest): boolean {
  if (request.method !== 'ACK' || !isLegacyKey(transaction.key)) return true;
  return transaction.toTag === undefined || request.get(to)?.params.get('tag') === transaction.toTag;
}

function begin(
  key: string,
  request: SipRequest,
  top: Via,
  peer: Peer,
  merge: MergeKey | undefined,
): ServerBegin {
  return { key, request, replyTo: replyTo(top, peer), receivedVia: receivedVia(top, peer), merge };
}
