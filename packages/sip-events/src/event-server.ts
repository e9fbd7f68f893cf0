import type { Instant, Random, SipRequest } from '@sip-simple/sip-core';
import type { EventPackage } from './event-package.ts';

/** What the machines that serve event state, `Notifier` and `EventStateCompositor`, are made of alike. */
export interface EventServerOptions {
  readonly packages: readonly EventPackage[];
  readonly random: Random;
  /** The resource that a request is for; `undefined` is answered 404. */
  resourceOf(request: SipRequest): string | undefined;
  /** `ask` (the default) emits 'authorize' for each newcomer; `allow` admits everybody at once. */
  readonly policy?: 'ask' | 'allow' | undefined;
  /** Whether to emit 'save' and 'forget'; default true. */
  readonly isPersistent?: boolean | undefined;
}

/** What such a machine wants kept, and what not any more. */
export type StoreAction =
  /** Store this before carrying out the actions that follow. */
  | {
      readonly type: 'save';
      readonly key: string;
      readonly record: Uint8Array;
      readonly expiresAt: Instant;
    }
  | { readonly type: 'forget'; readonly key: string };
