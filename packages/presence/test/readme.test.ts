import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test, vi } from 'vitest';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
const [, example = ''] = /^```ts\n([\s\S]*?)^```/m.exec(readme) ?? [];

test('the first example runs and prints what its last lines say', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'readme-'));
  const printed = vi.spyOn(console, 'log').mockImplementation(() => {});
  try {
    // Outside of the workspace the packages' names mean nothing: point to the sources.
    const code = example.replace(/'@sip-simple\/([\w-]+)'/g, (_, name: string) =>
      JSON.stringify(fileURLToPath(new URL(`../../${name}/src/index.ts`, import.meta.url))),
    );
    writeFileSync(join(folder, 'example.ts'), code);
    await import(/* @vite-ignore */ join(folder, 'example.ts'));
    const tail = /((?:^\/\/ .*\n)+)$/m.exec(example)?.[1] ?? '';
    const expected = tail
      .trim()
      .split('\n')
      .map((line) => line.slice(3));
    expect(printed.mock.calls.map((values) => values.join(' ').trim())).toEqual(expected);
    expect(expected.length).toBeGreaterThan(1);
  } finally {
    printed.mockRestore();
    rmSync(folder, { recursive: true });
  }
});
