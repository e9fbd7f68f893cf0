import { Dialogs } from '../dialog/index.ts';
import type { Instant, Machine, Random } from '../machine.ts';
import type { TransactionTimers } from '../transaction/timers.ts';
import type { EndpointAction, EndpointInput } from './io.ts';
import type { LocalAddress } from './peer.ts';

/** What an {@link Endpoint} is made of. */
export interface EndpointOptions {
  /** The open listeners; may be set later. The first of a transport is named in Via. */
  readonly addresses?: readonly LocalAddress[] | undefined;
  /** Source of tags and branches; they must not be guessable. */
  readonly random: Random;
  /** Methods the transaction users take; others are answered 405 or 501 with Allow. ACK and CANCEL need not be named. */
  readonly methods: readonly string[];
  /** Dialogs shared with the machines above. */
  readonly dialogs?: Dialogs | undefined;
  /** Option tags understood in Require; others are answered 420. Default none. */
  readonly supported?: readonly string[] | undefined;
  /** Schemes taken in a Request-URI, others are answered 416. Default sip, sips, pres, im. */
  readonly schemes?: readonly string[] | undefined;
  /** RFC 3261's values unless given. */
  readonly timers?: Partial<TransactionTimers> | undefined;
  readonly limits?: Partial<EndpointLimits> | undefined;
}

/** What an {@link Endpoint} holds at most. */
export interface EndpointLimits {
  /** Server transactions, answered ones that await retransmissions included; default 1,000,000. */
  readonly transactions: number;
  /** Of these, from one peer host; default 500,000. */
  readonly transactionsPerHost: number;
  /** Seconds in the Retry-After of the 503 beyond that; default 5. */
  readonly retryAfterSeconds: number;
  /** Requests larger than this many bytes go by TCP where UDP was meant (§18.1.1); default 1300. */
  readonly datagramBytes: number;
}

/** Transactions, dialogs and the rules of a UAS's door, joined to transports by its actions. */
export class Endpoint implements Machine<EndpointInput, EndpointAction> {
  /** The open listeners. */
  addresses: readonly LocalAddress[];
  readonly dialogs: Dialogs;

  constructor(options: EndpointOptions) {
    this.addresses = options.addresses ?? [];
    this.dialogs = options.dialogs ?? new Dialogs();
  }

  get deadline(): Instant | undefined {
    return undefined;
  }

  handle(input: EndpointInput, now: Instant): readonly EndpointAction[] {
    throw new TypeError(`${input.type} at ${now}`);
  }
}
