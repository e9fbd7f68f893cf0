import { mutate, randomFrom, textOf } from '@sip-simple/testkit';
import { attribute, parse as parseXml, serialize as serializeXml } from '@sip-simple/xml';
import { expect, test } from 'vitest';
import { PIDF, PidfError, serialize as serializePresence } from '../../src/index.ts';
import { PIDF_DIFF, PresenceCopy, parse, serialize, validate } from '../../src/partial/index.ts';
import { fixture } from './documents.ts';

const RUNS = 400 * Number(process.env['FUZZ_RUNS'] ?? 1);

test('mutated documents read, or fail as PidfError; what reads is written as it was, and applied or refused', () => {
  const random = randomFrom(5262);
  const vocabulary = {
    locals: ['pidf-diff', 'pidf-full', 'add', 'replace', 'remove', 'tuple', 'status'],
    names: [
      { namespace: PIDF_DIFF, prefix: 'd' },
      { namespace: PIDF, prefix: 'p' },
    ],
    values: [
      '*',
      '*/tuple',
      '*/tuple[1]/@id',
      '/*/note/text()',
      '//x',
      'namespace::q',
      '@id',
      'before',
      'both',
      '8',
      '9',
    ],
    attributes: [(value: string) => attribute('sel', value), (value: string) => attribute('type', value)],
    nodes: [],
  };
  const origins = ['6-diff', '3-everything-diff', '6-full'].map((name) =>
    parseXml(fixture(`rfc5262/${name}.xml`)),
  );
  const before = parse(fixture('rfc5262/6-full.xml'));
  let tree = origins[0];
  for (let run = 0; run < RUNS; run += 1) {
    if (run % 8 === 0) tree = origins[(run / 8) % origins.length];
    if (tree === undefined) throw new RangeError('no documents');
    tree = mutate(tree, random, vocabulary);
    const bytes = serializeXml(tree);
    try {
      validate(bytes);
      const read = parse(bytes);
      expect(textOf(serialize(read))).toBe(textOf(bytes));
      const copy = new PresenceCopy();
      copy.apply(before);
      copy.apply(read);
      if (copy.presence === undefined) throw new Error('there is a copy');
      serializePresence(copy.presence);
    } catch (error) {
      if (!(error instanceof PidfError)) throw error;
    }
  }
});
