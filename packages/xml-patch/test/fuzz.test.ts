import { equals, parse, serialize, serializeToString, type XmlNode } from '@sip-simple/xml';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { apply, type Operation, PatchError, parsePatch } from '../src/index.ts';
import { anyDocument, anyNodes, runs } from './arbitrary.ts';

const step = fc.constantFrom(
  '*',
  '*[1]',
  '*[2]',
  'a',
  'b',
  'p:a',
  'q:status',
  "*[@id='1']",
  "*[.='x']",
  'status[a="x"]',
);
const last = fc.constantFrom(
  ...['*[1]', '*[2]', 'text()', 'text()[1]', 'comment()', 'comment()[1]', 'processing-instruction()[1]'],
  ...[
    '@id',
    '@n',
    '@p:n',
    '@q:m',
    'namespace::p',
    'namespace::q',
    'namespace::a1',
    "processing-instruction('t')",
  ],
);
const sel = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom('*', '*/*[1]', '*/*[2]', '*/*[1]/*[1]', '*/text()[1]', '*/@id') },
  {
    weight: 3,
    arbitrary: fc
      .tuple(fc.array(step, { maxLength: 2 }), last)
      .map(([steps, end]) => [...steps, end].join('/')),
  },
  fc.string({ unit: fc.constantFrom(...'*/[]@\'"=().:123abpid ') }),
);
const type = fc.constantFrom(
  '@id',
  '@n',
  '@p:n',
  '@q:m',
  '@zz:n',
  'namespace::p',
  'namespace::q',
  'namespace::zz',
  'x',
  '',
);
const text: fc.Arbitrary<readonly XmlNode[]> = fc
  .constantFrom('', 'urn:a', 'urn:b', 'urn:c', 'x')
  .map((value) => (value === '' ? [] : [{ type: 'text', value }]));
const content = fc.oneof(anyNodes, text);
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });

const operation: fc.Arbitrary<Operation> = fc.oneof(
  fc.record({
    type: fc.constant('add' as const),
    value: fc.record({ sel, pos: maybe(fc.constantFrom('before', 'after', 'prepend', 'x')), content }),
  }),
  fc.record({ type: fc.constant('add' as const), value: fc.record({ sel, type, content: text }) }),
  fc.record({ type: fc.constant('replace' as const), value: fc.record({ sel, content }) }),
  fc.record({
    type: fc.constant('remove' as const),
    value: fc.record({ sel, ws: maybe(fc.constantFrom('before', 'after', 'both')) }),
  }),
);
const namespaces = fc.constantFrom(
  new Map([
    ['p', 'urn:a'],
    ['q', 'urn:b'],
  ]),
  new Map([
    ['', 'urn:a'],
    ['p', 'urn:b'],
    ['q', 'urn:c'],
  ]),
  new Map<string, string>(),
);

describe('any patch on any document', () => {
  test('is applied or refused, and what comes of it is as it is when it is written and read again', () => {
    let applied = 0;
    fc.assert(
      fc.property(
        anyDocument,
        fc.array(operation, { minLength: 5, maxLength: 10 }),
        namespaces,
        (first, all, bound) => {
          let document = first;
          for (const one of all) {
            const before = serializeToString(document);
            let patched = document;
            try {
              patched = apply(document, { operations: [one], namespaces: bound });
              applied += 1;
            } catch (error) {
              if (!(error instanceof PatchError)) throw error;
            }
            // Names, prefixes and declarations agree with each other: nothing is left to the serializer.
            expect(
              equals(parse(serialize(patched)), patched, { prefixes: true }),
              serializeToString(patched),
            ).toBe(true);
            expect(serializeToString(document)).toBe(before);
            document = patched;
          }
        },
      ),
      runs(300),
    );
    expect(applied).toBeGreaterThan(100);
  });

  test('that is damaged on its way is refused with a PatchError', () => {
    const sent = `<p:d xmlns:p="urn:d" xmlns="urn:a"><p:add sel="*" pos="prepend"><a b="c"/>t</p:add><p:remove sel="a/@n"/></p:d>`;
    const edit = fc.record({
      at: fc.nat(sent.length),
      remove: fc.nat(5),
      insert: fc.constantFrom(
        '',
        '<',
        '>',
        '&',
        '"',
        'x',
        "'",
        '/',
        '<!DOCTYPE',
        ':',
        '&nbsp;',
        '\0',
        '[',
        '*',
      ),
    });
    fc.assert(
      fc.property(fc.array(edit, { minLength: 1, maxLength: 3 }), (edits) => {
        const damaged = edits.reduce(
          (now, { at, remove, insert }) => now.slice(0, at) + insert + now.slice(at + remove),
          sent,
        );
        try {
          apply(parse('<a xmlns="urn:a" n="1"/>'), parsePatch(damaged));
        } catch (error) {
          expect(error).toBeInstanceOf(PatchError);
        }
      }),
      runs(500),
    );
  });
});
