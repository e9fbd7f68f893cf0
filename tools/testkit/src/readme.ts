import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test, vi } from 'vitest';

const packages = new URL('../../../packages/', import.meta.url);

/**
 * Tests that the examples of a README run as they stand and print what they say: either each
 * `console.log(...); // printed` in its comment, or all of them in comment lines that end the example.
 *
 * @param examples which of the README's `ts` blocks, counted from 0; the first by default
 */
export function describeReadme(readme: URL, examples: readonly number[] = [0]): void {
  const blocks = [...readFileSync(readme, 'utf8').matchAll(/^```ts\n([\s\S]*?)^```/gm)];
  test.each(examples)('the example %i of the README runs and prints what it says', async (index) => {
    const example = blocks[index]?.[1];
    if (example === undefined) throw new RangeError(`the README has no example ${index}`);
    const expected = announced(example);
    expect(expected.length).toBeGreaterThan(0);
    expect(await run(example, expected.length)).toEqual(expected);
  });
}

function announced(example: string): readonly string[] {
  const tail = /((?:^\/\/ .*\n)+)$/m.exec(example)?.[1];
  if (tail !== undefined && example.endsWith(tail)) {
    return tail
      .trim()
      .split('\n')
      .map((line) => line.slice(3));
  }
  return [...example.matchAll(/console\.log\(.*\/\/ (.*)$/gm)].map(([, comment = '']) => comment);
}

/** Runs an example, and answers what it printed, once that is as many lines as announced, or no more come. */
async function run(example: string, lines: number): Promise<readonly string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'readme-'));
  const printed = vi.spyOn(console, 'log').mockImplementation(() => {});
  try {
    // Outside of the workspace the packages' names mean nothing: point to the sources.
    const code = example.replace(/'@sip-simple\/([\w/-]+)'/g, (_, specifier: string) =>
      JSON.stringify(sourceOf(specifier)),
    );
    const file = join(folder, 'example.ts');
    writeFileSync(file, code);
    await import(/* @vite-ignore */ file);
    const count = () => printed.mock.calls.length;
    await vi.waitFor(() => expect(count()).toBeGreaterThanOrEqual(lines), 5_000).catch(() => undefined);
    return printed.mock.calls.map((values) => values.map(shown).join(' ').trim());
  } finally {
    printed.mockRestore();
    rmSync(folder, { recursive: true });
  }
}

function shown(value: unknown): string {
  return Array.isArray(value) ? `[ ${value.map((part) => `'${part}'`).join(', ')} ]` : String(value);
}

/** The source file of what a package exports under a name. */
function sourceOf(specifier: string): string {
  const [name = '', ...path] = specifier.split('/');
  const home = new URL(`${name}/`, packages);
  const entry = ['.', ...path].join('/');
  const manifest = JSON.parse(readFileSync(new URL('package.json', home), 'utf8'));
  const source = manifest.exports?.[entry]?.['@sip-simple/source'];
  if (source === undefined) throw new RangeError(`@sip-simple/${name} does not export ${entry}`);
  return fileURLToPath(new URL(source, home));
}
