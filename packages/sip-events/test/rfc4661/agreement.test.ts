import { describeAgreement, samples } from '@sip-simple/testkit';
import { validate } from '../../src/filter/index.ts';
import { fixture } from '../fixtures.ts';
import { VOCABULARY } from './vocabulary.ts';

describeAgreement({
  name: 'of filters',
  schemas: ['simple-filter.xsd'],
  documents: [['everything', fixture('rfc4661/everything.xml')], ...samples(/filter-set/)],
  validate,
  vocabulary: VOCABULARY,
  deviations: [
    {
      reason: 'RFC 4661 §3.4, §3.6: rules that the schema does not have.',
      matches: ({ rule }) => ['not-unique', 'uri-and-domain', 'empty-trigger'].includes(rule),
    },
    {
      reason: 'RFC 4661 §5, §3.6.1.4: expressions and numbers are strings to the schema.',
      matches: ({ rule }) => ['bad-expression', 'not-a-number'].includes(rule),
    },
    {
      reason:
        'RFC 4661 §7: what stands last before the extensions cannot stand after them. libxml2 lets it: its automaton ' +
        'errs where two repeated particles end a sequence.',
      matches: ({ rule, path }) =>
        rule === 'wrong-order' && /(?:exclude|trigger|removed)\[[0-9]+\]$/.test(path),
    },
  ],
});
