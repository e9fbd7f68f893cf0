import { readFileSync } from 'node:fs';

const fixtures = new URL('./fixtures/', import.meta.url);

/** The bytes of a fixture, as `rfc4826/3.3-resource-lists.xml`. */
export function fixture(path: string): Uint8Array {
  return new Uint8Array(readFileSync(new URL(path, fixtures)));
}
