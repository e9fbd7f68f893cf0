import { describe, expect, test } from 'vitest';
import { element, parse, text, document as wrap, type XmlElement } from '../../src/index.ts';
import { parseFilterExpression, parsePatchSelector, select } from '../../src/select/index.ts';

const none = new Map<string, string>();

describe('selectors built to explode', () => {
  const wide = parse(`<a>${'<a>x</a>'.repeat(50_000)}</a>`);
  let nested: XmlElement = element('', 'a', [], [text('x')]);
  for (let depth = 0; depth < 20_000; depth += 1) nested = element('', 'a', [], [nested]);
  const deep = wrap(nested);

  test.each([
    ['steps into depth', '//a'.repeat(2000), deep],
    ['steps into width', '//a'.repeat(2000), wide],
    ['the text of all elements', `//a[${'.="y" or '.repeat(800)}.="y"]`, deep],
    ['paths from all elements', '//a[a//a//a//a="y"]', deep],
    ['paths from all children', `/a/a[${'a//a//a//a="x" or '.repeat(400)}a="y"]`, wide],
  ])('%s: an end, soon', (_, expression, document) => {
    const selector = parseFilterExpression(expression, none);
    const start = performance.now();
    let error: unknown;
    try {
      select(document, selector);
    } catch (thrown) {
      error = thrown;
    }
    expect(performance.now() - start).toBeLessThan(2000);
    if (error !== undefined) expect(error).toMatchObject({ name: 'SelectorError', code: 'limit-work' });
  });

  test('work is counted, and the limit is the caller’s', () => {
    const selector = parseFilterExpression('//a[.="y"]', none);
    expect(() => select(wide, selector, { work: 1000 })).toThrow(
      expect.objectContaining({ code: 'limit-work' }),
    );
    expect(select(wide, selector)).toEqual([]);
  });

  test('as many predicates as a selector can hold are read and evaluated in little time', () => {
    const start = performance.now();
    for (const predicate of ["[.='x']", "[a='x']", "[@a='x']", '[1]', "[@a='']['"]) {
      const source = `a/a${predicate.repeat(Math.floor(8000 / predicate.length))}`;
      try {
        select(wide, parsePatchSelector(source, none));
      } catch (error) {
        expect(error).toMatchObject({ name: 'SelectorError' });
      }
    }
    expect(performance.now() - start).toBeLessThan(3000);
  });

  test('depth of the document does not matter', () => {
    expect(select(deep, parseFilterExpression('//a', none)).length).toBe(20_001);
    expect(select(deep, parsePatchSelector("*[.='x']", none)).length).toBe(1);
  });
});
