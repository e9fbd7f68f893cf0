import { describe, expect, it } from 'vitest';
import {
  attribute,
  cdata,
  comment,
  document,
  element,
  namespaceDeclaration,
  parse,
  pi,
  serialize,
  serializeToString,
  text,
  XML,
  XMLNS,
  type XmlAttribute,
  type XmlElement,
  XmlError,
  type XmlNode,
} from '../src/index.ts';

const holding = (...children: XmlNode[]): XmlElement => element('', 'a', [], children);
const bearing = (...attributes: XmlAttribute[]): XmlElement => element('', 'a', attributes);
const first = (source: string): XmlElement => {
  const child = parse(source).root.children.find((node) => node.type === 'element');
  if (child === undefined) throw new Error('no child element');
  return child;
};

describe('what was built is written', () => {
  it.each<readonly [string, XmlElement, string]>([
    ['a namespace without declaration', element('urn:a', 'a'), '<a xmlns="urn:a"/>'],
    ['a namespace with a proposed prefix', element('urn:a', 'p:a'), '<p:a xmlns:p="urn:a"/>'],
    [
      'a namespace once for all inside',
      element('urn:a', 'a', [], [element('urn:a', 'b')]),
      '<a xmlns="urn:a"><b/></a>',
    ],
    [
      'no namespace inside a default one',
      element('urn:a', 'a', [], [element('', 'b')]),
      '<a xmlns="urn:a"><b xmlns=""/></a>',
    ],
    [
      'an attribute in a namespace whose prefix is at hand',
      element('urn:a', 'p:a', [attribute('b', '1', 'urn:a')]),
      '<p:a xmlns:p="urn:a" p:b="1"/>',
    ],
    [
      'an attribute in the default namespace, which needs a prefix',
      element('urn:a', 'a', [attribute('b', '1', 'urn:a')]),
      '<a xmlns="urn:a" xmlns:ns1="urn:a" ns1:b="1"/>',
    ],
    [
      'an attribute whose prefix the element has for something else',
      element('urn:a', 'p:a', [attribute('p:b', '1', 'urn:b')]),
      '<p:a xmlns:p="urn:a" xmlns:ns1="urn:b" ns1:b="1"/>',
    ],
    [
      'an attribute whose prefix an outer element has for something else',
      element('urn:a', 'p:a', [], [element('urn:a', 'p:b', [attribute('p:c', '1', 'urn:c')])]),
      '<p:a xmlns:p="urn:a"><p:b xmlns:ns1="urn:c" ns1:c="1"/></p:a>',
    ],
    [
      'a made prefix that is taken',
      element('urn:1', 'ns1:a', [attribute('b', '1', 'urn:2'), attribute('c', '1', 'urn:3')]),
      '<ns1:a xmlns:ns1="urn:1" xmlns:ns2="urn:2" xmlns:ns3="urn:3" ns2:b="1" ns3:c="1"/>',
    ],
    [
      'a prefix that the element itself declares as something else',
      element('urn:a', 'p:a', [namespaceDeclaration('p', 'urn:b')], [text('p:q')]),
      '<ns1:a xmlns:ns1="urn:a" xmlns:p="urn:b">p:q</ns1:a>',
    ],
    [
      'no namespace under its own default declaration',
      element('', 'a', [namespaceDeclaration('', 'urn:b')], [element('urn:b', 'b')]),
      '<a xmlns=""><b xmlns="urn:b"/></a>',
    ],
    ['the prefix xml', bearing(attribute('xml:lang', 'en', XML)), '<a xml:lang="en"/>'],
    ['the namespace of xml by another prefix', bearing(attribute('q:lang', 'en', XML)), '<a xml:lang="en"/>'],
    ['a reserved prefix for another namespace', element('urn:a', 'xml:a'), '<ns1:a xmlns:ns1="urn:a"/>'],
    [
      'a prefix without namespace',
      bearing({ namespace: '', prefix: 'p', local: 'b', value: '' }),
      '<a b=""/>',
    ],
    ['texts side by side', holding(text('1'), text(''), text('2')), '<a>12</a>'],
    ['texts of nothing', holding(text(''), text('')), '<a/>'],
    ['"]]>" over two texts', holding(text(']]'), text('>')), '<a>]]&gt;</a>'],
    ['"]]>" in CDATA', holding(cdata('1]]>2')), '<a><![CDATA[1]]]]><![CDATA[>2]]></a>'],
    [
      'carriage returns',
      element('', 'a', [attribute('b', '\r\n')], [text('\r\n'), cdata('\r')]),
      '<a b="&#xD;&#xA;">&#xD;\n<![CDATA[]]>&#xD;<![CDATA[]]></a>',
    ],
    ['an instruction', holding(pi('b'), pi('c', '?d?')), '<a><?b?><?c ?d??></a>'],
    ['a comment', holding(comment('- b')), '<a><!--- b--></a>'],
  ])('%s', (_name, tree, written) => {
    expect(serializeToString(tree)).toBe(written);
    expect(serializeToString(parse(written))).toBe(written);
  });

  it('as a document with the usual declaration', () => {
    expect(serializeToString(document(element('', 'a')))).toBe('<?xml version="1.0" encoding="UTF-8"?><a/>');
    expect(
      serializeToString(
        document(element('', 'a'), { version: '1.0', encoding: undefined, standalone: 'yes' }),
      ),
    ).toBe('<?xml version="1.0" standalone="yes"?><a/>');
  });

  it('in UTF-8', () => {
    expect(serialize(holding(text('\u00E9\u{1F600}')))).toEqual(
      new TextEncoder().encode('<a>\u00E9\u{1F600}</a>'),
    );
  });
});

describe('what moved to another document takes its namespaces along', () => {
  it('where no prefix is declared', () => {
    const moved = first('<p:a xmlns:p="urn:p" xmlns:q="urn:q"><p:b q:c="1"/></p:a>');
    expect(serializeToString(holding(moved))).toBe('<a><p:b xmlns:p="urn:p" xmlns:q="urn:q" q:c="1"/></a>');
  });

  it('where the prefix means something else', () => {
    const moved = first('<p:a xmlns:p="urn:p"><p:b p:c="1"/></p:a>');
    const host = parse('<p:x xmlns:p="urn:x"><p:y/></p:x>').root;
    const written = serializeToString({ ...host, children: [moved, ...host.children] });
    expect(written).toBe('<p:x xmlns:p="urn:x"><p:b xmlns:p="urn:p" p:c="1"/><p:y/></p:x>');
  });

  it('where the default namespace differs', () => {
    const moved = first('<a><b c="1"/></a>');
    const host = parse('<x xmlns="urn:x"/>').root;
    expect(serializeToString({ ...host, children: [moved] })).toBe(
      '<x xmlns="urn:x"><b xmlns="" c="1"/></x>',
    );
  });
});

describe('what XML cannot say is refused', () => {
  const doc = (children: readonly (XmlElement | { type: 'text'; value: string })[], root: XmlElement) => ({
    type: 'document' as const,
    declaration: undefined,
    children,
    root,
  });
  it.each<readonly [string, XmlElement | ReturnType<typeof document>, string]>([
    ['"--" in a comment', holding(comment('a--b')), 'comment-syntax'],
    ['"-" at the end of a comment', holding(comment('a-')), 'comment-syntax'],
    ['a carriage return in a comment', holding(comment('\r')), 'character'],
    ['"?>" in an instruction', holding(pi('b', '?>')), 'pi-syntax'],
    ['white space at the start of an instruction', holding(pi('b', ' c')), 'pi-syntax'],
    ['the target xml', holding(pi('xMl', 'c')), 'pi-syntax'],
    ['a target with a colon', holding(pi('b:c')), 'name'],
    ['a control character in text', holding(text('\u0001')), 'character'],
    ['a control character in CDATA', holding(cdata('\u0001')), 'character'],
    ['a control character in an attribute', bearing(attribute('b', '\0')), 'character'],
    ['a control character in a namespace', element('\0', 'a'), 'character'],
    ['a surrogate alone', holding(text('\uD800a')), 'character'],
    ['U+FFFE', holding(text('\uFFFE')), 'character'],
    ['a name with a space', element('', 'a b'), 'name'],
    ['no name', element('', ''), 'name'],
    ['two colons', element('urn:a', 'p:a:b'), 'name'],
    ['markup for a name', bearing(attribute('b="1" c', '')), 'name'],
    ['a prefix that is no name', element('urn:a', '1:a'), 'name'],
    ['an attribute twice', bearing(attribute('b', '1'), attribute('b', '2')), 'attribute-duplicate'],
    [
      'an attribute twice in a namespace',
      bearing(attribute('p:b', '1', 'urn:p'), attribute('q:b', '2', 'urn:p')),
      'attribute-duplicate',
    ],
    [
      'a prefix declared twice',
      bearing(namespaceDeclaration('p', '1'), namespaceDeclaration('p', '2')),
      'attribute-duplicate',
    ],
    ['a prefix undeclared', bearing(namespaceDeclaration('p', '')), 'prefix-unbound'],
    ['the prefix xmlns declared', bearing(namespaceDeclaration('xmlns', 'urn:x')), 'prefix-reserved'],
    ['the prefix xml declared as another', bearing(namespaceDeclaration('xml', 'urn:x')), 'prefix-reserved'],
    ['an element in the namespace of xmlns', element(XMLNS, 'a'), 'prefix-reserved'],
    ['an attribute xmlns that declares nothing', bearing(attribute('xmlns', 'urn:x')), 'prefix-reserved'],
    [
      'a declaration of version 2',
      document(holding(), { version: '2.0', encoding: undefined, standalone: undefined }),
      'declaration-syntax',
    ],
    ['text beside the root', doc([holding(), text('b')], holding()), 'root'],
    ['no root', doc([], holding()), 'root'],
  ])('%s', (_name, tree, code) => {
    if (code === 'root') {
      expect(() => serialize(tree)).toThrow(TypeError);
      return;
    }
    expect(() => serialize(tree)).toThrow(XmlError);
    expect(() => serialize(tree)).toThrow(expect.objectContaining({ code, offset: undefined }));
  });

  it('text beside the root that is no white space', () => {
    const root = holding();
    expect(() => serialize(doc([root, text('b')], root))).toThrow(
      expect.objectContaining({ code: 'content-outside-root' }),
    );
    expect(() => serialize(doc([root, text('\r')], root))).toThrow(
      expect.objectContaining({ code: 'content-outside-root' }),
    );
  });
});
