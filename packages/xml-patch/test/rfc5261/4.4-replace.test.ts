import { describe, expect, test } from 'vitest';
import { failure, patched } from '../patched.ts';

const target = '<doc a="1"><foo xmlns:p="u:" p:k="1">t<!--c--><?one?></foo></doc>';

describe('replacing (§4.4)', () => {
  test('a node gives way to one of the same type (@req rfc5261:4.4:1)', () => {
    expect(patched(target, '<replace sel="doc/foo"><bar/></replace>')).toBe('<doc a="1"><bar/></doc>');
    expect(patched(target, '<replace sel="doc/foo/comment()"><!--d--></replace>')).toContain('<!--d-->');
    expect(patched(target, '<replace sel="doc/foo/processing-instruction()"><?two x?></replace>')).toContain(
      '<?two x?>',
    );
    expect(patched(target, '<replace sel="doc"><bar/></replace>')).toBe('<bar/>');
    for (const [sel, content] of [
      ['doc/foo', 'text'],
      ['doc/foo', '<!-- comment -->'],
      ['doc/foo', ''],
      ['doc/foo', ' <bar/>'],
      ['doc/foo', '<bar/><bar/>'],
      ['doc/foo/comment()', '<?one?>'],
      ['doc/foo/comment()', '<!--a--><!--b-->'],
      ['doc/foo/processing-instruction()', '<!--a-->'],
    ]) {
      expect(failure(target, `<replace sel="${sel}">${content}</replace>`), content).toBe(
        'invalid-node-types 0',
      );
    }
  });

  test('attributes, declarations and texts are replaced by text (@req rfc5261:4.4:2)', () => {
    expect(patched(target, '<replace sel="doc/@a">2</replace>')).toContain('<doc a="2">');
    expect(patched(target, '<replace sel="doc/foo/text()">u</replace>')).toContain('>u<!--c-->');
    expect(patched(target, '<replace sel="doc/foo/text()"><![CDATA[u]]></replace>')).toContain(
      '><![CDATA[u]]><!--c-->',
    );
    for (const sel of ['doc/@a', 'doc/foo/text()', 'doc/foo/namespace::p']) {
      expect(failure(target, `<replace sel="${sel}"><bar/></replace>`), sel).toBe('invalid-node-types 0');
    }
    expect(failure(target, '<replace sel="doc/@a"><![CDATA[2]]></replace>')).toBe(
      'invalid-attribute-value 0',
    );
  });

  test('an attribute stays when its value goes (@req rfc5261:4.4.2:1)', () => {
    expect(patched(target, '<replace sel="doc/@a"/>')).toContain('<doc a="">');
  });

  test('a declaration is replaced where it is (@req rfc5261:4.4.3:1)', () => {
    const operation = (sel: string) => `<replace sel="${sel}/namespace::p">v:</replace>`;
    expect(patched('<d xmlns:p="u:"><e/></d>', operation('d'))).toBe('<d xmlns:p="v:"><e/></d>');
    expect(failure('<d xmlns:p="u:"><e/></d>', operation('d/e'))).toBe('invalid-namespace-uri 0');
    expect(failure('<d/>', operation('d'))).toBe('unlocated-node 0');
    expect(failure('<d xmlns:p="u:"/>', '<replace sel="d/namespace::p"/>')).toBe('invalid-namespace-uri 0');
  });

  test('names go with the declaration of their prefix', () => {
    const before = '<p:d xmlns:p="u:"><p:e p:k="1"/><x xmlns:p="w:"><p:e/></x></p:d>';
    const after = '<p:d xmlns:p="v:"><p:e p:k="1"/><x xmlns:p="w:"><p:e/></x></p:d>';
    expect(patched(before, '<replace sel="*/namespace::p">v:</replace>')).toBe(after);
    const operations = '<replace sel="*/namespace::p">v:</replace><remove sel="q:d/q:e"/>';
    expect(patched(before, operations, 'xmlns:q="v:"')).toBe(
      '<p:d xmlns:p="v:"><x xmlns:p="w:"><p:e/></x></p:d>',
    );
    const twice = '<d xmlns:p="u:" xmlns:q="v:" p:k="1" q:k="1"/>';
    expect(failure(twice, '<replace sel="*/namespace::p">v:</replace>')).toBe('invalid-namespace-uri 0');
  });

  test('a text without characters is none (@req rfc5261:4.4.6:1)', () => {
    const operations = '<replace sel="doc/foo/text()"/>';
    expect(patched(target, operations)).toContain('p:k="1"><!--c-->');
    expect(failure(target, `${operations}<remove sel="doc/foo/text()"/>`)).toBe('unlocated-node 1');
  });
});
