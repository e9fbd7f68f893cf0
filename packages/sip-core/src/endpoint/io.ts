import type { Dialog } from '../dialog/dialog.ts';
import type { SipError } from '../errors.ts';
import type { SipRequest, SipResponse } from '../message/index.ts';
import type { Peer } from './peer.ts';

/** What an {@link Endpoint} is told. */
export type EndpointInput =
  /**
   * One message arrived: a datagram, or what the framer cut from a stream. `fault` is why the framer could not cut
   * it: then it is not processed, and answered if it can be.
   */
  | {
      readonly type: 'received';
      readonly peer: Peer;
      readonly bytes: Uint8Array;
      readonly fault?: SipError | undefined;
    }
  /**
   * Start a client transaction; `id` comes back in 'response' and 'failed'. Via and Max-Forwards are added
   * here. Without `to`, the request goes where its first Route, or else its Request-URI, points. An ACK
   * (for a 2xx) is sent once and has no answer.
   *
   * `forwards` is a proxy's: the request has the Vias of those before us, its responses come back with all of
   * them, and the text, which may be empty and must be a token, ends the branch.
   */
  | {
      readonly type: 'send';
      readonly id: string;
      readonly request: SipRequest;
      readonly to?: Peer | undefined;
      readonly forwards?: string | undefined;
    }
  /**
   * Answer a request that a 'request' or 'forward' action brought. A response that is `forwarded` leaves as it is,
   * without another To tag or Via.
   */
  | {
      readonly type: 'respond';
      readonly transaction: string;
      readonly response: SipResponse;
      readonly forwarded?: boolean | undefined;
    }
  /** Send CANCEL for a pending INVITE of ours, as soon as it has been answered provisionally (§9.1). */
  | { readonly type: 'cancel'; readonly id: string }
  /** Sending to this peer failed: no route, no connection, or the connection broke. */
  | { readonly type: 'transport-failed'; readonly peer: Peer }
  | { readonly type: 'tick' };

/** What an {@link Endpoint} wants done. */
export type EndpointAction =
  | { readonly type: 'transmit'; readonly peer: Peer; readonly bytes: Uint8Array }
  /**
   * A new request, once, however often it was retransmitted; answer it with 'respond'. `dialog` is there
   * when it belongs to one, `usage` when one of its usages (or an expectation) accepts it. An ACK for a 2xx
   * comes this way too and is not answered: its `transaction` is that of the INVITE, or '' when that is gone.
   */
  | {
      readonly type: 'request';
      readonly transaction: string;
      readonly request: SipRequest;
      readonly peer: Peer;
      readonly dialog?: Dialog | undefined;
      readonly usage?: string | undefined;
    }
  /**
   * A new request that is a proxy's to deal with (see `forwards` in the options), once, unchecked but for what its
   * transaction needs; answer it with 'respond'. An ACK for a 2xx, and a CANCEL of no request known here, are to be
   * forwarded without a transaction: theirs is ''.
   */
  | {
      readonly type: 'forward';
      readonly transaction: string;
      readonly request: SipRequest;
      readonly peer: Peer;
    }
  /** The peer took back an INVITE that is not answered yet; the CANCEL itself is answered already (§9.2). */
  | { readonly type: 'cancelled'; readonly transaction: string; readonly request: SipRequest }
  /** The final response of the request could not be sent, or no ACK came for it. */
  | { readonly type: 'unanswered'; readonly transaction: string; readonly reason: FailureReason }
  | { readonly type: 'response'; readonly id: string; readonly response: SipResponse }
  | { readonly type: 'failed'; readonly id: string; readonly reason: FailureReason }
  /** Something was ignored; `reason` is for people and logs. */
  | { readonly type: 'dropped'; readonly peer: Peer; readonly reason: string };

/** No answer in 64*T1 (§17.1: to be treated as 408), or nothing could be sent (to be treated as 503, §8.1.3.1). */
export type FailureReason = 'timeout' | 'transport';
