import type { EndpointInput } from '../endpoint/io.ts';
import type { Peer } from '../endpoint/peer.ts';
import type { Instant, Random } from '../machine.ts';
import type { SipRequest } from '../message/index.ts';
import type { ExpiresRange } from './update.ts';

/** What a `Registrar` is told. */
export type RegistrarInput =
  /**
   * A REGISTER, as the endpoint's 'request' brought it, with what is known of its sender. REGISTERs are to be handed
   * over in the order in which they came.
   */
  | {
      readonly type: 'register';
      readonly transaction: string;
      readonly request: SipRequest;
      readonly peer: Peer;
      /** The address-of-record, canonical, of whoever was proved to have sent it; `undefined` when nobody was. */
      readonly identity: string | undefined;
      /**
       * Whether that identity may look at and change the bindings: `forbid` is answered 403, `unknown` (nobody has that
       * address-of-record) 404. Unless given, everybody may for their own address-of-record, and for no other.
       */
      readonly permission?: 'allow' | 'forbid' | 'unknown' | undefined;
    }
  /** Nothing can be delivered over this flow any more: its connection closed, or the host says that nobody is there. */
  | { readonly type: 'flow-failed'; readonly peer: Peer }
  /** Removes all bindings of an address-of-record, as when its account ends. */
  | { readonly type: 'evict'; readonly aor: string }
  /**
   * Gives back what is stored under a key: after a restart, or in place of what could not be stored;
   * `undefined` when nothing is.
   */
  | { readonly type: 'restore'; readonly key: string; readonly record: Uint8Array | undefined }
  | { readonly type: 'tick' };

/** What a `Registrar` wants done, in this order. */
export type RegistrarAction =
  | Extract<EndpointInput, { type: 'respond' }>
  /** A REGISTER for a domain that is not this registrar's: the proxy's to forward (RFC 3261 §10.3 step 1). */
  | {
      readonly type: 'forward';
      readonly transaction: string;
      readonly request: SipRequest;
      readonly peer: Peer;
    }
  /** Store this before carrying out the actions that follow: all bindings of one address-of-record. */
  | {
      readonly type: 'save';
      readonly key: string;
      readonly record: Uint8Array;
      readonly expiresAt: Instant;
    }
  | { readonly type: 'forget'; readonly key: string }
  /** A contact can be reached under an address-of-record from now on, or still. */
  | {
      readonly type: 'registered';
      readonly aor: string;
      readonly contact: string;
      readonly change: 'created' | 'refreshed';
    }
  /** A contact can't be reached any more; so many others can. */
  | {
      readonly type: 'unregistered';
      readonly aor: string;
      readonly contact: string;
      readonly reason: 'removed' | 'expired' | 'flow-failed' | 'evicted';
      readonly remaining: number;
    };

/** What a `Registrar` is made of. */
export interface RegistrarOptions {
  /** Domains whose addresses-of-record are registered here. */
  readonly domains: readonly string[];
  /** Other names and addresses of this server that a Request-URI may have: a registrar for all of the domains. */
  readonly hosts?: readonly string[] | undefined;
  readonly random: Random;
  /** In seconds; default 60 to 7200, and 3600 where nothing is asked for. */
  readonly expires?: Partial<ExpiresRange> | undefined;
  /** 32 random bytes, kept for ever: with another key all GRUUs are others. Without a key there are none. */
  readonly gruuKey?: Uint8Array | undefined;
  /**
   * What becomes of a Path whose user agent does not say that it knows Path: `refuse` it with 420, as RFC 3327 §5.3
   * recommends, or `accept` it. Default `refuse`.
   */
  readonly unannouncedPath?: 'refuse' | 'accept' | undefined;
  /**
   * How often, in seconds, user agents with a flow to this server shall show that they are there (RFC 5626 §6). What
   * closes silent flows has to wait longer. Unless given they choose.
   */
  readonly flowTimerSeconds?: number | undefined;
  readonly limits?: Partial<RegistrarLimits> | undefined;
}

/** Bounds of what user agents can make a registrar hold. */
export interface RegistrarLimits {
  /** All bindings; default 1,000,000; above it 503 with Retry-After. */
  readonly bindings: number;
  /** Bindings of one address-of-record; default 16; above it 403. */
  readonly perAddress: number;
  /** Characters of one Contact value, and of a Path; default 1024; above it 400. */
  readonly contactLength: number;
  /** The Retry-After of the 503; default 60. */
  readonly retryAfterSeconds: number;
}

/** The limits in force unless the caller gives others. */
export const defaultRegistrarLimits: RegistrarLimits = {
  bindings: 1_000_000,
  perAddress: 16,
  contactLength: 1024,
  retryAfterSeconds: 60,
};

/** The expiration intervals unless the caller gives others. */
export const defaultExpires: ExpiresRange = { minimum: 60, maximum: 7200, default: 3600 };
