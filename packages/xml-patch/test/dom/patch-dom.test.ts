import {
  element as elementOf,
  equals,
  parse,
  serializeToString,
  text,
  type XmlDocument,
} from '@sip-simple/xml';
import { fromDom, toDom } from '@sip-simple/xml/dom';
import { DOMImplementation, DOMParser, type Document } from '@xmldom/xmldom';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { patchDom } from '../../src/dom/index.ts';
import {
  type ApplyOptions,
  apply,
  diff,
  type Operation,
  type Patch,
  PatchError,
  parsePatch,
} from '../../src/index.ts';
import { runs, twoDocuments } from '../arbitrary.ts';
import { EXAMPLES, fixture } from '../fixtures.ts';

const implementation = new DOMImplementation();
const parser = new DOMParser();
const domOf = (source: string): Document => parser.parseFromString(source, 'text/xml');
const textOf = (document: Document): string => serializeToString(fromDom(document).root);
const remove = (sel: string, ws?: 'before' | 'after' | 'both'): Operation => ({
  type: 'remove',
  value: { sel, ws },
});

test.each(EXAMPLES)('the example %s of RFC 5261, on a DOM', (name) => {
  const document = domOf(fixture(`rfc5261/${name}.target.xml`));
  patchDom(document, parsePatch(fixture(`rfc5261/${name}.diff.xml`)));
  const { root } = parse(fixture(`rfc5261/${name}.result.xml`));
  expect(equals(fromDom(document).root, root, { prefixes: true }), textOf(document)).toBe(true);
});

/** What a patch makes of a document, or how it fails. */
type Outcome =
  | { readonly document: XmlDocument }
  | { readonly code: string; readonly index: number | undefined };

function outcome(run: () => XmlDocument): Outcome {
  try {
    return { document: run() };
  } catch (error) {
    if (!(error instanceof PatchError)) throw error;
    return { code: error.code, index: error.index };
  }
}

function expectSame(tree: XmlDocument, dom: Document, patch: Patch, options?: ApplyOptions): Outcome {
  const before = fromDom(dom);
  const ours = outcome(() => apply(tree, patch, options));
  const theirs = outcome(() => {
    patchDom(dom, patch, options);
    return fromDom(dom);
  });
  if (!('document' in ours) || !('document' in theirs)) {
    expect(theirs).toEqual(ours);
    // All or nothing.
    expect(equals(fromDom(dom), before, { prefixes: true })).toBe(true);
  } else {
    // Written and read, as a DOM has no prefixes without namespaces.
    const [a, b] = [serializeToString(ours.document.root), serializeToString(theirs.document.root)];
    if (!equals(parse(a), parse(b), { prefixes: true })) expect(b).toBe(a);
    expect(equals(ours.document, theirs.document)).toBe(true);
  }
  return ours;
}

describe('a DOM is patched to what a tree is', () => {
  test('by the patch between any two documents', () => {
    fc.assert(
      fc.property(twoDocuments, ([from, to]) => {
        const patch = diff(from, to);
        expectSame(from, toDom(from, implementation), patch);
        const tree = parse(serializeToString(from));
        // xmldom drops empty CDATA sections, and cuts text at references.
        expectSame(fromDom(domOf(serializeToString(tree))), domOf(serializeToString(tree)), patch);
      }),
      runs(200),
    );
  });

  /** Selectors of elements that are there, by position, and what may be found from them. */
  const sel = fc
    .tuple(
      fc
        .array(fc.integer({ min: 1, max: 4 }), { maxLength: 3 })
        .map((path) => ['*', ...path.map((at) => `*[${at}]`)].join('/')),
      fc.oneof(
        { weight: 8, arbitrary: fc.constant('') },
        fc.constantFrom('[1]', "[@id='i2']", "[@p:n='2']", "[.='x']", "[p:a='x']", "[a='']"),
      ),
      fc.oneof(
        { weight: 12, arbitrary: fc.constant('') },
        fc.constantFrom(
          '/text()',
          '/text()[1]',
          '/text()[2]',
          '/comment()[1]',
          '/processing-instruction()',
          "/processing-instruction('t')[1]",
          '/@id',
          '/@p:n',
          '/namespace::p',
          '/namespace::q',
          '/p:a',
          '/a[2]',
        ),
      ),
    )
    .map((parts) => parts.join(''));
  const beside = fc.constantFrom(
    'comment()',
    'comment()[1]',
    'processing-instruction()[1]',
    'text()',
    '*|*',
    '//a',
    'none',
  );
  const nodes = fc.array(
    fc.constantFrom(
      text('x'),
      text(' '),
      elementOf('urn:a', 'a'),
      elementOf('urn:b', 'new:b', [], [elementOf('', 'c'), text('t')]),
      { type: 'comment' as const, value: 'c' },
      { type: 'cdata' as const, value: 'd' },
      { type: 'pi' as const, target: 't', data: 'v' },
    ),
    { maxLength: 3 },
  );
  const ids = fc.constantFrom("id('i1')", "id('i3')/*[1]", "id('i2')/@id", "id('i4')");
  const anySel = fc.oneof({ weight: 12, arbitrary: sel }, ids, beside);
  const operation: fc.Arbitrary<Operation> = fc.oneof(
    fc.record({
      type: fc.constant('add' as const),
      value: fc.record({
        sel: anySel,
        pos: fc.constantFrom(undefined, undefined, 'before', 'after', 'prepend', 'odd'),
        type: fc.constantFrom(
          undefined,
          undefined,
          undefined,
          '@id',
          '@p:new',
          'namespace::p',
          'namespace::fresh',
          'text()',
        ),
        content: nodes,
      }),
    }),
    fc.record({ type: fc.constant('replace' as const), value: fc.record({ sel: anySel, content: nodes }) }),
    fc.record({
      type: fc.constant('remove' as const),
      value: fc.record({
        sel: anySel,
        ws: fc.constantFrom(undefined, undefined, 'before', 'after', 'both', 'odd'),
      }),
    }),
  );
  const patches = fc.record({
    namespaces: fc.constantFrom(
      new Map([
        ['p', 'urn:a'],
        ['q', 'urn:b'],
      ]),
      new Map([
        ['p', 'urn:b'],
        ['', 'urn:a'],
      ]),
      new Map([['', 'urn:b']]),
    ),
    operations: fc.oneof(
      { weight: 3, arbitrary: operation.map((one) => [one]) },
      fc.tuple(operation, operation),
    ),
  });

  const rich = parse(
    '<!-- c --><?t?><doc xmlns="urn:a" xmlns:q="urn:b" id="i1" q:n="2">x<a id="i2" q:n="2"><a>x</a> <q:b/>\n</a>' +
      ' <!-- c --> <q:b id="i3" xmlns:p="urn:p"><![CDATA[x]]>y<p:a p:n="2">x</p:a><?t v?></q:b><a xmlns="" id="i3"/>\n</doc>',
  );
  const documents = fc.oneof(
    { weight: 4, arbitrary: fc.constant(rich) },
    twoDocuments.map(([tree]) => tree),
  );

  test('by operations at random, and fails where a tree does, with the same error, leaving the DOM as it was', () => {
    const ends = new Map<string, number>();
    fc.assert(
      fc.property(documents, patches, fc.boolean(), (tree, patch, knowsIds) => {
        const options: ApplyOptions = knowsIds ? { isId: ({ local }) => local === 'id' } : {};
        const dom = toDom(tree, implementation);
        const end = expectSame(fromDom(dom), dom, patch, options);
        const name = 'document' in end ? 'patched' : end.code;
        ends.set(name, (ends.get(name) ?? 0) + 1);
      }),
      { ...runs(5_000), seed: 5261 },
    );
    // Many work, and of what can fail most does.
    expect(ends.get('patched')).toBeGreaterThan(300);
    expect([...ends.keys()]).toEqual(
      expect.arrayContaining([
        'unlocated-node',
        'invalid-attribute-value',
        'invalid-namespace-prefix',
        'invalid-node-types',
        'invalid-patch-directive',
        'invalid-root-element-operation',
        'invalid-whitespace-directive',
        'unsupported-id-function',
      ]),
    );
  });
});

describe('a DOM', () => {
  test('keeps the nodes that no operation is about', () => {
    const document = domOf('<a><b/>text<c d="e"/></a>');
    const [b, between, c] = Array.from(document.documentElement?.childNodes ?? []);
    patchDom(document, {
      operations: [
        remove('a/b'),
        { type: 'add', value: { sel: 'a', pos: 'prepend', content: [text('more ')] } },
        { type: 'replace', value: { sel: 'a/c/@d', content: [text('f')] } },
      ],
    });
    expect(textOf(document)).toBe('<a>more text<c d="f"/></a>');
    expect(document.documentElement?.lastChild).toBe(c);
    expect(b?.parentNode).toBe(null);
    expect(between?.parentNode).toBe(null);
  });

  test('is as it was after a patch that fails late', () => {
    const source = '<?t?><a id="1" xmlns:p="urn:p"><b>x</b>y<!-- c -->z<p:d/></a><!-- e -->';
    const document = domOf(source);
    const root = document.documentElement;
    const operations: Operation[] = [
      remove('a/b'),
      remove('a/comment()'),
      remove('comment()'),
      { type: 'add', value: { sel: 'a', type: '@new', content: [text('v')] } },
      { type: 'replace', value: { sel: 'a/@id', content: [text('2')] } },
      remove('a/@new'),
      { type: 'add', value: { sel: 'a', type: 'namespace::q', content: [text('urn:q')] } },
      { type: 'replace', value: { sel: 'a/namespace::p', content: [text('urn:other')] } },
      { type: 'replace', value: { sel: 'a', content: [elementOf('', 'other')] } },
      remove('none'),
    ];
    expect(() => patchDom(document, { operations })).toThrow(
      expect.objectContaining({ name: 'PatchError', code: 'unlocated-node', index: 9 }),
    );
    expect(serializeToString(fromDom(document))).toBe(source);
    expect(document.documentElement).toBe(root);
  });

  test('with an XML declaration, which xmldom keeps as an instruction, has one instruction less', () => {
    const document = domOf('<?xml version="1.0"?><?t u?><a/>');
    patchDom(document, { operations: [remove('processing-instruction()')] });
    expect(serializeToString(fromDom(document))).toBe('<?xml version="1.0"?><a/>');
  });

  test('may have names beyond the basic plane, which xpath has not', () => {
    const document = domOf('<a xmlns="urn:a"><\u{10400} b="1"/><\u{10400} b="2"/></a>');
    patchDom(document, { namespaces: new Map([['', 'urn:a']]), operations: [remove("a/\u{10400}[@b='2']")] });
    expect(textOf(document)).toBe('<a xmlns="urn:a"><\u{10400} b="1"/></a>');
  });
});

describe('hostile selectors', () => {
  test.each([
    '//*',
    'a//b',
    'a|b',
    'a[count(//*) > 1]',
    'a[last()]',
    "a['x'='x']",
    'a/..',
    'ancestor::*',
    "a[@b='1' or '1'='1']",
    "document('file:///etc/passwd')",
    "processing-instruction('x') | //*",
    'a[b/c=1]',
    'a[string-length(.)=1]',
    'a/processing-instruction(\'x"]//*["\')',
    '$a',
    '',
    '/',
  ])('%s never reaches xpath: it is not in the grammar', (sel) => {
    const document = domOf('<a b="1"><b/></a>');
    expect(() => patchDom(document, { operations: [remove(sel)] })).toThrow(
      expect.objectContaining({ code: 'invalid-attribute-value', index: 0 }),
    );
    expect(textOf(document)).toBe('<a b="1"><b/></a>');
  });

  test('quotes in values stay values', () => {
    const document = domOf(`<a><b c="']|//*['"/><b c="d"/></a>`);
    patchDom(document, { operations: [remove(`a/b[@c="']|//*['"]`)] });
    expect(textOf(document)).toBe('<a><b c="d"/></a>');
  });

  test('ten times the siblings take about ten times as long', () => {
    const time = (count: number): number => {
      const items = Array.from({ length: count }, (_, index) => `<b id="x${index}">t</b>`).join('');
      const document = domOf(`<a>${items}</a>`);
      const began = performance.now();
      patchDom(document, {
        operations: [
          remove(`a/b[@id='x${count - 2}']`),
          remove(`a/b[${count - 1}]`),
          remove(`a/b[.='t'][5]/text()`),
        ],
      });
      return performance.now() - began;
    };
    time(1_000);
    const few = Math.min(time(2_000), time(2_000), time(2_000));
    expect(time(20_000)).toBeLessThan(40 * few + 100);
  });

  test('that ask for much work are stopped, as on a tree', () => {
    const document = domOf(`<a>${'<b>x</b>'.repeat(1_000)}</a>`);
    const operations = [remove(`a/b${"[.='x']".repeat(100)}[2]`)];
    expect(() => patchDom(document, { operations }, { work: 50_000 })).toThrow(
      expect.objectContaining({ code: 'invalid-attribute-value' }),
    );
    patchDom(document, { operations });
    expect(document.getElementsByTagName('b').length).toBe(999);
  });

  test('in documents of any depth do not exhaust the stack', () => {
    let root = elementOf('', 'a', [], [text('deep')]);
    for (let depth = 0; depth < 50_000; depth += 1) root = elementOf('', 'a', [], [root]);
    const document = toDom(
      { type: 'document', declaration: undefined, children: [root], root },
      implementation,
    );
    patchDom(document, {
      operations: [
        { type: 'add', value: { sel: "a[.='deep']/a[a='deep']", content: [text('!')] } },
        { type: 'add', value: { sel: 'a', type: 'namespace::p', content: [text('urn:p')] } },
      ],
    });
    expect(document.documentElement?.firstChild?.lastChild?.nodeValue).toBe('!');
  });
});
