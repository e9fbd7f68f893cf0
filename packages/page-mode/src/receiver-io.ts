import type {
  EndpointAction,
  Instant,
  MediaType,
  NameAddr,
  Peer,
  Random,
  SipRequest,
} from '@sip-simple/sip-core';
import type { Respond } from './errors.ts';

/** What a `MessageReceiver` is told: the endpoint's action, when it brings a MESSAGE. */
export type ReceiverInput = Extract<EndpointAction, { type: 'request' }>;

/** What a `MessageReceiver` wants done, in this order. */
export type ReceiverAction =
  | Respond
  /** A message for the user. */
  | {
      readonly type: 'message';
      /** Who says that they sent it. */
      readonly from: NameAddr;
      /** The dialog that it came in, and whose media sessions it belongs to. */
      readonly dialog: string | undefined;
      /** `undefined` when there is no body. */
      readonly contentType: MediaType | undefined;
      readonly body: Uint8Array;
      /** What its Date says. */
      readonly sentAt: Instant | undefined;
      /** When it expires; `undefined` when it doesn't. */
      readonly expiresAt: Instant | undefined;
      /** Whether it had when it came: whoever shows it has to say so (RFC 3428 §7). */
      readonly isExpired: boolean;
      readonly request: SipRequest;
    };

/** What a `MessageReceiver` is made of. */
export interface ReceiverOptions {
  readonly random: Random;
  /**
   * The media types that are understood; default `text/plain` and `message/cpim`; `'all'` for any.
   * `text/plain` is understood always, as RFC 3428 §7 asks. Others are answered 415 with an Accept of these.
   */
  readonly mediaTypes?: readonly string[] | 'all' | undefined;
  /** 200 for a user agent; 202 for what hands messages on to where their delivery is not certain. Default 200. */
  readonly status?: 200 | 202 | undefined;
  /** Whether messages that had expired when they came are thrown away or marked. Default `discard`. */
  readonly expired?: 'discard' | 'mark' | undefined;
  /**
   * How many seconds a Date may differ from now; what differs more is answered 400, as it may be replayed. Unless given
   * every Date is good: relays deliver late.
   * @see RFC 3428 §11.4
   */
  readonly dateWindowSeconds?: number | undefined;
  /** Whether a message comes from a relay that may deliver late, whatever its Date. */
  readonly isKnownRelay?: ((request: SipRequest, peer: Peer) => boolean) | undefined;
  /** Bytes of a body; default 65,536; above it 413. */
  readonly bodyBytes?: number | undefined;
  /**
   * How many messages are remembered so that one that comes again is answered, and not shown again; default 1000. Relays
   * send a message again when the answer to it was lost.
   */
  readonly remembered?: number | undefined;
}
