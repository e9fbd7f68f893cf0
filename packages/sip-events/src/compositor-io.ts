import type { EndpointAction, EndpointInput, SipRequest } from '@sip-simple/sip-core';
import type { Publication } from './event-package.ts';
import type { EventServerOptions, StoreAction } from './event-server.ts';

/** What an `EventStateCompositor` is told. */
export type CompositorInput =
  /** The endpoint's action, when it brings a PUBLISH. */
  | Extract<EndpointAction, { type: 'request' }>
  /** Answers 'authorize'. */
  | {
      readonly type: 'decision';
      readonly publication: string;
      readonly decision: 'allow' | 'block';
    }
  /**
   * Gives back what is stored under a key: after a restart, or in place of what could not be stored;
   * `undefined` when nothing is.
   */
  | { readonly type: 'restore'; readonly key: string; readonly record: Uint8Array | undefined }
  | { readonly type: 'tick' };

/** What an `EventStateCompositor` wants done, in this order. */
export type CompositorAction =
  | Extract<EndpointInput, { type: 'respond' }>
  /** Whether somebody may publish for a resource: to be answered by 'decision'; silence is answered 504. */
  | {
      readonly type: 'authorize';
      readonly publication: string;
      readonly publisher: string;
      readonly resource: string;
      readonly event: string;
      readonly request: SipRequest;
    }
  /** If storing fails see `EventStateCompositor`. */
  | StoreAction
  /** The event state of a resource has changed: these are its publications now, oldest first. */
  | {
      readonly type: 'published';
      readonly event: string;
      readonly resource: string;
      readonly publications: readonly Publication[];
    };

/** What an `EventStateCompositor` is made of. */
export interface CompositorOptions extends EventServerOptions {
  /** Who publishes; default the canonical address of the From header field. */
  publisherOf?(request: SipRequest): string;
  readonly limits?: Partial<CompositorLimits> | undefined;
}

/** Bounds of what publishers can make a compositor hold. */
export interface CompositorLimits {
  /** All publications; default 1,000,000; above it 503 with Retry-After. */
  readonly publications: number;
  /** Publications of one resource; default 100; above it 503 with Retry-After. */
  readonly perResource: number;
  /** Bytes of a body; default 65,536; above it 413. */
  readonly bodyBytes: number;
  /** PUBLISHes that wait for a decision; default 10,000; above it 503 with Retry-After. */
  readonly waiting: number;
  /** The Retry-After of the 503; default 60. */
  readonly retryAfterSeconds: number;
  /** How long to wait for a decision before answering 504; default 10. */
  readonly decisionSeconds: number;
}

export const defaultCompositorLimits: CompositorLimits = {
  publications: 1_000_000,
  perResource: 100,
  bodyBytes: 65_536,
  waiting: 10_000,
  retryAfterSeconds: 60,
  decisionSeconds: 10,
};
