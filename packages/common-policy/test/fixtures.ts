import { readdirSync, readFileSync } from 'node:fs';

const fixtures = new URL('fixtures/', import.meta.url);

/** The bytes of a fixture, as `rfc4745/12-example.xml`. */
export function fixture(path: string): Uint8Array {
  return new Uint8Array(readFileSync(new URL(path, fixtures)));
}

/** All fixtures by name. */
export const FIXTURES: readonly (readonly [name: string, bytes: Uint8Array])[] = [
  'rfc4745',
  'rfc5025',
].flatMap((rfc) =>
  readdirSync(new URL(rfc, fixtures)).map((name) => [`${rfc}/${name}`, fixture(`${rfc}/${name}`)] as const),
);
