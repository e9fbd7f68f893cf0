import { readdirSync, readFileSync } from 'node:fs';

const fixtures = new URL('fixtures/', import.meta.url);

/** The bytes of a fixture, as `rfc4480/4-example.xml`. */
export function fixture(path: string): Uint8Array {
  return new Uint8Array(readFileSync(new URL(path, fixtures)));
}

/** All fixtures of an RFC, by name. */
export function fixturesOf(rfc: string): readonly (readonly [name: string, bytes: Uint8Array])[] {
  return readdirSync(new URL(`${rfc}/`, fixtures)).map((name) => [
    `${rfc}/${name}`,
    fixture(`${rfc}/${name}`),
  ]);
}
