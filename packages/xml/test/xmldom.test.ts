import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { DOMParser, type Element as DomElement, type Node as DomNode } from '@xmldom/xmldom';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  equals,
  parse,
  serialize,
  serializeToString,
  XMLNS,
  type XmlDocument,
  type XmlElement,
  type XmlNode,
} from '../src/index.ts';
import { damaged, element, runs } from './arbitrary.ts';

const folder = new URL('../../../../shared/oracles/samples/', import.meta.url);
const absent = existsSync(folder) ? '' : ' (skipped: no samples at ../shared/oracles/samples)';
const list = (path: string): string[] =>
  absent === '' ? readdirSync(new URL(path, folder)).filter((name) => name.endsWith('.xml')) : [];

// Not in the samples, or rarely.
const written = [
  '<a xmlns="urn:1" xmlns:p="urn:2" p:b="1" b="2" xml:lang="en"><b xmlns=""><c/></b><p:c xmlns:p="urn:3"/></a>',
  '<a>1<!-- 2 -->3<![CDATA[4]]>&lt;&#x35;<?six 7?></a>',
  '<a b="&#10;&#9;&quot;&amp;"> <b/>\n</a>',
  '<präsenz Ω="1">\u{1F600}</präsenz>',
];

describe(`the tree agrees with that of xmldom${absent}`, () => {
  it.each(written)('%s', (source) => {
    expect(ours(parse(source))).toEqual(theirs(domOf(source)));
  });

  it.skipIf(absent !== '')('on every sample that both accept', () => {
    const samples = list('.');
    expect(samples.length).toBeGreaterThan(200);
    for (const name of samples) {
      const bytes = readFileSync(new URL(name, folder));
      expect(ours(parse(bytes)), name).toEqual(theirs(domOf(bytes.toString())));
    }
  });

  it.skipIf(absent !== '')('on every sample after it was written again', () => {
    for (const name of list('.')) {
      const document = parse(readFileSync(new URL(name, folder)));
      const again = serialize(document);
      expect(equals(parse(again), document, { prefixes: true }), name).toBe(true);
      expect(ours(document), name).toEqual(theirs(domOf(new TextDecoder().decode(again))));
    }
  });

  it('on what the serializer writes', () => {
    fc.assert(
      fc.property(element, (root) => {
        const source = serializeToString(root);
        // Line ends of XML 1.1, which xmldom normalizes in XML 1.0 as well.
        fc.pre(!/[\u0085\u2028]/.test(source));
        expect(ours(parse(source))).toEqual(theirs(domOf(source)));
      }),
      runs(200),
    );
  });

  it('on damaged documents that both accept', () => {
    fc.assert(
      fc.property(damaged, (source) => {
        fc.pre(!/[\u0085\u2028]/.test(source));
        const tree = attempt(() => ours(parse(source)));
        const dom = tree && attempt(() => theirs(domOf(source)));
        if (dom !== undefined) expect(tree).toEqual(dom);
      }),
      runs(500),
    );
  });

  it.skipIf(absent !== '')('that samples not well-formed are none', () => {
    for (const name of list('malformed-rfc/')) {
      expect(() => parse(readFileSync(new URL(`malformed-rfc/${name}`, folder))), name).toThrow();
    }
  });
});

function attempt<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch {
    return undefined;
  }
}

function domOf(source: string): DomElement {
  const onError = (level: string, message: string): never => {
    throw new Error(`${level}: ${message}`);
  };
  const { documentElement } = new DOMParser({ onError }).parseFromString(source, 'text/xml');
  if (documentElement === null) throw new Error('no root');
  return documentElement;
}

type Plain = string | readonly [kind: string, ...rest: unknown[]];

const ours = (document: XmlDocument): Plain => plainElement(document.root);

function plainElement({ namespace, prefix, local, attributes, children }: XmlElement): Plain {
  const names = attributes.map((a) => `${a.namespace} ${a.prefix} ${a.local} ${JSON.stringify(a.value)}`);
  return ['element', namespace, prefix, local, names.sort(), joinTexts(children.map(plainNode))];
}

function plainNode(node: XmlNode): Plain {
  if (node.type === 'element') return plainElement(node);
  if (node.type === 'text') return node.value;
  return node.type === 'pi' ? ['pi', node.target, node.data] : [node.type, node.value];
}

function theirs(node: DomElement): Plain {
  const names = Array.from(node.attributes).map((a) => {
    const namespace = a.namespaceURI ?? '';
    return `${namespace} ${a.prefix ?? ''} ${namespace === XMLNS && a.localName === null ? a.name : a.localName} ${JSON.stringify(a.value)}`;
  });
  const children = Array.from(node.childNodes).map(theirNode);
  return [
    'element',
    node.namespaceURI ?? '',
    node.prefix ?? '',
    node.localName,
    names.sort(),
    joinTexts(children),
  ];
}

function theirNode(node: DomNode): Plain {
  switch (node.nodeType) {
    case node.ELEMENT_NODE:
      // A node of this type is an element.
      return theirs(node as DomElement);
    case node.TEXT_NODE:
      return node.nodeValue ?? '';
    case node.CDATA_SECTION_NODE:
      return ['cdata', node.nodeValue];
    case node.COMMENT_NODE:
      return ['comment', node.nodeValue];
    default:
      return ['pi', node.nodeName, node.nodeValue];
  }
}

// xmldom cuts text at references and drops CDATA sections of nothing.
function joinTexts(nodes: readonly Plain[]): Plain[] {
  const joined: Plain[] = [];
  for (const node of nodes) {
    if (node[0] === 'cdata' && node[1] === '') continue;
    const last = joined.at(-1);
    if (typeof node === 'string' && typeof last === 'string') joined[joined.length - 1] = last + node;
    else joined.push(node);
  }
  return joined;
}
