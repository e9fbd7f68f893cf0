import { equals, parse } from '@sip-simple/xml';
import { describe, expect, test } from 'vitest';
import { apply, diff, parsePatch } from '../../src/index.ts';
import { EXAMPLES, fixture } from '../fixtures.ts';

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
