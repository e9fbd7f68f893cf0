import { plain, textOf } from '@sip-simple/testkit';
import { parse as parseXml, textOf as textIn } from '@sip-simple/xml';
import { selectNode } from '@sip-simple/xml/select';
import { describe, expect, test } from 'vitest';
import {
  componentOf,
  parseXcapDiff,
  serializeXcapDiff,
  validateXcapDiff,
  XcapError,
} from '../../src/index.ts';
import { fixture } from '../fixtures.ts';
import { diffOf, EVERYTHING } from './document.ts';

const rules = (input: string | Uint8Array) => validateXcapDiff(input).map(({ rule }) => rule);

describe('the document', () => {
  test('is well-formed, or an error; valid, or told what is wrong (§3, @req rfc5874:3:1)', () => {
    expect(() => parseXcapDiff('<xcap-diff>')).toThrow(
      expect.objectContaining({ name: 'XcapError', code: 'not-well-formed' }),
    );
    expect(() => parseXcapDiff('<xcap-diff/>')).toThrow(expect.objectContaining({ code: 'wrong-root' }));
    expect(rules(EVERYTHING)).toEqual([]);
    expect(rules(diffOf('<d:document/>'))).toContain('missing-attribute');
    const written = serializeXcapDiff({
      xcapRoot: 'http://a/',
      changes: [{ type: 'document', value: { sel: 'b/c', newEtag: '"&<' } }],
    });
    expect(rules(written)).toEqual([]);
  });

  test('is written in XML 1.0 and UTF-8; another is told (§3, @req rfc5874:3:2)', () => {
    const value = {
      xcapRoot: 'http://a/',
      changes: [{ type: 'attribute', value: { sel: 'b', value: 'é' } }],
    } as const;
    const written = textOf(serializeXcapDiff(value));
    expect(written).toMatch(/^<\?xml version="1\.0" encoding="UTF-8"\?>/);
    expect(written).toContain('>é<');
    const utf16 = (text: string) =>
      new Uint8Array(Uint16Array.from(`\uFEFF${text}`, (character) => character.charCodeAt(0)).buffer);
    const bytes = utf16(diffOf('').replace('UTF-8', 'UTF-16'));
    expect(parseXcapDiff(bytes).xcapRoot).toBe('http://xcap.example.com/');
    expect(rules(bytes)).toEqual(['not-utf-8']);
    expect(rules(utf16(diffOf('').replace(' encoding="UTF-8"', '')))).toEqual(['not-utf-8']);
    expect(rules(diffOf('').replace('1.0', '1.1'))).toEqual(['not-xml-1.0']);
    const again = parseXcapDiff(bytes);
    expect(rules(serializeXcapDiff({ ...again }))).toEqual([]);
  });

  test('is reported under one XCAP root, and what is unknown in it is ignored (§3, @req rfc5874:3:3)', () => {
    const known = EVERYTHING.replace(
      / x:[a-e]="[b-f]"| plain=""|<x:(?:between|later)\/?>(?:<x:deep\/><\/x:later>)?/g,
      '',
    );
    expect(known).not.toMatch(/x:between|x:later|x:a/);
    const ignoring = (text: string) => {
      const { xcapRoot, changes } = parseXcapDiff(text);
      const shown = changes.map(({ type, value }) => {
        const { extensions, ...rest } = { extra: undefined, ...value };
        return {
          type,
          value: {
            ...rest,
            extra: undefined,
            operations:
              'operations' in rest
                ? rest.operations.map(({ type, value }) => ({ type, sel: value.sel }))
                : undefined,
          },
        };
      });
      return plain({ xcapRoot, shown });
    };
    expect(ignoring(EVERYTHING)).toEqual(ignoring(known));
    expect(parseXcapDiff(EVERYTHING).extra.map(({ local }) => local)).toEqual(['later']);
  });
});

describe('<document>', () => {
  test.each(['http://a/b', '/a/b', 'a:b/c', '', 'a/b?c', 'a/b#c', '//host/a'])(
    'has a sel relative to the XCAP root, unlike "%s" (§3, @req rfc5874:3:5)',
    (sel) => {
      expect(rules(diffOf(`<d:document sel="${sel}" new-etag="1"/>`))).toEqual(['not-relative']);
      expect(rules(diffOf('<d:document sel="tests/users/sip:joe@example.com/index" new-etag="1"/>'))).toEqual(
        [],
      );
    },
  );

  test('has no patch with only a new entity tag, or only an old one (§3, @req rfc5874:3:7)', () => {
    const change = (etags: string, content: string) =>
      rules(diffOf(`<d:document sel="a/b" ${etags}>${content}</d:document>`));
    const patch = '<d:remove sel="a/b"/>';
    expect(change('new-etag="1"', '')).toEqual([]);
    expect(change('new-etag="1"', patch)).toEqual(['etag-missing']);
    expect(change('new-etag="1"', '<d:body-not-changed/>')).toEqual(['etag-missing']);
    expect(change('previous-etag="1"', '')).toEqual([]);
    expect(change('previous-etag="1"', patch)).toEqual(['etag-missing']);
    expect(change('previous-etag="1" new-etag="2"', patch)).toEqual([]);
    expect(change('previous-etag="1" new-etag="2"', '')).toEqual([]);
    expect(change('previous-etag="1" new-etag="2"', '<d:body-not-changed/>')).toEqual([]);
  });

  test('says either that the body is not changed, or how it is (§4)', () => {
    const both = (content: string) =>
      rules(diffOf(`<d:document sel="a" previous-etag="1" new-etag="2">${content}</d:document>`));
    expect(both('<d:body-not-changed/><d:remove sel="b"/>')).toContain('unexpected-element');
    expect(both('<x:a/><d:body-not-changed/>')).toContain('unexpected-element');
    expect(both('<d:body-not-changed> </d:body-not-changed>')).toEqual(['invalid-value']);
  });
});

describe('<element>', () => {
  test('holds the element, or no node at all (§3, @req rfc5874:3:10)', () => {
    const holding = (content: string) => rules(diffOf(`<d:element sel="a/~~/b">${content}</d:element>`));
    expect(holding('')).toEqual([]);
    expect(holding('\n  <b/>\n')).toEqual([]);
    expect(holding('text')).toEqual(['unexpected-nodes']);
    expect(holding(' ')).toEqual(['unexpected-nodes']);
    expect(holding('<!-- too large -->')).toEqual(['unexpected-nodes']);
    expect(holding('<b/><c/>')).toEqual(['too-many-elements']);
  });

  test('is written with all declarations that its content needs (§3, @req rfc5874:3:11)', () => {
    const source = parseXml(
      '<p:list xmlns:p="urn:p" xmlns="urn:d" xmlns:q="urn:q"><p:entry q:a="1"><b/></p:entry></p:list>',
    );
    const [entry] = source.root.children;
    if (entry?.type !== 'element') throw new Error('an entry');
    const bytes = serializeXcapDiff({
      xcapRoot: 'http://a/',
      changes: [{ type: 'element', value: { sel: 'a/~~/list/entry', content: [entry] } }],
    });
    const [change] = parseXcapDiff(bytes).changes;
    const [read] = change?.type === 'element' ? change.value.content : [];
    expect(read).toMatchObject({
      namespace: 'urn:p',
      prefix: 'p',
      attributes: expect.arrayContaining([
        expect.objectContaining({ namespace: 'urn:q', prefix: 'q', local: 'a' }),
      ]),
      children: [expect.objectContaining({ namespace: 'urn:d', prefix: '', local: 'b' })],
    });
  });

  test('resolves prefixes from what is declared around it (§3, @req rfc5874:3:12)', () => {
    const [, change] = parseXcapDiff(fixture('rfc5874/5-example.xml')).changes;
    const [service] = change?.type === 'element' ? change.value.content : [];
    if (service?.type !== 'element') throw new Error('a service');
    expect(service).toMatchObject({ namespace: 'urn:ietf:params:xml:ns:rls-services', local: 'service' });
    const list = service.children.find((child) => child.type === 'element');
    const entries = list?.type === 'element' ? list.children.filter((child) => child.type === 'element') : [];
    expect(entries).toHaveLength(2);
    expect(entries[0]).toMatchObject({ namespace: 'urn:ietf:params:xml:ns:resource-lists', prefix: 'rl' });
  });
});

describe('the sel of <element> and <attribute>', () => {
  const document = parseXml(
    '<foo xmlns="urn:test:default-namespace"><ns1:bar xmlns:ns1="urn:test:namespace1-uri" xmlns="urn:test:namespace1-uri">' +
      '<baz>1</baz><ns2:baz xmlns:ns2="urn:test:namespace2-uri">2</ns2:baz></ns1:bar><hi a="b"/><hi/></foo>',
  );
  const find = (node: string, defaultNamespace = 'urn:test:default-namespace') => {
    const component = componentOf(`test/users/sip:joe@example.com/index/~~/${node}`, defaultNamespace);
    expect(component.document).toBe('test/users/sip:joe@example.com/index');
    return selectNode(document, component.selector);
  };
  const textAt = (node: string) => {
    const found = find(node);
    return found.type === 'element' ? textIn(found.node) : found.type;
  };

  test('means the namespaces that its query binds (§3, @req rfc5874:3:13)', () => {
    const one = 'xmlns(a=urn:test:namespace1-uri)';
    expect(textAt(`foo/a:bar/b:baz?${one}xmlns(b=urn:test:namespace1-uri)`)).toBe('1');
    expect(textAt(`foo/a:bar/b:baz?${one}%20xmlns(b%3Durn:test:namespace2-uri)`)).toBe('2');
    expect(
      textAt(
        `d:foo/a:bar/b:baz?foo(xmlns(a=no))${one}xmlns(b=urn:test:namespace2-uri)xmlns(d=urn:test:default-namespace)`,
      ),
    ).toBe('2');
    expect(() => find('foo/a:bar')).toThrow(expect.objectContaining({ code: 'invalid-selector' }));
    const odd = componentOf('d/~~/a:b?xmlns(a=urn:^(x^)^^y)', '').selector.steps[0];
    expect(odd?.test).toEqual({ type: 'element', name: { namespace: 'urn:(x)^y', local: 'b' } });
  });

  test('is in the default document namespace where elements have no prefix (§3, @req rfc5874:3:14)', () => {
    expect(textAt('foo/*[1]/*[1]')).toBe('1');
    expect(find('foo/hi%5b@a=%22b%22%5d/@a')).toMatchObject({ type: 'attribute', node: { value: 'b' } });
    expect(find('foo', 'urn:another')).toEqual({ type: 'no-match', parent: undefined });
    expect(find('foo', '').type).toBe('no-match');
  });

  test('finds one node, or is no selector of any (§3, @req rfc5874:3:9)', () => {
    expect(find('foo/hi')).toEqual({ type: 'invalid', step: 1, found: 'several' });
    expect(find('foo/hi%5b2%5d').type).toBe('element');
    expect(find('foo/none')).toMatchObject({ type: 'no-match' });
  });

  test.each(['', 'a', 'a/~~/', '/~~/a', 'a/~~/%zz', 'a/~~/b[', 'a/~~/b?xmlns(%'])('"%s" is none', (sel) => {
    expect(() => componentOf(sel, '')).toThrow(XcapError);
    expect(() => componentOf(sel, '')).toThrow(expect.objectContaining({ code: 'invalid-selector' }));
  });

  test('takes time that grows with its length alone', () => {
    for (const hostile of ['xmlns(', 'x', '/~~/', ')xmlns(a=', ' ', '^(']) {
      const began = performance.now();
      try {
        componentOf(`a/~~/b?${hostile.repeat(300_000 / hostile.length)}`, '');
      } catch (error) {
        expect(error).toBeInstanceOf(XcapError);
      }
      expect(performance.now() - began).toBeLessThan(1_000);
    }
  });
});

test('an operation keeps its content, its namespaces and attributes of others', () => {
  const [change] = parseXcapDiff(EVERYTHING).changes;
  if (change?.type !== 'document') throw new Error('a document');
  const [add] = change.value.operations;
  expect(add).toMatchObject({ type: 'add', value: { sel: "doc/x:y[@id='1']", pos: 'before' } });
  expect(add?.value.namespaces).toEqual(new Map([['', 'urn:doc']]));
  expect(add?.type === 'add' && add.value.content?.map(({ type }) => type)).toEqual([
    'text',
    'element',
    'comment',
  ]);
  const { operations: _, ...rest } = change.value;
  const sole = { type: 'remove', value: { sel: 'doc/x:y' } } as const;
  const written = textOf(
    serializeXcapDiff({
      xcapRoot: 'http://a/',
      changes: [{ type: 'document', value: { ...rest, operations: [sole] } }],
    }),
  );
  expect(written).toContain('<d:remove sel="doc/x:y"');
});
