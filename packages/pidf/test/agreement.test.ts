import { parse as parseXml, serialize as serializeXml } from '@sip-simple/xml';
import { describe, expect, test } from 'vitest';
import { validate } from '../src/index.ts';
import { DEVIATIONS, isOraclesFault } from './deviations.ts';
import { fixture } from './fixtures.ts';
import { mutate, randomFrom } from './mutate.ts';
import { oracle, oracleAbsent, samples } from './oracle.ts';

const RUNS = 2_000 * Number(process.env['FUZZ_RUNS'] ?? 1);

describe.skipIf(oracleAbsent !== undefined)(
  `the validator and the schemas agree ${oracleAbsent ?? ''}`,
  () => {
    const validator = oracleAbsent === undefined ? oracle() : () => [];
    const ask = (bytes: Uint8Array) => validator(bytes).filter((verdict) => !isOraclesFault(verdict));
    const asSchema = (bytes: Uint8Array) =>
      validate(bytes).filter((violation) => !DEVIATIONS.some((deviation) => deviation.matches(violation)));
    const documents: (readonly [string, Uint8Array])[] = [
      ...samples(),
      ['everything', fixture('rfc4479/5-everything.xml')],
    ];

    test.each(documents)('on %s', (_, bytes) => {
      const verdicts = ask(bytes);
      const violations = asSchema(bytes);
      expect(violations.length > 0, `${verdicts} / ${JSON.stringify(violations)}`).toBe(verdicts.length > 0);
    });

    test(`on ${RUNS} mutations of them`, () => {
      const random = randomFrom(3863);
      const trees = documents
        .map(([, bytes]) => parseXml(bytes))
        .filter((tree) => tree.root.local === 'presence');
      const disagreements: string[] = [];
      let invalid = 0;
      for (let run = 0; run < RUNS; run += 1) {
        let tree = trees[run % trees.length];
        if (tree === undefined) throw new RangeError('no documents');
        for (let change = 0; change <= run % 3; change += 1) tree = mutate(tree, random);
        const bytes = serializeXml(tree);
        const verdicts = ask(bytes);
        const violations = asSchema(bytes);
        if (verdicts.length > 0) invalid += 1;
        if (violations.length > 0 !== verdicts.length > 0) {
          disagreements.push(
            `${verdicts}\n${JSON.stringify(violations)}\n${new TextDecoder().decode(bytes)}`,
          );
        }
      }
      expect(disagreements.slice(0, 5)).toEqual([]);
      // Both kinds are there in numbers, or the test would say little.
      expect(invalid).toBeGreaterThan(RUNS / 4);
      expect(RUNS - invalid).toBeGreaterThan(RUNS / 8);
    });
  },
);
