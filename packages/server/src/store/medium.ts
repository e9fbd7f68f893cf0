import type { Instant } from '@sip-simple/sip-core';
import type { Revision, Survives } from './store.ts';

/** What a medium keeps under a key. */
export interface Stored {
  readonly value: Uint8Array;
  readonly revision: Revision;
  readonly expiresAt: Instant | undefined;
}

/**
 * Where a {@link MediumStore} puts things: an ordered map that can say when its changes are safe. It knows
 * nothing of expiry, conditions, watchers and queues.
 */
export interface Medium {
  /** The greatest revision in use; read once, after opening. */
  readonly revision: Revision;
  get(key: string): Stored | undefined;
  set(key: string, stored: Stored): void;
  /** Removes the entry; `revision` is that of the removal. */
  delete(key: string, revision: Revision): void;
  /** At most `limit` entries whose keys begin with `prefix` and are above `after`, in order. */
  page(
    prefix: string,
    after: string | undefined,
    limit: number,
  ): Promise<readonly (readonly [string, Stored])[]>;
  /** Fulfilled when all changes made before this call survive what is asked; rejects with `failed`. */
  safe(survives: Survives): Promise<void>;
  close(): Promise<void>;
}
