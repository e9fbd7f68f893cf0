import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import * as xml from '../../src/index.ts';
import * as schema from '../../src/schema/index.ts';

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');

test('the example of the README’s section on schemas runs, and prints what its comments say', () => {
  const [, example = ''] = /## Schemas[\s\S]*?```ts\n([\s\S]*?)```/.exec(readme) ?? [];
  const says = [...example.matchAll(/console\.log\(.*\/\/ (.*)/g)].map(([, comment]) => comment);
  const printed: string[] = [];
  const code = example
    .replace(/import \{([^}]*)\} from '@sip-simple\/xml';/, 'const {$1} = xml;')
    .replace(/import \{([^}]*)\} from '@sip-simple\/xml\/schema';/, 'const {$1} = schema;')
    .replace(/type Infer, |^type List = .*$|: List \| undefined/gm, '');
  new Function('xml', 'schema', 'console', code)(xml, schema, {
    log: (...values: unknown[]) => printed.push(values.join(' ')),
  });
  expect(printed).toEqual(says);
  expect(says.length).toBeGreaterThan(0);
});
