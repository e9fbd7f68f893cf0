import type { EndpointAction } from '../endpoint/io.ts';
import { isReliable, type Peer } from '../endpoint/peer.ts';
import type { Instant } from '../machine.ts';
import type { SipRequest, SipResponse } from '../message/index.ts';
import { Wheel } from '../wheel.ts';
import { cancel } from './derived.ts';
import { type HostLoad, Hosts, sharedReplyTo } from './hosts.ts';
import { clientKey, type MergeKey, untied } from './keys.ts';
import { isServer, Runner } from './runner.ts';
import { inviteClient, inviteServer, nonInviteClient, nonInviteServer } from './tables.ts';
import type { TransactionTimers } from './timers.ts';
import { takeDue } from './timing.ts';
import { Transaction } from './transaction.ts';

/** Where actions are put. */
export type Sink = (action: EndpointAction) => void;

/** What a client transaction begins with. */
export interface ClientBegin {
  /** What its user knows it by; `undefined` for one whose outcome interests nobody. */
  readonly id: string | undefined;
  /** For an INVITE as it is sent, our Via on top: its ACK and CANCEL are made from it. */
  readonly request: SipRequest;
  /** What is sent: the request with our Via on top. */
  readonly bytes: Uint8Array;
  /** The branch in that Via. */
  readonly branch: string;
  readonly peer: Peer;
  /** Where to try again when `peer` cannot be reached. */
  readonly fallback: Peer | undefined;
  /** See `forwards` of a transaction. */
  readonly forwards?: string | undefined;
}

/** What a server transaction begins with. */
export interface ServerBegin {
  /** See `serverKey`. */
  readonly key: string;
  readonly request: SipRequest;
  /** Where its responses go. */
  readonly replyTo: Peer;
  /** What they have in place of the request's top Via. */
  readonly receivedVia: string | undefined;
  /** What marks the same request when it comes by another path. */
  readonly merge: MergeKey | undefined;
}

/**
 * The transaction layer: keeps the transactions and runs their tables. It knows nothing of dialogs or of what
 * a UAS or proxy makes of a request, so both can stand on it.
 *
 * @see RFC 3261 §17
 */
export class TransactionLayer {
  readonly #clients: Map<string, Transaction> = new Map();
  readonly #servers: Map<string, Transaction> = new Map();
  readonly #invites: Map<string, Transaction> = new Map();
  readonly #merges: Map<number, Transaction> = new Map();
  readonly #hosts: Hosts = new Hosts();
  readonly #wheel: Wheel<Transaction> = new Wheel();
  readonly #runner: Runner;

  constructor(timers: TransactionTimers, sink: Sink) {
    this.#runner = new Runner({
      timers,
      sink,
      wheel: this.#wheel,
      onTerminated: (transaction) => this.#forget(transaction),
      onCancel: (transaction, now) => this.#cancel(transaction, now),
    });
  }

  get deadline(): Instant | undefined {
    return this.#wheel.deadline;
  }

  /** How many there are now: the figures behind limits and metrics. */
  get counts(): { readonly clients: number; readonly servers: number; readonly hosts: number } {
    return { clients: this.#clients.size, servers: this.#servers.size, hosts: this.#hosts.size };
  }

  /** How many server transactions there are. */
  get servers(): number {
    return this.#servers.size;
  }

  /** How many server transactions a peer host has. */
  serversOf(host: string): number {
    return this.#hosts.find(host)?.servers ?? 0;
  }

  /** Starts a client transaction by sending its request. */
  send(begin: ClientBegin, now: Instant): void {
    const { id, request, peer, fallback } = begin;
    const table = request.method === 'INVITE' ? inviteClient : nonInviteClient;
    const load = this.#hosts.of(peer.host);
    const key = clientKey(begin.branch, request.method);
    const transaction = new Transaction({ table, key, id, peer, load, merge: undefined, request });
    transaction.fallback = fallback;
    transaction.forwards = begin.forwards;
    transaction.bytes = begin.bytes;
    this.#clients.set(key, transaction);
    if (table === inviteClient && id !== undefined) this.#invites.set(id, transaction);
    watch(load, transaction);
    this.#runner.start(transaction, now);
  }

  /** The client transaction that a response belongs to (§17.1.3). */
  client(branch: string, method: string): Transaction | undefined {
    return this.#clients.get(clientKey(branch, method));
  }

  /** A response for a client transaction. */
  response(transaction: Transaction, response: SipResponse, now: Instant): void {
    const { status } = response;
    this.#runner.run(transaction, status < 200 ? '1xx' : status < 300 ? '2xx' : '300-699', now, response);
    if (transaction.cancelling && transaction.state === 'proceeding') {
      transaction.cancelling = false;
      this.#runner.run(transaction, 'cancel', now);
    }
  }

  /** Takes back an INVITE: now, or when its first provisional response comes (§9.1). */
  cancel(id: string, now: Instant): void {
    const transaction = this.#invites.get(id);
    if (transaction === undefined) return;
    if (transaction.state === 'calling') transaction.cancelling = true;
    else this.#runner.run(transaction, 'cancel', now);
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
  receive(begin: ServerBegin, now: Instant): Transaction {
    const { request, merge } = begin;
    const key = untied(begin.key);
    const table = request.method === 'INVITE' ? inviteServer : nonInviteServer;
    const load = this.#hosts.of(begin.replyTo.host);
    const peer = sharedReplyTo(load, begin.replyTo);
    const transaction = new Transaction({ table, key, id: undefined, peer, load, merge, request });
    transaction.receivedVia = begin.receivedVia;
    this.#servers.set(key, transaction);
    load.servers += 1;
    if (table === inviteServer) watch(load, transaction);
    if (merge !== undefined) this.#merges.set(merge.first, transaction);
    this.#runner.start(transaction, now);
    return transaction;
  }

  /** A retransmission of a server transaction's request, or the ACK of its response. */
  again(transaction: Transaction, request: SipRequest, now: Instant): void {
    this.#runner.run(transaction, request.method === 'ACK' ? 'ack' : 'request', now, request);
  }

  /** The user's response, as it leaves. What RFC 4320 forbids to send is not sent. */
  respond(transaction: Transaction, status: number, bytes: Uint8Array, now: Instant): void {
    if (transaction.table === nonInviteServer && !mayAnswer(transaction, status)) return;
    const input = status < 200 ? 'send 1xx' : status < 300 ? 'send 2xx' : 'send 300-699';
    if (transaction.table.states[transaction.state]?.[input] === undefined) return;
    transaction.bytes = bytes;
    if (status >= 200) transaction.request = undefined;
    this.#runner.run(transaction, input, now);
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
      if (mayRetry) this.#forget(transaction);
      else this.#runner.run(transaction, 'transport error', now);
    }
    return retry;
  }

  /** Runs what is due. */
  tick(now: Instant): void {
    for (let due = this.#wheel.expire(now); due.length > 0; due = this.#wheel.expire(now)) {
      for (const transaction of due) {
        const timer = takeDue(transaction);
        if (timer !== undefined) this.#runner.run(transaction, `timer ${timer}`, now);
      }
    }
  }

  #cancel(transaction: Transaction, now: Instant): void {
    const { request, key, peer } = transaction;
    if (request === undefined) return;
    const branch = key.slice(0, key.indexOf(' '));
    if (this.#clients.has(clientKey(branch, 'CANCEL'))) return;
    const cancelling = cancel(request);
    const bytes = cancelling.toBytes();
    this.send({ id: undefined, request: cancelling, bytes, branch, peer, fallback: undefined }, now);
  }

  #forget(transaction: Transaction): void {
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
