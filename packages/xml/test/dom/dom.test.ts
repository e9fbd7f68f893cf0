import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { DOMImplementation, DOMParser, XMLSerializer } from '@xmldom/xmldom';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { elementFromDom, fromDom, nodeToDom, toDom } from '../../src/dom/index.ts';
import {
  document as documentOf,
  element as elementOf,
  equals,
  parse,
  serializeToString,
  XML,
  XMLNS,
  type XmlAttribute,
  type XmlDocument,
  type XmlElement,
  type XmlNode,
} from '../../src/index.ts';
import { element, runs } from '../arbitrary.ts';

const folder = new URL('../../../../../shared/oracles/samples/', import.meta.url);
const absent = existsSync(folder) ? '' : ' (skipped: no samples at ../shared/oracles/samples)';
const implementation = new DOMImplementation();
const parser = new DOMParser({
  onError: (level: string, message: string): never => {
    throw new Error(`${level}: ${message}`);
  },
});

describe('tree to DOM to tree', () => {
  it.each([
    '<a/>',
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?><!-- b --><?c d?><a/><!-- e -->',
    '<a xmlns="urn:1" xmlns:p="urn:2" p:b="1" b="2" xml:lang="en"><b xmlns=""><c/></b><p:c xmlns:p="urn:3"/></a>',
    '<a>1<!-- 2 -->3<![CDATA[4]]>&lt;&#x35;<?six 7?><eight/>&#xD;\n</a>',
    '<z b="2" a="1" xmlns:q="urn:q" q:c="3"/>',
  ])('%s', (source) => {
    const tree = parse(source);
    expect(fromDom(toDom(tree, implementation))).toEqual(tree);
  });

  it('keeps every tree that XML can say', () => {
    fc.assert(
      fc.property(element, (root) => {
        expect(elementFromDom(nodeToDom(root, implementation.createDocument(null, '')))).toEqual(bare(root));
        // And with the declarations that the serializer adds.
        const { root: declared } = parse(serializeToString(root));
        expect(fromDom(toDom(documentOf(declared), implementation)).root).toEqual(declared);
      }),
      runs(200),
    );
  });

  it('leaves out white space beside the root, for which a DOM has no place', () => {
    const tree = parse('<!-- a -->\n<b/>\n');
    expect(fromDom(toDom(tree, implementation)).children.map(({ type }) => type)).toEqual([
      'comment',
      'element',
    ]);
  });

  it.skipIf(absent !== '')(`keeps every sample${absent}`, () => {
    for (const [name, bytes] of samples()) {
      const tree = parse(bytes);
      const back = fromDom(toDom(tree, implementation));
      expect(back.declaration, name).toEqual(tree.declaration);
      expect(back.root, name).toEqual(tree.root);
    }
  });
});

describe('DOM to tree to DOM', () => {
  it.skipIf(absent !== '')(`gives what xmldom parsed${absent}`, () => {
    const writer = new XMLSerializer();
    for (const [name, bytes] of samples()) {
      const dom = parser.parseFromString(new TextDecoder().decode(bytes), 'text/xml');
      const tree = fromDom(dom);
      expect(equals(tree, parse(bytes), { prefixes: true }), name).toBe(true);
      const root = toDom(tree, implementation).documentElement;
      if (root === null || dom.documentElement === null) throw new Error('no root');
      expect(writer.serializeToString(root), name).toBe(writer.serializeToString(dom.documentElement));
    }
  });

  it('takes declarations and names that were set without namespaces for what their markup says', () => {
    const dom = implementation.createDocument(null, '');
    const root = dom.createElement('a');
    root.setAttribute('xmlns', 'urn:a');
    root.setAttribute('xmlns:p', 'urn:p');
    root.setAttribute('b', '1');
    dom.appendChild(root);
    const { attributes, local } = fromDom(dom).root;
    expect(local).toBe('a');
    expect(attributes).toEqual([
      { namespace: XMLNS, prefix: '', local: 'xmlns', value: 'urn:a' },
      { namespace: XMLNS, prefix: 'xmlns', local: 'p', value: 'urn:p' },
      { namespace: '', prefix: '', local: 'b', value: '1' },
    ]);
  });

  it('passes over a document type', () => {
    const dom = parser.parseFromString('<!DOCTYPE a><a>b</a>', 'text/xml');
    expect(serializeToString(fromDom(dom))).toBe('<a>b</a>');
  });

  it('refuses what has no root, and nodes that content can not hold', () => {
    const dom = implementation.createDocument(null, '');
    expect(() => fromDom(dom)).toThrow(TypeError);
    dom.appendChild(dom.createComment('a'));
    expect(() => fromDom(dom)).toThrow('no root');
    const reference = { nodeType: 5, nodeName: 'b', nodeValue: null, firstChild: null, nextSibling: null };
    const root = dom.createElementNS(null, 'a');
    const holder = Object.create(root, { firstChild: { value: reference } });
    expect(() => elementFromDom(holder)).toThrow('no XML for a DOM node of type 5');
  });
});

it('takes an element alone, which keeps its meaning outside of its document', () => {
  const dom = parser.parseFromString('<a xmlns:p="urn:p"><p:b c="1"/>d</a>', 'text/xml');
  const inner = dom.getElementsByTagNameNS('urn:p', 'b')[0];
  if (inner === undefined) throw new Error('no such element');
  expect(serializeToString(elementFromDom(inner))).toBe('<p:b xmlns:p="urn:p" c="1"/>');
});

it('goes as deep as documents do: 100 000 elements within each other, there and back', () => {
  let root = elementOf('urn:a', 'a');
  for (let depth = 1; depth < 100_000; depth += 1) root = elementOf('urn:a', 'a', [], [root]);
  const tree: XmlDocument = documentOf(root);
  const back = fromDom(toDom(tree, implementation));
  expect(equals(back, tree)).toBe(true);
  expect(serializeToString(back)).toBe(serializeToString(tree));
});

function samples(): (readonly [name: string, bytes: Uint8Array])[] {
  const names = readdirSync(folder).filter((name) => name.endsWith('.xml'));
  return names.map((name) => [name, readFileSync(new URL(name, folder))] as const);
}

/** The tree without the prefixes that can't stand for their namespaces. */
function bare(root: XmlElement): XmlElement {
  return {
    ...root,
    prefix: possible(root),
    attributes: root.attributes.map((attribute) => ({ ...attribute, prefix: possible(attribute) })),
    children: root.children.map((child): XmlNode => (child.type === 'element' ? bare(child) : child)),
  };
}

function possible({ namespace, prefix }: XmlElement | XmlAttribute): string {
  if (namespace === '' || prefix === 'xmlns') return '';
  return prefix === 'xml' && namespace !== XML ? '' : prefix;
}
