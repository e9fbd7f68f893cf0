import { describe, expect, it } from 'vitest';
import { parse, XmlError, type XmlErrorCode } from '../src/index.ts';

const P = 'xmlns:p="urn:p"';

type Case = readonly [rule: string, source: string | Uint8Array, code: XmlErrorCode];

const bytes = (...parts: (string | number[])[]): Uint8Array =>
  Uint8Array.from(
    parts.flatMap((part) => (typeof part === 'string' ? [...new TextEncoder().encode(part)] : part)),
  );
const utf16 = (text: string, order: 'LE' | 'BE', mark = true): Uint8Array =>
  Uint8Array.from(
    [...(mark ? '\uFEFF' : ''), ...text].flatMap((c) => {
      const unit = c.charCodeAt(0);
      return order === 'LE' ? [unit & 255, unit >> 8] : [unit >> 8, unit & 255];
    }),
  );

const documents: readonly Case[] = [
  ['nothing', '', 'no-root'],
  ['white space alone', ' \r\n\t', 'no-root'],
  ['a comment alone', '<!-- a -->', 'no-root'],
  ['a declaration alone', '<?xml version="1.0"?>', 'no-root'],
  ['text alone', 'presence', 'content-outside-root'],
  ['text before the root', 'x<a/>', 'content-outside-root'],
  ['text after the root', '<a/>x', 'content-outside-root'],
  ['a reference before the root', '&#32;<a/>', 'content-outside-root'],
  ['a reference after the root', '<a/>&amp;', 'content-outside-root'],
  ['CDATA before the root', '<![CDATA[]]><a/>', 'content-outside-root'],
  ['CDATA after the root', '<a/><![CDATA[]]>', 'content-outside-root'],
  ['a second root', '<a/><a/>', 'content-outside-root'],
  ['a second byte order mark', '\uFEFF\uFEFF<a/>', 'content-outside-root'],
  [
    'a second byte order mark in bytes',
    bytes([0xef, 0xbb, 0xbf, 0xef, 0xbb, 0xbf], '<a/>'),
    'content-outside-root',
  ],
  ['a byte order mark after the root', '<a/>\uFEFF', 'content-outside-root'],
];

const tags: readonly Case[] = [
  ['the root not closed', '<a>', 'unclosed-element'],
  ['an inner element not closed', '<a><b></a>', 'tag-mismatch'],
  ['tags crossed', '<a><b></a></b>', 'tag-mismatch'],
  ['an end tag of another case', '<a></A>', 'tag-mismatch'],
  [
    'an end tag with another prefix for the same namespace',
    `<p:a ${P} xmlns:q="urn:p"></q:a>`,
    'tag-mismatch',
  ],
  ['an end tag without a start', '</a>', 'tag-mismatch'],
  ['one end tag too many', '<a></a></a>', 'tag-mismatch'],
  ['an end tag without a name', '<a></>', 'tag-syntax'],
  ['an end tag with an attribute', '<a></a b="1">', 'tag-syntax'],
  ['an end tag with a slash at its end', '<a></a/>', 'tag-syntax'],
  ['white space before the name', '< a/>', 'tag-syntax'],
  ['white space before the name of an end tag', '<a></ a>', 'tag-syntax'],
  ['white space within "/>"', '<a/ >', 'tag-syntax'],
  ['a name that begins with a digit', '<1a/>', 'tag-syntax'],
  ['a name that begins with a hyphen', '<-a/>', 'tag-syntax'],
  ['a name with a character no name has', '<a*b/>', 'tag-syntax'],
  ['the name ×', '<\u00D7/>', 'tag-syntax'],
  ['a tag within a tag', '<a <b/>></a>', 'attribute-syntax'],
  ['the end within a start tag', '<a b="1"', 'unexpected-end'],
  ['the end within a name', '<a', 'unexpected-end'],
  ['the end within an attribute value', '<a b="', 'unexpected-end'],
  ['the end within an end tag', '<a></a', 'unexpected-end'],
  ['a lone "<" at the end', '<a/><', 'unexpected-end'],
  ['"<" in text', '<a>1 < 2</a>', 'tag-syntax'],
];

const attributes: readonly Case[] = [
  ['no value', '<a b/>', 'attribute-syntax'],
  ['no value before another', '<a b c="1"/>', 'attribute-syntax'],
  ['no quotes', '<a b=1/>', 'attribute-syntax'],
  ['a quote of each kind', '<a b="1\'/>', 'unexpected-end'],
  ['a name twice', '<a b="1" b="1"/>', 'attribute-duplicate'],
  ['a declaration twice', '<a xmlns="urn:a" xmlns="urn:a"/>', 'attribute-duplicate'],
  ['"<" in a value', '<a b="<"/>', 'attribute-syntax'],
  ['"&" in a value', '<a b="a & b;"/>', 'reference'],
  ['no white space between', '<a b="1"c="2"/>', 'attribute-syntax'],
  ['no white space before a closing name', '<a b="1"/c="2"/>', 'tag-syntax'],
  ['an equals sign alone', '<a ="1"/>', 'attribute-syntax'],
  ['a name that begins with a digit', '<a 1b="1"/>', 'attribute-syntax'],
  ['a value of one quote', '<a b="/>', 'unexpected-end'],
  ['two equals signs', '<a b=="1"/>', 'attribute-syntax'],
];

const characters: readonly Case[] = [
  ['U+0000', '<a>\0</a>', 'character'],
  ['U+0000 in an attribute', '<a b="\0"/>', 'character'],
  ['U+0001', '<a>\u0001</a>', 'character'],
  ['a form feed', '<a>\f</a>', 'character'],
  ['a vertical tab', '<a>\v</a>', 'character'],
  ['an escape in a comment', '<a><!-- \u001B --></a>', 'character'],
  ['a bell in CDATA', '<a><![CDATA[\u0007]]></a>', 'character'],
  ['a backspace in an instruction', '<a><?p \b?></a>', 'character'],
  ['U+FFFE', '<a>\uFFFE</a>', 'character'],
  ['U+FFFF', '<a>\uFFFF</a>', 'character'],
  ['a low surrogate alone', '<a>\uDC00</a>', 'character'],
  ['a high surrogate alone', '<a>\uD800</a>', 'character'],
  ['a high surrogate before markup', '<a>\uD83D<b/></a>', 'character'],
  ['surrogates in the wrong order', '<a>\uDE00\uD83D</a>', 'character'],
  ['a surrogate alone in UTF-16', utf16('<a>\uD800</a>', 'LE'), 'character'],
  ['"]]>" in text', '<a>]]></a>', 'cdata-end-in-text'],
  ['"]]>" after brackets in text', '<a>x]]]]]></a>', 'cdata-end-in-text'],
];

const references: readonly Case[] = [
  ['an entity never declared', '<a>&nbsp;</a>', 'reference'],
  ['a predefined one in capitals', '<a>&AMP;</a>', 'reference'],
  ['a name of every JavaScript object', '<a>&constructor;</a>', 'reference'],
  ['the name __proto__', '<a>&__proto__;</a>', 'reference'],
  ['no semicolon', '<a>&amp</a>', 'reference'],
  ['no name', '<a>&;</a>', 'reference'],
  ['white space in one', '<a>&am p;</a>', 'reference'],
  ['a number without digits', '<a>&#;</a>', 'reference'],
  ['a hexadecimal number without digits', '<a>&#x;</a>', 'reference'],
  ['hexadecimal digits without x', '<a>&#1F;</a>', 'reference'],
  ['a capital X', '<a>&#X41;</a>', 'reference'],
  ['a negative number', '<a>&#-1;</a>', 'reference'],
  ['the character 0', '<a>&#0;</a>', 'reference'],
  ['a control character', '<a>&#x1;</a>', 'reference'],
  ['a surrogate', '<a>&#xD800;</a>', 'reference'],
  ['a pair of surrogates', '<a>&#xD83D;&#xDE00;</a>', 'reference'],
  ['U+FFFE', '<a>&#xFFFE;</a>', 'reference'],
  ['beyond Unicode', '<a>&#x110000;</a>', 'reference'],
  ['beyond all numbers', `<a>&#${'9'.repeat(400)};</a>`, 'reference'],
  ['one in an attribute', '<a b="&lol;"/>', 'reference'],
];

const markup: readonly Case[] = [
  ['"--" in a comment', '<a><!-- a -- b --></a>', 'comment-syntax'],
  ['"-" at the end of a comment', '<a><!-- a ---></a>', 'comment-syntax'],
  ['a comment not closed', '<a><!-- a</a>', 'unexpected-end'],
  ['a comment closed at once', '<!--><a/>', 'unexpected-end'],
  ['a comment in a tag', '<a <!-- --> />', 'attribute-syntax'],
  ['CDATA not closed', '<a><![CDATA[ ]] ></a>', 'unexpected-end'],
  ['cdata in small letters', '<a><![cdata[x]]></a>', 'markup-syntax'],
  ['CDATA with a space', '<a><![ CDATA[x]]></a>', 'markup-syntax'],
  ['a declaration of an element', '<!ELEMENT a ANY><a/>', 'markup-syntax'],
  ['an instruction without target', '<a><? b?></a>', 'pi-syntax'],
  ['an instruction of nothing', '<a><??></a>', 'pi-syntax'],
  ['a target that begins with a digit', '<a><?1 b?></a>', 'pi-syntax'],
  ['a question mark for white space after a target', '<a><?b?c?></a>', 'pi-syntax'],
  ['question marks and line ends after a target', '<a><?b?\r\nc?d\r\n?></a>', 'pi-syntax'],
  ['an instruction not closed', '<a><?b c</a>', 'unexpected-end'],
  ['the target XML', '<a><?XML b?></a>', 'declaration-syntax'],
  ['a declaration within the root', '<a><?xml version="1.0"?></a>', 'declaration-syntax'],
  ['white space before the declaration', ' <?xml version="1.0"?><a/>', 'declaration-syntax'],
  ['a comment before the declaration', '<!-- --><?xml version="1.0"?><a/>', 'declaration-syntax'],
];

const declarations: readonly Case[] = [
  ['no version', '<?xml encoding="UTF-8"?><a/>', 'declaration-syntax'],
  ['nothing in it', '<?xml?><a/>', 'declaration-syntax'],
  ['only white space in it', '<?xml ?><a/>', 'declaration-syntax'],
  ['version 2.0', '<?xml version="2.0"?><a/>', 'declaration-syntax'],
  ['a version without number', '<?xml version=""?><a/>', 'declaration-syntax'],
  ['the encoding first', '<?xml encoding="UTF-8" version="1.0"?><a/>', 'declaration-syntax'],
  [
    'standalone before encoding',
    '<?xml version="1.0" standalone="yes" encoding="UTF-8"?><a/>',
    'declaration-syntax',
  ],
  ['standalone neither yes nor no', '<?xml version="1.0" standalone="maybe"?><a/>', 'declaration-syntax'],
  ['something unknown', '<?xml version="1.0" charset="UTF-8"?><a/>', 'declaration-syntax'],
  ['no quotes', '<?xml version=1.0?><a/>', 'declaration-syntax'],
  ['quotes that differ', '<?xml version="1.0\'?><a/>', 'declaration-syntax'],
  ['no white space between', '<?xml version="1.0"encoding="UTF-8"?><a/>', 'declaration-syntax'],
  ['an encoding that is no name', '<?xml version="1.0" encoding="8-UTF"?><a/>', 'declaration-syntax'],
  ['no end', '<?xml version="1.0"', 'declaration-syntax'],
  ['closed as a tag', '<?xml version="1.0"><a/>', 'declaration-syntax'],
];

const encodings: readonly Case[] = [
  ['UTF-8 declared as UTF-16', bytes('<?xml version="1.0" encoding="UTF-16"?><a/>'), 'encoding-mismatch'],
  [
    'a UTF-8 mark, another declared',
    bytes([0xef, 0xbb, 0xbf], '<?xml version="1.0" encoding="ISO-8859-1"?><a/>'),
    'encoding-mismatch',
  ],
  [
    'UTF-16 declared as UTF-8',
    utf16('<?xml version="1.0" encoding="UTF-8"?><a/>', 'LE'),
    'encoding-mismatch',
  ],
  [
    'UTF-16LE declared as UTF-16BE',
    utf16('<?xml version="1.0" encoding="UTF-16BE"?><a/>', 'LE'),
    'encoding-mismatch',
  ],
  [
    'ISO-8859-1',
    bytes('<?xml version="1.0" encoding="ISO-8859-1"?><a>', [0xe9], '</a>'),
    'encoding-unsupported',
  ],
  ['Shift_JIS', bytes('<?xml version="1.0" encoding="Shift_JIS"?><a/>'), 'encoding-unsupported'],
  ['UTF-16LE without mark', utf16('<a/>', 'LE', false), 'encoding-unsupported'],
  ['UTF-16BE without mark', utf16('<a/>', 'BE', false), 'encoding-unsupported'],
  ['UTF-32', bytes([0xff, 0xfe, 0, 0, 0x3c, 0, 0, 0]), 'encoding-unsupported'],
  ['EBCDIC', bytes([0x4c, 0x6f, 0xa7, 0x94, 0x93]), 'encoding-unsupported'],
  ['a byte that begins nothing', bytes('<a>', [0xff], '</a>'), 'encoding-invalid'],
  ['a sequence too short', bytes('<a>', [0xc3], '</a>'), 'encoding-invalid'],
  ['an overlong "<"', bytes('<a>', [0xc0, 0xbc], '</a>'), 'encoding-invalid'],
  ['a surrogate in UTF-8', bytes('<a>', [0xed, 0xa0, 0x80], '</a>'), 'encoding-invalid'],
  ['beyond Unicode', bytes('<a>', [0xf4, 0x90, 0x80, 0x80], '</a>'), 'encoding-invalid'],
  ['half a unit of UTF-16', bytes([0xff, 0xfe, 0x3c, 0, 0x61]), 'encoding-invalid'],
];

const doctypes: readonly Case[] = [
  ['a name alone', '<!DOCTYPE a><a/>', 'doctype'],
  [
    'after a declaration, a comment and an instruction',
    '<?xml version="1.0"?>\n<!-- -> --><?b ?>\n<!DOCTYPE a><a/>',
    'doctype',
  ],
  ['an external one', '<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>', 'doctype'],
  ['never closed', '<!DOCTYPE a [', 'doctype'],
  ['after the root', '<a/><!DOCTYPE a>', 'doctype'],
  ['within the root', '<a><!DOCTYPE a></a>', 'doctype'],
  ['in small letters', '<!doctype a><a/>', 'markup-syntax'],
];

const namespaces: readonly Case[] = [
  ['an element of an undeclared prefix', '<p:a/>', 'prefix-undeclared'],
  ['an attribute of an undeclared prefix', '<a p:b="1"/>', 'prefix-undeclared'],
  ['a prefix declared on a sibling', `<a><b ${P}/><p:c/></a>`, 'prefix-undeclared'],
  ['a prefix declared on a child', `<p:a><b ${P}/></p:a>`, 'prefix-undeclared'],
  ['a prefix undeclared', `<a ${P}><b xmlns:p=""/></a>`, 'prefix-unbound'],
  ['the prefix xmlns declared', '<a xmlns:xmlns="urn:x"/>', 'prefix-reserved'],
  [
    'the prefix xmlns declared as what it is',
    '<a xmlns:xmlns="http://www.w3.org/2000/xmlns/"/>',
    'prefix-reserved',
  ],
  ['another prefix for xmlns', '<a xmlns:q="http://www.w3.org/2000/xmlns/"/>', 'prefix-reserved'],
  ['xmlns as default', '<a xmlns="http://www.w3.org/2000/xmlns/"/>', 'prefix-reserved'],
  ['the prefix xml for another namespace', '<a xmlns:xml="urn:x"/>', 'prefix-reserved'],
  ['another prefix for xml', '<a xmlns:q="http://www.w3.org/XML/1998/namespace"/>', 'prefix-reserved'],
  ['xml as default', '<a xmlns="http://www.w3.org/XML/1998/namespace"/>', 'prefix-reserved'],
  ['an element of the prefix xmlns', '<xmlns:a/>', 'prefix-reserved'],
  [
    'attributes of one name by two prefixes',
    `<a ${P} xmlns:q="urn:p" p:b="1" q:b="2"/>`,
    'attribute-duplicate',
  ],
  [
    'attributes of one name by two prefixes among many',
    `<a ${P} xmlns:q="urn:p" p:b="1" ${Array.from({ length: 40 }, (_, i) => `p:c${i}=""`).join(' ')} q:b="2"/>`,
    'attribute-duplicate',
  ],
  ['two colons', `<a ${P}><p:b:c/></a>`, 'name'],
  ['two colons in an attribute', `<a ${P} p:b:c="1"/>`, 'name'],
  ['a colon first', '<:a/>', 'name'],
  ['a colon last', `<p: ${P}/>`, 'name'],
  ['a colon alone', '<:/>', 'name'],
  ['a declaration of no prefix', '<a xmlns:="urn:x"/>', 'name'],
  ['a local name that begins with a digit', `<p:1 ${P}/>`, 'name'],
  ['a local name that begins with a hyphen', `<a ${P} p:-b="1"/>`, 'name'],
  ['a target with a colon', `<a ${P}><?p:b c?></a>`, 'name'],
];

const tables = {
  documents,
  tags,
  attributes,
  characters,
  references,
  markup,
  declarations,
  encodings,
  doctypes,
  namespaces,
};

describe('malformed documents are refused', () => {
  for (const [table, cases] of Object.entries(tables)) {
    describe(table, () => {
      it.each(cases)('%s', (_rule, source, code) => {
        const error = refusal(source);
        expect([error.code, error.message]).toEqual([code, error.message]);
        expect(error.rfc).toMatch(/^(XML 1\.0|Namespaces in XML 1\.0) §\d/);
        expect(error.offset).toBeGreaterThanOrEqual(0);
        expect(error.offset).toBeLessThanOrEqual(source.length);
      });
    });
  }

  it('in at least ninety ways', () => {
    expect(Object.values(tables).flat().length).toBeGreaterThanOrEqual(90);
  });
});

describe('an error says where', () => {
  it.each([
    ['at the character', '<a>\r\n  <b>x\u0001</b>\n</a>', 11, 2, 7],
    ['at the tag', '<a>\n<p:b/></a>', 4, 2, 1],
    ['at the end tag', '<a>\r<b></c></a>', 7, 2, 4],
    ['behind an astral character', '<a>\u{1F600}\uFFFF</a>', 5, 1, 6],
    ['after the mark', '\uFEFF<a>&x;</a>', 3, 1, 4],
    ['at the end', '<a>\n<b/>\n', 9, 3, 1],
  ])('%s', (_where, source, offset, line, column) => {
    expect(refusal(source)).toMatchObject({ offset, line, column });
  });

  it('in bytes where they are no UTF-8', () => {
    const source = bytes('<a>\n\u00E9\uFFFD\u{1F600}', [0xc3], '</a>');
    expect(refusal(source)).toMatchObject({ code: 'encoding-invalid', offset: 13, line: 2, column: 5 });
  });
});

function refusal(source: string | Uint8Array): XmlError {
  try {
    parse(source);
  } catch (error) {
    if (error instanceof XmlError) return error;
    throw error;
  }
  throw new Error('it was accepted');
}
