import { Dialogs } from '../dialog/index.ts';
import { SipError } from '../errors.ts';
import { via } from '../headers/index.ts';
import type { Instant, Machine } from '../machine.ts';
import { parseMessage, prepend, removeFirst, type SipMessage, type SipRequest } from '../message/index.ts';
import { Tokens } from '../token.ts';
import { magicCookie } from '../transaction/keys.ts';
import { TransactionLayer } from '../transaction/layer.ts';
import { defaultTimers } from '../transaction/timers.ts';
import { destinationOf } from './destination.ts';
import { Inbox } from './inbox.ts';
import type { EndpointAction, EndpointInput } from './io.ts';
import { isKeepAlive } from './malformed.ts';
import { defaultEndpointLimits, type EndpointLimits, type EndpointOptions } from './options.ts';
import type { LocalAddress, Peer } from './peer.ts';
import { withTopField } from './splice.ts';
import { localFor, ownVia } from './via.ts';

/**
 * A SIP element's lower half: transactions, dialogs and the rules at a UAS's door, joined to transports by its
 * actions and to transaction users (registrar, notifier, ...) by the same.
 *
 * Requests come out once, retransmissions are absorbed and answered by the last response. What RFC 3261 §8.2
 * makes every UAS refuse (malformed, unknown method or extension, merged, outside of any dialog) is refused here.
 *
 * @see RFC 3261 §8, §12, §17, §18; RFC 3581; RFC 4320; RFC 6026
 */
export class Endpoint implements Machine<EndpointInput, EndpointAction> {
  readonly dialogs: Dialogs;
  /** Live figures, for metrics. */
  readonly transactions: TransactionLayer;
  readonly #limits: EndpointLimits;
  readonly #tokens: Tokens;
  readonly #inbox: Inbox;
  #addresses: readonly LocalAddress[];
  #actions: EndpointAction[] = [];

  constructor(options: EndpointOptions) {
    this.dialogs = options.dialogs ?? new Dialogs();
    this.#limits = { ...defaultEndpointLimits, ...options.limits };
    this.#tokens = new Tokens(options.random);
    this.#addresses = options.addresses ?? [];
    const sink = (action: EndpointAction): void => {
      this.#actions.push(action);
    };
    this.transactions = new TransactionLayer({ ...defaultTimers, ...options.timers }, sink);
    this.#inbox = new Inbox({
      door: options,
      limits: this.#limits,
      tokens: this.#tokens,
      layer: this.transactions,
      dialogs: this.dialogs,
      sink,
    });
  }

  /** The open listeners; the one of a request's transport is named in its Via. */
  get addresses(): readonly LocalAddress[] {
    return this.#addresses;
  }

  set addresses(addresses: readonly LocalAddress[]) {
    this.#addresses = addresses;
  }

  get deadline(): Instant | undefined {
    return this.transactions.deadline;
  }

  handle(input: EndpointInput, now: Instant): readonly EndpointAction[] {
    switch (input.type) {
      case 'received':
        if (input.fault === undefined) this.#receive(input.peer, input.bytes, now);
        else this.#inbox.malformed(input.fault.received, input.fault, input.peer);
        break;
      case 'send':
        this.#send(input, now);
        break;
      case 'respond':
        this.#inbox.respond(input.transaction, input.response, input.forwarded === true, now);
        break;
      case 'cancel':
        this.transactions.cancel(input.id, now);
        break;
      case 'transport-failed':
        this.#transportFailed(input.peer, now);
        break;
      case 'tick':
        this.transactions.tick(now);
    }
    const actions = this.#actions;
    this.#actions = [];
    return actions;
  }

  #receive(peer: Peer, bytes: Uint8Array, now: Instant): void {
    let received: SipMessage | undefined;
    try {
      received = parseMessage(bytes);
      if (received.type === 'response') this.#inbox.response(received, peer, this.#addresses, now);
      else this.#inbox.request(received, peer, now);
    } catch (error) {
      if (!(error instanceof SipError)) throw error;
      if (isKeepAlive(bytes)) this.#actions.push({ type: 'dropped', peer, reason: 'keep-alive' });
      else this.#inbox.malformed(error.received ?? received, error, peer);
    }
  }

  #send(input: Send, now: Instant): void {
    const { request } = input;
    const peer = input.to ?? destination(request);
    if (peer === undefined) {
      this.#actions.push({ type: 'failed', id: input.id, reason: 'transport' });
      return;
    }
    const stream =
      request.toBytes().length + VIA_BYTES > this.#limits.datagramBytes ? this.#streamTo(peer) : undefined;
    this.#sendTo(input, stream ?? peer, now, stream === undefined ? undefined : peer);
  }

  /** The same peer over TCP when the request is too large for its datagram (§18.1.1); names keep their port. */
  #streamTo(peer: Peer): Peer | undefined {
    if (peer.transport !== 'udp') return undefined;
    const stream: Peer = { transport: 'tcp', host: peer.host, port: peer.port };
    return localFor(this.#addresses, stream) === undefined ? undefined : stream;
  }

  #sendTo({ id, request, forwards }: Unsent, peer: Peer, now: Instant, fallback: Peer | undefined): void {
    const local = localFor(this.#addresses, peer);
    if (local === undefined) {
      this.#actions.push({ type: 'failed', id, reason: 'transport' });
      return;
    }
    const branch = magicCookie + this.#tokens.next() + (forwards ?? '');
    const top = ownVia(local, branch);
    const isInvite = request.method === 'INVITE';
    const routed = isInvite ? request.with(prepend('Via', top)) : request;
    const bytes = isInvite ? routed.toBytes() : withTopField(request.toBytes(), `Via: ${top}`);
    if (request.method === 'ACK') this.#actions.push({ type: 'transmit', peer, bytes });
    else this.transactions.send({ id, request: routed, bytes, branch, peer, fallback, forwards }, now);
  }

  #transportFailed(peer: Peer, now: Instant): void {
    for (const { id, request, fallback, forwards } of this.transactions.transportFailed(peer, now)) {
      if (id === undefined || request === undefined || fallback === undefined) continue;
      const bare = request.method === 'INVITE' ? request.with(removeFirst(via)) : request;
      this.#sendTo({ id, request: bare, forwards }, fallback, now, undefined);
    }
  }
}

type Send = Extract<EndpointInput, { type: 'send' }>;
/** What a request that is sent again to another place keeps. */
type Unsent = Pick<Send, 'id' | 'request' | 'forwards'>;

/** About what our Via adds to a request. */
const VIA_BYTES = 100;

function destination(request: SipRequest): Peer | undefined {
  try {
    return destinationOf(request);
  } catch (error) {
    if (error instanceof SipError) return undefined;
    throw error;
  }
}
