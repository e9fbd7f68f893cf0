import { readFileSync } from 'node:fs';

const fixtures = new URL('fixtures/', import.meta.url);

/** The text of a fixture, as `rfc5261/A.1-add-element.diff.xml`. */
export function fixture(path: string): string {
  return readFileSync(new URL(path, fixtures), 'utf8');
}

/** The examples of RFC 5261, Appendix A: each a target, a diff and a result. */
export const EXAMPLES = [
  'A.1-add-element',
  'A.2-add-attribute',
  'A.3-add-namespace',
  'A.4-add-comment',
  'A.5-add-nodes',
  'A.6-replace-element',
  'A.7-replace-attribute',
  'A.8-replace-namespace',
  'A.9-replace-comment',
  'A.10-replace-pi',
  'A.11-replace-text',
  'A.12-remove-element',
  'A.13-remove-attribute',
  'A.14-remove-namespace',
  'A.15-remove-comment',
  'A.16-remove-pi',
  'A.17-remove-text',
  'A.18-mangling',
];
