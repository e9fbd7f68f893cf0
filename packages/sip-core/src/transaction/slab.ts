const CHUNK = 262_144;

/** A stretch of a chunk that many share. */
export interface Stretch {
  readonly chunk: Uint8Array;
  readonly start: number;
  readonly end: number;
}

/**
 * Copies of small byte strings that live about equally long, packed into chunks.
 *
 * An array of its own costs some three hundred bytes beside its content, a stretch of a chunk a tenth of it:
 * with hundreds of thousands of responses waiting for retransmissions that is most of their memory. A chunk is
 * freed when the last of its stretches is forgotten.
 */
export class Slab {
  #chunk: Uint8Array = new Uint8Array(0);
  #used = 0;

  keep(bytes: Uint8Array): Stretch {
    if (bytes.length > CHUNK / 16) return { chunk: bytes.slice(), start: 0, end: bytes.length };
    if (this.#used + bytes.length > this.#chunk.length) {
      this.#chunk = new Uint8Array(CHUNK);
      this.#used = 0;
    }
    const start = this.#used;
    this.#chunk.set(bytes, start);
    this.#used += bytes.length;
    return { chunk: this.#chunk, start, end: this.#used };
  }
}
