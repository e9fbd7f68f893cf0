import { describe, expect, test } from 'vitest';
import { element, parse, serializeToString, type XmlAttribute, type XmlElement } from '../../src/index.ts';
import {
  anyAttribute,
  anyElement,
  anyOther,
  attribute,
  boolean,
  choice,
  type ElementSchema,
  type Infer,
  type Input,
  inOrder,
  integer,
  interleave,
  lazy,
  many,
  optional,
  otherwise,
  present,
  read,
  readDocument,
  string,
  text,
  validate,
  vocabulary,
  write,
  writeDocument,
} from '../../src/schema/index.ts';

// A format with all there is: recursion, a choice, attributes of others, an order that is free.
const ns = vocabulary('urn:list', 'l');
interface List {
  readonly name: string;
  readonly title?: string | undefined;
  readonly entries: readonly Entry[];
  readonly others: readonly XmlAttribute[];
  readonly extra: readonly XmlElement[];
}
type Entry =
  | { readonly type: 'list'; readonly value: List }
  | { readonly type: 'entry'; readonly value: Infer<typeof entry> }
  | { readonly type: 'end'; readonly value: true };
const entry = ns.element('entry', {
  uri: attribute('uri', string),
  ...interleave({
    name: optional(ns.leaf('name', string)),
    rank: otherwise(ns.leaf('rank', integer({ min: 0 })), 0),
  }),
});
const list: ElementSchema<List> = ns.element('list', {
  name: attribute('name', string),
  others: anyAttribute(),
  title: optional(ns.leaf('title', string)),
  entries: many(
    choice({ list: lazy((): ElementSchema<List> => list), entry, end: ns.leaf('end', present) }),
    { max: 4 },
  ),
  extra: anyOther(),
});

const XML =
  '<list xmlns="urn:list" xmlns:o="urn:other" name="a" o:x="1"><title>A</title>' +
  '<entry uri="u:1"><rank>2</rank><name>N</name></entry><list name="b"><end/></list><!-- c --><entry uri="u:2"><rank>0</rank></entry><o:e/></list>';

function root(xml: string): XmlElement {
  return parse(xml).root;
}

function readList(xml: string): List {
  const value = read(list, root(xml));
  if (value === undefined) throw new Error('a list was expected');
  return value;
}

const rules = (xml: string) => validate(list, root(xml)).map(({ path, rule }) => `${path} ${rule}`);

describe('a description', () => {
  test('reads recursion, choices and attributes of others in document order', () => {
    expect(JSON.parse(JSON.stringify(readList(XML)))).toMatchObject({
      name: 'a',
      title: 'A',
      others: [{ local: 'x', value: '1' }],
      entries: [
        { type: 'entry', value: { uri: 'u:1', name: 'N', rank: 2 } },
        { type: 'list', value: { name: 'b', entries: [{ type: 'end', value: true }] } },
        { type: 'entry', value: { uri: 'u:2', rank: 0 } },
      ],
      extra: [{ local: 'e' }],
    });
    expect(rules(XML)).toEqual([]);
  });

  test('does not read an element of another name, or without a required part', () => {
    expect(read(list, root('<list name="a"/>'))).toBeUndefined();
    expect(read(list, root('<l:lists xmlns:l="urn:list" name="a"/>'))).toBeUndefined();
    expect(read(list, root('<l:list xmlns:l="urn:list"/>'))).toBeUndefined();
    // An entry that can't be read is one the reader does not know.
    expect(readList('<list xmlns="urn:list" name="a"><entry/></list>')).toMatchObject({
      entries: [],
      extra: [{ local: 'entry' }],
    });
  });

  test('writes a value made from scratch', () => {
    const value: Input<typeof list> = {
      name: 'a',
      others: [{ namespace: 'urn:other', prefix: 'o', local: 'x', value: '1' }],
      title: 'A & B',
      entries: [
        {
          type: 'list',
          value: { name: 'b', others: [], entries: [{ type: 'end', value: true }], extra: [] },
        },
      ],
      extra: [element('urn:other', 'o:e')],
    };
    const written = serializeToString(write(list, value));
    expect(written).toBe(
      '<l:list xmlns:l="urn:list" xmlns:o="urn:other" name="a" o:x="1"><l:title>A &amp; B</l:title><l:list name="b"><l:end/></l:list><o:e/></l:list>',
    );
    expect(rules(written)).toEqual([]);
  });

  test('writes an unchanged value as the very element it was read from', () => {
    const document = parse(XML);
    const value = readDocument(list, document);
    if (value === undefined) throw new Error('a list was expected');
    expect(writeDocument(list, value)).toBe(document);
    expect(write(list, value)).toBe(document.root);
    const changed = writeDocument(list, { ...value, title: 'B' });
    expect(serializeToString(changed)).toBe(XML.replace('>A<', '>B<'));
    // What has not changed is shared with the document it came from.
    expect(changed.root.children[1]).toBe(document.root.children[1]);
  });

  test('writes what changed deep within a choice', () => {
    const value = readList(XML);
    const entries = value.entries.map((each): Entry => {
      if (each.type === 'list') return { ...each, value: { ...each.value, name: 'c' } };
      return each.type === 'entry' && each.value.rank === 2
        ? { ...each, value: { ...each.value, rank: 3 } }
        : each;
    });
    const written = serializeToString(write(list, { ...value, entries }));
    expect(written).toBe(XML.replace('name="b"', 'name="c"').replace('<rank>2', '<rank>3'));
  });

  test('writes items of a choice taken out, put in between, and replaced by another kind', () => {
    const value = readList(XML);
    const [first, , last] = value.entries;
    if (first === undefined || last === undefined) throw new Error('there are three');
    const end: Entry = { type: 'end', value: true };
    const without = serializeToString(write(list, { ...value, entries: [first, last] }));
    expect(without).toBe(XML.replace('<list name="b"><end/></list>', ''));
    const replaced = serializeToString(write(list, { ...value, entries: [first, end, last, end] }));
    expect(replaced).toBe(
      XML.replace('<list name="b"><end/></list>', '<end/>').replace('<o:e/>', '<end/><o:e/>'),
    );
  });

  test('writes attributes of others changed', () => {
    const value = readList(XML);
    expect(serializeToString(write(list, { ...value, others: [] }))).toBe(XML.replace(' o:x="1"', ''));
    const y: XmlAttribute = { namespace: 'urn:other', prefix: 'o', local: 'y', value: '2' };
    const both = serializeToString(write(list, { ...value, others: [...value.others, y] }));
    expect(both).toBe(XML.replace('o:x="1"', 'o:x="1" o:y="2"'));
  });

  test('refuses to write what its validator would refuse', () => {
    const value = { name: 'a', others: [], entries: [], extra: [] };
    // @ts-expect-error no such type
    expect(() => write(list, { ...value, entries: [{ type: 'none', value: 1 }] })).toThrow(
      /one of the types list, entry, end/,
    );
    // @ts-expect-error not a list
    expect(() => write(list, { ...value, entries: 'x' })).toThrow(TypeError);
    // @ts-expect-error no name
    expect(() => write(list, { ...value, name: undefined })).toThrow('list: name is required');
    const negative = { type: 'entry' as const, value: { uri: 'u', rank: -1 } };
    expect(() => write(list, { ...value, entries: [negative] })).toThrow(RangeError);
  });
});

describe('the validator', () => {
  const body = (content: string, attributes = 'name="a"') =>
    `<list xmlns="urn:list" xmlns:o="urn:other" ${attributes}>${content}</list>`;

  test.each([
    ['another root', '<lists xmlns="urn:list"/>', ['/lists wrong-element']],
    ['no attribute', body('', ''), ['/list missing-attribute']],
    ['an unknown attribute', body('', 'name="a" b="c"'), ['/list/@b unexpected-attribute']],
    ['order', body('<end/><title/>'), ['/list/title[1] wrong-order']],
    ['too many', body('<end/><end/><end/><end/><end/>'), ['/list/end[5] too-many-elements']],
    ['two of one', body('<title/><title/>'), ['/list/title[2] too-many-elements']],
    ['a missing element', body('<entry uri="u"/>'), ['/list/entry[1] missing-element']],
    ['an unknown element', body('<x/>'), ['/list/x[1] unexpected-element']],
    ['an element of no namespace', body('<x xmlns=""/>'), ['/list/x[1] unexpected-element']],
    ['text', body('text<end/>'), ['/list unexpected-text']],
    ['an element in a leaf', body('<title>a<o:b/></title>'), ['/list/title[1]/o:b[1] unexpected-element']],
    ['text in an empty element', body('<end>x</end>'), ['/list/end[1] invalid-value']],
    ['an attribute on a leaf', body('<title lang="x"/>'), ['/list/title[1]/@lang unexpected-attribute']],
    ['depth', body('<list name="b"><list/></list>'), ['/list/list[1]/list[1] missing-attribute']],
    [
      'a hint of schemas',
      body('', 'name="a" xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:schemaLocation="a b"'),
      [],
    ],
    [
      'a free order',
      body('<entry uri="u"><name/><rank>1</rank></entry><entry uri="u"><rank>1</rank><name/></entry>'),
      [],
    ],
  ])('finds %s', (_, xml, found) => {
    expect(rules(xml)).toEqual(found);
  });

  test('looks into extensions for elements and attributes it is given', () => {
    const flag = attribute('o:flag', boolean, 'urn:other');
    const xml = body('<o:x o:flag="maybe"><list xmlns="urn:list"/></o:x>', 'name="a" o:flag="2"');
    expect(rules(xml)).toEqual([]);
    const found = validate(list, root(xml), { elements: [list], attributes: [flag] });
    expect(found.map(({ path, rule }) => `${path} ${rule}`)).toEqual([
      '/list/@o:flag invalid-value',
      '/list/o:x[1]/@o:flag invalid-value',
      '/list/o:x[1]/list[1] missing-attribute',
    ]);
  });

  test('stops at the limit', () => {
    const xml = body('<x/>'.repeat(500));
    expect(validate(list, root(xml))).toHaveLength(100);
    expect(validate(list, root(xml), { limit: 3 })).toHaveLength(3);
  });

  test('tells what is wrong in a sentence', () => {
    const [violation] = validate(list, root(body('<entry uri="u"><rank>-1</rank></entry>')));
    expect(violation).toEqual({
      path: '/list/entry[1]/rank[1]',
      rule: 'invalid-value',
      message: '"-1" is not xs:integer from 0',
    });
  });
});

test('##any takes elements of any namespace or none; text stands beside attributes', () => {
  const bag = ns.element('bag', { extra: anyElement() });
  const xml = '<bag xmlns="urn:list"><x/><y xmlns=""/></bag>';
  expect(read(bag, root(xml))?.extra.map(({ local }) => local)).toEqual(['x', 'y']);
  expect(validate(bag, root(xml))).toEqual([]);

  const label = ns.element('label', { value: text(string), bold: optional(attribute('bold', boolean)) });
  const read1 = read(label, root('<label xmlns="urn:list" bold="1">a<!-- - -->b<![CDATA[c]]></label>'));
  expect(read1).toMatchObject({ value: 'abc', bold: true });
  if (read1 === undefined) throw new Error('a label was expected');
  expect(serializeToString(write(label, { ...read1, value: 'd', bold: undefined }))).toBe(
    '<label xmlns="urn:list">d<!-- - --></label>',
  );
});

test('anyOther says which namespace is not other, for types taken over from another schema', () => {
  const taken = vocabulary('urn:taker').element('list', { extra: anyOther('urn:list') });
  const around = (child: string) => parse(`<list xmlns="urn:taker">${child}</list>`).root;
  expect(validate(taken, around('<own/><x xmlns="urn:x"/>'))).toEqual([]);
  expect(validate(taken, around('<x xmlns="urn:list"/>'))).toMatchObject([{ rule: 'unexpected-element' }]);
  expect(validate(taken, around('<x xmlns=""/>'))).toMatchObject([{ rule: 'unexpected-element' }]);
});

describe('elements that say all by their name', () => {
  const mood = ns.element('mood', {
    values: many(ns.names(['sad', 'happy'])),
    media: inOrder(ns.names(['audio', 'text', 'video'], string)),
    extra: anyOther(),
  });
  const xml = (content: string) => `<mood xmlns="urn:list" xmlns:o="urn:other">${content}</mood>`;
  const moodOf = (content: string) => {
    const value = read(mood, root(xml(content)));
    if (value === undefined) throw new Error('a mood was expected');
    return value;
  };
  const wrong = (content: string) =>
    validate(mood, root(xml(content))).map(({ path, rule }) => `${path} ${rule}`);

  test('read as their names, in any order', () => {
    const value = moodOf('<video>x</video><happy/><o:e/><angry/><audio/><sad/>');
    const values: readonly ('sad' | 'happy')[] = value.values;
    expect(values).toEqual(['happy', 'sad']);
    expect(value.media).toEqual(['video', 'audio']);
    expect(value.extra.map(({ local }) => local)).toEqual(['e', 'angry']);
  });

  test('are validated: empty where nothing may stand in them, and in order where there is one', () => {
    expect(wrong('<happy/><sad/><happy/><audio/><text>t</text><o:e/>')).toEqual([]);
    expect(wrong('<happy>x</happy>')).toEqual(['/mood/happy[1] invalid-value']);
    expect(wrong('<happy><![CDATA[]]></happy><sad><!-- c --></sad>')).toEqual([
      '/mood/happy[1] unexpected-text',
    ]);
    expect(wrong('<text/><audio/><text/><video/>')).toEqual([
      '/mood/audio[1] wrong-order',
      '/mood/text[2] too-many-elements',
    ]);
    expect(wrong('<video/><happy/>')).toEqual(['/mood/happy[1] wrong-order']);
  });

  test('are written by their names, those with an order in it, each once', () => {
    const written = write(mood, { values: ['happy'], media: ['video', 'audio', 'video'] });
    expect(serializeToString(written)).toBe(
      '<l:mood xmlns:l="urn:list"><l:happy/><l:audio/><l:video/></l:mood>',
    );
    // @ts-expect-error the type knows the names
    expect(() => write(mood, { values: ['angry'] })).toThrow('values must be one of sad, happy');
  });

  test('keep their element where they stay', () => {
    const value = moodOf('<!-- 1 --><happy><!-- 2 --></happy><text>t</text><!-- 3 --><video/>');
    const changed = write(mood, {
      ...value,
      values: ['sad', ...value.values],
      media: ['audio', ...value.media],
    });
    expect(serializeToString(changed)).toBe(
      xml('<!-- 1 --><sad/><happy><!-- 2 --></happy><audio/><text>t</text><!-- 3 --><video/>'),
    );
    expect(serializeToString(write(mood, { ...value, values: ['sad'], media: ['video'] }))).toBe(
      xml('<!-- 1 --><sad/><!-- 3 --><video/>'),
    );
  });
});

test('an element of attributes alone holds no text, white space included', () => {
  const dot = ns.element('dot', { x: attribute('x', integer()) });
  const rulesOf = (content: string) =>
    validate(dot, root(`<dot xmlns="urn:list" x="1">${content}</dot>`)).map(({ rule }) => rule);
  expect(rulesOf('<!-- a --><?b c?>')).toEqual([]);
  expect(rulesOf(' ')).toEqual(['unexpected-text']);
  expect(read(dot, root('<dot xmlns="urn:list" x="1"> </dot>'))?.x).toBe(1);
});
