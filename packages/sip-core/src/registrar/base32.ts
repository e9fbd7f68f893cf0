/** 32 characters that differ in lower case too, as in `Tokens`: a token of 16 of them is 80 bits. */
const ALPHABET = 'abcdefghijkmnpqrstuvwxyz23456789';
const values: ReadonlyMap<string, number> = new Map(
  [...ALPHABET].map((character, index) => [character, index]),
);

/** Writes bytes, five bits to a character; what is missing in the last one is zero. */
export function toBase32(bytes: Uint8Array): string {
  let text = '';
  let held = 0;
  let bits = 0;
  for (const byte of bytes) {
    held = (held << 8) | byte;
    for (bits += 8; bits >= 5; bits -= 5) text += ALPHABET[(held >>> (bits - 5)) & 31];
    held &= 0xff;
  }
  return bits === 0 ? text : text + ALPHABET[(held << (5 - bits)) & 31];
}

/** Reads what `toBase32` wrote; `undefined` for other text. */
export function fromBase32(text: string): Uint8Array | undefined {
  const bytes = new Uint8Array((text.length * 5) >>> 3);
  let at = 0;
  let held = 0;
  let bits = 0;
  for (const character of text) {
    const value = values.get(character);
    if (value === undefined) return undefined;
    held = ((held & 0xff) << 5) | value;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      bytes[at++] = held >>> bits;
    }
  }
  return bytes;
}
