import { parse, serialize, type XmlDocument } from '@sip-simple/xml';
import type { Violation } from '@sip-simple/xml/schema';
import { describe, expect, test } from 'vitest';
import { type MutationVocabulary, mutate, randomFrom } from './mutate.ts';
import { oracleAbsent, type SchemaOracle, schemaOracle } from './oracle.ts';
import { textOf } from './text.ts';

/** Where a validator says more than the schemas, on purpose. */
export interface Deviation {
  readonly reason: string;
  matches(violation: Violation): boolean;
}

/** Where the schema processor says more than the schemas. */
export interface OraclesFault {
  readonly reason: string;
  matches(verdict: string): boolean;
}

export interface Agreement {
  /** What is validated, for the tests' names. */
  readonly name?: string | undefined;
  /** Files in ../shared/oracles/xsd, or the names of the schemas that `oracle` has. */
  readonly schemas: readonly string[];
  /** The schemas themselves, where they are not in those files. */
  readonly oracle?: SchemaOracle | undefined;
  /** What is judged as it stands, and then mutated. */
  readonly documents: readonly (readonly [name: string, bytes: Uint8Array])[];
  readonly validate: (bytes: Uint8Array) => readonly Violation[];
  readonly vocabulary: MutationVocabulary;
  /** How many mutations, times `FUZZ_RUNS`; 2,000 by default. */
  readonly runs?: number | undefined;
  readonly deviations?: readonly Deviation[] | undefined;
  readonly oraclesFaults?: readonly OraclesFault[] | undefined;
  /** The documents that are mutated; by default those whose root is that of the first. */
  readonly mutated?: ((document: XmlDocument) => boolean) | undefined;
}

/** Tests that a validator and the schemas of its RFC, as libxml2 reads them, call the same documents valid. */
export function describeAgreement(agreement: Agreement): void {
  const {
    name = '',
    schemas,
    documents,
    validate,
    vocabulary,
    deviations = [],
    oraclesFaults = [],
  } = agreement;
  const runs = (agreement.runs ?? 2_000) * Number(process.env['FUZZ_RUNS'] ?? 1);
  const title = `the validator ${name} and the schemas ${schemas.join(', ')} agree ${oracleAbsent ?? ''}`;

  describe.skipIf(oracleAbsent !== undefined)(title, () => {
    const oracle = agreement.oracle ?? (oracleAbsent === undefined ? schemaOracle(schemas) : () => []);
    const ask = (bytes: Uint8Array) =>
      oracle(bytes).filter((verdict) => !oraclesFaults.some((fault) => fault.matches(verdict)));
    const asSchema = (bytes: Uint8Array) =>
      validate(bytes).filter((violation) => !deviations.some((deviation) => deviation.matches(violation)));

    test.each(documents.map(([file, bytes]) => ({ file, bytes })))('on $file', ({ bytes }) => {
      const verdicts = ask(bytes);
      const violations = asSchema(bytes);
      expect(violations.length > 0, `${verdicts} / ${JSON.stringify(violations)}`).toBe(verdicts.length > 0);
    });

    test(`on ${runs} mutations of them`, () => {
      const random = randomFrom(runs);
      const all = documents.map(([, bytes]) => parse(bytes));
      const root = all[0]?.root;
      const isMutated =
        agreement.mutated ??
        ((document) => document.root.local === root?.local && document.root.namespace === root.namespace);
      const trees = all.filter(isMutated);
      const disagreements: string[] = [];
      let invalid = 0;
      for (let run = 0; run < runs; run += 1) {
        let tree = trees[run % trees.length];
        if (tree === undefined) throw new RangeError('no documents');
        for (let change = 0; change <= run % 3; change += 1) tree = mutate(tree, random, vocabulary);
        const bytes = serialize(tree);
        const verdicts = ask(bytes);
        const violations = asSchema(bytes);
        if (verdicts.length > 0) invalid += 1;
        if (violations.length > 0 !== verdicts.length > 0) {
          disagreements.push(`${verdicts}\n${JSON.stringify(violations)}\n${textOf(bytes)}`);
        }
      }
      expect(disagreements.slice(0, 5)).toEqual([]);
      // Both kinds are there in numbers, or the test would say little.
      expect(invalid).toBeGreaterThan(runs / 8);
      expect(runs - invalid).toBeGreaterThan(runs / 8);
    });
  });
}
