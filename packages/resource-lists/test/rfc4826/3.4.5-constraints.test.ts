import { parse as parseXml } from '@sip-simple/xml';
import { describe, expect, test } from 'vitest';
import { duplicates, validate } from '../../src/index.ts';
import { lists } from '../documents.ts';

const of = (content: string) => duplicates(parseXml(lists(content)));
const rulesOf = (content: string) => validate(lists(content)).map(({ rule, path }) => `${rule} ${path}`);

describe('what must be unique among siblings', () => {
  test('names of lists (@req rfc4826:3.1:3, @req rfc4826:3.4.5:1)', () => {
    const content =
      '<list name="a"><list name="a"/><list/><list name="b"/><list name="a"/></list><list name="a"/><list/>';
    expect(of(content)).toEqual([
      {
        path: '/resource-lists/list[2]/@name',
        field: 'resource-lists/list%5b2%5d/@name',
        value: 'a',
        alternatives: ['a-2', 'a-3', 'a-4'],
      },
      {
        path: '/resource-lists/list[1]/list[4]/@name',
        field: 'resource-lists/list%5b1%5d/list%5b4%5d/@name',
        value: 'a',
        alternatives: ['a-2', 'a-3', 'a-4'],
      },
    ]);
    expect(rulesOf(content)).toEqual([
      'not-unique /resource-lists/list[2]/@name',
      'not-unique /resource-lists/list[1]/list[4]/@name',
    ]);
  });

  test('an alternative is a name that is free', () => {
    expect(of('<list name="a"/><list name="a"/><list name="a-2"/>')[0]?.alternatives).toEqual([
      'a-3',
      'a-4',
      'a-5',
    ]);
  });

  test('URIs of entries, compared with case (@req rfc4826:3.1:4, @req rfc4826:3.4.5:2)', () => {
    expect(
      of(
        '<list><entry uri="sip:a@b"/><entry uri="sip:A@b"/><entry uri="sip:a@b"/><list><entry uri="sip:a@b"/></list></list>',
      ),
    ).toEqual([
      {
        path: '/resource-lists/list[1]/entry[3]/@uri',
        field: 'resource-lists/list%5b1%5d/entry%5b3%5d/@uri',
        value: 'sip:a@b',
        alternatives: [],
      },
    ]);
  });

  test('references to entries, compared with case (@req rfc4826:3.1:5, @req rfc4826:3.4.5:3)', () => {
    expect(
      of('<list><entry-ref ref="a/b"/><entry uri="a/b"/><entry-ref ref="A/b"/><entry-ref ref="a/b"/></list>'),
    ).toMatchObject([{ path: '/resource-lists/list[1]/entry-ref[3]/@ref', value: 'a/b' }]);
  });

  test('anchors, compared with case (@req rfc4826:3.1:8, @req rfc4826:3.4.5:5)', () => {
    expect(
      of(
        '<list><external anchor="http://a/b"/><external anchor="http://a/B"/><external anchor="http://a/b"/></list>',
      ),
    ).toMatchObject([{ path: '/resource-lists/list[1]/external[3]/@anchor', value: 'http://a/b' }]);
  });

  test('elements of others have no say', () => {
    expect(of('<list><x:entry uri="a"/><x:entry uri="a"/><entry x:uri="a" uri="a"/></list>')).toEqual([]);
  });

  test('a prefix chosen otherwise makes no difference; paths have names as written, fields as the usage has them', () => {
    const text = lists('<list name="a"/><list name="a"/>').replace(
      '<list name="a"/>',
      '<rl:list xmlns:rl="urn:ietf:params:xml:ns:resource-lists" name="a"/>',
    );
    expect(duplicates(parseXml(text))).toMatchObject([
      { path: '/resource-lists/list[1]/@name', field: 'resource-lists/list%5b2%5d/@name' },
    ]);
  });

  test('a document full of them takes no longer than it should, and a hundred are told', () => {
    const found = of(`<list>${'<list name="a"/>'.repeat(50_000)}</list>`);
    expect(found).toHaveLength(100);
  });
});

describe('what references must be', () => {
  const ref = (value: string) => rulesOf(`<list><entry-ref ref="${value}"/></list>`);
  const anchor = (value: string) => rulesOf(`<list><external anchor="${value}"/></list>`);

  test('a ref is a relative path (@req rfc4826:3.1:6, @req rfc4826:3.4.5:4)', () => {
    const rule = ['not-relative /resource-lists/list[1]/entry-ref[1]/@ref'];
    expect(ref('resource-lists/users/sip:a@b/index/~~/resource-lists/list/entry')).toEqual([]);
    expect(ref('/resource-lists/users/a')).toEqual(rule);
    expect(ref('//example.com/a')).toEqual(rule);
    expect(ref('http://example.com/a')).toEqual(rule);
    expect(ref('sip:a@b')).toEqual(rule);
    expect(ref('')).toEqual(rule);
    expect(ref('?q')).toEqual(rule);
  });

  test('an anchor is an absolute HTTP URI (@req rfc4826:3.1:9, @req rfc4826:3.4.5:6)', () => {
    const rule = ['not-absolute /resource-lists/list[1]/external[1]/@anchor'];
    expect(anchor('http://xcap.example.com/resource-lists/users/a/index/~~/resource-lists/list')).toEqual([]);
    expect(anchor('https://xcap.example.com/a')).toEqual([]);
    expect(anchor('resource-lists/users/a')).toEqual(rule);
    expect(anchor('sip:a@b')).toEqual(rule);
    expect(anchor('http:a')).toEqual(rule);
  });

  test('both are percent-encoded (@req rfc4826:3.1:11)', () => {
    expect(anchor('http://a.example/~~/resource-lists/list[1]')).toContain(
      'not-percent-encoded /resource-lists/list[1]/external[1]/@anchor',
    );
    expect(anchor('http://a.example/a b')).toEqual([
      'not-percent-encoded /resource-lists/list[1]/external[1]/@anchor',
    ]);
    expect(ref('a/%22ü')).toEqual(['not-percent-encoded /resource-lists/list[1]/entry-ref[1]/@ref']);
  });
});
