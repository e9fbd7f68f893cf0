import type {
  Dialogs,
  EndpointAction,
  EndpointInput,
  HeaderEdit,
  Peer,
  Random,
  SipRequest,
  SipResponse,
} from '@sip-simple/sip-core';
import type { MessageContent, OutgoingMessage } from './message-request.ts';

/** What a `MessageSender` is told. */
export type SenderInput =
  /** Send a message; `id` comes back in 'outcome'. */
  | {
      readonly type: 'message';
      readonly id: string;
      readonly message: OutgoingMessage;
      /** The next hop; unless given it follows from the Route or the Request-URI. */
      readonly to?: Peer | undefined;
      /** That it is known that no hop on the way is without congestion control, which lifts the limit of 1300 bytes. */
      readonly isCongestionSafe?: boolean | undefined;
    }
  /** Send a message in a dialog that something else made; never make one for messages alone (RFC 3428 §2). */
  | {
      readonly type: 'message-in-dialog';
      readonly id: string;
      readonly dialog: string;
      readonly message: MessageContent;
      readonly isCongestionSafe?: boolean | undefined;
    }
  /** What became of a request whose id begins with the sender's name. */
  | Extract<EndpointAction, { type: 'response' | 'failed' }>;

/**
 * What became of a message.
 *
 * - `delivered`: a user agent of the recipient took it. That does not say that anybody has read it, nor that no other
 *   user agent got it too: a proxy may have forked it and tells of one answer only (RFC 3428 §4).
 * - `accepted`: a relay, a gateway or a list service took it and may deliver it later, or never (202).
 * - `refused`: it got there and was refused (6xx).
 * - `failed`: it was not delivered; `status` says why, silence counts as 408 and a broken transport as 503.
 * - `expired`: its time was up before its turn came; it was not sent.
 * - `too-large`: it would have more than 1300 bytes on a way that may be without congestion control; it was not sent.
 * - `overrun`: too many wait for the same destination; it was not sent.
 */
export type MessageOutcome =
  | 'delivered'
  | 'accepted'
  | 'refused'
  | 'failed'
  | 'expired'
  | 'too-large'
  | 'overrun';

/** What a `MessageSender` wants done, in this order. */
export type SenderAction =
  | Extract<EndpointInput, { type: 'send' }>
  | {
      readonly type: 'outcome';
      readonly id: string;
      readonly outcome: MessageOutcome;
      /** The final status; `undefined` for what was not sent. */
      readonly status: number | undefined;
      readonly response: SipResponse | undefined;
    };

/** What answers challenges; a `DigestClient` of sip-core does. */
export interface MessageCredentials {
  challenged(request: SipRequest, response: SipResponse): boolean;
  authorize(request: SipRequest): readonly HeaderEdit[];
}

/** What a `MessageSender` is made of. */
export interface SenderOptions {
  readonly random: Random;
  /** The dialogs of 'message-in-dialog'. */
  readonly dialogs?: Dialogs | undefined;
  /** Answers 401 and 407; without it they are failures. */
  readonly credentials?: MessageCredentials | undefined;
  /** How many messages may wait for one destination, the one under way included; default 100. */
  readonly waiting?: number | undefined;
}
