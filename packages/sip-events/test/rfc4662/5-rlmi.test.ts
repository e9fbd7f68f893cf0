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
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type ListInit, parse, RLMI, RlmiError, serialize, validate } from '../../src/rlmi/index.ts';
import { fixture } from '../fixtures.ts';

const rulesOf = (input: string | Uint8Array) => validate(input).map(({ rule }) => rule);
const list = (content: string, attributes = 'uri="sip:l@x" version="0" fullState="true"') =>
  `<?xml version="1.0" encoding="UTF-8"?><list xmlns="${RLMI}" ${attributes}>${content}</list>`;
const resource = (content: string) => list(`<resource uri="sip:a@x">${content}</resource>`);

describeLossless({
  format: { parse, serialize },
  samples: samples(/rfc4662-.*list/),
  also: [['everything', fixture('rfc4662/everything.xml')]],
});

describeAgreement({
  name: 'of RLMI',
  schemas: ['rlmi.xsd'],
  documents: [['everything', fixture('rfc4662/everything.xml')], ...samples(/rfc4662-.*list/)],
  validate,
  vocabulary: {
    locals: ['list', 'resource', 'instance', 'name', 'x'],
    names: [{ namespace: RLMI, prefix: 'r' }],
    values: [
      'active',
      'pending',
      'terminated',
      ' active ',
      'false',
      '2',
      '-1',
      '-0',
      '+1',
      '00',
      '4294967295',
      '4294967296',
      '1.0',
      'a%zz',
      ':a',
    ],
    attributes: [
      (value) => attribute('id', value),
      (value) => attribute('uri', value),
      (value) => attribute('version', value),
      (value) => attribute('fullState', value),
      (value) => attribute('cid', value),
      (value) => attribute('state', value),
      (value) => attribute('reason', value),
      (value) => attribute('r:id', value, RLMI),
    ],
    nodes: [
      element(RLMI, 'r:name', [], [{ type: 'text', value: 'n' }]),
      element(RLMI, 'r:resource', [attribute('uri', 'sip:a@x')]),
      element(RLMI, 'r:resource'),
      element(RLMI, 'r:instance', [attribute('id', '9'), attribute('state', 'pending')]),
      element(RLMI, 'r:instance', [attribute('id', '9')]),
      element(RLMI, 'r:unknown'),
      element('urn:foreign', 'f:any', [], [element(RLMI, 'r:instance')]),
    ],
  },
  deviations: [
    {
      reason: 'RFC 4662 §5.5: rules on reason, cid and id that the schema does not have.',
      matches: ({ rule }) => ['missing-reason', 'missing-cid', 'not-unique'].includes(rule),
    },
  ],
});

test('the example of §5.1 reads as it says', () => {
  expect(plain(parse(fixture('rfc4662/5.1-list.xml')))).toEqual({
    uri: 'sip:adam-friends@lists.vancouver.example.com',
    version: 7,
    fullState: true,
    attributes: [],
    names: [
      { text: 'Buddy List', language: 'en' },
      { text: "Liste d'amis", language: 'fr' },
    ],
    resources: [
      ['bob', 'Bob Smith', { id: 'juwigmtboe', state: 'active', cid: '12345.aaa@vancouver.example.com' }],
      ['dave', 'Dave Jones', { id: 'hqzsuxtfyq', state: 'active', cid: '12345.aab@vancouver.example.com' }],
      ['jim', 'Jim', { id: 'oflzxqzuvg', state: 'terminated', reason: 'rejected' }],
      ['ed', 'Ed', { id: 'grqhzsppxb', state: 'pending' }],
    ].map(([user, text, instance]) => ({
      uri: `sip:${user}@vancouver.example.com`,
      attributes: [],
      names: [{ text }],
      instances: [{ ...(typeof instance === 'object' ? instance : {}), attributes: [], extra: [] }],
    })),
  });
  expect(rulesOf(fixture('rfc4662/5.1-list.xml'))).toEqual([]);
  expect(rulesOf(fixture('rfc4662/everything.xml'))).toEqual([]);
});

test('a list has a URI, a version and says whether it is full (§5.2, @req rfc4662:5.2:1)', () => {
  for (const attributes of [
    'version="0" fullState="true"',
    'uri="sip:l@x" fullState="1"',
    'uri="sip:l@x" version="0"',
  ]) {
    expect(rulesOf(list('', attributes))).toEqual(['missing-attribute']);
    expect(() => parse(list('', attributes))).toThrow(
      expect.objectContaining({ name: 'RlmiError', code: 'wrong-root', rfc: 'RFC 4662 §5.2', status: 400 }),
    );
  }
  expect(rulesOf(list('', 'uri="sip:l@x" version="4294967296" fullState="true"'))).toEqual(['invalid-value']);
  // @ts-expect-error: what is required is, in types too
  expect(() => serialize({ uri: 'sip:l@x', version: 0 })).toThrow(TypeError);
});

test('a resource has a URI (§5.3, @req rfc4662:5.3:1)', () => {
  expect(rulesOf(list('<resource/>'))).toEqual(['missing-attribute']);
  expect(parse(list('<resource/><resource uri="a:b"/>')).resources).toHaveLength(1);
});

test('a name is in a language (§5.4, @req rfc4662:5.4:1)', () => {
  expect(rulesOf(list('<name xml:lang="de-CH">n</name>'))).toEqual([]);
  expect(rulesOf(list('<name xml:lang="not a language">n</name>'))).toEqual(['invalid-value']);
});

test('what is terminated says why (§5.5, @req rfc4662:5.5:1)', () => {
  expect(rulesOf(resource('<instance id="1" state="terminated"/>'))).toEqual(['missing-reason']);
  expect(rulesOf(resource('<instance id="1" state="terminated" reason="timeout"/>'))).toEqual([]);
});

test('what is active says where its state is (§5.5, @req rfc4662:5.5:2)', () => {
  expect(rulesOf(resource('<instance id="1" state="active"/>'))).toEqual(['missing-cid']);
  expect(rulesOf(resource('<instance id="1" state="pending"/>'))).toEqual([]);
});

test('instances of a resource have ids of their own (§5.5)', () => {
  const one = '<instance id="1" state="pending"/>';
  expect(rulesOf(resource(one + one))).toEqual(['not-unique']);
  expect(rulesOf(list(`<resource uri="a:b">${one}</resource><resource uri="c:d">${one}</resource>`))).toEqual(
    [],
  );
});

describe('what is foreign', () => {
  describePoints({
    points: [
      [
        'instance',
        (foreign) =>
          list(
            `<resource uri="sip:a@x"><instance id="1" state="pending">${foreign}</instance></resource>`,
            'uri="sip:l@x" version="0" fullState="true" xmlns:x="urn:example:x"',
          ),
      ],
    ],
    change(bytes) {
      const document = parse(bytes);
      return serialize({
        ...document,
        version: 1,
        resources: document.resources.map((one) => ({
          ...one,
          instances: one.instances.map((each) => ({ ...each, state: 'active' as const })),
        })),
      });
    },
    expected: (text) => text.replace('version="0"', 'version="1"').replace('"pending"', '"active"'),
  });

  test('stays when something known changes', () => {
    const text = textOf(fixture('rfc4662/everything.xml'));
    const document = parse(bytesOf(text));
    const written = serialize({
      ...document,
      version: 1,
      resources: document.resources.map((one) => ({
        ...one,
        instances: one.instances.map((each) =>
          each.id === '3' ? { ...each, state: 'active' as const } : each,
        ),
      })),
    });
    expect(textOf(written)).toBe(text.replace('4294967295', '1').replace('"pending"', '"active"'));
  });
});

test('what is written is valid and reads as what was meant', () => {
  const text = fc
    .string({ unit: 'binary' })
    .map((value) => value.replace(/[^\t\n\r -\uD7FF\uE000-\uFFFD]/g, '·'));
  const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
  const names = fc.array(fc.record({ text, language: fc.constantFrom(undefined, 'en', '') }), {
    maxLength: 2,
  });
  const attributes = fc.constant([]);
  const instance = fc.record({
    id: text,
    state: fc.constantFrom('active' as const, 'pending' as const, 'terminated' as const),
    reason: text,
    cid: text,
    attributes,
    extra: fc.constant([]),
  });
  const document: fc.Arbitrary<ListInit> = fc.record({
    uri: fc.webUrl(),
    version: fc.integer({ min: 0, max: 0xffff_ffff }),
    fullState: fc.boolean(),
    cid: maybe(text),
    attributes,
    names,
    resources: fc.array(
      fc.record({
        uri: fc.webUrl(),
        attributes,
        names,
        instances: fc.uniqueArray(instance, { maxLength: 3, selector: ({ id }) => id }),
      }),
      { maxLength: 3 },
    ),
  });
  fc.assert(
    fc.property(document, (value) => {
      const bytes = serialize(value);
      expect(validate(bytes)).toEqual([]);
      expect(plain(parse(bytes))).toEqual(plain(value));
    }),
    { numRuns: 200 * Number(process.env['FUZZ_RUNS'] ?? 1) },
  );
});

test('other bodies fail as RlmiError', () => {
  expect(() => parse('<list/>')).toThrow(RlmiError);
  expect(() => parse('')).toThrow(expect.objectContaining({ code: 'not-well-formed' }));
  expect(() => parse('<a>'.repeat(1_000))).toThrow(expect.objectContaining({ code: 'limit', status: 413 }));
});
