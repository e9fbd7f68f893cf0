import type { EndpointAction, EndpointInput, Instant, Peer, Random, SipRequest } from '@sip-simple/sip-core';
import type { Respond } from './errors.ts';

/** Where a message for somebody can be sent. */
export interface Destination {
  /** The Request-URI: a contact. */
  readonly uri: string;
  /** Route values that lead to it, in order. */
  readonly route?: readonly string[] | undefined;
  /** The next hop, such as the flow of a registration; unless given it follows from the route or the URI. */
  readonly to?: Peer | undefined;
}

/** What `StoreAndForward` is told. */
export type StoreAndForwardInput =
  /**
   * A MESSAGE that can't be delivered now, or for somebody for whom others are kept (see `pending`), so that it does not
   * overtake them.
   */
  | {
      readonly type: 'message';
      readonly transaction: string;
      readonly request: SipRequest;
      /** The canonical address-of-record of whom it is for, which is to exist. */
      readonly recipient: string;
    }
  /** Somebody can be reached, or can be still: the registrar's action. */
  | { readonly type: 'registered'; readonly aor: string }
  /** What became of a request whose id begins with this machine's name. */
  | Extract<EndpointAction, { type: 'response' | 'failed' }>
  /** Answers 'fetch'; `undefined` when nothing is stored under the key any more. */
  | { readonly type: 'fetched'; readonly key: string; readonly record: Uint8Array | undefined }
  /**
   * Gives back what is stored under a key: after a restart, or in place of what could not be stored; `undefined` when
   * nothing is.
   */
  | { readonly type: 'restore'; readonly key: string; readonly record: Uint8Array | undefined }
  /** After a restart, when all is restored, the registrations too: deliver to those who can be reached. */
  | { readonly type: 'resume' }
  /** Forgets all messages for somebody, as when their account ends. */
  | { readonly type: 'evict'; readonly aor: string }
  | { readonly type: 'tick' };

/**
 * What became of a message that was kept.
 *
 * - `delivered`: a user agent took it.
 * - `refused`: all that could be tried refused it, or one did for all of them (6xx).
 * - `expired`, `evicted`: its time was up; its recipient went.
 * - `lost`: the store has it no more, or not in a form that can be read.
 */
export type KeptOutcome = 'delivered' | 'refused' | 'expired' | 'evicted' | 'lost';

/** What `StoreAndForward` wants done, in this order. */
export type StoreAndForwardAction =
  | Respond
  | Extract<EndpointInput, { type: 'send' }>
  /**
   * Store this before carrying out the actions that follow, so that it survives a power cut. If that fails, answer 504
   * instead of what 'respond' says, and give `restore` with the key and no record.
   */
  | {
      readonly type: 'save';
      readonly key: string;
      readonly record: Uint8Array;
      readonly expiresAt: Instant;
    }
  | { readonly type: 'forget'; readonly key: string }
  /** Read what is stored under a key, and answer 'fetched'. */
  | { readonly type: 'fetch'; readonly key: string }
  /** For logs and figures. */
  | {
      readonly type: 'ended';
      readonly key: string;
      readonly recipient: string;
      readonly outcome: KeptOutcome;
      /** The status that ended it, where one did. */
      readonly status: number | undefined;
    };

/** What `StoreAndForward` is made of. */
export interface StoreAndForwardOptions {
  readonly random: Random;
  /** Where somebody can be reached now, best first; nothing while they can't. `destinationsOf` makes it of a lookup. */
  locate(recipient: string, now: Instant): readonly Destination[];
  /** Media types that are of use at once or not at all, and are not kept; default that of RFC 3994. */
  readonly transientTypes?: readonly string[] | undefined;
  readonly limits?: Partial<StoreAndForwardLimits> | undefined;
}

/** Bounds of what senders can make `StoreAndForward` hold, and how long. */
export interface StoreAndForwardLimits {
  /** All messages; default 1,000,000; above it 503 with Retry-After. */
  readonly messages: number;
  /** Messages for one recipient; default 200; above it 480 with Retry-After. */
  readonly perRecipient: number;
  /** Bytes of the messages for one recipient, header fields included; default 1 MiB; above it 480 with Retry-After. */
  readonly recipientBytes: number;
  /** Bytes of one message, header fields included; default 65,536; above it 413. */
  readonly messageBytes: number;
  /** How long messages are kept that don't expire before; default 14 days. */
  readonly keepSeconds: number;
  /** The Retry-After of 480 and 503; default 3600. */
  readonly retryAfterSeconds: number;
  /**
   * The first pause after nobody took it; each that follows is twice as long. Default 40, as for 32 s a user agent takes
   * what comes again for a loop (RFC 3261 §8.2.2.2).
   */
  readonly firstPauseSeconds: number;
  /** The longest pause; default 3600. A registration ends it. */
  readonly longestPauseSeconds: number;
}

/** The limits in force unless the caller gives others. */
export const defaultStoreAndForwardLimits: StoreAndForwardLimits = {
  messages: 1_000_000,
  perRecipient: 200,
  recipientBytes: 1 << 20,
  messageBytes: 65_536,
  keepSeconds: 14 * 86_400,
  retryAfterSeconds: 3600,
  firstPauseSeconds: 40,
  longestPauseSeconds: 3600,
};
