import type { FailureReason } from '../endpoint/io.ts';
import { isReliable } from '../endpoint/peer.ts';
import { finished } from '../endpoint/via.ts';
import type { Instant } from '../machine.ts';
import { createResponse, type SipRequest, type SipResponse } from '../message/index.ts';
import type { Wheel } from '../wheel.ts';
import { acknowledge } from './derived.ts';
import type { Sink } from './layer.ts';
import { Slab } from './slab.ts';
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
import { startTimer, stopTimer, wakeAt } from './timing.ts';
import type { Transaction } from './transaction.ts';

/** What was received when an input came from the network. */
type Received = SipRequest | SipResponse | undefined;

/** What a {@link Runner} works with. */
export interface RunnerParts {
  readonly timers: TransactionTimers;
  readonly wheel: Wheel<Transaction>;
  readonly sink: Sink;
  /** A transaction is over: it is to be forgotten. */
  readonly onTerminated: (transaction: Transaction) => void;
  /** An INVITE is to be cancelled by a transaction of its own. */
  readonly onCancel: (transaction: Transaction, now: Instant) => void;
}

/** Runs transactions by their tables; which table it is makes no difference to it. */
export class Runner {
  readonly #parts: RunnerParts;
  readonly #slab: Slab = new Slab();

  constructor(parts: RunnerParts) {
    this.#parts = parts;
  }

  /** Begins a transaction. */
  start(transaction: Transaction, now: Instant): void {
    this.#perform(transaction, transaction.table.start.do, now, undefined);
    this.#settle(transaction, now);
  }

  /** Takes one input; what the table does not list changes nothing. */
  run(transaction: Transaction, input: TransactionInput, now: Instant, received?: Received): void {
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
          this.#parts.onCancel(transaction, now);
          break;
        case 'inform timeout':
          this.#inform(transaction, 'timeout');
          break;
        case 'inform transport':
          this.#inform(transaction, 'transport');
          break;
        default:
          if (action.startsWith('stop ')) stopTimer(transaction, action);
          else
            startTimer(transaction, action, now, this.#parts.timers, isReliable(transaction.peer.transport));
      }
    }
  }

  /** After every step: a timer of zero fires, the wheel learns the next one, an ended transaction goes. */
  #settle(transaction: Transaction, now: Instant): void {
    settleClient(transaction);
    if (transaction.state === 'terminated') {
      this.#parts.onTerminated(transaction);
      return;
    }
    const { endTimer } = transaction;
    if (endTimer !== undefined && transaction.endAt <= now) {
      stopTimer(transaction, `stop ${endTimer}`);
      this.run(transaction, `timer ${endTimer}`, now, undefined);
      return;
    }
    if (transaction.table === nonInviteServer && transaction.state === 'completed') this.#shrink(transaction);
    wakeAt(this.#parts.wheel, transaction);
  }

  /** What an answered server transaction is left with: its key, and its response packed away. */
  #shrink(transaction: Transaction): void {
    if (transaction.bytes === undefined) return;
    transaction.kept = this.#slab.keep(transaction.bytes);
    transaction.bytes = undefined;
    transaction.receivedVia = undefined;
  }

  #transmit({ bytes: sent, kept, peer }: Transaction): void {
    const bytes = sent ?? kept?.chunk.subarray(kept.start, kept.end);
    if (bytes !== undefined) this.#parts.sink({ type: 'transmit', peer, bytes });
  }

  #deliver({ id, key, peer }: Transaction, received: Received): void {
    if (received?.type === 'response') {
      if (id !== undefined) this.#parts.sink({ type: 'response', id, response: received });
    } else if (received !== undefined) {
      this.#parts.sink({ type: 'request', transaction: key, request: received, peer });
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
    transaction.bytes = finished(createResponse(transaction.request, 100), transaction.receivedVia);
    this.#transmit(transaction);
  }

  #inform({ id, key, table }: Transaction, reason: FailureReason): void {
    if (isServer(table)) this.#parts.sink({ type: 'unanswered', transaction: key, reason });
    else if (id !== undefined) this.#parts.sink({ type: 'failed', id, reason });
  }
}

/** Whether a table is one of the two server machines. */
export function isServer(table: TransactionTable): boolean {
  return table === inviteServer || table === nonInviteServer;
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
