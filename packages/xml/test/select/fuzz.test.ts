import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { parse } from '../../src/index.ts';
import {
  parseFilterExpression,
  parseNodeSelector,
  parsePatchSelector,
  type Selector,
  SelectorError,
  select,
  selectNode,
} from '../../src/select/index.ts';
import { runs } from '../arbitrary.ts';

const words = [
  ...[
    'a',
    'b',
    'p:a',
    'é',
    'text()',
    'comment()',
    'processing-instruction(',
    'id(',
    "'x'",
    '"y"',
    '&amp;',
    '&',
    '<',
  ],
  ...[
    'namespace::',
    '*',
    '/',
    '//',
    '[',
    ']',
    '@',
    '=',
    '>',
    '.',
    '..',
    '(',
    ')',
    ' and ',
    ' or ',
    '1',
    '-1',
    ' ',
    ':',
    '|',
  ],
];
const selector = fc.oneof(
  fc.array(fc.constantFrom(...words), { maxLength: 12 }).map((all) => all.join('')),
  fc.string({ unit: 'binary', maxLength: 20 }),
);
const document = parse('<a xmlns:p="urn:p" b="y">x<p:a/><b><!--c--><a b="1">y</a></b><?x y?></a>');
const namespaces = new Map([['p', 'urn:p']]);

test.each<[string, (source: string) => Selector]>([
  ['RFC 4825', (source) => parseNodeSelector(source, namespaces)],
  ['RFC 5261', (source) => parsePatchSelector(source, namespaces)],
  ['RFC 4661', (source) => parseFilterExpression(source, namespaces)],
])('any text is a selector of %s or a SelectorError with a place in it', (_, read) => {
  fc.assert(
    fc.property(selector, (source) => {
      try {
        const compiled = read(source);
        expect(compiled.source).toBe(source);
        for (const { offset } of compiled.steps) expect(offset).toBeLessThanOrEqual(source.length);
        const found = select(document, compiled);
        expect(select(document, compiled, { max: 1 })).toEqual(found.slice(0, 1));
        selectNode(document, compiled);
      } catch (error) {
        if (!(error instanceof SelectorError)) throw error;
        expect(error.offset).toBeGreaterThanOrEqual(0);
        expect(error.offset).toBeLessThanOrEqual(source.length);
      }
    }),
    runs(1000),
  );
});
