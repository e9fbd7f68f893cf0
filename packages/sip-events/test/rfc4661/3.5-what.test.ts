import {
  equals,
  parse,
  serializeToString,
  type XmlDocument,
  type XmlElement,
  type XmlNode,
} from '@sip-simple/xml';
import { type ElementSchema, validate } from '@sip-simple/xml/schema';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  FilterError,
  filterFor,
  type InstallOptions,
  installFilters,
  parse as parseFilters,
} from '../../src/filter/index.ts';
import { fixture } from '../fixtures.ts';
import { document, filterOf, presence, watcherinfo } from './presence.ts';

/** A document without the white space that lays it out. */
function bare(doc: XmlDocument): XmlElement {
  const strip = (element: XmlElement): XmlElement => ({
    ...element,
    children: element.children.flatMap((child): XmlNode[] => {
      if (child.type === 'element') return [strip(child)];
      return child.type === 'text' && child.value.trim() === '' ? [] : [child];
    }),
  });
  return strip(doc.root);
}

function filtered(
  filters: string,
  source: string,
  schema: ElementSchema<unknown, never> | undefined,
): XmlDocument | undefined {
  const [filter] = installFilters([], parseFilters(fixture(filters)), { schema });
  return filter?.content(parse(fixture(source)));
}

describe('the examples of RFC 4660', () => {
  const examples: [string, string, string, ElementSchema<unknown, never>][] = [
    ['7.1.1-filter', '7.1-presence', '7.1.1-result', presence],
    ['7.1.2-filter', '7.1-presence', '7.1.2-result', presence],
    ['7.2.1-filter', '7.2-watcherinfo', '7.2.1-result', watcherinfo],
    ['7.2.2-filter', '7.2-watcherinfo', '7.2.2-result', watcherinfo],
    ['7.2.3-filter', '7.2.3-second', '7.2.3-result', watcherinfo],
  ];
  test.each(examples)('%s of %s gives %s', (filter, source, result, schema) => {
    const expected = parse(fixture(`rfc4660/${result}.xml`));
    for (const known of [schema, undefined]) {
      const found = filtered(`rfc4660/${filter}.xml`, `rfc4660/${source}.xml`, known);
      if (found === undefined) throw new Error('there is content');
      expect(equals(bare(found), bare(expected)), serializeToString(found)).toBe(true);
      // RFC 4660 §5.3.1: "the namespaces of all the selected items are also included".
      expect(found.root.attributes).toEqual(parse(fixture(`rfc4660/${source}.xml`)).root.attributes);
    }
  });

  test('4.1: each resource has its filter', () => {
    const set = installFilters([], parseFilters(fixture('rfc4660/4.1-two-resources.xml')), {
      schema: presence,
    });
    const source = document(
      '<tuple id="1"><status><basic>open</basic><x:e/></status><r:class>IM</r:class><contact>a:b</contact><note>n</note></tuple>',
    );
    const of = (uri: string) => serializeToString(filterFor(set, uri)?.content(source)?.root ?? source.root);
    expect(of('sip:sarah@example.com')).toContain(
      '<tuple id="1"><status><basic>open</basic></status><contact>a:b</contact></tuple>',
    );
    expect(of('sip:alice@biloxi.com')).toContain(
      '<tuple id="1"><status><basic>open</basic></status></tuple>',
    );
  });
});

const TUPLES =
  '<tuple id="1" x:a="1"><status><basic>open</basic><x:mood x:b="2">calm</x:mood></status><r:class>IM</r:class>' +
  '<contact priority="0.5">im:a@b</contact><note>one</note></tuple>' +
  '<tuple id="2"><status><basic>closed</basic></status><note>two</note></tuple><note>all</note>';

function content(what: string, options?: InstallOptions): string | undefined {
  const found = filterOf(`<what>${what}</what>`, options).content(document(TUPLES));
  if (found === undefined) return undefined;
  return (
    /^<presence[^>]*>(.*)<\/presence>$/.exec(serializeToString(found.root))?.[1] ??
    serializeToString(found.root)
  );
}

describe('<include> (§3.5.1)', () => {
  test('brings an element with all that is in it, and the elements around it', () => {
    expect(content('<include>//p:basic</include>')).toBe(
      '<tuple id="1"><status><basic>open</basic></status></tuple><tuple id="2"><status><basic>closed</basic></status></tuple>',
    );
    expect(content('<include>//p:tuple[@id="1"]/p:status</include>')).toBe(
      '<tuple id="1"><status><basic>open</basic><x:mood x:b="2">calm</x:mood></status></tuple>',
    );
  });

  test('adds up', () => {
    expect(content('<include>/p:presence/p:note</include><include>//r:class</include>')).toBe(
      '<tuple id="1"><status><basic>open</basic><x:mood x:b="2">calm</x:mood></status><r:class>IM</r:class></tuple><note>all</note>',
    );
  });

  test('brings an attribute in its element', () => {
    expect(content('<include>//p:contact/@priority</include>')).toContain(
      '<contact priority="0.5">im:a@b</contact>',
    );
    expect(content('<include>//@x:b</include>')).toBe(
      '<tuple id="1"><status><x:mood x:b="2"/></status></tuple>',
    );
  });

  test('of a namespace brings its elements, not those of others in them', () => {
    expect(content('<include type="namespace"> urn:ietf:params:xml:ns:pidf </include>')).toBe(
      '<tuple id="1"><status><basic>open</basic></status><contact priority="0.5">im:a@b</contact><note>one</note></tuple>' +
        '<tuple id="2"><status><basic>closed</basic></status><note>two</note></tuple><note>all</note>',
    );
    expect(content('<include type="namespace">urn:example:x</include>')).toBe(
      '<tuple id="1"><status><x:mood x:b="2">calm</x:mood></status></tuple>',
    );
  });

  test('that finds nothing leaves nothing (RFC 4660 §5.3.1)', () => {
    expect(content('<include>//p:basic[.="away"]</include>')).toBeUndefined();
    expect(content('<include type="namespace">urn:other</include>')).toBeUndefined();
  });

  test('is not needed: without one, everything is there', () => {
    expect(content('<exclude>//p:note</exclude>')).not.toContain('note');
    expect(content('')).toBe(TUPLES);
  });

  test('with names without prefix finds what is in no namespace (§5)', () => {
    expect(content('<include>//note</include>')).toBeUndefined();
  });
});

describe('<exclude> (§3.5.2)', () => {
  const all = '<include type="namespace">urn:ietf:params:xml:ns:pidf</include>';

  test('takes elements away with all that is in them, and attributes', () => {
    expect(content(`${all}<exclude>//p:note</exclude><exclude>//p:contact</exclude>`)).toBe(
      '<tuple id="1"><status><basic>open</basic></status></tuple><tuple id="2"><status><basic>closed</basic></status></tuple>',
    );
    expect(content('<exclude>//@priority</exclude>')).toBe(TUPLES.replace(' priority="0.5"', ''));
    expect(content('<exclude type="namespace">urn:example:x</exclude>')).toBe(
      TUPLES.replace('<x:mood x:b="2">calm</x:mood>', ''),
    );
  });

  test('goes before <include>', () => {
    expect(
      content('<include>//p:tuple[@id="1"]</include><exclude>//p:tuple[@id="1"]/p:note</exclude>'),
    ).not.toContain('note');
  });
});

describe('the result is valid (@req rfc4661:3.5.1:1, @req rfc4661:3.5.2:1, @req rfc4660:5.3.1:4, @req rfc4660:5.3.1:5)', () => {
  test('what is demanded is there though it is not included, with its values (@req rfc4660:5.3.1:6)', () => {
    expect(content('<include>//p:tuple/p:note</include>')).toBe(
      '<tuple id="1"><status><basic>open</basic><x:mood x:b="2">calm</x:mood></status><note>one</note></tuple>' +
        '<tuple id="2"><status><basic>closed</basic></status><note>two</note></tuple>',
    );
  });

  test('what is demanded stays though it is excluded (@req rfc4661:3.5.2:2)', () => {
    expect(
      content('<exclude>//@id</exclude><exclude>//p:status</exclude><exclude>/p:presence/@entity</exclude>'),
    ).toBe(TUPLES);
    expect(content('<exclude>/*</exclude>')).toBe(TUPLES);
  });

  test('whatever is asked for', () => {
    const numRuns = 200 * Number(process.env['FUZZ_RUNS'] ?? 1);
    const step = fc.constantFrom(
      '//p:tuple',
      '//p:status',
      '//p:note',
      '//p:basic',
      '//@id',
      '//@entity',
      '//r:class',
      '//*',
      '/*',
      '//x:mood',
      '//@x:b',
      '//p:contact',
      '//p:tuple[@id="2"]',
      '//p:tuple[p:status/p:basic="open"]/p:note',
    );
    const selection = (name: string) =>
      fc.array(
        fc.oneof(
          step.map((path) => `<${name}>${path}</${name}>`),
          fc
            .constantFrom('urn:ietf:params:xml:ns:pidf', 'urn:example:x', 'urn:ietf:params:xml:ns:pidf:rpid')
            .map((uri) => `<${name} type="namespace">${uri}</${name}>`),
        ),
        { maxLength: 3 },
      );
    fc.assert(
      fc.property(selection('include'), selection('exclude'), (include, exclude) => {
        const filter = filterOf(`<what>${include.join('')}${exclude.join('')}</what>`);
        const found = filter.content(document(TUPLES));
        if (found !== undefined) expect(validate(presence, found.root)).toEqual([]);
        // Nothing is there that was not there before: filtering never adds.
        if (found !== undefined)
          expect(TUPLES.length).toBeGreaterThanOrEqual(serializeToString(found.root).length - 200);
      }),
      { numRuns },
    );
  });

  test('without a description, elements keep their attributes', () => {
    expect(content('<include>//p:basic[.="open"]</include>', {})).toBe(
      '<tuple id="1" x:a="1"><status><basic>open</basic></status></tuple>',
    );
  });
});

test('a node that stands in a tree twice is chosen where it was asked for', () => {
  const [tuple] = document('<tuple id="1"><status><basic>open</basic></status><note>n</note></tuple>').root
    .children;
  if (tuple?.type !== 'element') throw new Error('there is a tuple');
  const source = document('');
  const root = { ...source.root, children: [tuple, { ...tuple, attributes: [] }] };
  const twice: XmlDocument = { ...source, root, children: [root] };
  const found = filterOf('<what><include>//p:tuple[@id="1"]/p:note</include></what>', {}).content(twice);
  expect(found?.root.children).toHaveLength(1);
});

test('layout stays where elements do', () => {
  const source = parse(fixture('rfc4660/7.1-presence.xml'));
  const filter = filterOf('<what><include>//p:tuple[p:status/p:basic="open"]</include></what>');
  // How a tag was laid out is no matter of the tree.
  const lines = (root: XmlElement) =>
    serializeToString(root).replace(/<[^>]*>/g, (tag) => tag.replace(/\s+/g, ' '));
  expect(lines(filter.content(source)?.root ?? source.root)).toBe(
    lines(source.root).replace(/\n\s*<tuple id="432sd">[\s\S]*?<\/tuple>/, ''),
  );
  expect(lines(source.root)).toContain('<tuple id="432sd">');
});

describe('work is bounded', () => {
  test('in nodes looked at', () => {
    const many = document('<note/>'.repeat(2_000));
    const filter = filterOf('<what><include>//*[.="a" or .="b" or .="c"]</include></what>', {
      limits: { work: 1_000 },
    });
    expect(() => filter.content(many)).toThrow(
      expect.objectContaining({ code: 'limit', status: 413, name: 'FilterError' }),
    );
    expect(() => filter.content(many)).toThrow(FilterError);
  });

  test('in depth, time and memory on large documents', () => {
    const filter = filterOf(
      '<what><include type="namespace">urn:example:x</include><exclude>//p:note</exclude></what>',
    );
    const large = document(
      `<note/>${'<x:a>'.repeat(200)}${'</x:a>'.repeat(200)}${'<tuple id="1"><status/></tuple>'.repeat(10_000)}`,
    );
    const began = performance.now();
    expect(filter.content(large)?.root.children).toHaveLength(1);
    expect(performance.now() - began).toBeLessThan(2_000);
  });
});
