import type { EndpointAction, FailureReason } from '../endpoint/io.ts';
import { isReliable, type Peer } from '../endpoint/peer.ts';
import type { Instant } from '../machine.ts';
import { createResponse, type SipRequest, type SipResponse } from '../message/index.ts';
import { Wheel } from '../wheel.ts';
import { acknowledge, cancel } from './derived.ts';
import { type HostLoad, Hosts } from './hosts.ts';
import { clientKey, type MergeKey } from './keys.ts';
import {
  inviteClient,
  inviteServer,
  nonInviteClient,
  nonInviteServer,
  type TransactionAction,
  type TransactionInput,
  type TransactionTable,
} from './tables.ts';
import type { TransactionTimers } from './timers.ts';
import { startTimer, stopTimer, takeDue, wakeAt } from './timing.ts';
import { Transaction } from './transaction.ts';

/** Where actions are put. */
export type Sink = (action: EndpointAction) => void;

/** What was received when an input came from the network. */
type Received = SipRequest | SipResponse | undefined;

/**
 * The transaction layer: keeps the transactions and runs their tables. It knows nothing of dialogs or of what
 * a UAS or proxy makes of a request, so both can stand on it.
 *
 * @see RFC 3261 §17
 */
export class TransactionLayer {
  readonly #timers: TransactionTimers;
  readonly #clients: Map<string, Transaction> = new Map();
  readonly #servers: Map<string, Transaction> = new Map();
  readonly #invites: Map<string, Transaction> = new Map();
  readonly #merges: Map<number, Transaction> = new Map();
  readonly #hosts: Hosts = new Hosts();
  readonly #wheel: Wheel<Transaction> = new Wheel();
  readonly #sink: Sink;

  constructor(timers: TransactionTimers, sink: Sink) {
    this.#timers = timers;
    this.#sink = sink;
  }

  get deadline(): Instant | undefined {
    return this.#wheel.deadline;
  }

  /** How many there are now: the figures behind limits and metrics. */
  get counts(): { readonly clients: number; readonly servers: number; readonly hosts: number } {
    return { clients: this.#clients.size, servers: this.#servers.size, hosts: this.#hosts.size };
  }

  /** How many server transactions a peer host has. */
  serversOf(host: string): number {
    return this.#hosts.find(host)?.servers ?? 0;
  }

  /**
   * Starts a client transaction by sending `request`, which has our Via with `branch` on top.
   *
   * @param id what its user knows it by; `undefined` for one whose outcome interests nobody
   * @param fallback where to try again when `peer` cannot be reached
   */
  send(
    id: string | undefined,
    request: SipRequest,
    branch: string,
    peer: Peer,
    now: Instant,
    fallback?: Peer,
  ): void {
    const table = request.method === 'INVITE' ? inviteClient : nonInviteClient;
    const load = this.#hosts.of(peer.host);
    const key = clientKey(branch, request.method);
    const transaction = new Transaction({ table, key, id, peer, load, merge: undefined, request });
    transaction.fallback = fallback;
    transaction.bytes = request.toBytes();
    this.#clients.set(key, transaction);
    if (table === inviteClient && id !== undefined) this.#invites.set(id, transaction);
    watch(load, transaction);
    this.#perform(transaction, table.start.do, now, undefined);
    this.#settle(transaction, now);
  }

  /** The client transaction that a response belongs to (§17.1.3). */
  client(branch: string, method: string): Transaction | undefined {
    return this.#clients.get(clientKey(branch, method));
  }

  /** A response for a client transaction. */
  response(transaction: Transaction, response: SipResponse, now: Instant): void {
    const { status } = response;
    this.#run(transaction, status < 200 ? '1xx' : status < 300 ? '2xx' : '300-699', now, response);
    if (transaction.cancelling && transaction.state === 'proceeding') {
      transaction.cancelling = false;
      this.#run(transaction, 'cancel', now, undefined);
    }
  }

  /** Takes back an INVITE: now, or when its first provisional response comes (§9.1). */
  cancel(id: string, now: Instant): void {
    const transaction = this.#invites.get(id);
    if (transaction === undefined) return;
    if (transaction.state === 'calling') transaction.cancelling = true;
    else this.#run(transaction, 'cancel', now, undefined);
  }

  /** The server transaction of a key (§17.2.3). */
  server(key: string): Transaction | undefined {
    return this.#servers.get(key);
  }

  /** Whether this is a request already known by another path (§8.2.2.2). */
  isMerged(merge: MergeKey): boolean {
    return this.#merges.get(merge.first)?.merge?.second === merge.second;
  }

  /** Starts a server transaction; handing the request to its user is the caller's part. */
  receive(
    key: string,
    request: SipRequest,
    replyTo: Peer,
    merge: MergeKey | undefined,
    now: Instant,
  ): Transaction {
    const table = request.method === 'INVITE' ? inviteServer : nonInviteServer;
    const load = this.#hosts.of(replyTo.host);
    const transaction = new Transaction({ table, key, id: undefined, peer: replyTo, load, merge, request });
    this.#servers.set(key, transaction);
    load.servers += 1;
    if (table === inviteServer) watch(load, transaction);
    if (merge !== undefined) this.#merges.set(merge.first, transaction);
    this.#perform(transaction, table.start.do, now, undefined);
    this.#settle(transaction, now);
    return transaction;
  }

  /** A retransmission of a server transaction's request, or the ACK of its response. */
  again(transaction: Transaction, request: SipRequest, now: Instant): void {
    this.#run(transaction, request.method === 'ACK' ? 'ack' : 'request', now, request);
  }

  /** The user's response. What RFC 4320 forbids to send is not sent. */
  respond(transaction: Transaction, response: SipResponse, now: Instant): void {
    const { status } = response;
    if (transaction.table === nonInviteServer && !mayAnswer(transaction, status)) return;
    const input = status < 200 ? 'send 1xx' : status < 300 ? 'send 2xx' : 'send 300-699';
    if (transaction.table.states[transaction.state]?.[input] === undefined) return;
    transaction.bytes = response.toBytes();
    if (status >= 200) transaction.request = undefined;
    this.#run(transaction, input, now, undefined);
  }

  /**
   * The transport could not send to `peer`. A client transaction that has another way is ended without a word
   * and returned, for the caller to start it again.
   */
  transportFailed(peer: Peer, now: Instant): readonly Transaction[] {
    const retry: Transaction[] = [];
    for (const transaction of [...(this.#hosts.find(peer.host)?.watching ?? [])]) {
      if (!sameFlow(transaction.peer, peer)) continue;
      const mayRetry = transaction.fallback !== undefined && isUnanswered(transaction);
      if (mayRetry) retry.push(transaction);
      if (mayRetry) this.#destroy(transaction);
      else this.#run(transaction, 'transport error', now, undefined);
    }
    return retry;
  }

  /** Runs what is due. */
  tick(now: Instant): void {
    for (let due = this.#wheel.expire(now); due.length > 0; due = this.#wheel.expire(now)) {
      for (const transaction of due) {
        const timer = takeDue(transaction);
        if (timer !== undefined) this.#run(transaction, `timer ${timer}`, now, undefined);
      }
    }
  }

  #run(transaction: Transaction, input: TransactionInput, now: Instant, received: Received): void {
    const transition = transaction.table.states[transaction.state]?.[input];
    if (transition !== undefined) {
      if (transition.to !== undefined) transaction.state = transition.to;
      this.#perform(transaction, transition.do, now, received);
    }
    this.#settle(transaction, now);
  }

  #perform(
    transaction: Transaction,
    actions: readonly TransactionAction[],
    now: Instant,
    received: Received,
  ): void {
    for (const action of actions) {
      switch (action) {
        case 'transmit':
          this.#transmit(transaction);
          break;
        case 'deliver':
          this.#deliver(transaction, received);
          break;
        case 'acknowledge':
          this.#acknowledge(transaction, received);
          break;
        case 'send 100':
          this.#sendTrying(transaction);
          break;
        case 'send CANCEL':
          this.#sendCancel(transaction, now);
          break;
        case 'inform timeout':
          this.#inform(transaction, 'timeout');
          break;
        case 'inform transport':
          this.#inform(transaction, 'transport');
          break;
        default:
          if (action.startsWith('stop ')) stopTimer(transaction, action);
          else startTimer(transaction, action, now, this.#timers, isReliable(transaction.peer.transport));
      }
    }
  }

  /** After every step: a timer of zero fires, the wheel learns the next one, an ended transaction goes. */
  #settle(transaction: Transaction, now: Instant): void {
    settleClient(transaction);
    if (transaction.state === 'terminated') {
      this.#destroy(transaction);
      return;
    }
    const { endTimer } = transaction;
    if (endTimer !== undefined && transaction.endAt <= now) {
      stopTimer(transaction, `stop ${endTimer}`);
      this.#run(transaction, `timer ${endTimer}`, now, undefined);
      return;
    }
    wakeAt(this.#wheel, transaction);
  }

  #transmit({ bytes, peer }: Transaction): void {
    if (bytes !== undefined) this.#sink({ type: 'transmit', peer, bytes });
  }

  #deliver({ id, key, peer }: Transaction, received: Received): void {
    if (received?.type === 'response') {
      if (id !== undefined) this.#sink({ type: 'response', id, response: received });
    } else if (received !== undefined) {
      this.#sink({ type: 'request', transaction: key, request: received, peer });
    }
  }

  #acknowledge(transaction: Transaction, received: Received): void {
    if (!transaction.acknowledged && received?.type === 'response' && transaction.request !== undefined) {
      transaction.bytes = acknowledge(transaction.request, received).toBytes();
      transaction.acknowledged = true;
      transaction.request = undefined;
    }
    if (transaction.acknowledged) this.#transmit(transaction);
  }

  #sendTrying(transaction: Transaction): void {
    if (transaction.request === undefined) return;
    transaction.bytes = createResponse(transaction.request, 100).toBytes();
    this.#transmit(transaction);
  }

  #sendCancel(transaction: Transaction, now: Instant): void {
    const { request, key, peer } = transaction;
    if (request === undefined) return;
    const branch = key.slice(0, key.indexOf(' '));
    if (!this.#clients.has(clientKey(branch, 'CANCEL')))
      this.send(undefined, cancel(request), branch, peer, now);
  }

  #inform({ id, key, table }: Transaction, reason: FailureReason): void {
    if (isServer(table)) this.#sink({ type: 'unanswered', transaction: key, reason });
    else if (id !== undefined) this.#sink({ type: 'failed', id, reason });
  }

  #destroy(transaction: Transaction): void {
    const { table, key, id, load, merge } = transaction;
    transaction.state = 'terminated';
    this.#wheel.cancel(transaction);
    load.watching?.delete(transaction);
    if (isServer(table)) {
      if (this.#servers.delete(key)) load.servers -= 1;
      if (merge !== undefined && this.#merges.get(merge.first) === transaction)
        this.#merges.delete(merge.first);
    } else {
      this.#clients.delete(key);
      if (id !== undefined && table === inviteClient) this.#invites.delete(id);
    }
    this.#hosts.release(load);
  }
}

function isServer(table: TransactionTable): boolean {
  return table === inviteServer || table === nonInviteServer;
}

/** RFC 4320 §4: of provisional responses only the 100, over UDP not before it is due; never 408. */
function mayAnswer(transaction: Transaction, status: number): boolean {
  if (status === 408) return false;
  if (status >= 200) return true;
  return status === 100 && (isReliable(transaction.peer.transport) || transaction.state !== 'trying');
}

function isUnanswered({ state }: Transaction): boolean {
  return state === 'calling' || state === 'trying';
}

function sameFlow(mine: Peer, failed: Peer): boolean {
  if (mine.transport !== failed.transport) return false;
  if (mine.connection !== undefined && failed.connection !== undefined && mine.transport !== 'udp')
    return mine.connection === failed.connection;
  return mine.port === failed.port;
}

function watch(load: HostLoad, transaction: Transaction): void {
  load.watching ??= new Set();
  load.watching.add(transaction);
}

/** An answered client transaction only waits: it needs neither its request nor to hear of broken connections. */
function settleClient(transaction: Transaction): void {
  const { table, state } = transaction;
  if (table === inviteClient ? state !== 'accepted' : table !== nonInviteClient || state !== 'completed')
    return;
  transaction.load.watching?.delete(transaction);
  transaction.request = undefined;
  transaction.bytes = undefined;
}
