import { equals, parse } from '@sip-simple/xml';
import { describe, expect, test } from 'vitest';
import { apply, diff, parsePatch } from '../../src/index.ts';
import { fixture } from '../fixtures.ts';

const EXAMPLES = [
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

describe('the examples of RFC 5261', () => {
  test.each(EXAMPLES)('%s: target and diff make the result', (name) => {
    const target = parse(fixture(`rfc5261/${name}.target.xml`));
    const result = parse(fixture(`rfc5261/${name}.result.xml`));
    const patched = apply(target, parsePatch(fixture(`rfc5261/${name}.diff.xml`)));
    expect(JSON.stringify(patched)).toBe(JSON.stringify(result));
    expect(equals(patched, result, { prefixes: true })).toBe(true);
  });

  test.each(EXAMPLES)('%s: the patch made from target and result does the same', (name) => {
    const target = parse(fixture(`rfc5261/${name}.target.xml`));
    const result = parse(fixture(`rfc5261/${name}.result.xml`));
    expect(equals(apply(target, diff(target, result)), result)).toBe(true);
  });
});
