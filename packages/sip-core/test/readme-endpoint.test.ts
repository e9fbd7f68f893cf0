import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test, vi } from 'vitest';

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');

test('the endpoint example of the README runs on real sockets and prints what its comment says', async () => {
  const blocks = [...readme.matchAll(/^```ts\n([\s\S]*?)^```/gm)].map(([, code = '']) => code);
  const example = blocks.find((code) => code.includes('new Endpoint(')) ?? '';
  const folder = mkdtempSync(join(tmpdir(), 'readme-'));
  const printed = vi.spyOn(console, 'log').mockImplementation(() => undefined);
  try {
    // Outside of the workspace the package's name means nothing: point to the sources.
    const source = (name: string) =>
      JSON.stringify(fileURLToPath(new URL(`../src/${name}`, import.meta.url)));
    const code = example
      .replace("'@sip-simple/sip-core'", source('index.ts'))
      .replace("'@sip-simple/sip-core/node'", source('node.ts'));
    writeFileSync(join(folder, 'example.ts'), code);
    await import(/* @vite-ignore */ join(folder, 'example.ts'));
    await vi.waitFor(() => expect(printed).toHaveBeenCalled(), 5000);
    const says = /console\.log\(.*\/\/ (.*)/.exec(example)?.[1];
    expect(printed.mock.calls.map((values) => values.join(' '))).toEqual([says]);
  } finally {
    printed.mockRestore();
    rmSync(folder, { recursive: true });
  }
});
