import type { Instant } from '@sip-simple/sip-core';

/**
 * Remembers when to look at keys again. A key is in one one-second bucket at a time, so that refreshing an
 * entry ten times a second costs a look-up and no memory: the bucket finds out that the entry lives longer.
 */
export class Expiry {
  readonly #buckets = new Map<number, Set<string>>();
  readonly #bucketOf = new Map<string, number>();
  #swept = Number.NEGATIVE_INFINITY;

  /** Has `key` looked at once `expiresAt` is over, unless it will be looked at before anyway. */
  schedule(key: string, expiresAt: Instant): void {
    const second = Math.max(Math.ceil(expiresAt / 1000), this.#swept + 1);
    const planned = this.#bucketOf.get(key);
    if (planned !== undefined) {
      if (planned <= second) return;
      this.#buckets.get(planned)?.delete(key);
    }
    this.#bucketOf.set(key, second);
    const bucket = this.#buckets.get(second);
    if (bucket) bucket.add(key);
    else this.#buckets.set(second, new Set([key]));
  }

  /** Takes out the keys to look at: entries under them may have expired, others are to be scheduled again. */
  due(now: Instant): readonly string[] {
    const until = Math.floor(now / 1000);
    const keys: string[] = [];
    for (const [second, bucket] of this.#buckets) {
      if (second > until) continue;
      this.#buckets.delete(second);
      for (const key of bucket) {
        this.#bucketOf.delete(key);
        keys.push(key);
      }
    }
    this.#swept = until;
    return keys;
  }
}
