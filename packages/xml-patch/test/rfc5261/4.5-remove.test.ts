import { describe, expect, test } from 'vitest';
import { failure, patched } from '../patched.ts';

const target = '<doc>\n <a/> <b/>x<c/> </doc>';

describe('removing (§4.5)', () => {
  test('white space before and after goes where ws says so (@req rfc5261:4.5:1, @req rfc5261:4.5:2)', () => {
    expect(patched(target, '<remove sel="doc/a" ws="before"/>')).toBe('<doc> <b/>x<c/> </doc>');
    expect(patched(target, '<remove sel="doc/a" ws="after"/>')).toBe('<doc>\n <b/>x<c/> </doc>');
    expect(patched(target, '<remove sel="doc/a" ws="both"/>')).toBe('<doc><b/>x<c/> </doc>');
    const comment = '<doc> <!--c--> </doc>';
    expect(patched(comment, '<remove sel="doc/comment()" ws="both"/>')).toBe('<doc/>');
    expect(patched('<d> <?p?>\n<e/></d>', '<remove sel="d/processing-instruction()" ws="after"/>')).toBe(
      '<d> <e/></d>',
    );
  });

  test('white space that is not there, or not alone, can’t go', () => {
    expect(failure(target, '<remove sel="doc/b" ws="after"/>')).toBe('invalid-whitespace-directive 0');
    expect(failure(target, '<remove sel="doc/c" ws="both"/>')).toBe('invalid-whitespace-directive 0');
    expect(failure('<d><e/></d>', '<remove sel="d/e" ws="before"/>')).toBe('invalid-whitespace-directive 0');
    expect(failure('<d a="1">t</d>', '<remove sel="d/@a" ws="before"/>')).toBe(
      'invalid-whitespace-directive 0',
    );
    expect(failure('<d a="1">t</d>', '<remove sel="d/text()" ws="before"/>')).toBe(
      'invalid-whitespace-directive 0',
    );
    expect(failure('<d><![CDATA[ ]]>x<e/></d>', '<remove sel="d/e" ws="before"/>')).toBe(
      'invalid-whitespace-directive 0',
    );
    expect(patched('<d> <![CDATA[ ]]><e/></d>', '<remove sel="d/e" ws="before"/>')).toBe('<d/>');
    expect(failure('<!--c-->\n<d/>', '<remove sel="comment()" ws="after"/>')).toBe(
      'invalid-whitespace-directive 0',
    );
  });

  test('texts on both sides become one (@req rfc5261:4.5.6:1)', () => {
    const operations = '<remove sel="doc/a"/><replace sel="doc/text()[1]">one</replace>';
    expect(patched(target, operations)).toBe('<doc>one<b/>x<c/> </doc>');
    expect(patched('<d>a<!--c-->b</d>', '<remove sel="d/comment()"/><remove sel="d/text()"/>')).toBe('<d/>');
  });

  test('attributes and texts go', () => {
    expect(patched('<d a="1" b="2">x</d>', '<remove sel="d/@a"/><remove sel="d/text()"/>')).toBe(
      '<d b="2"/>',
    );
    expect(patched('<d>x<![CDATA[y]]></d>', '<remove sel="d/text()"/>')).toBe('<d/>');
  });

  test('a declaration goes that nothing uses (@req rfc5261:4.5.3:1)', () => {
    const remove = '<remove sel="*/namespace::p"/>';
    expect(patched('<d xmlns:p="u:"><e xmlns:p="v:"><p:f/></e></d>', remove)).toBe(
      '<d><e xmlns:p="v:"><p:f/></e></d>',
    );
    expect(failure('<d xmlns:p="u:"><p:e/></d>', remove)).toBe('invalid-namespace-prefix 0');
    expect(failure('<d xmlns:p="u:"><e p:k="1"/></d>', remove)).toBe('invalid-namespace-prefix 0');
    expect(failure('<p:d xmlns:p="u:"/>', remove)).toBe('invalid-namespace-prefix 0');
  });

  test('and only from the element that declares it (@req rfc5261:4.5.3:2)', () => {
    expect(failure('<d xmlns:p="u:"><e/></d>', '<remove sel="d/e/namespace::p"/>')).toBe(
      'invalid-namespace-uri 0',
    );
  });

  test('the root element stays (§3)', () => {
    expect(failure('<d/>', '<remove sel="d"/>')).toBe('invalid-root-element-operation 0');
  });
});
