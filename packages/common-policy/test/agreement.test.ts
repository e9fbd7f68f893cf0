import { describeAgreement, samples } from '@sip-simple/testkit';
import { validate } from '../src/index.ts';
import { DEVIATIONS, ORACLES_FAULTS } from './deviations.ts';
import { FIXTURES } from './fixtures.ts';
import { VOCABULARY } from './vocabulary.ts';

const everything = FIXTURES.filter(([name]) => name.includes('everything'));

describeAgreement({
  name: 'of rule documents',
  schemas: ['common-policy.xsd', 'pres-rules.xsd'],
  documents: [...everything, ...FIXTURES, ...samples(/ruleset/)],
  validate,
  vocabulary: VOCABULARY,
  deviations: DEVIATIONS,
  oraclesFaults: ORACLES_FAULTS,
});
