import { document, element, equals, parse, type XmlDocument, type XmlNode } from '@sip-simple/xml';
import { describe, expect, test } from 'vitest';
import { apply, diff } from '../src/index.ts';

const limits = { bytes: 1e9, elements: 1e9, depth: 1e6 };

/** A list of that many entries, the word in the middle of it; 10 000 are a megabyte. */
function list(count: number, word: string): string {
  const entry = (index: number): string =>
    `  <entry id="e${index}" uri="sip:user${index}@example.com"><display-name>User ${
      index === count >> 1 ? word : 'number'
    } ${index}</display-name></entry>\n`;
  return `<list xmlns="urn:l">\n${Array.from({ length: count }, (_, index) => entry(index)).join('')}</list>`;
}

/** The best of a few times in milliseconds. */
function time(run: () => unknown): number {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 5; round += 1) {
    const start = performance.now();
    run();
    best = Math.min(best, performance.now() - start);
  }
  return best;
}

describe('large documents', () => {
  test('one word changed in a megabyte is one operation', () => {
    const a = parse(list(10_000, 'old'), { limits });
    const b = parse(list(10_000, 'new'), { limits });
    const patch = diff(a, b);
    expect(patch.operations).toMatchObject([
      { type: 'replace', value: { sel: "*/*[@id='e5000']/*[1]/text()" } },
    ]);
    expect(equals(apply(a, patch), b)).toBe(true);
  });

  test('making and applying it takes time in proportion to the size', () => {
    const [small, large] = [5_000, 40_000].map((count) => {
      const a = parse(list(count, 'old'), { limits });
      const b = parse(list(count, 'new'), { limits });
      const patch = diff(a, b);
      return { diff: time(() => diff(a, b)), apply: time(() => apply(a, patch)) };
    });
    // Eight times the size; quadratic time would be 64 times as long.
    expect((large?.diff ?? 0) / (small?.diff ?? 0)).toBeLessThan(30);
    expect((large?.apply ?? 0) / (small?.apply ?? 0)).toBeLessThan(30);
  });

  test('what two documents share is not looked into', () => {
    const a = parse(list(10_000, 'old'), { limits });
    const patch = diff(a, parse(list(10_000, 'new'), { limits }));
    const b = apply(a, patch);
    expect(diff(a, b)).toEqual(patch);
    expect(b.root.children[1]).toBe(a.root.children[1]);
    expect(apply(a, { operations: [] })).toBe(a);
    expect(diff(a, a).operations).toEqual([]);
  });

  const flat = (children: XmlNode[]): XmlDocument => document(element('', 'd', [], children));
  const many = (name: string, count: number): XmlNode[] =>
    Array.from({ length: count }, (_, index) =>
      element('', name, [], [{ type: 'text', value: String(index % 7) }]),
    );

  test.each([
    ['all in reverse', flat(many('a', 20_000)), flat(many('a', 20_000).reverse())],
    [
      'two halves exchanged',
      flat([...many('a', 20_000), ...many('b', 20_000)]),
      flat([...many('b', 20_000), ...many('a', 20_000)]),
    ],
    ['nothing in common', flat(many('a', 20_000)), flat(many('b', 20_000))],
    [
      'every second one gone',
      flat(many('a', 20_000)),
      flat(many('a', 20_000).filter((_, index) => index % 2 === 0)),
    ],
    [
      'every third one new',
      flat(many('a', 15_000)),
      flat(many('a', 15_000).flatMap((node, index) => (index % 3 ? [node] : [node, element('', 'n')]))),
    ],
    [
      'all of them, and texts between',
      flat(many('a', 5_000)),
      flat(many('a', 5_000).flatMap((node) => [node, { type: 'text', value: '\n' }])),
    ],
  ])('%s: equal in the end, and soon', (_, a, b) => {
    const start = performance.now();
    const patched = apply(a, diff(a, b));
    expect(performance.now() - start).toBeLessThan(5000);
    expect(equals(patched, b)).toBe(true);
  });

  test('depth is no harm', () => {
    const nested = (depth: number, word: string): string =>
      `${'<a>'.repeat(depth)}${word}${'</a>'.repeat(depth)}`;
    const a = parse(nested(1000, 'x'), { limits });
    const b = parse(nested(1000, 'y'), { limits });
    expect(equals(apply(a, diff(a, b)), b)).toBe(true);
  });
});
