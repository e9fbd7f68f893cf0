import { existsSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const root = fileURLToPath(new URL('.', import.meta.url));
const projects = ['packages', 'tools'].flatMap((group) =>
  readdirSync(root + group)
    .filter((name) => existsSync(`${root}${group}/${name}/test`))
    .map((name) => ({
      extends: true as const,
      test: { name, root: `${root}${group}/${name}`, include: ['test/**/*.test.ts'] },
    })),
);
// Tests run from the sources: no build stands between an edit and its test.
const conditions = ['@sip-simple/source', 'node', 'import', 'default'];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: { projects, testTimeout: 30_000 },
});
