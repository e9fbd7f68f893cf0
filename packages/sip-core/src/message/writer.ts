const encoder = new TextEncoder();

/** Allocating bytes costs as much as writing a message, so small messages share their allocation. */
const SLAB = 16_384;
let slab = new Uint8Array(SLAB);
let used = 0;

/** Writes bytes and text one after the other. One writer at a time: nothing may be written between two calls. */
export class ByteWriter {
  /** Bytes written so far. */
  length = 0;
  private readonly target: Uint8Array;
  private readonly start: number;

  /** @param bound how many bytes will be written at most */
  constructor(bound: number) {
    if (bound > SLAB / 4) {
      this.target = new Uint8Array(bound);
      this.start = 0;
    } else {
      if (used + bound > SLAB) {
        slab = new Uint8Array(SLAB);
        used = 0;
      }
      this.target = slab;
      this.start = used;
    }
  }

  copy(bytes: Uint8Array, from: number, to: number): void {
    const { target } = this;
    let at = this.start + this.length;
    // A view costs more than a few bytes copied one by one.
    if (to - from > 100) target.set(bytes.subarray(from, to), at);
    else for (let index = from; index < to; index++) target[at++] = bytes[index] ?? 0;
    this.length += to - from;
  }

  text(text: string): void {
    const { target } = this;
    let at = this.start + this.length;
    for (let index = 0; index < text.length; index++) {
      const code = text.charCodeAt(index);
      if (code > 127) {
        // Again from the beginning, as UTF-8.
        this.length += encoder.encodeInto(text, target.subarray(this.start + this.length)).written;
        return;
      }
      target[at++] = code;
    }
    this.length += text.length;
  }

  /** Writes a header field with its end of line. */
  field(name: string, value: string): void {
    this.text(name);
    this.text(': ');
    this.text(value);
    this.text('\r\n');
  }

  /** Gives what was written; the writer is done. */
  finish(): Uint8Array {
    if (this.target === slab) used = this.start + this.length;
    return this.target.subarray(this.start, this.start + this.length);
  }
}
