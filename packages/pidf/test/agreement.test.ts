import { describeAgreement, samples } from '@sip-simple/testkit';
import { validate } from '../src/index.ts';
import { DEVIATIONS, ORACLES_FAULTS } from './deviations.ts';
import { fixture } from './fixtures.ts';
import { VOCABULARY } from './vocabulary.ts';

describeAgreement({
  schemas: ['pidf.xsd', 'data-model.xsd'],
  documents: [['everything', fixture('rfc4479/5-everything.xml')], ...samples(/presence|^gen-rich-pidf/)],
  validate,
  vocabulary: VOCABULARY,
  deviations: DEVIATIONS,
  oraclesFaults: ORACLES_FAULTS,
});
