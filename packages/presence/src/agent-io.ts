import type { Dialogs, EndpointAction, LocalAddress, Peer, Random, SipRequest } from '@sip-simple/sip-core';
import type {
  CompositorAction,
  CompositorInput,
  CompositorLimits,
  EventPackage,
  NotifierAction,
  NotifierInput,
  NotifierLimits,
} from '@sip-simple/sip-events';

/** What a `PresenceAgent` is told. */
export type PresenceAgentInput =
  /** The endpoint's actions of these types are taken as they are. */
  | Extract<EndpointAction, { type: 'request' | 'response' | 'failed' }>
  /** Answers 'authorize', or changes what was decided about a watcher before. */
  | Extract<NotifierInput | CompositorInput, { type: 'decision' }>
  /** Gives back what is stored under a key that a 'save' action named; `undefined` when nothing is. */
  | { readonly type: 'restore'; readonly key: string; readonly record: Uint8Array | undefined }
  /** Ends all subscriptions so that their watchers subscribe again: `terminated;reason=deactivated`. */
  | { readonly type: 'shutdown' }
  | { readonly type: 'tick' };

/** What a `PresenceAgent` wants done, in this order. */
export type PresenceAgentAction = NotifierAction | Exclude<CompositorAction, { type: 'published' }>;

/** What a `PresenceAgent` is made of. */
export interface PresenceAgentOptions {
  /** Shared with the endpoint. */
  readonly dialogs: Dialogs;
  readonly random: Random;
  /** Domains whose presentities are served, in lower case; requests for others are answered 404. */
  readonly domains?: readonly string[] | undefined;
  /** The open listeners, for Contact; may be set later. */
  readonly addresses?: readonly LocalAddress[] | undefined;
  /** In place of `domains`: the presentity that a request is for, `undefined` for 404; see `presentityOf`. */
  resourceOf?(request: SipRequest): string | undefined;
  /** In place of `addresses`: the Contact value for the dialog that a SUBSCRIBE from `peer` opens. */
  contact?(request: SipRequest, peer: Peer): string;
  /** `allow` (the default) lets everybody watch and publish; `ask` emits 'authorize' for each. */
  readonly policy?: 'allow' | 'ask' | undefined;
  /** The package served; default `presencePackage()`. */
  readonly package?: EventPackage | undefined;
  /** Whether to emit 'save' and 'forget'; default true. */
  readonly isPersistent?: boolean | undefined;
  readonly limits?: Partial<NotifierLimits & CompositorLimits> | undefined;
}
