import type { Dialogs, EndpointAction, EndpointInput, Instant, Random } from '@sip-simple/sip-core';
import type { EventPackage } from './event-package.ts';
import type { Authenticator } from './sent-requests.ts';
import type { SubscriberState } from './subscription-state.ts';

/** What a subscriber has to know of an event package. */
export type SubscribedPackage = Pick<EventPackage, 'name' | 'mediaTypes' | 'expires' | 'forks'>;

/** What a `Subscriber` is told. */
export type SubscriberInput =
  /** The endpoint's actions of these types are taken as they are. */
  | Extract<EndpointAction, { type: 'request' | 'response' | 'failed' }>
  | {
      readonly type: 'subscribe';
      /** The caller's name for it, across re-subscriptions. */
      readonly subscription: string;
      /** The Request-URI: who or what is watched. */
      readonly uri: string;
      /** From, as a URI. */
      readonly from: string;
      readonly event: string;
      /** The `id` parameter of Event, for peers older than RFC 6665. */
      readonly eventId?: string | undefined;
      /** Seconds to ask for, default the package's; 0 fetches the state once (RFC 6665 §4.4.3). */
      readonly expiresSeconds?: number | undefined;
      /** Body types to accept, default all of the package. */
      readonly mediaTypes?: readonly string[] | undefined;
    }
  /** Asks for the state again, and for a full duration. */
  | { readonly type: 'refresh'; readonly subscription: string }
  | { readonly type: 'unsubscribe'; readonly subscription: string }
  | { readonly type: 'tick' };

/** What a `Subscriber` wants done. */
export type SubscriberAction =
  | Extract<EndpointInput, { type: 'respond' | 'send' }>
  /** A NOTIFY came: the state of the resource, or an empty body. */
  | {
      readonly type: 'notified';
      readonly subscription: string;
      /** Which of the notifiers that a fork reached. */
      readonly dialog: string;
      readonly body: Uint8Array;
      readonly mediaType: string | undefined;
    }
  /**
   * A subscription moved to another state. Its own end is `terminated` with no `retryAt`; with one, the
   * subscriber tries again by itself at that moment.
   */
  | {
      readonly type: 'subscription';
      readonly subscription: string;
      readonly dialog: string | undefined;
      readonly state: SubscriberState;
      /** The reason code of the last NOTIFY. */
      readonly reason?: string | undefined;
      /** The status that ended it; 408 for silence. */
      readonly status?: number | undefined;
      readonly expiresAt?: Instant | undefined;
      readonly retryAt?: Instant | undefined;
    };

/** What a `Subscriber` is made of. */
export interface SubscriberOptions {
  readonly packages: readonly SubscribedPackage[];
  /** Shared with the endpoint. */
  readonly dialogs: Dialogs;
  readonly random: Random;
  /** The Contact value of SUBSCRIBEs to a URI: where its NOTIFYs shall come. */
  contact(uri: string): string;
  /** Begins the ids of 'send' actions; default `subscriber`. */
  readonly name?: string | undefined;
  /** Answers the challenges of notifiers and proxies; without it they end an attempt. */
  readonly authenticator?: Authenticator | undefined;
  /** Timer N: milliseconds to wait for a NOTIFY, default 64*T1 = 32,000 (RFC 6665 §4.1.2.4). */
  readonly timerN?: number | undefined;
}
