const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/**
 * Copies texts that were cut from a message. A piece of a string keeps the whole string in memory, and what is kept for
 * hours must not keep the message that it came in.
 *
 * @param texts without line breaks
 */
export function detached(texts: readonly string[]): readonly string[] {
  return decoder.decode(encoder.encode(texts.join('\n'))).split('\n');
}
