import { describeLossless, describePoints, plain, samples, textOf } from '@sip-simple/testkit';
import { describe, expect, test } from 'vitest';
import { FilterError, parse, serialize, validate } from '../../src/filter/index.ts';
import { fixture } from '../fixtures.ts';

const rulesOf = (input: string | Uint8Array) => validate(input).map(({ rule }) => rule);
const set = (content: string) =>
  `<?xml version="1.0" encoding="UTF-8"?>
<filter-set xmlns="urn:ietf:params:xml:ns:simple-filter" xmlns:x="urn:example:x">${content}</filter-set>`;

describeLossless({
  format: { parse, serialize },
  samples: samples(/filter-set/).filter(([, bytes]) => !textOf(bytes).includes('simple-winfo-filter')),
  also: [['everything', fixture('rfc4661/everything.xml')]],
});

test('a document reads as it says', () => {
  expect(plain(parse(fixture('rfc4661/everything.xml')))).toMatchObject({
    package: 'presence',
    nsBindings: {
      bindings: [
        { prefix: 'pidf', urn: 'urn:ietf:params:xml:ns:pidf' },
        { prefix: 'rpid', urn: 'urn:ietf:params:xml:ns:pidf:rpid' },
      ],
    },
    filters: [
      {
        id: '1',
        uri: 'sip:a@example.com',
        enabled: true,
        remove: false,
        what: {
          include: [
            { value: '/pidf:presence/pidf:tuple[rpid:class="IM"]' },
            { value: 'urn:ietf:params:xml:ns:pidf', type: 'namespace' },
          ],
          exclude: [{ value: '//pidf:note', type: 'xpath' }],
          extra: ['{urn:example:x}e'],
        },
        triggers: [
          {
            changed: [
              { value: '//pidf:tuple/pidf:contact/@priority', from: '1', to: '2.5', by: 1.5 },
              { value: '//pidf:basic' },
            ],
            added: ['//pidf:tuple'],
            removed: ['//pidf:tuple'],
          },
          { added: ['//pidf:note'] },
        ],
      },
      { id: '2', domain: 'example.com', enabled: false },
    ],
  });
  expect(rulesOf(fixture('rfc4661/everything.xml'))).toEqual([]);
});

test.each(['6.1-what', '6.2-trigger', '6.3-what-and-trigger', '6.4-namespace', '6.6-two-filters'])(
  'the example %s is valid',
  (name) => {
    expect(rulesOf(fixture(`rfc4661/${name}.xml`))).toEqual([]);
  },
);

test('the example of §6.5 uses a prefix that it does not bind', () => {
  expect(rulesOf(fixture('rfc4661/6.5-include.xml'))).toEqual(['bad-expression']);
});

test('a document is well-formed, and valid by its schema (§3, @req rfc4661:3:1)', () => {
  expect(() => parse(set('<filter'))).toThrow(
    expect.objectContaining({ code: 'not-well-formed', status: 400 }),
  );
  expect(() => parse('<filter-set/>')).toThrow(expect.objectContaining({ code: 'wrong-root', status: 488 }));
  expect(() => parse('<a>'.repeat(1_000))).toThrow(FilterError);
  expect(rulesOf(set(''))).toEqual(['missing-element']);
  expect(rulesOf(set('<filter/>'))).toEqual(['missing-attribute']);
  expect(rulesOf(set('<filter id="1"/>'))).toEqual([]);
});

test('a document is XML 1.0 in UTF-8 (§3, @req rfc4661:3:2)', () => {
  expect(rulesOf(set('<filter id="1"/>').replace('1.0', '1.1'))).toEqual(['wrong-version']);
  expect(rulesOf(set('<filter id="1"/>').replace('UTF-8', 'US-ASCII'))).toEqual(['wrong-encoding']);
  expect(textOf(serialize({ filters: [{ id: 'ü' }] }))).toMatch(
    /^<\?xml version="1\.0" encoding="UTF-8"\?>.*id="ü"/,
  );
});

test('ids are unique (§3.4, @req rfc4661:3.4:1)', () => {
  expect(rulesOf(set('<filter id="1"/><filter id="2"/><filter id="1"/>'))).toEqual(['not-unique']);
});

test('a filter has one target (§3.4, @req rfc4661:3.4:4)', () => {
  expect(rulesOf(set('<filter id="1" uri="sip:a@b" domain="b"/>'))).toEqual(['uri-and-domain']);
});

test('a trigger holds something (§3.6)', () => {
  expect(rulesOf(set('<filter id="1"><trigger/></filter>'))).toEqual(['empty-trigger']);
  expect(rulesOf(set('<filter id="1"><trigger><x:e/></trigger></filter>'))).toEqual(['empty-trigger']);
});

describe('expressions follow §5', () => {
  const filter = (content: string) => rulesOf(set(`<filter id="1">${content}</filter>`));

  test('in <include> (@req rfc4661:3.5.1:2) and <exclude> (@req rfc4661:3.5.2:4)', () => {
    expect(filter('<what><include>//a/b</include><exclude> /*/b[@c="d"] </exclude></what>')).toEqual([]);
    expect(filter('<what><include>a</include></what>')).toEqual(['bad-expression']);
    expect(filter('<what><include>//p:a</include></what>')).toEqual(['bad-expression']);
    expect(filter('<what><exclude>//a[position()=1]</exclude></what>')).toEqual(['bad-expression']);
    expect(filter('<what><include type="namespace">not an expression</include></what>')).toEqual([]);
  });

  test('in <changed> (@req rfc4661:3.6.1:2), <added> (@req rfc4661:3.6.2:1), <removed> (@req rfc4661:3.6.3:1)', () => {
    expect(
      filter('<trigger><changed>//a</changed><added>/a/@b</added><removed>//*</removed></trigger>'),
    ).toEqual([]);
    expect(filter('<trigger><changed>a()</changed></trigger>')).toEqual(['bad-expression']);
    expect(filter('<trigger><added>//</added></trigger>')).toEqual(['bad-expression']);
    expect(filter('<trigger><removed/></trigger>')).toEqual(['bad-expression']);
  });

  test('and beside a by there are numbers (§3.6.1.4, @req rfc4661:3.6.1.4:1)', () => {
    expect(filter('<trigger><changed by="1" from="2" to="3.5">//a</changed></trigger>')).toEqual([]);
    expect(filter('<trigger><changed by="1" from="low">//a</changed></trigger>')).toEqual(['not-a-number']);
    expect(filter('<trigger><changed by="1" to="1e3">//a</changed></trigger>')).toEqual(['not-a-number']);
    expect(filter('<trigger><changed from="low">//a</changed></trigger>')).toEqual([]);
  });
});

test('what extends a document is in a namespace of its own (§4, @req rfc4661:4:1, @req rfc4661:4:2, @req rfc4661:4:4)', () => {
  expect(rulesOf(set('<filter id="1" x:a="1"><x:e/></filter>'))).toEqual([]);
  expect(rulesOf(set('<filter id="1" a="1"/>'))).toEqual(['unexpected-attribute']);
  expect(rulesOf(set('<filter id="1"><e xmlns=""/></filter>'))).toEqual(['unexpected-element']);
  expect(rulesOf(set('<filter id="1"><e/></filter>'))).toEqual(['unexpected-element']);
});

describe('in filters', () => {
  const trigger = (foreign: string) => `<trigger><added>//a</added>${foreign}</trigger>`;
  describePoints({
    points: [
      ['filter', (foreign) => set(`<filter id="1">${trigger('')}${foreign}</filter>`)],
      [
        'what',
        (foreign) =>
          set(`<filter id="1"><what><include>//a</include>${foreign}</what>${trigger('')}</filter>`),
      ],
      ['trigger', (foreign) => set(`<filter id="1">${trigger(foreign)}</filter>`)],
    ],
    change(bytes) {
      const document = parse(bytes);
      return serialize({
        ...document,
        filters: document.filters.map((filter) => ({
          ...filter,
          id: '2',
          triggers: filter.triggers.map((one) => ({ ...one, added: one.added.map(() => '//b') })),
        })),
      });
    },
    expected: (text) => text.replace('id="1"', 'id="2"').replace('<added>//a<', '<added>//b<'),
  });
});
