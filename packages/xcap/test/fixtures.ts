import { readFileSync } from 'node:fs';

/** The bytes of a fixture: `rfc5874/5-example.xml`. */
export function fixture(name: string): Uint8Array {
  return new Uint8Array(readFileSync(new URL(`fixtures/${name}`, import.meta.url)));
}
