import type { Random } from '@sip-simple/sip-core';

const alphabet = '0123456789abcdefghijklmnopqrstuv';
const length = 16;
const poolSize = 1024;

/**
 * Makes a source of unguessable tokens of 80 random bits: dialog tags, names of subscriptions, Call-IDs.
 * Random bytes are drawn by the kilobyte, because asking the platform costs more than the bytes.
 */
export function createTokens(random: Random): () => string {
  let pool = new Uint8Array(0);
  let used = 0;
  return () => {
    if (used + length > pool.length) {
      pool = Uint8Array.from(random(poolSize));
      used = 0;
    }
    let token = '';
    for (let i = 0; i < length; i++) token += alphabet[(pool[used + i] ?? 0) & 31];
    used += length;
    return token;
  };
}
