import type { Peer } from '../endpoint/peer.ts';
import type { SipRequest } from '../message/index.ts';
import type { Timed } from '../wheel.ts';
import type { HostLoad } from './hosts.ts';
import type { MergeKey } from './keys.ts';
import type { Stretch } from './slab.ts';
import type { TimerName, TransactionState, TransactionTable } from './tables.ts';

/** No timer of that sort runs. */
export const never: number = Number.POSITIVE_INFINITY;

/**
 * One transaction of any of the four kinds: a row in a table, and what its actions need.
 *
 * At most two timers run at once: one that repeats (A, E, G, and the one-shot 100) and one that ends a state.
 * Both share one entry in the wheel. An answered server transaction, of which a busy server keeps hundreds of
 * thousands, holds on to its last response's bytes and lets go of the request.
 */
export class Transaction implements Timed {
  tick = 0;
  slot = -1;
  previous: Timed | undefined = undefined;
  next: Timed | undefined = undefined;

  readonly table: TransactionTable;
  /** Where it is kept: see `clientKey` and `serverKey`. */
  readonly key: string;
  /** A client transaction's name for its user; `undefined` for a server's, and for a CANCEL, which nobody awaits. */
  readonly id: string | undefined;
  /** Where its messages go. */
  readonly peer: Peer;
  readonly load: HostLoad;
  readonly merge: MergeKey | undefined;
  state: TransactionState;
  /** While something may still be made from it: a 100, an ACK, a CANCEL, the same request over UDP. */
  request: SipRequest | undefined;
  /** The last message sent. */
  bytes: Uint8Array | undefined = undefined;
  /** The same, of an answered non-INVITE server transaction. */
  kept: Stretch | undefined = undefined;
  /** The top Via of the request with what §18.2.1 adds to it, for the responses; `undefined` when it adds nothing. */
  receivedVia: string | undefined = undefined;
  /** Of an INVITE's responses, as soon as it is settled. */
  toTag: string | undefined = undefined;
  /** Where to try again when the first try finds no connection (§18.1.1). */
  fallback: Peer | undefined = undefined;
  /** What ends its branch, for a request of somebody before us; `undefined` for one of our own. */
  forwards: string | undefined = undefined;
  /** An ACK was made and is what `bytes` holds. */
  acknowledged = false;
  /** The user wants an INVITE cancelled that has not been answered provisionally yet. */
  cancelling = false;

  interval = 0;
  repeatTimer: TimerName | undefined = undefined;
  repeatAt: number = never;
  endTimer: TimerName | undefined = undefined;
  endAt: number = never;

  constructor(init: {
    readonly table: TransactionTable;
    readonly key: string;
    readonly id: string | undefined;
    readonly peer: Peer;
    readonly load: HostLoad;
    readonly merge: MergeKey | undefined;
    readonly request: SipRequest;
  }) {
    this.table = init.table;
    this.key = init.key;
    this.id = init.id;
    this.peer = init.peer;
    this.load = init.load;
    this.merge = init.merge;
    this.state = init.table.start.to;
    this.request = init.request;
  }
}
