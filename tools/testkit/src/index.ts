export { type Agreement, type Deviation, describeAgreement, type OraclesFault } from './agreement.ts';
export { describeLossless, describePoints, FOREIGN } from './lossless.ts';
export { type MutationVocabulary, mutate, randomFrom } from './mutate.ts';
export {
  grammarOracle,
  oracleAbsent,
  printedGrammar,
  printedSchemas,
  samples,
  schemaOracle,
} from './oracle.ts';
export { plain } from './plain.ts';
export { describeReadme } from './readme.ts';
export { bytesOf, textOf } from './text.ts';
