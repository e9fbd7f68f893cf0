/** Bytes with the text in them, decoded once if it is all US-ASCII, else piece by piece. */
export class Source {
  readonly bytes: Uint8Array;
  readonly #start: number;
  readonly #end: number;
  readonly #isAscii: boolean;
  #text: string | undefined;

  /** @param isAscii whether there are only bytes below 128 from `start` to `end` */
  constructor(bytes: Uint8Array, start: number, end: number, isAscii: boolean) {
    this.bytes = bytes;
    this.#start = start;
    this.#end = end;
    this.#isAscii = isAscii;
  }

  /** The text between two offsets in the bytes; what is not UTF-8 becomes U+FFFD. */
  text(start: number, end: number): string {
    if (!this.#isAscii) return decode(this.bytes.subarray(start, end));
    this.#text ??= decode(this.bytes.subarray(this.#start, this.#end));
    return this.#text.slice(start - this.#start, end - this.#start);
  }
}

/** The text of bytes in UTF-8; what is not UTF-8 becomes U+FFFD. */
export function decode(bytes: Uint8Array): string {
  return DECODER.decode(bytes);
}

/** The bytes of a text in UTF-8. */
export function encode(text: string): Uint8Array {
  return ENCODER.encode(text);
}

const DECODER = /* @__PURE__ */ new TextDecoder('utf-8', { ignoreBOM: true });
const ENCODER = /* @__PURE__ */ new TextEncoder();
