import { readdirSync } from 'node:fs';
import { plain, textOf } from '@sip-simple/testkit';
import { describe, expect, test } from 'vitest';
import { parse, serialize, validate } from '../src/index.ts';
import { expected, fixture } from './fixtures.ts';

const fixtures = new URL('../../../tools/conformance/fixtures/', import.meta.url);
const examples = ['rfc3863', 'rfc4479'].flatMap((rfc) =>
  readdirSync(new URL(rfc, fixtures))
    .filter((name) => name.endsWith('.xml'))
    .map((name) => `${rfc}/${name.slice(0, -'.xml'.length)}`),
);

describe.each(examples)('the example %s', (name) => {
  const bytes = fixture(`${name}.xml`);

  test('reads as expected', () => {
    expect(plain(parse(bytes))).toEqual(expected(`${name}.json`));
  });

  test('is written back byte by byte', () => {
    expect(textOf(serialize(parse(bytes)))).toBe(textOf(bytes));
  });

  test('is valid, but for the entity that RFC 4479 §7.1 leaves out', () => {
    const missing = [expect.objectContaining({ rule: 'missing-attribute', path: '/presence' })];
    expect(validate(bytes)).toEqual(name === 'rfc4479/7.1-basic-im-client' ? missing : []);
  });
});
