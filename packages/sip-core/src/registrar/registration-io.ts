import type { EndpointAction, EndpointInput } from '../endpoint/io.ts';
import type { Peer } from '../endpoint/peer.ts';
import type { Instant, Random } from '../machine.ts';
import type { HeaderEdit, SipRequest, SipResponse } from '../message/index.ts';
import type { NameAddr } from '../name-addr.ts';

/** What a `Registration` is told. */
export type RegistrationInput =
  /** Register, and stay registered. */
  | { readonly type: 'register' }
  /** Ask which contacts are registered. */
  | { readonly type: 'fetch' }
  /** Take the contact back, or `all` contacts of everybody. */
  | { readonly type: 'remove'; readonly all?: boolean | undefined }
  /** The endpoint's, for what was sent; others are ignored. */
  | Extract<EndpointAction, { type: 'response' | 'failed' }>
  /** The flow that was registered on is gone: register again, on another one (RFC 5626 §4.5). */
  | { readonly type: 'flow-failed' }
  | { readonly type: 'tick' };

/** What a `Registration` wants done. */
export type RegistrationAction =
  | Extract<EndpointInput, { type: 'send' }>
  /** The contact is registered until then, at first and after each refresh. */
  | ({ readonly type: 'registered' } & Registered)
  /** The contact is not registered any more. */
  | { readonly type: 'unregistered'; readonly reason: 'removed' | 'expired' }
  /** A REGISTER was refused, or came to nothing. What was registered before still is, until it expires. */
  | {
      readonly type: 'failed';
      readonly operation: RegisterOperation;
      /** What was answered; 408 when nothing was, 503 when nothing could be sent. */
      readonly status: number;
      /** When it will be tried again; `undefined` when it won't. */
      readonly retryAt: Instant | undefined;
    }
  /** All contacts of the address-of-record, as an answer to 'fetch' and 'remove'. */
  | { readonly type: 'contacts'; readonly contacts: readonly NameAddr[] };

/** What a REGISTER is sent for. */
export type RegisterOperation = 'register' | 'fetch' | 'remove' | 'remove-all';

/** What a registrar said about a registration. */
export interface Registered {
  readonly expiresAt: Instant;
  /** All contacts of the address-of-record, those of others too. */
  readonly contacts: readonly NameAddr[];
  /** GRUUs are to be handed out as they are (RFC 5627 §4.2). */
  readonly publicGruu: string | undefined;
  /** All that are valid now, the newest one last. They end with the registration. */
  readonly temporaryGruus: readonly string[];
  /** Whether the registrar applied the rules of RFC 5626: then keep-alives are to be sent (§4.2.1). */
  readonly usesOutbound: boolean;
  /** Seconds between keep-alives, at most, when the registrar says so (RFC 5626 §4.4). */
  readonly flowTimerSeconds: number | undefined;
  /** The registrar's time, to set clocks by (RFC 3261 §10.2.5). */
  readonly date: Instant | undefined;
}

/** What a `Registration` is made of. */
export interface RegistrationOptions {
  /** A `sip:` or `sips:` URI. */
  readonly aor: string;
  /** Where requests for it shall go. */
  readonly contact: string;
  readonly random: Random;
  /** The Request-URI; default the domain of the address-of-record (RFC 3261 §10.2.6). */
  readonly registrar?: string | undefined;
  /** Parameters of the Contact as they are written, e.g. `{ q: '0.5', audio: undefined }` (RFC 3840 §9). */
  readonly params?: Readonly<Record<string, string | undefined>> | undefined;
  /** The URN of this instance, the same for ever: gives GRUUs (RFC 5626 §4.1, RFC 5627 §4.1). */
  readonly instance?: string | undefined;
  /** The number of this flow, 1 to 2**31-1, the same after each start: asks for outbound (RFC 5626 §4.2.1). */
  readonly regId?: number | undefined;
  /** What to ask for; default 3600. */
  readonly expiresSeconds?: number | undefined;
  /** Route values to put before each request, such as an outbound proxy. */
  readonly route?: readonly string[] | undefined;
  /** Where to send to, instead of where Route or Request-URI point. */
  readonly to?: Peer | undefined;
  /** What begins the ids of its requests; distinguishes several registrations of one endpoint. Default `registration`. */
  readonly name?: string | undefined;
  /** Answers challenges: a `DigestClient`. Without it they are refusals. */
  readonly digest?: Authenticator | undefined;
  /** Seconds to wait after failures, doubled with each: RFC 5626 §4.5's 30, and 1800 at most. */
  readonly retry?: { readonly baseSeconds: number; readonly maxSeconds: number } | undefined;
}

/** The part of `DigestClient` that is needed here. */
export interface Authenticator {
  challenged(request: SipRequest, response: SipResponse): boolean;
  authorize(request: SipRequest): readonly HeaderEdit[];
}
