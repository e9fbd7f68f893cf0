import * as fc from 'fast-check';
import { XML, type XmlAttribute, type XmlElement, type XmlNode } from '../src/index.ts';

/** How many runs a property gets; the environment variable FUZZ_RUNS multiplies. */
export const runs = (count: number): { numRuns: number } => ({
  numRuns: count * Number(process.env['FUZZ_RUNS'] ?? 1),
});

const names = fc.constantFrom('a', 'b', 'status', 'übung', '\u{10400}', '__proto__', 'xmlns1');
const prefixes = fc.constantFrom('', 'p', 'q', 'ns1', 'ns2', 'xml', 'xmlns');
const namespaces = fc.constantFrom('', 'urn:a', 'urn:b', 'urn:c?d&e="<', XML);
// Char of XML 1.0 §2.2, with what needs care more often than chance would have it.
const character = fc.oneof(
  fc.constantFrom(
    '&',
    '<',
    '>',
    ']',
    '"',
    "'",
    '\r',
    '\n',
    '\t',
    ' ',
    '-',
    '?',
    '\u0085',
    '\u{1F600}',
    '\uFEFF',
  ),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
);
const isAllowed = (value: string): boolean =>
  !/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u.test(value);
const value = fc
  .array(character, { maxLength: 8 })
  .map((characters) => characters.join(''))
  .filter(isAllowed);
const raw = value.filter((text) => !text.includes('\r'));

const attributes = fc
  .uniqueArray(fc.record({ namespace: namespaces, prefix: prefixes, local: names, value }), {
    selector: (attribute) => `{${attribute.namespace}}${attribute.local}`,
    maxLength: 5,
  })
  .map((list): readonly XmlAttribute[] => list);

const { element: anyElement } = fc.letrec<{ element: XmlElement; node: XmlNode }>((tie) => ({
  element: fc.record({
    type: fc.constant('element' as const),
    namespace: namespaces,
    prefix: prefixes,
    local: names,
    attributes,
    children: fc.array(tie('node'), { maxLength: 4, depthIdentifier: 'tree' }),
  }),
  node: fc.oneof(
    { maxDepth: 5, depthIdentifier: 'tree' },
    fc.record({ type: fc.constant('text' as const), value }),
    fc.record({ type: fc.constant('cdata' as const), value }),
    fc.record({
      type: fc.constant('comment' as const),
      value: raw.filter((text) => !text.includes('--') && !text.endsWith('-')),
    }),
    fc.record({
      type: fc.constant('pi' as const),
      target: names,
      data: raw.filter((text) => !text.includes('?>') && !/^[ \t\n]/.test(text)),
    }),
    tie('element'),
  ),
}));

/** Any element that XML can say: prefixes at random, none declared. */
export const element: fc.Arbitrary<XmlElement> = anyElement;

/** A document with one of each kind of node. */
export const sample =
  '<?xml version="1.0" encoding="UTF-8"?>\r\n<!-- a --><p:presence xmlns:p="urn:p" xmlns="urn:d" entity="pres:a@b">' +
  '<?b c?><tuple id="x" p:y=\'&#10;&amp;\'><status><![CDATA[<]]></status>é\u{1F600}</tuple></p:presence>';
const pieces = [
  '<',
  '>',
  '/',
  '&',
  ';',
  '"',
  "'",
  '=',
  ':',
  '!--',
  '-->',
  ']]>',
  '<![CDATA[',
  '<?',
  '?>',
  '\0',
  '\r',
  ' ',
  'xmlns',
  '=""',
  '\uD800',
  '<!DOCTYPE a>',
];
/** The sample after a few edits, most of which break it. */
export const damaged: fc.Arbitrary<string> = fc
  .array(
    fc.record({
      at: fc.nat(sample.length),
      remove: fc.nat(6),
      insert: fc.oneof(fc.constantFrom('', ...pieces), fc.string({ unit: 'binary', maxLength: 3 })),
    }),
    { minLength: 1, maxLength: 4 },
  )
  .map((edits) =>
    edits.reduce(
      (text, { at, remove, insert }) => text.slice(0, at) + insert + text.slice(at + remove),
      sample,
    ),
  );
