import { describeAgreement, type MutationVocabulary, samples } from '@sip-simple/testkit';
import { attribute, element } from '@sip-simple/xml';
import { PIDF } from '../../src/index.ts';
import { PIDF_DIFF, validate } from '../../src/partial/index.ts';
import { DEVIATIONS, ORACLES_FAULTS } from '../deviations.ts';
import { VOCABULARY } from '../vocabulary.ts';
import { fixture } from './documents.ts';

const VERSIONS = ['568', '4294967295', '4294967296', '+5', '-0', '-1', ' 7 ', '1.0'];

describeAgreement({
  name: 'of <pidf-full>',
  schemas: ['pidf-diff.xsd', 'data-model.xsd'],
  documents: [...samples(/pidf-full/), ['everything', fixture('rfc5262/3-everything-full.xml')]],
  validate,
  vocabulary: {
    ...VOCABULARY,
    values: [...VOCABULARY.values, ...VERSIONS],
    attributes: [
      ...VOCABULARY.attributes,
      (value) => attribute('version', value),
      (value) => attribute('entity', value),
    ],
    names: [...VOCABULARY.names, { namespace: PIDF_DIFF, prefix: 'pd' }],
    nodes: [...VOCABULARY.nodes, element(PIDF_DIFF, 'pd:unknown'), element(PIDF_DIFF, 'pd:add')],
  },
  deviations: [
    ...DEVIATIONS,
    {
      reason: 'RFC 3863 §4.4: a <note> of the document stands before all extensions, as in <presence>.',
      matches: ({ rule, path }) =>
        rule === 'wrong-order' && /^\/[^/]*pidf-full\/[^/]*note\[[0-9]+\]$/.test(path),
    },
  ],
  oraclesFaults: ORACLES_FAULTS,
});

const PATCHES: MutationVocabulary = {
  locals: ['pidf-diff', 'add', 'replace', 'remove', 'move', 'tuple'],
  names: [
    { namespace: PIDF_DIFF, prefix: 'pd' },
    { namespace: PIDF, prefix: 'pidf' },
  ],
  values: [
    ...VERSIONS,
    'before',
    'after',
    'prepend',
    'both',
    ' after',
    '*',
    '/*',
    'a/b',
    '/a/b:c[3]',
    "*/tuple[@id='x']/status",
    '*/@id',
    '@id',
    'a/text()',
    'a/text()[2]',
    'a/comment()',
    'a/processing-instruction()',
    "a/processing-instruction('t')",
    'a/namespace::p',
    'namespace::p',
    "id('t1')/status",
    'a//b',
    'a/',
    '/',
    'a[b="c"]',
    'a[.="c"]',
    'a[last()]',
    'a|b',
    '../a',
    'a b',
    'a[@x=y]',
    'a[0]',
    'child::a',
    '@x/y',
    'text()/a',
  ],
  attributes: [
    (value) => attribute('version', value),
    (value) => attribute('entity', value),
    (value) => attribute('sel', value),
    (value) => attribute('pos', value),
    (value) => attribute('type', value),
    (value) => attribute('ws', value),
  ],
  nodes: [
    element(PIDF_DIFF, 'pd:unknown'),
    element(PIDF_DIFF, 'pd:remove', [attribute('sel', '*/a')]),
    element(PIDF_DIFF, 'pd:add', [attribute('sel', '*')], [{ type: 'text', value: 'x' }]),
    element(PIDF_DIFF, 'pd:replace', [attribute('sel', '*/a/@b')], [{ type: 'text', value: 'x' }]),
    element(PIDF, 'pidf:tuple'),
    element(PIDF, 'pidf:presence', [attribute('entity', 'a:b')]),
  ],
};

describeAgreement({
  name: 'of <pidf-diff>',
  schemas: ['pidf-diff.xsd', 'data-model.xsd'],
  documents: [...samples(/pidf-diff/), ['everything', fixture('rfc5262/3-everything-diff.xml')]],
  validate,
  vocabulary: PATCHES,
  deviations: [
    ...DEVIATIONS,
    {
      reason:
        'RFC 5261 §8: names are NCNames, for which its schema has \\i\\c*, which takes colons anywhere: child::a.',
      // To the schema of <add>, which has no namespaces to select, even namespace::p is such a name.
      matches: ({ rule, path, message }) =>
        rule === 'invalid-value' &&
        /@(?:sel|type)$/.test(path) &&
        (message.includes('xpath-add') ? /^"[^"]*::[a-z]/ : /^"[^"]*(?<!namespace)::[a-z]/).test(message),
    },
  ],
  oraclesFaults: ORACLES_FAULTS,
});
