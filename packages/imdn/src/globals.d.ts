// The platform that every runtime gives: Node, Bun, Deno, workers and browsers.
declare class TextEncoder {
  encode(text: string): Uint8Array<ArrayBuffer>;
}
