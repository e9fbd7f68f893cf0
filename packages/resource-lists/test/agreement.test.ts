import { describeAgreement, samples } from '@sip-simple/testkit';
import { validate, validateRlsServices } from '../src/index.ts';
import { DEVIATIONS, ORACLES_FAULTS } from './deviations.ts';
import { fixture } from './fixtures.ts';
import { VOCABULARY } from './vocabulary.ts';

const schemas = ['resource-lists.xsd', 'rls-services.xsd', 'copycontrol.xsd'];
const shared = { schemas, vocabulary: VOCABULARY, deviations: DEVIATIONS, oraclesFaults: ORACLES_FAULTS };

describeAgreement({
  ...shared,
  name: 'of resource lists',
  documents: [
    ['everything', fixture('rfc4826/everything.xml')],
    ['RFC 4826 §3.3', fixture('rfc4826/3.3-resource-lists.xml')],
    ...samples(/resource-lists/),
  ],
  // Two large documents in each run would say little more.
  mutated: ({ root }) => root.local === 'resource-lists' && root.children.length < 10,
  validate,
});

describeAgreement({
  ...shared,
  name: 'of services',
  documents: [
    ['everything', fixture('rfc4826/everything-services.xml')],
    ['RFC 4826 §4.3', fixture('rfc4826/4.3-rls-services.xml')],
    ...samples(/rls-services/),
  ],
  validate: validateRlsServices,
});
