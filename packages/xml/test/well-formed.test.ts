import { describe, expect, it } from 'vitest';
import { elementsOf, equals, parse, serializeToString, type XmlDocument } from '../src/index.ts';

const astral = '\u{1F600}';

/**
 * What goes in, and what comes out of a tree that does not know the text it was parsed from; where they differ only in
 * what no infoset tells: quotes, spaces in tags, escapes.
 */
const cases: readonly (readonly [rule: string, source: string, written?: string])[] = [
  ['the least', '<a/>'],
  ['an element without content', '<a></a>', '<a/>'],
  ['white space in tags', '<a\n b = "1"\t></a\r\n>', '<a b="1"/>'],
  ['a declaration', '<?xml version="1.0"?><a/>'],
  ['a declaration in full', '<?xml version="1.0" encoding="utf-8" standalone="no"?><a/>'],
  [
    'a declaration in other quotes',
    "<?xml  version = '1.0'\nencoding='UTF-8' ?><a/>",
    '<?xml version="1.0" encoding="UTF-8"?><a/>',
  ],
  [
    'a declared encoding that text no longer has',
    '<?xml version="1.0" encoding="ISO-8859-1"?><a/>',
    '<?xml version="1.0" encoding="UTF-8"?><a/>',
  ],
  ['version 1.1, read as 1.0', '<?xml version="1.1"?><a>\u0085\u007F</a>'],
  ['white space around the root', '\n <a/>\n\t'],
  ['comments and instructions around the root', '<!-- a -->\n<?b c?><d/><?e?>\n<!---->'],
  ['an instruction whose name begins with xml', '<?xml-stylesheet href="a"?><a/>'],
  ['quotes in attributes', `<a b='"' c="'"/>`, `<a b="&quot;" c="'"/>`],
  ['">" in attributes and text', '<a b=">">></a>', '<a b=">">&gt;</a>'],
  ['brackets in text', '<a>]] ]></a>', '<a>]] ]&gt;</a>'],
  ['"]]>" by reference', '<a>]]&gt;</a>'],
  [
    'predefined entities',
    '<a b="&lt;&gt;&amp;&quot;&apos;">&lt;&gt;&amp;&quot;&apos;</a>',
    `<a b="&lt;>&amp;&quot;'">&lt;&gt;&amp;"'</a>`,
  ],
  ['escaped escapes', '<a>&amp;lt;&#38;amp;</a>', '<a>&amp;lt;&amp;amp;</a>'],
  ['character references', '<a>&#65;&#x42;&#x00043;&#x1F600;</a>', `<a>ABC${astral}</a>`],
  ['a carriage return by reference', '<a b="&#13;">&#xD;</a>', '<a b="&#xD;">&#xD;</a>'],
  ['tab and line feed by reference in an attribute', '<a b="&#9;&#10;"/>', '<a b="&#x9;&#xA;"/>'],
  ['tab and line ends in an attribute', '<a b="1\t2\n3\r\n4\r5"/>', '<a b="1 2 3 4 5"/>'],
  ['line ends in text', '<a>1\r\n2\r3\r\r\n4\n</a>', '<a>1\n2\n3\n\n4\n</a>'],
  [
    'line ends in a comment, CDATA and an instruction',
    '<a><!--\r\n--><![CDATA[\r]]><?b c\r\nd?></a>',
    '<a><!--\n--><![CDATA[\n]]><?b c\nd?></a>',
  ],
  ['white space that alone is content', '<a> \n <b> </b>\t</a>'],
  ['CDATA with markup', '<a><![CDATA[<b>&amp;</b>]]></a>'],
  ['CDATA of nothing', '<a><![CDATA[]]></a>'],
  ['CDATA with brackets', '<a><![CDATA[]]]]></a>'],
  ['CDATA beside text and CDATA', '<a>1<![CDATA[2]]><![CDATA[3]]>4</a>'],
  ['a comment with markup', '<a><!-- <b> & ]]> - - > --></a>'],
  ['an instruction with question marks', '<a><?b ?c? > ??></a>'],
  ['an instruction with white space before its data', '<a><?b \n c ?></a>', '<a><?b c ?></a>'],
  ['an instruction whose data begins with a question mark', '<a><?b\r\n?\r\nc?></a>', '<a><?b ?\nc?></a>'],
  ['a document type in a comment', '<!-- <!DOCTYPE a> --><a/>'],
  ['a document type in an instruction', '<?b <!DOCTYPE a>?><a/>'],
  ['a document type in CDATA', '<a><![CDATA[<!DOCTYPE a>]]></a>'],
  ['names beyond ASCII', '<präsenz Ωμέγα="1"><\u4E2D\u6587/></präsenz>'],
  ['a name beyond the BMP', '<\u{10400}/>'],
  ['names of punctuation', '<_a-b.c·d/>'],
  ['names that objects have', '<constructor __proto__="1" toString="2"><hasOwnProperty/></constructor>'],
  ['characters beyond the BMP', `<a b="${astral}">${astral}</a>`],
  ['the last allowed characters', '<a>\uD7FF\uE000\uFFFD\u{10FFFF}</a>'],
  ['U+FEFF in content', '<a>\uFEFF</a>'],
  ['a mark before', '\uFEFF<a/>', '<a/>'],
  ['a default namespace', '<a xmlns="urn:a"><b/></a>'],
  ['a default namespace undeclared', '<a xmlns="urn:a"><b xmlns=""><c/></b></a>'],
  ['a default namespace undeclared where none was', '<a xmlns=""/>'],
  ['a prefix declared after its use', '<p:a p:b="1" xmlns:p="urn:p"/>'],
  ['a prefix declared anew', '<p:a xmlns:p="urn:1"><p:b xmlns:p="urn:2"/><p:c/></p:a>'],
  ['two prefixes for one namespace', '<p:a xmlns:p="urn:1" xmlns:q="urn:1" p:b="1"><q:c/></p:a>'],
  ['an attribute in a namespace and its like in none', '<p:a xmlns:p="urn:1" p:b="1" b="2"/>'],
  ['an attribute in none beside a default namespace', '<a xmlns="urn:1" xmlns:p="urn:1" p:b="1" b="2"/>'],
  ['the prefix xml', '<a xml:lang="en" xml:space="preserve"/>'],
  ['the prefix xml declared', '<a xmlns:xml="http://www.w3.org/XML/1998/namespace" xml:lang="en"/>'],
  ['an element of the prefix xml', '<xml:a/>'],
  ['a namespace with escapes', '<a xmlns="urn:a?b&amp;c"/>'],
  ['a namespace with spaces, which stay', '<a xmlns=" urn:a "/>'],
  ['a relative namespace', '<a xmlns="b"/>'],
  ['an element named xmlns', '<xmlns/>'],
  ['prefixes that begin with xml', '<xmlfoo:a xmlns:xmlfoo="urn:a"/>'],
  ['declarations in the order written', '<a b="1" xmlns:q="urn:q" c="2" xmlns="urn:a"/>'],
];

/** The same tree of plain objects. */
function copyOf(document: XmlDocument): XmlDocument {
  const copy: XmlDocument = structuredClone(document);
  const root = copy.children.find((child) => child.type === 'element') ?? copy.root;
  return { ...copy, root };
}

describe('parsed elements', () => {
  for (const [rule, source] of cases) {
    it(`are written as they stood: ${rule}`, () => {
      const { root } = parse(source);
      const written = serializeToString(parse(source));
      expect(written).toContain(
        source.slice(source.indexOf(`<${root.prefix && `${root.prefix}:`}${root.local}`)).trimEnd(),
      );
      expect(equals(parse(written), parse(source), { prefixes: true })).toBe(true);
    });
  }

  it('are written as they stood beside what is changed', () => {
    const { root } = parse("<a b = '1'><c  d='&#65;'/>\r\n<e>&#x42;</e></a>");
    const children = root.children.filter((child) => child.type !== 'element' || child.local !== 'e');
    expect(serializeToString({ ...root, children })).toBe(`<a b="1"><c  d='&#65;'/>\n</a>`);
  });

  it('are written anew where a prefix in them means something else', () => {
    const inner = elementsOf(parse('<a xmlns:p="urn:p"><p:b  c="1"/></a>').root, 'b', 'urn:p');
    const other = parse('<d xmlns:p="urn:other"/>').root;
    expect(serializeToString({ ...other, children: inner })).toBe(
      '<d xmlns:p="urn:other"><p:b xmlns:p="urn:p" c="1"/></d>',
    );
    const same = parse('<d xmlns:p="urn:p"/>').root;
    expect(serializeToString({ ...same, children: inner })).toBe('<d xmlns:p="urn:p"><p:b  c="1"/></d>');
    const within = parse('<d xmlns="urn:d"/>').root;
    const plain = elementsOf(parse('<a><b  c="1"/></a>').root, 'b');
    expect(serializeToString({ ...within, children: plain })).toBe(
      '<d xmlns="urn:d"><b xmlns="" c="1"/></d>',
    );
  });
});

describe('well-formed documents keep', () => {
  for (const [rule, source, written = source] of cases) {
    it(rule, () => {
      expect(serializeToString(copyOf(parse(source)))).toBe(written);
      expect(serializeToString(copyOf(parse(written)))).toBe(written);
    });
  }

  it('in at least forty tricky forms', () => {
    expect(cases.length).toBeGreaterThanOrEqual(40);
  });
});

describe('namespaces', () => {
  it('reach elements and never unprefixed attributes (Namespaces in XML 1.0 §6.2)', () => {
    const { root } = parse('<a xmlns="urn:1" xmlns:p="urn:2" b="1" p:b="2" xml:b="3"/>');
    expect(root.namespace).toBe('urn:1');
    expect(root.attributes.map(({ namespace, local }) => `{${namespace}}${local}`)).toEqual([
      '{http://www.w3.org/2000/xmlns/}xmlns',
      '{http://www.w3.org/2000/xmlns/}p',
      '{}b',
      '{urn:2}b',
      '{http://www.w3.org/XML/1998/namespace}b',
    ]);
  });

  it('end with the element that declares them (Namespaces in XML 1.0 §6.1)', () => {
    const { root } = parse('<a xmlns="1"><b xmlns="2"><c xmlns=""/><c/></b><b/></a>');
    expect(JSON.stringify(root).match(/"namespace":"\d?","prefix":"","local":"."/g)).toEqual(
      [
        ['1', 'a'],
        ['2', 'b'],
        ['', 'c'],
        ['2', 'c'],
        ['1', 'b'],
      ].map(([namespace, local]) => `"namespace":"${namespace}","prefix":"","local":"${local}"`),
    );
  });
});

describe('encodings', () => {
  const source = '<?xml version="1.0" encoding="UTF-16"?>\n<präsenz>\u{1F600}</präsenz>';
  const inUtf16 = (order: 'LE' | 'BE'): Uint8Array => {
    const view = new DataView(new ArrayBuffer(2 * source.length + 2));
    [...Array(source.length + 1).keys()].forEach((at) => {
      view.setUint16(2 * at, at === 0 ? 0xfeff : source.charCodeAt(at - 1), order === 'LE');
    });
    return new Uint8Array(view.buffer);
  };

  it.each(['LE', 'BE'] as const)('UTF-16%s with its mark is decoded (XML 1.0 §4.3.3)', (order) => {
    expect(parse(inUtf16(order))).toEqual(parse(source));
  });

  it('UTF-16 longer than one chunk is decoded', () => {
    const long = `\uFEFF<a>${'\u{1F600}b'.repeat(30_000)}</a>`;
    const bytes = new Uint8Array(
      Uint16Array.from([...Array(long.length).keys()], (at) => long.charCodeAt(at)).buffer,
    );
    expect(parse(bytes)).toEqual(parse(long));
  });

  it('UTF-8 may have its mark, and any case in its name', () => {
    const text = '<?xml version="1.0" encoding="uTf-8"?><a>\u00E9</a>';
    expect(parse(new TextEncoder().encode(`\uFEFF${text}`))).toEqual(parse(text));
  });
});
