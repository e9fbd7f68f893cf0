import { readFileSync } from 'node:fs';

const fixtures = new URL('../../../tools/conformance/fixtures/', import.meta.url);

/** The bytes of a fixture, as `rfc3863/4.3.1-default-namespace.xml`. */
export function fixture(path: string): Uint8Array {
  return new Uint8Array(readFileSync(new URL(path, fixtures)));
}

/** What a JSON fixture holds. */
export function expected(path: string): unknown {
  return JSON.parse(readFileSync(new URL(path, fixtures), 'utf8'));
}
