import { document, equals, parse, serialize, serializeToString } from '@sip-simple/xml';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { apply, diff, parsePatch, writePatch } from '../src/index.ts';
import { runs, twoDocuments } from './arbitrary.ts';

describe('a patch made from two documents', () => {
  test('turns one into the other, whatever they are', () => {
    fc.assert(
      fc.property(twoDocuments, ([a, b]) => {
        const before = serializeToString(a);
        const patched = apply(a, diff(a, b));
        expect(equals(patched, b), JSON.stringify(diff(a, b).operations)).toBe(true);
        expect(equals(parse(serialize(patched)), b)).toBe(true);
        expect(serializeToString(a)).toBe(before);
      }),
      runs(1000),
    );
  });

  test('does so after it was sent, whatever the prefixes of the format', () => {
    fc.assert(
      fc.property(twoDocuments, fc.constantFrom('p:diff', 'diff', 'q:diff'), ([a, b], name) => {
        const sent = serialize(document(writePatch(diff(a, b), 'urn:diff', name)));
        const patched = apply(a, parsePatch(sent));
        expect(equals(patched, b), new TextDecoder().decode(sent)).toBe(true);
      }),
      runs(300),
    );
  });
});
