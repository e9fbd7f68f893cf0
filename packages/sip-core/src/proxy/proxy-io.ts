import type { EndpointAction, EndpointInput } from '../endpoint/io.ts';
import type { LocalAddress, Peer } from '../endpoint/peer.ts';
import type { Random } from '../machine.ts';
import type { HeaderEdit, SipRequest } from '../message/index.ts';
import type { TransactionTimers } from '../transaction/timers.ts';
import type { SipUri, Uri } from '../uri.ts';

/**
 * What a {@link ProxyCore} is told: what the endpoint says of its transactions, and the answers to what it asked.
 */
export type ProxyInput =
  | Extract<EndpointAction, { type: 'forward' | 'cancelled' | 'response' | 'failed' }>
  /** The answer to 'admit': forward it. `route` are Route values to put first; they name loose routers. */
  | { readonly type: 'admitted'; readonly id: string; readonly route?: readonly string[] | undefined }
  /** The answer to 'admit': answer it with this status, e.g. 407 with a challenge. */
  | {
      readonly type: 'refused';
      readonly id: string;
      readonly status: number;
      readonly reason?: string | undefined;
      readonly headers?: readonly HeaderEdit[] | undefined;
    }
  /**
   * The answer to 'locate'. Without targets it is answered with `status`: 480 unless given, 404 where there is nobody of
   * that name, 485 with Contact where it could be several. May come again with targets that turn up later (§16.5).
   */
  | {
      readonly type: 'located';
      readonly id: string;
      readonly targets: readonly ProxyTarget[];
      readonly status?: number | undefined;
      readonly headers?: readonly HeaderEdit[] | undefined;
    }
  | { readonly type: 'tick' };

/** What a {@link ProxyCore} wants done. */
export type ProxyAction =
  /** For the endpoint. */
  | Extract<EndpointInput, { type: 'send' | 'respond' | 'cancel' }>
  /** Without a transaction: the ACK of a 2xx, or a CANCEL of no known request. */
  | Extract<EndpointAction, { type: 'transmit' | 'dropped' }>
  /** May this request go there? Answer with 'admitted' or 'refused'. Asked once for each request but ACK and CANCEL. */
  | {
      readonly type: 'admit';
      readonly id: string;
      readonly request: SipRequest;
      readonly peer: Peer;
      readonly reach: Reach;
    }
  /** Where is this user? Answer with 'located'. */
  | {
      readonly type: 'locate';
      readonly id: string;
      /** The Request-URI. */
      readonly uri: Uri;
      /** The same, canonical, as location services index it (§10.3). */
      readonly aor: string;
      readonly request: SipRequest;
    };

/**
 * Where a request would go.
 *
 * - `here`: to users of a domain that this proxy is responsible for
 * - `elsewhere`: to anybody else: to admit it from anybody makes an open relay
 * - `dialog`: along a route that this proxy gave to a dialog (it proved so)
 * - `flow`: over a flow that this proxy put into a Path (it proved so)
 */
export type Reach = 'here' | 'elsewhere' | 'dialog' | 'flow';

/** One place to forward to. What `Registrar.lookup` finds is of this form: pass `groups.flat()`. */
export interface ProxyTarget {
  /** The new Request-URI: a contact. */
  readonly uri: string;
  /** 0 to 1: the higher are tried first, the same at once. Default 1. */
  readonly q?: number | undefined;
  /** Route values to put first, of loose routers (RFC 3327 §5.4). */
  readonly path?: readonly string[] | undefined;
  /** The flow that the registration came on, to be sent over when there is no path. */
  readonly flow?: Peer | undefined;
  /** Of these, one at a time is tried (RFC 5626 §7). */
  readonly instance?: string | undefined;
  /** Above 0 for a binding of RFC 5626: sent over its flow and by no other way. */
  readonly regId?: number | undefined;
  /** Others for the same instance, tried one after another when this one answers 430 or 408. */
  readonly alternates?: readonly ProxyTarget[] | undefined;
}

/** What a {@link ProxyCore} is made of. */
export interface ProxyOptions {
  readonly random: Random;
  /**
   * The key of the marks in Record-Route and Path: 32 random bytes, the same after a restart and for all that answer
   * for each other.
   */
  readonly secret: Uint8Array;
  /** Whether the users of a Request-URI's domain are to be looked up here. */
  readonly isResponsible: (uri: Uri) => boolean;
  /** Whether a URI names this proxy as a hop. Those with its `addresses` always do. */
  readonly isOwn?: ((uri: SipUri) => boolean) | undefined;
  /** The endpoint's listeners; may be set later. */
  readonly addresses?: readonly LocalAddress[] | undefined;
  /** Option tags understood in Proxy-Require; others are answered 420. Default none. */
  readonly supported?: readonly string[] | undefined;
  /** Schemes forwarded; others are answered 416. Default sip and sips. */
  readonly schemes?: readonly string[] | undefined;
  /** Whether to stay on the path of dialogs. Default true; where TLS begins or ends it stays in any case (§16.6). */
  readonly recordRoute?: boolean | undefined;
  /** Whether to stay on the path of registrations elsewhere, with RFC 5626's flow tokens. Default false. */
  readonly path?: boolean | undefined;
  /** Whether to try the contacts of 3xx responses to requests for users here. Default false: the caller does. */
  readonly recurse?: boolean | undefined;
  /** Other header fields that decide what 'locate' finds: a request that comes back with another value spirals. */
  readonly routedBy?: readonly string[] | undefined;
  /** How long an INVITE may ring, in milliseconds, above 180 000 (timer C). Default 240 000. */
  readonly timerC?: number | undefined;
  /** The endpoint's. */
  readonly timers?: Partial<TransactionTimers> | undefined;
  /** With what the ids of its transactions and questions begin. Default `proxy/`. */
  readonly prefix?: string | undefined;
  readonly limits?: Partial<ProxyLimits> | undefined;
}

/** What a {@link ProxyCore} holds at most. */
export interface ProxyLimits {
  /** Requests under way; more are answered 503. */
  readonly contexts: number;
  /** Seconds in the Retry-After of that. */
  readonly retryAfterSeconds: number;
  /** Branches that one request may have in all; targets beyond are not tried. */
  readonly branches: number;
  /** Branches that one request may have at a time, here and further on (RFC 5393 §5). */
  readonly breadth: number;
}

/** The limits in force unless the caller gives others. */
export const defaultProxyLimits: ProxyLimits = {
  contexts: 100_000,
  retryAfterSeconds: 5,
  branches: 50,
  breadth: 60,
};
