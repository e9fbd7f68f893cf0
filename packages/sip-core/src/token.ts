import type { Random } from './machine.ts';

/** 32 characters that differ in lower case too: tokens are compared without regard to case (RFC 3261 §7.3.1). */
const ALPHABET = 'abcdefghijkmnpqrstuvwxyz23456789';
const LENGTH = 16;

/** Makes unguessable tokens of 80 bits for tags and branches, asking the random source for many at a time. */
export class Tokens {
  readonly #random: Random;
  #salt: string | undefined;
  #pool: Uint8Array = new Uint8Array(0);
  #used = 0;

  constructor(random: Random) {
    this.#random = random;
  }

  next(): string {
    if (this.#used + LENGTH > this.#pool.length) {
      this.#pool = this.#random(LENGTH * 64);
      this.#used = 0;
    }
    let token = '';
    const end = this.#used + LENGTH;
    for (let at = this.#used; at < end; at += 1) token += ALPHABET[(this.#pool[at] ?? 0) & 31];
    this.#used = end;
    return token;
  }

  /** A token that is the same for the same text, for answers of which nothing is kept (RFC 3261 §8.2.7). */
  of(text: string): string {
    this.#salt ??= this.next();
    const salted = this.#salt + text;
    let first = 0x811c9dc5;
    let second = 0x9e3779b9;
    for (let at = 0; at < salted.length; at += 1) {
      const code = salted.charCodeAt(at);
      first = Math.imul(first ^ code, 0x01000193);
      second = Math.imul(second ^ code, 0x85ebca6b) ^ (second >>> 13);
    }
    return (first >>> 0).toString(36) + (second >>> 0).toString(36);
  }
}
