import { describe, expect, it } from 'vitest';
import { type EqualsOptions, equals, parse } from '../src/index.ts';

const same = (a: string, b: string, options?: EqualsOptions): boolean =>
  equals(parse(a), parse(b), options) && equals(parse(b), parse(a), options);

describe('equal are', () => {
  const cases: readonly (readonly [string, string, string, EqualsOptions?])[] = [
    ['attributes in another order', '<a b="1" c="2"/>', '<a c="2" b="1"/>'],
    ['other prefixes', '<p:a xmlns:p="u" p:b="1"/>', '<a xmlns="u" xmlns:q="u" q:b="1"/>'],
    ['text and CDATA', '<a>1&lt;2</a>', '<a>1<![CDATA[<2]]></a>'],
    ['an empty section and nothing', '<a><![CDATA[]]></a>', '<a/>'],
    ['documents with and without declaration', '<?xml version="1.0"?>\n<a/>\n', '<a/>'],
    ['comments, left out', '<a>1<!-- x -->2</a>', '<a>12</a>', { comments: false }],
    ['instructions, left out', '<?x?><a>1<?y?>2</a>', '<a>12</a>', { instructions: false }],
  ];
  for (const [rule, a, b, options] of cases) {
    it(rule, () => expect(same(a, b, options)).toBe(true));
  }
});

describe('unequal are', () => {
  const cases: readonly (readonly [string, string, string, EqualsOptions?])[] = [
    ['names', '<a/>', '<b/>'],
    ['namespaces', '<a xmlns="u"/>', '<a xmlns="v"/>'],
    ['attribute values', '<a b="1"/>', '<a b="2"/>'],
    ['attributes more', '<a b="1"/>', '<a b="1" c="2"/>'],
    ['attributes of other names', '<a b="1"/>', '<a c="1"/>'],
    ['attributes of other namespaces', '<a xmlns:p="u" p:b="1"/>', '<a b="1"/>'],
    ['text', '<a>1</a>', '<a>2</a>'],
    ['white space in content', '<a><b/></a>', '<a> <b/></a>'],
    ['text and an element', '<a>b</a>', '<a><b/></a>'],
    ['order', '<a><b/><c/></a>', '<a><c/><b/></a>'],
    ['depth', '<a><b/><c/></a>', '<a><b><c/></b></a>'],
    ['comments', '<a><!-- x --></a>', '<a><!-- y --></a>'],
    ['comments more', '<a>1<!-- x -->2</a>', '<a>12</a>'],
    ['comments outside the root', '<!-- x --><a/>', '<a/>'],
    ['instructions by target', '<a><?b d?></a>', '<a><?c d?></a>'],
    ['instructions by data', '<a><?b c?></a>', '<a><?b d?></a>'],
    ['a comment and an instruction', '<a><!--b--></a>', '<a><?b?></a>'],
    ['prefixes, where they count', '<p:a xmlns:p="u"/>', '<a xmlns="u"/>', { prefixes: true }],
    [
      'prefixes of attributes',
      '<a xmlns:p="u" xmlns:q="u" p:b=""/>',
      '<a xmlns:p="u" xmlns:q="u" q:b=""/>',
      { prefixes: true },
    ],
    ['declarations, where prefixes count', '<a xmlns:p="u"/>', '<a/>', { prefixes: true }],
  ];
  for (const [rule, a, b, options] of cases) {
    it(rule, () => expect(same(a, b, options)).toBe(false));
  }

  it('a document and an element', () => {
    expect(equals(parse('<a/>'), parse('<a/>').root)).toBe(false);
  });
});
