import { readFileSync } from 'node:fs';
import { type CpimMessage, parse, serialize } from '../src/index.ts';

export function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

export function textOf(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
}

/** A message with these headers, and a short content. */
export function withHeaders(...lines: readonly string[]): CpimMessage {
  return parse(bytesOf([...lines, '', 'Content-Type: text/plain', '', 'Hello'].join('\r\n')));
}

/** The header lines of a message as `serialize` writes them. */
export function linesOf(message: CpimMessage): readonly string[] {
  const [head = ''] = textOf(serialize(message)).split('\r\n\r\n');
  return head === '' ? [] : head.split('\r\n');
}

export function fixture(name: string): Uint8Array {
  return new Uint8Array(readFileSync(new URL(`fixtures/${name}`, import.meta.url)));
}
