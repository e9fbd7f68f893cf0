import { hmac } from '@noble/hashes/hmac.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { Instant, Random } from '../machine.ts';
import { isSame } from './response.ts';

/** What became of a nonce that a client used. */
export type NonceUse = 'fresh' | 'replayed' | 'stale';

/** Counts seen with one nonce: the highest, and of the 32 up to it those that came. */
interface Seen {
  readonly issued: Instant;
  highest: number;
  window: number;
}

/**
 * Nonces that prove themselves: each holds the time it was made and a code over it, so that nothing is kept of those
 * that nobody uses. Of those in use the counts are kept, to refuse replays; where there are too many to keep, the
 * oldest become stale.
 *
 * @see RFC 7616 §3.3 nonce, §3.4 nc, §5.4
 */
export class Nonces {
  readonly #key: Uint8Array;
  readonly #random: Random;
  readonly #lifetime: number;
  readonly #limit: number;
  /** In the order of their first use. */
  readonly #seen = new Map<string, Seen>();
  /** Nothing issued up to then is taken: its counts may have been forgotten. */
  #horizon: Instant = Number.NEGATIVE_INFINITY;

  constructor(secret: Uint8Array, realm: string, random: Random, lifetime: number, limit: number) {
    this.#key = hmac(sha256, secret, utf8ToBytes(realm));
    this.#random = random;
    this.#lifetime = lifetime;
    this.#limit = limit;
  }

  issue(now: Instant): string {
    const head = `${Math.floor(now).toString(16).padStart(12, '0')}${bytesToHex(this.#random(8))}`;
    return head + this.#code(head);
  }

  /** Says whether a nonce was made here and is not too old, without using it. */
  isCurrent(nonce: string, now: Instant): boolean {
    const head = nonce.slice(0, HEAD);
    if (nonce.length !== HEAD + CODE || !isSame(nonce.slice(HEAD), this.#code(head))) return false;
    const issued = Number.parseInt(nonce.slice(0, 12), 16);
    return issued > this.#horizon && now - issued <= this.#lifetime && issued - now <= this.#lifetime;
  }

  /** Marks a count as used. Call it only for who has proved to know the password. */
  use(nonce: string, count: number, now: Instant): NonceUse {
    if (!this.isCurrent(nonce, now)) return 'stale';
    const seen = this.#seen.get(nonce);
    if (seen === undefined) {
      this.#forget(now);
      this.#seen.set(nonce, { issued: Number.parseInt(nonce.slice(0, 12), 16), highest: count, window: 1 });
      return 'fresh';
    }
    const ahead = count - seen.highest;
    if (ahead > 0) {
      seen.window = ahead > 31 ? 1 : (seen.window << ahead) | 1;
      seen.highest = count;
      return 'fresh';
    }
    const bit = 1 << -ahead;
    // Requests overtake one another, but not by more than the window remembers.
    if (ahead < -31 || (seen.window & bit) !== 0) return 'replayed';
    seen.window |= bit;
    return 'fresh';
  }

  /** Makes room: first of what is too old, then of the oldest, and what can't be told from it any more. */
  #forget(now: Instant): void {
    for (const [nonce, { issued }] of this.#seen) {
      if (now - issued <= this.#lifetime && this.#seen.size < this.#limit) return;
      this.#seen.delete(nonce);
      if (now - issued <= this.#lifetime) this.#horizon = Math.max(this.#horizon, issued);
    }
  }

  #code(head: string): string {
    return bytesToHex(hmac(sha256, this.#key, utf8ToBytes(head)).subarray(0, CODE / 2));
  }
}

/** Hexadecimal digits of the time and the random part, and of the code. */
const HEAD = 28;
const CODE = 32;
