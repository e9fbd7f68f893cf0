import { readFileSync } from 'node:fs';
import { describeReadme } from '@sip-simple/testkit';
import { expect, test } from 'vitest';
import { defaultExpires, defaultRegistrarLimits } from '../src/registrar/index.ts';

const page = new URL('../docs/registrar.md', import.meta.url);
describeReadme(page, [0, 1]);

test('docs/registrar.md states the limits as they are', () => {
  const text = readFileSync(page, 'utf8');
  const stated = [
    ...Object.entries(defaultRegistrarLimits).map(([name, value]) => [`limits.${name}`, value] as const),
    ...Object.entries(defaultExpires).map(([name, value]) => [`expires.${name}`, value] as const),
  ];
  for (const [name, value] of stated) {
    const shown = value < 10_000 ? String(value) : value.toLocaleString('en-US');
    expect(text).toContain(`| \`${name}\` | ${shown} |`);
  }
});
