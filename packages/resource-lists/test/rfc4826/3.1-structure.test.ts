import { describe, expect, test } from 'vitest';
import { parse, ResourceListsError, serialize, validate } from '../../src/index.ts';
import { lists } from '../documents.ts';
import { fixture } from '../fixtures.ts';

const rulesOf = (input: string | Uint8Array) => validate(input).map(({ rule }) => rule);

test('the example of §3.3 reads as it says', () => {
  const document = parse(fixture('rfc4826/3.3-resource-lists.xml'));
  expect(JSON.parse(JSON.stringify(document))).toEqual({
    lists: [
      {
        name: 'friends',
        attributes: [],
        extra: [],
        members: [
          {
            type: 'entry',
            value: {
              uri: 'sip:bill@example.com',
              displayName: { text: 'Bill Doe' },
              attributes: [],
              extra: [],
            },
          },
          {
            type: 'entryRef',
            value: {
              ref: 'resource-lists/users/sip:bill@example.com/index/~~/resource-lists/list%5b@name=%22list1%22%5d/entry%5b@uri=%22sip:petri@example.com%22%5d',
              attributes: [],
              extra: [],
            },
          },
          {
            type: 'list',
            value: {
              name: 'close-friends',
              displayName: { text: 'Close Friends' },
              attributes: [],
              extra: [],
              members: [
                {
                  type: 'entry',
                  value: {
                    uri: 'sip:joe@example.com',
                    displayName: { text: 'Joe Smith' },
                    attributes: [],
                    extra: [],
                  },
                },
                {
                  type: 'entry',
                  value: {
                    uri: 'sip:nancy@example.com',
                    displayName: { text: 'Nancy Gross' },
                    attributes: [],
                    extra: [],
                  },
                },
                {
                  type: 'external',
                  value: {
                    anchor:
                      'http://xcap.example.org/resource-lists/users/sip:a@example.org/index/~~/resource-lists/list%5b@name=%22mkting%22%5d',
                    displayName: { text: 'Marketing' },
                    attributes: [],
                    extra: [],
                  },
                },
              ],
            },
          },
        ],
      },
    ],
  });
  expect(validate(fixture('rfc4826/3.3-resource-lists.xml'))).toEqual([]);
});

test('a document is well-formed, and valid by its schemas, those of extensions too (§3.1, @req rfc4826:3.1:1)', () => {
  expect(() => parse(lists('<list>'))).toThrow(
    expect.objectContaining({ code: 'not-well-formed', name: 'ResourceListsError', status: 400 }),
  );
  expect(rulesOf(lists('<list><entry/></list>'))).toEqual(['missing-attribute']);
  expect(rulesOf(lists('<list><entry uri="sip:a@b" cp:copyControl="all"/></list>'))).toEqual([
    'invalid-value',
  ]);
  expect(rulesOf(lists('<list/>'))).toEqual([]);
});

test('a document is XML 1.0 in UTF-8 (§3.1, @req rfc4826:3.1:2)', () => {
  const text = lists('<list><display-name>Žofie</display-name></list>');
  expect(rulesOf(text.replace('1.0', '1.1'))).toEqual(['wrong-version']);
  expect(rulesOf(new Uint8Array(Buffer.from(`\uFEFF${text.replace('UTF-8', 'UTF-16')}`, 'utf16le')))).toEqual(
    ['wrong-encoding', 'wrong-encoding'],
  );
  expect(
    rulesOf(new Uint8Array(Buffer.from(`\uFEFF${text.replace(' encoding="UTF-8"', '')}`, 'utf16le'))),
  ).toEqual(['wrong-encoding']);
  const written = new TextDecoder('utf-8', { fatal: true }).decode(
    serialize({ lists: [{ displayName: { text: 'Žofie' } }] }),
  );
  expect(written).toMatch(/^<\?xml version="1\.0" encoding="UTF-8"\?>/);
  expect(written).toContain('Žofie');
});

describe('the root', () => {
  test('another root is no resource lists document', () => {
    expect(() => parse('<list xmlns="urn:ietf:params:xml:ns:resource-lists"/>')).toThrow(ResourceListsError);
    expect(() => parse('<resource-lists/>')).toThrow(
      expect.objectContaining({ code: 'wrong-root', rfc: 'RFC 4826 §3.1' }),
    );
  });

  test('may hold nothing', () => {
    expect(parse(lists(''))).toMatchObject({ lists: [] });
    expect(rulesOf(serialize({}))).toEqual([]);
  });
});

test('a member without what makes it one is passed over, and written back', () => {
  const text = lists('<list><entry/><entry uri="sip:a@b"/><external/></list>');
  const document = parse(text);
  expect(document.lists[0]?.members).toMatchObject([{ type: 'entry', value: { uri: 'sip:a@b' } }]);
  expect(document.lists[0]?.extra).toMatchObject([{ local: 'entry' }, { local: 'external' }]);
  expect(new TextDecoder().decode(serialize(document))).toBe(text);
});
