import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, vi } from 'vitest';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
const [, example = ''] = /^```ts\n([\s\S]*?)^```/m.exec(readme) ?? [];

it('the first example runs and prints what its comments say', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'readme-'));
  const printed = vi.spyOn(console, 'log').mockImplementation(() => {});
  try {
    // Outside of the package its name means nothing: point to the sources.
    const sources = fileURLToPath(new URL('../src/index.ts', import.meta.url));
    writeFileSync(
      join(folder, 'example.ts'),
      example.replaceAll("'@sip-simple/xml'", JSON.stringify(sources)),
    );
    await import(/* @vite-ignore */ join(folder, 'example.ts'));
    const expected = [...example.matchAll(/^ *console\.log\(.*\); \/\/ (.*)$/gm)].map(
      ([, comment]) => comment,
    );
    expect(printed.mock.calls.map((values) => values.join(' '))).toEqual(expected);
    expect(expected.length).toBeGreaterThan(0);
  } finally {
    printed.mockRestore();
    rmSync(folder, { recursive: true });
  }
});
