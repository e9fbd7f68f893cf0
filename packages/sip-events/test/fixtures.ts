import { readFileSync } from 'node:fs';

/** The bytes of a fixture, as `rfc4661/6.1-what.xml`. */
export function fixture(path: string): Uint8Array {
  return new Uint8Array(readFileSync(new URL(`./fixtures/${path}`, import.meta.url)));
}
