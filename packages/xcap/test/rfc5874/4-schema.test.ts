import { bytesOf, describeAgreement, describeLossless, describePoints, samples } from '@sip-simple/testkit';
import { attribute, element } from '@sip-simple/xml';
import { parseXcapDiff, serializeXcapDiff, validateXcapDiff, XCAP_DIFF } from '../../src/index.ts';
import { XML_LANG } from '../deviations.ts';
import { diffOf, EVERYTHING } from './document.ts';

describeLossless({
  name: 'as an XCAP diff',
  format: { parse: parseXcapDiff, serialize: serializeXcapDiff },
  samples: samples(/xcap-diff/),
  also: [['a document with everything', bytesOf(EVERYTHING)]],
});

describePoints({
  points: [
    ['xcap-diff', (foreign) => diffOf(`<d:document sel="a/b" new-etag="1"/>${foreign}`)],
    [
      'document',
      (foreign) =>
        diffOf(
          `<d:document sel="a/b" new-etag="1" previous-etag="0"><d:remove sel="a"/>${foreign}<d:remove sel="b"/></d:document>`,
        ),
    ],
    [
      'add',
      (foreign) =>
        diffOf(
          `<d:document sel="a/b" new-etag="1" previous-etag="0"><d:add sel="a">${foreign}</d:add></d:document>`,
        ),
    ],
    [
      'element',
      (foreign) =>
        diffOf(`<d:document sel="a/b" new-etag="1"/><d:element sel="a/~~/b">${foreign}</d:element>`),
    ],
  ],
  change: (bytes) => {
    const value = parseXcapDiff(bytes);
    const changes = value.changes.map((change) =>
      change.type === 'document' ? { ...change, value: { ...change.value, newEtag: '2' } } : change,
    );
    return serializeXcapDiff({ ...value, changes });
  },
  expected: (text) => text.replace('new-etag="1"', 'new-etag="2"'),
});

describeAgreement({
  name: 'of XCAP diffs',
  schemas: ['xcap-diff.xsd'],
  documents: [['everything', bytesOf(EVERYTHING)], ...samples(/xcap-diff/)],
  validate: (bytes) => validateXcapDiff(bytes),
  vocabulary: {
    locals: ['document', 'element', 'attribute', 'add', 'replace', 'remove', 'body-not-changed', 'x'],
    names: [{ namespace: XCAP_DIFF, prefix: 'd' }],
    values: [
      'a/b',
      'before',
      'after',
      'both',
      'prepend',
      '@id',
      'namespace::a',
      "a[@b='c']",
      'a/text()',
      '*[1]',
      '%zz',
      'http://h:p/',
    ],
    attributes: [
      (value) => attribute('sel', value),
      (value) => attribute('pos', value),
      (value) => attribute('type', value),
      (value) => attribute('ws', value),
      (value) => attribute('exists', value),
      (value) => attribute('new-etag', value),
      (value) => attribute('previous-etag', value),
      (value) => attribute('xcap-root', value),
    ],
    nodes: [
      element(XCAP_DIFF, 'd:body-not-changed'),
      element(XCAP_DIFF, 'd:document', [attribute('sel', 'a/b')]),
      element(XCAP_DIFF, 'd:element', [attribute('sel', 'a/~~/b')], [element('', 'b')]),
      element(XCAP_DIFF, 'd:attribute', [attribute('sel', 'a/~~/@b')], [{ type: 'text', value: 'inserted' }]),
      element(XCAP_DIFF, 'd:remove', [attribute('sel', 'a')]),
      element(XCAP_DIFF, 'd:add', [attribute('sel', 'a')], [{ type: 'text', value: 'inserted' }]),
    ],
  },
  deviations: [
    {
      reason: 'RFC 5874 §3: the sel of a document MUST be a relative path. The schema takes any anyURI.',
      matches: ({ rule }) => rule === 'not-relative',
    },
    {
      reason:
        'RFC 5874 §3: a patch MUST NOT come with a new entity tag alone. Attributes are all optional in the schema.',
      matches: ({ rule }) => rule === 'etag-missing',
    },
    {
      reason: 'RFC 5874 §3: an element that is not shown MUST NOT have nodes. The schema has mixed content.',
      matches: ({ rule }) => rule === 'unexpected-nodes',
    },
    {
      reason: 'RFC 5874 §3: documents MUST be in XML 1.0 and UTF-8. No schema can see the declaration.',
      matches: ({ rule }) => rule === 'not-utf-8' || rule === 'not-xml-1.0',
    },
    XML_LANG,
  ],
});
