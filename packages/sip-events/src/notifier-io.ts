import type { Dialogs, EndpointAction, EndpointInput, Peer, SipRequest } from '@sip-simple/sip-core';
import type { EventServerOptions, StoreAction } from './event-server.ts';
import type { NotifierState, TerminationReason } from './subscription-state.ts';

/**
 * What a policy says of a watcher, in the words of RFC 5025 §3.1: may see the state, the presentity has to be
 * asked first, gets a state that hides everything, or is refused.
 */
export type Decision = 'allow' | 'confirm' | 'polite-block' | 'block';

/** What a `Notifier` is told. */
export type NotifierInput =
  /** The endpoint's actions of these types are taken as they are. */
  | Extract<EndpointAction, { type: 'request' | 'response' | 'failed' }>
  /** Answers 'authorize', or changes what was decided before. */
  | {
      readonly type: 'decision';
      readonly subscription: string;
      readonly decision: Decision;
      /** Which part of the state the watcher is shown: the `key` of its view. Default ''. */
      readonly view?: string | undefined;
    }
  /** The state of a resource has changed; `undefined` when nothing is known of it any more. */
  | { readonly type: 'state'; readonly event: string; readonly resource: string; readonly state: unknown }
  /** Ends all subscriptions that match what is given, each with a last NOTIFY. */
  | {
      readonly type: 'terminate';
      readonly reason: TerminationReason;
      readonly retryAfterSeconds?: number | undefined;
      readonly event?: string | undefined;
      readonly resource?: string | undefined;
      readonly subscription?: string | undefined;
    }
  /** Gives back what a 'save' action stored, before the first request. */
  | { readonly type: 'restore'; readonly key: string; readonly record: Uint8Array }
  | { readonly type: 'tick' };

/** What a `Notifier` wants done, in this order. */
export type NotifierAction =
  | Extract<EndpointInput, { type: 'respond' | 'send' }>
  /** Whether a watcher may subscribe: to be answered soon by 'decision'; silence counts as 'confirm'. */
  | {
      readonly type: 'authorize';
      readonly subscription: string;
      readonly watcher: string;
      readonly resource: string;
      readonly event: string;
      readonly request: SipRequest;
    }
  | StoreAction
  /** A subscription has come, moved to another state, or gone; for those who watch the watchers. */
  | {
      readonly type: 'changed';
      readonly subscription: string;
      readonly event: string;
      readonly resource: string;
      readonly watcher: string;
      readonly state: NotifierState;
      /** Why it ended; `notify-failed` when the watcher could not be reached or would not have it. */
      readonly reason?: TerminationReason | 'notify-failed' | undefined;
    };

/** What a `Notifier` is made of. */
export interface NotifierOptions extends EventServerOptions {
  /** Shared with the endpoint. */
  readonly dialogs: Dialogs;
  /** The Contact value for the dialog that a SUBSCRIBE opens, such as `<sip:192.0.2.1:5060;gr>`. */
  contact(request: SipRequest, peer: Peer): string;
  /** Who asks; default the canonical address of the From header field. */
  watcherOf?(request: SipRequest): string;
  /** The state of a resource now; `undefined` for the package's neutral state. */
  stateOf(event: string, resource: string): unknown;
  /** Begins the ids of 'send' actions, `notifier/1`; default `notifier`. */
  readonly name?: string | undefined;
  readonly limits?: Partial<NotifierLimits> | undefined;
}

/** Bounds of what watchers can make a notifier hold; above them a SUBSCRIBE is answered 503 with Retry-After. */
export interface NotifierLimits {
  /** All subscriptions; default 1,000,000. */
  readonly subscriptions: number;
  /** Subscriptions of one watcher; default 10,000. */
  readonly perWatcher: number;
  /** Watchers of one resource; default 100,000. */
  readonly perResource: number;
  /** The Retry-After of the 503; default 60. */
  readonly retryAfterSeconds: number;
  /** How long to wait for a decision before answering 200 with a pending subscription; default 2. */
  readonly decisionSeconds: number;
}

export const defaultNotifierLimits: NotifierLimits = {
  subscriptions: 1_000_000,
  perWatcher: 10_000,
  perResource: 100_000,
  retryAfterSeconds: 60,
  decisionSeconds: 2,
};
