import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import * as pidf from '../src/index.ts';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

test('the first example of the README runs, and prints what its comments say', () => {
  const [, example = ''] = /```ts\n([\s\S]*?)```/.exec(readme) ?? [];
  const says = [...example.matchAll(/console\.log\(.*\/\/ (.*)/g)].map(([, comment]) => comment);
  const printed: string[] = [];
  const code = example.replace(/^import (\{.*\}) from '@sip-simple\/pidf';$/m, 'const $1 = pidf;');
  new Function('pidf', 'console', code)(pidf, {
    log: (...values: unknown[]) => printed.push(values.join(' ')),
  });
  expect(printed).toEqual(says);
  expect(says.length).toBeGreaterThan(0);
});
