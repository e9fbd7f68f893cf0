import { describe, expect, test } from 'vitest';
import { failure, patched } from '../patched.ts';

const target = '<doc>\n  <foo>a<x/>b</foo>\n</doc>';

describe('adding (§4.3)', () => {
  test('nodes go last into the element, first with prepend, beside it with before and after (@req rfc5261:4.3:4)', () => {
    expect(patched('<d><a/></d>', '<add sel="d"><b/><!--c--></add>')).toBe('<d><a/><b/><!--c--></d>');
    expect(patched('<d><a/></d>', '<add sel="d" pos="prepend"><b/>t</add>')).toBe('<d><b/>t<a/></d>');
    expect(patched('<d><a/></d>', '<add sel="d/a" pos="before"><b/><?p?></add>')).toBe(
      '<d><b/><?p?><a/></d>',
    );
    expect(patched('<d><a/></d>', '<add sel="d/a" pos="after">t<b/></add>')).toBe('<d><a/>t<b/></d>');
    expect(patched('<d><a/></d>', '<add sel="d/a" pos="after"/>')).toBe('<d><a/></d>');
  });

  test('an attribute has one text as its value (@req rfc5261:4.3:1)', () => {
    expect(patched('<d/>', '<add sel="d" type="@a">x &amp; y</add>')).toBe('<d a="x &amp; y"/>');
    expect(patched('<d/>', '<add sel="d" type="@a"/>')).toBe('<d a=""/>');
    expect(failure('<d/>', '<add sel="d" type="@a"><b/></add>')).toBe('invalid-attribute-value 0');
    expect(failure('<d/>', '<add sel="d" type="@a">x<!-- c --></add>')).toBe('invalid-attribute-value 0');
    expect(failure('<d/>', '<add sel="d" type="@a"><![CDATA[x]]></add>')).toBe('invalid-attribute-value 0');
    expect(failure('<d/>', '<add sel="d" type="namespace::a"><b/></add>')).toBe('invalid-attribute-value 0');
    expect(failure('<d a=""/>', '<add sel="d" type="@a">x</add>')).toBe('invalid-attribute-value 0');
    expect(failure('<d/>', '<add sel="d" type="@xmlns">x</add>')).toBe('invalid-attribute-value 0');
  });

  test('only an element takes attributes and declarations (@req rfc5261:4.3:3)', () => {
    expect(failure(target, '<add sel="doc/foo/text()[1]" type="@a">x</add>')).toBe(
      'invalid-patch-directive 0',
    );
    expect(failure('<d><!-- --></d>', '<add sel="d/comment()" type="namespace::a">x:</add>')).toBe(
      'invalid-patch-directive 0',
    );
    expect(failure(target, '<add sel="doc/foo/text()[1]">x</add>')).toBe('invalid-patch-directive 0');
  });

  test('a qualified attribute takes a prefix of the target, but never the default (§4.3.2)', () => {
    const add = '<add sel="*" type="@a:n">1</add>';
    expect(patched('<d xmlns:b="u:"/>', add, 'xmlns:a="u:"')).toBe('<d xmlns:b="u:" b:n="1"/>');
    expect(patched('<d xmlns="u:"/>', add, 'xmlns:a="u:"')).toBe('<d xmlns="u:" xmlns:a="u:" a:n="1"/>');
    expect(patched('<d xmlns:a="v:"/>', add, 'xmlns:a="u:"')).toBe(
      '<d xmlns:a="v:" xmlns:ns1="u:" ns1:n="1"/>',
    );
    expect(patched('<d/>', '<add sel="*" type="@xml:lang">en</add>')).toBe('<d xml:lang="en"/>');
    expect(failure('<d xmlns:b="u:" b:n="1"/>', add, 'xmlns:a="u:"')).toBe('invalid-attribute-value 0');
  });

  test('a declaration is added with the prefix given (§4.3.3)', () => {
    expect(patched('<d/>', '<add sel="d" type="namespace::p">u:</add>')).toBe('<d xmlns:p="u:"/>');
    const same = '<d xmlns:p="u:"><e><p:f/></e></d>';
    expect(patched(same, '<add sel="d/e" type="namespace::p">u:</add>')).toContain('<e xmlns:p="u:">');
    expect(failure(same, '<add sel="d" type="namespace::p">u:</add>')).toBe('invalid-namespace-prefix 0');
    expect(failure(same, '<add sel="d/e" type="namespace::p">v:</add>')).toBe('invalid-namespace-prefix 0');
    expect(patched('<d xmlns:p="u:"><e/></d>', '<add sel="d/e" type="namespace::p">v:</add>')).toContain(
      '="v:"',
    );
    expect(failure('<d/>', '<add sel="d" type="namespace::p"/>')).toBe('invalid-namespace-uri 0');
    expect(failure('<d/>', '<add sel="d" type="namespace::xml">u:</add>')).toBe('invalid-namespace-prefix 0');
  });

  test('texts that come side by side are one (@req rfc5261:4.3.5:1, @req rfc5261:4.3.5:2, @req rfc5261:3:3)', () => {
    const text = '<doc>\n</doc>';
    expect(patched(text, '<add sel="doc">\n  <foo/></add><replace sel="doc/text()[1]">all</replace>')).toBe(
      '<doc>all<foo/></doc>',
    );
    expect(patched(text, '<add sel="doc">\n  <foo/></add>')).toBe('<doc>\n\n  <foo/></doc>');
  });

  test('beside a text too (@req rfc5261:4.3.5:3)', () => {
    const add = '<add sel="*/foo/text()[2]" pos="after">new<bar/>elem</add>';
    expect(patched(target, add)).toBe('<doc>\n  <foo>a<x/>bnew<bar/>elem</foo>\n</doc>');
    expect(patched(target, `${add}<replace sel="*/foo/text()[2]">t</replace>`)).toContain('<x/>t<bar/>elem');
    const before = '<add sel="*/foo/text()[2]" pos="before">new<bar/>elem</add>';
    expect(patched(target, `${before}<replace sel="*/foo/text()[3]">t</replace>`)).toContain(
      '<x/>new<bar/>t</foo>',
    );
  });

  test('content is moved unaltered, CDATA sections too (@req rfc5261:3:1, @req rfc5261:4.3.5:5)', () => {
    const content = ' <e  b="2" a="1"><![CDATA[<&]]></e><?pi  data?><!-- c -->&amp;<![CDATA[]]>';
    expect(patched('<d>t</d>', `<add sel="d">${content}</add>`)).toBe(
      '<d>t <e b="2" a="1"><![CDATA[<&]]></e><?pi data?><!-- c -->&amp;<![CDATA[]]></d>',
    );
    expect(patched('<d>t</d>', '<add sel="d"><![CDATA[x]]></add><replace sel="d/text()">y</replace>')).toBe(
      '<d>y</d>',
    );
  });

  test('comments and instructions go beside the root, and nothing else (@req rfc5261:3:6)', () => {
    expect(patched('<d/>', '<add sel="d" pos="before"><!-- c -->\n<?p?></add>')).toBe(
      '<!-- c -->\n<?p?><d/>',
    );
    expect(
      patched('<d/>', '<add sel="*" pos="after"><?p?></add><remove sel="processing-instruction()"/>'),
    ).toBe('<d/>');
    expect(failure('<d/>', '<add sel="d" pos="after"><e/></add>')).toBe('invalid-root-element-operation 0');
    expect(failure('<d/>', '<add sel="d" pos="after">t</add>')).toBe('invalid-xml-prolog-operation 0');
  });
});
