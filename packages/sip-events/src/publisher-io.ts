import type { EndpointAction, EndpointInput, Instant, Random } from '@sip-simple/sip-core';
import type { Authenticator } from './sent-requests.ts';

/** What a `Publisher` is told. */
export type PublisherInput =
  | Extract<EndpointAction, { type: 'response' | 'failed' }>
  /** Publish this, or put it in the place of what was published under that name before. */
  | {
      readonly type: 'publish';
      /** The caller's name for the publication. */
      readonly publication: string;
      /** The Request-URI: whose state it is. */
      readonly uri: string;
      /** From, as a URI; default the Request-URI. */
      readonly from?: string | undefined;
      readonly event: string;
      readonly body: Uint8Array;
      readonly mediaType: string;
      /** Seconds to ask for; left out, the compositor chooses. */
      readonly expiresSeconds?: number | undefined;
      /** The entity-tag of an earlier run, tried before publishing anew (RFC 3903 §4.2). */
      readonly entityTag?: string | undefined;
    }
  /** Take the publication back. */
  | { readonly type: 'remove'; readonly publication: string }
  | { readonly type: 'tick' };

/** What a `Publisher` wants done. */
export type PublisherAction =
  | Extract<EndpointInput, { type: 'send' }>
  /** How a publication stands: `published` again after each success, the others once, at its end. */
  | {
      readonly type: 'publication';
      readonly publication: string;
      readonly state: 'published' | 'removed' | 'failed';
      readonly entityTag?: string | undefined;
      readonly expiresAt?: Instant | undefined;
      /** The status that ended it; 408 for silence, 503 for a broken transport. */
      readonly status?: number | undefined;
    };

/** What a `Publisher` is made of. */
export interface PublisherOptions {
  readonly random: Random;
  /** Begins the ids of 'send' actions; default `publisher`. */
  readonly name?: string | undefined;
  /** Answers the challenges of compositors and proxies; without it they end a publication. */
  readonly authenticator?: Authenticator | undefined;
}
