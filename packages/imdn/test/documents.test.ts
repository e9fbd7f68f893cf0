import {
  bytesOf,
  describeAgreement,
  describeLossless,
  describePoints,
  grammarOracle,
  plain,
  printedGrammar,
  samples,
} from '@sip-simple/testkit';
import {
  attribute,
  attributeOf,
  element,
  elementsOf,
  parse as parseXml,
  XML,
  type XmlElement,
  type XmlNode,
} from '@sip-simple/xml';
import { describe, expect, test } from 'vitest';
import { IMDN, parse, serialize, validate } from '../src/index.ts';
import { documentWith } from './fixtures.ts';

const everything = bytesOf(documentWith('<x:e a="1"><x:f>text</x:f></x:e>', '<x:g/>'));
const printed = samples(/^rfc5438/);
const grammar = printedGrammar(5438);

describeLossless({ format: { parse, serialize }, samples: printed, also: [['everything', everything]] });

const changed = (bytes: Uint8Array) => {
  const imdn = parse(bytes);
  if (imdn.notification?.type !== 'delivery') throw new TypeError('a delivery notification');
  const { value } = imdn.notification;
  const status = { ...value.status, result: 'failed' as const };
  return serialize({
    ...imdn,
    messageId: 'new',
    notification: { type: 'delivery', value: { ...value, status } },
  });
};
describePoints({
  points: [
    ['<imdn>', (foreign) => documentWith(foreign, '')],
    ['<status>', (foreign) => documentWith('', foreign)],
  ],
  change: changed,
  expected: (text) => text.replace('34jk324j', 'new').replace('<delivered/>', '<failed/>'),
});

describe.skipIf(grammar === undefined)('RFC 5438 §11.1.9', () => {
  const oracle = grammar === undefined ? undefined : grammarOracle(grammar);
  describeAgreement({
    schemas: ['of RFC 5438 §11.1.9'],
    oracle,
    documents: [['everything', everything], ...printed],
    validate: (bytes) => {
      // RELAX NG does not tell a CDATA section from text; the validator refuses one between elements.
      const document = parseXml(bytes);
      const root = withoutSections(document.root);
      const children = document.children.map((child) => (child === document.root ? root : child));
      // §11.1.5 wants the language of the subject in the document, and the schema has no place for it.
      const subject = elementsOf(document.root, 'subject', IMDN)[0];
      const hasLanguage = subject !== undefined && attributeOf(subject, 'lang', XML) !== undefined;
      const language = hasLanguage ? [{ path: '/imdn/subject', rule: 'language', message: '' }] : [];
      return [...validate({ ...document, children, root }), ...language];
    },
    vocabulary: {
      locals: [
        'imdn',
        'message-id',
        'datetime',
        'recipient-uri',
        'original-recipient-uri',
        'subject',
        'status',
        'delivered',
        'failed',
        'displayed',
        'processed',
        'stored',
        'forbidden',
        'error',
        'display-notification',
        'processing-notification',
        'delivery-notification',
      ],
      names: [{ namespace: IMDN, prefix: 'i' }],
      values: [' a  b ', 'im:a b', 'http://[::1]/', ':nope', 'a%zz', '2006-04-04T12:16:49-05:00'],
      attributes: [(value) => attribute('status', value)],
      nodes: [
        element(IMDN, 'i:status', [], [element(IMDN, 'i:error')]),
        element(IMDN, 'i:forbidden'),
        element(IMDN, 'i:subject', [], [{ type: 'text', value: 'inserted' }]),
        element('urn:foreign', 'f:mixed', [attribute('a', 'b')], [{ type: 'text', value: 'text' }]),
        element('urn:foreign', 'f:deep', [], [element(IMDN, 'i:imdn', [attribute('xml:lang', '1', XML)])]),
      ],
    },
    deviations: [
      {
        reason:
          'XML 1.0 §2.12: xml:lang is a language tag. The schema takes any value of any attribute of an extension.',
        matches: ({ rule, path }) => rule === 'invalid-value' && path.endsWith('/@xml:lang'),
      },
    ],
  });
});

function withoutSections(element: XmlElement): XmlElement {
  const children = element.children.map((child): XmlNode => {
    if (child.type === 'cdata') return { type: 'text', value: child.value };
    return child.type === 'element' ? withoutSections(child) : child;
  });
  return { ...element, children };
}

test('the results of each kind of notification are read', () => {
  for (const [kind, results] of [
    ['delivery', ['delivered', 'failed', 'forbidden', 'error']],
    ['display', ['displayed', 'forbidden', 'error']],
    ['processing', ['processed', 'stored', 'forbidden', 'error']],
  ] as const) {
    for (const result of results) {
      const text = documentWith('', '')
        .replaceAll('delivery-notification', `${kind}-notification`)
        .replace('delivered', result);
      expect(plain(parse(text).notification)).toEqual({
        type: kind,
        value: { status: { result, extra: [] } },
      });
      expect(validate(text)).toEqual([]);
    }
  }
});

test('a status that only an extension says is read, if not valid', () => {
  const text = documentWith('', '<x:lost/>').replace('<delivered/>', '');
  expect(parse(text).notification?.value.status).toMatchObject({ extra: [{ local: 'lost' }] });
  expect(validate(text)).toMatchObject([{ rule: 'missing-element' }]);
});
