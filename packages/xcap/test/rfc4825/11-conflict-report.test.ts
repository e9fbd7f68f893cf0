import {
  bytesOf,
  describeAgreement,
  describeLossless,
  describePoints,
  plain,
  samples,
  textOf,
} from '@sip-simple/testkit';
import { attribute, element } from '@sip-simple/xml';
import { describe, expect, test } from 'vitest';
import {
  type ConflictReportInit,
  parseConflictReport,
  serializeConflictReport,
  validateConflictReport,
  XCAP_ERROR,
  XcapError,
} from '../../src/index.ts';
import { XML_LANG } from '../deviations.ts';
import { fixture } from '../fixtures.ts';

const example = fixture('rfc4825/11.1-uniqueness-failure.xml');
const HEAD = '<?xml version="1.0" encoding="UTF-8"?>';
const report = (content: string): string =>
  `${HEAD}<xcap-error xmlns="${XCAP_ERROR}" xmlns:x="urn:example:x">${content}</xcap-error>`;
const rules = (content: string) => validateConflictReport(report(content)).map(({ rule }) => rule);

const plainErrors = [
  'not-well-formed',
  'not-xml-frag',
  'schema-validation-error',
  'not-xml-att-value',
  'cannot-insert',
  'cannot-delete',
  'constraint-failure',
  'not-utf-8',
] as const;

describe('the error elements of RFC 4825 §11.1', () => {
  test('the example reads as printed, and is valid', () => {
    const altValues = ['sip:mybuddies@example.com'];
    expect(plain(parseConflictReport(example))).toEqual({
      error: {
        type: 'uniqueness-failure',
        value: { exists: [{ field: 'rls-services/service/@uri', altValues }] },
      },
    });
    expect(validateConflictReport(example)).toEqual([]);
  });

  test.each(plainErrors)('%s is written, valid, and reads with its phrase', (type) => {
    const value = { error: { type, value: { phrase: 'Nö & "no"' } } };
    const bytes = serializeConflictReport(value);
    expect(validateConflictReport(bytes)).toEqual([]);
    expect(plain(parseConflictReport(bytes))).toEqual(value);
    expect(textOf(bytes)).toContain(`<${type} phrase=`);
  });

  test.each<ConflictReportInit>([
    { error: { type: 'no-parent', value: { ancestor: '~~/a/b%5b1%5d', phrase: 'no' } } },
    { error: { type: 'no-parent', value: {} } },
    {
      error: {
        type: 'uniqueness-failure',
        value: {
          exists: [
            { field: 'a/b%5b@c=%22d%22%5d', altValues: ['e', 'f'] },
            { field: 'g/@h', altValues: [] },
          ],
          phrase: 'taken',
        },
      },
    },
  ])('%j is written, valid, and reads the same', (value) => {
    const bytes = serializeConflictReport(value);
    expect(validateConflictReport(bytes)).toEqual([]);
    expect(plain(parseConflictReport(bytes))).toEqual(value);
  });

  test('an extension holds any elements', () => {
    const bytes = serializeConflictReport({
      error: { type: 'extension', value: { extra: [element('urn:example:x', 'x:why')] } },
    });
    expect(validateConflictReport(bytes)).toEqual([]);
    const { error } = parseConflictReport(bytes);
    expect(error.type === 'extension' && error.value.extra.map(({ local }) => local)).toEqual(['why']);
  });

  test.each([
    '',
    '<x:more/>',
    '<future-failure/>',
    '<uniqueness-failure phrase="which?"><exists/></uniqueness-failure><x:y/>',
  ])('what is no condition of RFC 4825 reads as an extension without content: %s', (content) => {
    const text = report(content);
    const value = parseConflictReport(text);
    const isReadable = content.startsWith('<uniqueness');
    expect(plain(value.error)).toEqual(
      isReadable
        ? { type: 'uniqueness-failure', value: { phrase: 'which?', exists: [] } }
        : { type: 'extension', value: { extra: [] } },
    );
    expect(textOf(serializeConflictReport(parseConflictReport(bytesOf(text))))).toBe(text);
  });

  test('a node selector in <ancestor> that is not percent-encoded is told (@req rfc4825:11.1:2)', () => {
    const ancestor = (uri: string) => rules(`<no-parent><ancestor>${uri}</ancestor></no-parent>`);
    expect(ancestor('http://[::1]/root/lists/users/a/~~/list%5b1%5d')).toEqual([]);
    expect(ancestor('/root/lists/users/a/~~/list"1"')).toEqual(['not-percent-encoded']);
    expect(ancestor('http://host/root/lists/users/a/~~/list%5b@name=%22ü%22%5d')).toEqual([
      'not-percent-encoded',
    ]);
  });

  test('a field that is not percent-encoded is told (@req rfc4825:11.1:4)', () => {
    const field = (uri: string) => rules(`<uniqueness-failure><exists field='${uri}'/></uniqueness-failure>`);
    expect(field('lists/list%5b@name=%22a%22%5d/@name')).toEqual([]);
    expect(field('lists/list[1]/@name')).toEqual(['not-percent-encoded']);
    expect(field('lists/list%5b@name="a"%5d')).toEqual(['not-percent-encoded']);
    expect(field('lists/a%zz')).toEqual(['not-percent-encoded']);
  });

  test('a field with prefixes and no query to bind them is told (@req rfc4825:11.1:3)', () => {
    const field = (uri: string) => rules(`<uniqueness-failure><exists field="${uri}"/></uniqueness-failure>`);
    expect(field('a:lists/a:list')).toEqual(['missing-query']);
    expect(field('lists/@a%3Aname')).toEqual(['missing-query']);
    expect(field('a:lists/a:list?xmlns(a=urn:a)')).toEqual([]);
    expect(field("lists/list%5b@uri='sip:a@example.com'%5d")).toEqual([]);
    expect(field('lists/list%5b@uri=%22sip:a@example.com%22%5d')).toEqual([]);
  });
});

describeLossless({
  name: 'as a conflict report',
  format: { parse: parseConflictReport, serialize: serializeConflictReport },
  samples: samples(/xcap-error/),
  also: [['the example', example]],
});

describePoints({
  points: [
    ['extension', (foreign) => report(`<extension><x:a/>${foreign}<x:z/></extension>`)],
    ['the content that readers pass over', (foreign) => report(`${foreign}<extension><x:z/></extension>`)],
  ],
  change: (bytes) => {
    const { error, ...rest } = parseConflictReport(bytes);
    if (error.type !== 'extension') throw new Error('an extension');
    const extra = error.value.extra.map((each) =>
      each.local === 'z' ? element('urn:example:x', 'x:y') : each,
    );
    return serializeConflictReport({ ...rest, error: { ...error, value: { ...error.value, extra } } });
  },
  expected: (text) => text.replace('<x:z/>', '<x:y/>'),
});

describeAgreement({
  name: 'of conflict reports',
  schemas: ['xcap-error.xsd'],
  documents: [
    ['the example', example],
    ...plainErrors.map((type) => [type, bytesOf(report(`<${type} phrase="a"/>`))] as const),
    ['no-parent', bytesOf(report('<no-parent phrase="a"><ancestor>http://a/~~/b</ancestor></no-parent>'))],
    ['extension', bytesOf(report('<extension><x:a><x:b/></x:a><c xmlns=""/></extension>'))],
    [
      'several',
      bytesOf(
        report(
          '<uniqueness-failure><exists field="a"><alt-value/><alt-value>b</alt-value></exists><exists field="b"/></uniqueness-failure>',
        ),
      ),
    ],
  ],
  validate: (bytes) => validateConflictReport(bytes),
  vocabulary: {
    locals: [
      ...plainErrors,
      'no-parent',
      'ancestor',
      'uniqueness-failure',
      'exists',
      'alt-value',
      'extension',
      'x',
    ],
    names: [{ namespace: XCAP_ERROR, prefix: 'e' }],
    values: ['http://a:b/', '%zz', ' '],
    attributes: [(value) => attribute('phrase', value), (value) => attribute('field', value)],
    nodes: [
      element(XCAP_ERROR, 'e:not-utf-8'),
      element(XCAP_ERROR, 'e:exists', [attribute('field', 'a')]),
      element(XCAP_ERROR, 'e:alt-value', [], [{ type: 'text', value: 'inserted' }]),
      element(XCAP_ERROR, 'e:ancestor'),
    ],
  },
  deviations: [
    {
      reason:
        'RFC 4825 §11.1: selectors MUST be percent-encoded. The schema takes any string, or any anyURI.',
      matches: ({ rule }) => rule === 'not-percent-encoded',
    },
    {
      reason: 'RFC 4825 §11.1: a field with prefixes MUST have a query. The schema takes any string.',
      matches: ({ rule }) => rule === 'missing-query',
    },
    XML_LANG,
  ],
});

test('what is no conflict report fails as XcapError', () => {
  const fails = (input: string) => {
    try {
      parseConflictReport(input);
    } catch (error) {
      return error instanceof XcapError && [error.code, error.rfc, error.status];
    }
    return undefined;
  };
  expect(fails('<a/>')).toEqual(['wrong-root', 'RFC 4825 §11', 400]);
  expect(fails('<a>')).toEqual(['not-well-formed', 'XML 1.0 §3', 400]);
  expect(fails('<a>'.repeat(300))).toEqual(['limit', 'limit of this reader', 413]);
});
