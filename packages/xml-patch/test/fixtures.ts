import { readFileSync } from 'node:fs';

const fixtures = new URL('fixtures/', import.meta.url);

/** The text of a fixture, as `rfc5261/A.1-add-element.diff.xml`. */
export function fixture(path: string): string {
  return readFileSync(new URL(path, fixtures), 'utf8');
}
