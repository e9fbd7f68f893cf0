import type { Dialogs } from '../dialog/index.ts';
import type { Random } from '../machine.ts';
import type { SipRequest } from '../message/index.ts';
import type { TransactionTimers } from '../transaction/timers.ts';
import type { LocalAddress, Peer } from './peer.ts';

/** What an {@link Endpoint} is made of. */
export interface EndpointOptions {
  /** The open listeners; may be set later. The first of a transport and address family is named in Via. */
  readonly addresses?: readonly LocalAddress[] | undefined;
  /** Source of tags and branches; they must not be guessable. */
  readonly random: Random;
  /** Methods the transaction users take; others are answered 405 or 501 with Allow. ACK and CANCEL come with INVITE. */
  readonly methods: readonly string[];
  /** Dialogs shared with the machines above. */
  readonly dialogs?: Dialogs | undefined;
  /** Option tags understood in Require; others are answered 420. Default none. */
  readonly supported?: readonly string[] | undefined;
  /** Schemes taken in a Request-URI, others are answered 416. Default sip, sips, pres, im. */
  readonly schemes?: readonly string[] | undefined;
  /**
   * Whether a request is for a proxy core and not for a user here: it then comes as 'forward', and nothing of what a
   * UAS refuses is refused. It may throw a SipError, which is answered. Without it nothing is forwarded.
   */
  readonly forwards?: ((request: SipRequest, peer: Peer) => boolean) | undefined;
  /** RFC 3261's values unless given. */
  readonly timers?: Partial<TransactionTimers> | undefined;
  readonly limits?: Partial<EndpointLimits> | undefined;
}

/** What an {@link Endpoint} holds at most. */
export interface EndpointLimits {
  /** Server transactions, answered ones that await retransmissions included. */
  readonly transactions: number;
  /** Of these, from one peer host. */
  readonly transactionsPerHost: number;
  /** Seconds in the Retry-After of the 503 beyond that. */
  readonly retryAfterSeconds: number;
  /** Requests larger than this many bytes go by TCP where UDP was meant, if there is a TCP listener (§18.1.1). */
  readonly datagramBytes: number;
}

/** The limits in force unless the caller gives others. */
export const defaultEndpointLimits: EndpointLimits = {
  transactions: 1_000_000,
  transactionsPerHost: 500_000,
  retryAfterSeconds: 5,
  datagramBytes: 1300,
};
