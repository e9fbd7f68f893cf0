import { readFileSync } from 'node:fs';
import { describeReadme } from '@sip-simple/testkit';
import { expect, test } from 'vitest';
import { defaultProxyLimits } from '../src/proxy/index.ts';

const page = new URL('../docs/proxy.md', import.meta.url);
describeReadme(page);

test('docs/proxy.md states the limits as they are', () => {
  const text = readFileSync(page, 'utf8');
  const { contexts, branches, breadth } = defaultProxyLimits;
  for (const [name, value] of Object.entries({ contexts, branches, breadth }))
    expect(text).toContain(`| \`limits.${name}\` | ${value.toLocaleString('en-US')} |`);
});
