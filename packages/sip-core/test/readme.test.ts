import { readFileSync } from 'node:fs';
import { describeReadme } from '@sip-simple/testkit';
import { expect, test } from 'vitest';
import { defaultMessageLimits } from '../src/index.ts';
import { defaultResolverLimits } from '../src/resolve/index.ts';

const readme = new URL('../README.md', import.meta.url);
describeReadme(readme, [0, 2, 3]);

test('the README states the limits as they are', () => {
  const text = readFileSync(readme, 'utf8');
  for (const [name, value] of Object.entries({ ...defaultMessageLimits, ...defaultResolverLimits })) {
    expect(text).toContain(`| \`${name}\` | ${value.toLocaleString('en-US')} |`);
  }
});
