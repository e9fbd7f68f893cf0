import type { EndpointAction, EndpointInput, Part, Peer, Random, SipRequest } from '@sip-simple/sip-core';
import type { Respond } from '../errors.ts';
import type { outcomeOf } from '../sender.ts';

/**
 * What a policy says of a message for many. `missing` are those, of the recipients it was asked about, who have not
 * agreed to get messages from this service on behalf of this sender: then nobody gets it (RFC 5360 §5.9.1).
 */
export type ListDecision = 'allow' | 'forbid' | { readonly missing: readonly string[] };

/** What a `MessageListService` is told. */
export type ListServiceInput =
  /** The endpoint's action, when it brings a MESSAGE for the service. */
  | Extract<EndpointAction, { type: 'request' }>
  /** Answers 'authorize'. */
  | { readonly type: 'decision'; readonly list: string; readonly decision: ListDecision }
  /** What became of a request whose id begins with the service's name. */
  | Extract<EndpointAction, { type: 'response' | 'failed' }>
  | { readonly type: 'tick' };

/** What a `MessageListService` wants done, in this order. */
export type ListServiceAction =
  | Respond
  | Extract<EndpointInput, { type: 'send' }>
  /**
   * Whether this sender may use the service, and for these recipients; to be answered by 'decision'. Who the sender is
   * must have been proved: the service itself believes From. Silence is answered 504.
   */
  | {
      readonly type: 'authorize';
      readonly list: string;
      /** The canonical address of From. */
      readonly sender: string;
      readonly recipients: readonly string[];
      readonly request: SipRequest;
    }
  /** What became of one recipient's copy, for logs and figures: its sender is not told. */
  | {
      readonly type: 'copied';
      readonly list: string;
      readonly recipient: string;
      /** `overrun`: too many wait for this recipient; it was not sent. */
      readonly outcome: ReturnType<typeof outcomeOf> | 'overrun';
      readonly status: number | undefined;
    };

/** What a `MessageListService` is made of. */
export interface ListServiceOptions {
  readonly random: Random;
  /** The realms of this server, whose credentials are not sent on. */
  readonly realms?: readonly string[] | undefined;
  /** Whether a URI is that of a list here. A list with such a recipient is refused, so that lists can't make circles. */
  isList?(uri: string): boolean;
  /** Whether an element is in the trust domain, so that its P-Asserted-Identity is believed; none unless given. */
  isTrusted?(peer: Peer): boolean;
  /** Whether the next hop towards a recipient is in the trust domain; none unless given. */
  isTrustedNextHop?(uri: string): boolean;
  /** Whether a body part is for the service, such as one encrypted for it, and not to be sent on; none unless given. */
  isForService?(part: Part): boolean;
  /** Whether it is known that every hop to a recipient controls congestion, which lifts the limit of 1300 bytes. */
  isCongestionSafe?(uri: string): boolean;
  readonly limits?: Partial<ListServiceLimits> | undefined;
}

/** Bounds of what senders can make a `MessageListService` do. */
export interface ListServiceLimits {
  /** Recipients of one message; default 100; above it 413. */
  readonly recipients: number;
  /** Bytes of a body, with the list; default 65,536; above it 413. */
  readonly bodyBytes: number;
  /** Messages that wait for a decision; default 10,000; above it 503 with Retry-After. */
  readonly waiting: number;
  /** Copies that are under way or wait for their turn; default 100,000; above it 503 with Retry-After. */
  readonly copies: number;
  /** Of these, for one recipient; default 100. */
  readonly copiesPerRecipient: number;
  /** How long to wait for a decision before answering 504; default 10. */
  readonly decisionSeconds: number;
  /** The Retry-After of the 503; default 60. */
  readonly retryAfterSeconds: number;
}

/** The limits in force unless the caller gives others. */
export const defaultListServiceLimits: ListServiceLimits = {
  recipients: 100,
  bodyBytes: 65_536,
  waiting: 10_000,
  copies: 100_000,
  copiesPerRecipient: 100,
  decisionSeconds: 10,
  retryAfterSeconds: 60,
};
