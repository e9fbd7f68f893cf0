import { readFileSync } from 'node:fs';
import {
  bytesOf,
  describeAgreement,
  describeLossless,
  describePoints,
  plain,
  randomFrom,
  samples,
} from '@sip-simple/testkit';
import { attribute, element } from '@sip-simple/xml';
import { collapse, dateTime } from '@sip-simple/xml/schema';
import { assert, constantFrom, integer, option, property, record, string } from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  IS_COMPOSING,
  IsComposingError,
  type IsComposingInit,
  parse,
  serialize,
  stateOf,
  validate,
} from '../src/index.ts';

const runs = 200 * Number(process.env['FUZZ_RUNS'] ?? 1);
const fixture = (name: string) =>
  new Uint8Array(readFileSync(new URL(`fixtures/rfc3994/${name}.xml`, import.meta.url)));
const documentWith = (foreign: string) => `<?xml version="1.0" encoding="UTF-8"?>
<isComposing xmlns="${IS_COMPOSING}" xmlns:x="urn:example:x"><!-- typing -->
  <state>active</state>
  <lastactive>2003-01-27T10:43:00Z</lastactive>
  <contenttype>text/plain</contenttype>
  <refresh>90</refresh>
  ${foreign}
</isComposing>`;
const everything = bytesOf(documentWith('<x:e a="1">text</x:e>'));
const printed = samples(/^rfc3994/);

describeLossless({
  format: { parse, serialize },
  samples: printed,
  also: [
    ['5-active', fixture('5-active')],
    ['5-idle', fixture('5-idle')],
    ['everything', everything],
  ],
});

describePoints({
  points: [['<isComposing>', documentWith]],
  change: (bytes) => serialize({ ...parse(bytes), state: 'idle', refreshSeconds: 60 }),
  expected: (text) => text.replace('>active<', '>idle<').replace('>90<', '>60<'),
});

describeAgreement({
  schemas: ['im-iscomposing.xsd', 'xml.xsd'],
  documents: [['everything', everything], ...printed],
  validate,
  vocabulary: {
    locals: ['isComposing', 'state', 'lastactive', 'contenttype', 'refresh', 'x'],
    names: [{ namespace: IS_COMPOSING, prefix: 'i' }],
    values: [
      ' 60 ',
      '+1',
      '-1',
      '00',
      '007',
      '1.0',
      '18446744073709551616',
      '99999999999999999999999',
      '2003-01-27T10:43:00Z',
      '2003-01-27T10:43:00',
      '2003-02-29T10:43:00Z',
      '2003-01-27',
      ' active ',
    ],
    attributes: [(value) => attribute('state', value)],
    nodes: [
      element(IS_COMPOSING, 'i:refresh', [], [{ type: 'text', value: '1' }]),
      element('urn:foreign', 'f:deep', [], [element(IS_COMPOSING, 'i:isComposing')]),
      element('urn:foreign', 'f:deep', [], [element(IS_COMPOSING, 'i:state')]),
    ],
  },
  oraclesFaults: [
    {
      reason:
        'White space around an xs:dateTime collapses (XML Schema Part 2 §3.2.7), which libxml2 does not do.',
      matches: (verdict) => {
        const [, value = ''] =
          /'([^']*)' is not a valid value of the atomic type 'xs:dateTime'/.exec(verdict) ?? [];
        return value !== collapse(value) && dateTime.isValid?.(collapse(value)) === true;
      },
    },
  ],
});

describe('RFC 3994 §5: examples', () => {
  test('active', () => {
    const status = parse(fixture('5-active'));
    expect(plain(status)).toEqual({
      state: 'active',
      contentType: 'text/plain',
      refreshSeconds: 90,
      extra: [],
    });
    expect(validate(fixture('5-active'))).toEqual([]);
  });
  test('idle', () => {
    const status = parse(fixture('5-idle'));
    expect(plain(status)).toEqual({
      state: 'idle',
      contentType: 'audio',
      lastActive: '2003-01-27T10:43:00Z',
      extra: [],
    });
    expect(validate(fixture('5-idle'))).toEqual([]);
  });
});

test('all states but active are idle (@req rfc3994:3.5:1)', () => {
  for (const state of ['idle', 'recording', 'Active', 'ACTIVE', '', 'active-ish'])
    expect(stateOf({ state })).toBe('idle');
  expect(stateOf({ state: 'active' })).toBe('active');
  expect(stateOf({ state: '\n active ' })).toBe('active');
});

test('extensions in other namespaces are ignored, others are not valid (@req rfc3994:3.5:2)', () => {
  const { extra, ...status } = parse(documentWith('<x:mood xmlns="">glad</x:mood>'));
  expect(extra).toHaveLength(1);
  expect(status).toMatchObject({ state: 'active', refreshSeconds: 90 });
  expect(validate(documentWith('<x:mood>glad</x:mood>'))).toEqual([]);
  expect(validate(documentWith('<mood>glad</mood>'))).toMatchObject([{ rule: 'unexpected-element' }]);
});

test('documents are well-formed, of XML 1.0, and in UTF-8 (@req rfc3994:6:1)', () => {
  const text = documentWith('');
  expect(validate(text)).toEqual([]);
  expect(validate(text.replace('version="1.0"', 'version="1.1"'))).toMatchObject([{ rule: 'not-xml-1.0' }]);
  expect(validate(text.replace('<?xml version="1.0" encoding="UTF-8"?>', ''))).toEqual([]);
  const units = Array.from(`\ufeff${text.replace('UTF-8', 'UTF-16')}`, (character) =>
    character.charCodeAt(0),
  );
  expect(validate(new Uint8Array(new Uint16Array(units).buffer))).toMatchObject([{ rule: 'not-utf-8' }]);
  expect(() => parse('<isComposing>')).toThrow(
    expect.objectContaining({ name: 'IsComposingError', code: 'not-well-formed' }),
  );
  expect(() => parse('<isComposing/>')).toThrow(
    expect.objectContaining({ code: 'wrong-root', rfc: 'RFC 3994 §6' }),
  );
  expect(() => parse(text, { limits: { elements: 2 } })).toThrow(
    expect.objectContaining({ code: 'limit', status: 413 }),
  );
});

test('what is written is valid, and reads as meant', () => {
  const statuses = record({
    state: constantFrom('active', 'idle', 'recording'),
    lastActive: option(constantFrom('2003-01-27T10:43:00Z', '2026-01-31T12:00:00.5+01:00'), {
      nil: undefined,
    }),
    contentType: option(
      string({ unit: 'grapheme' }).map((text) => text.replace(/[^ -\ud7ff]/gu, '')),
      { nil: undefined },
    ),
    refreshSeconds: option(integer({ min: 1 }), { nil: undefined }),
  });
  assert(
    property(statuses, (status: IsComposingInit) => {
      const bytes = serialize(status);
      expect(validate(bytes)).toEqual([]);
      expect(plain(parse(bytes))).toEqual({ ...Object(plain(status)), extra: [] });
    }),
    { numRuns: runs },
  );
  expect(() => serialize({ state: 'active', refreshSeconds: 0 })).toThrow(RangeError);
});

test('mutated documents are read or refused with an IsComposingError', () => {
  const random = randomFrom(3);
  const upTo = (limit: number) => Math.floor(random() * limit);
  for (let run = 0; run < runs * 10; run += 1) {
    const bytes = [...everything];
    bytes.splice(upTo(bytes.length), upTo(9), ...Array.from({ length: upTo(5) }, () => upTo(256)));
    try {
      validate(serialize(parse(Uint8Array.from(bytes))));
    } catch (error) {
      if (!(error instanceof IsComposingError)) throw error;
    }
  }
});
