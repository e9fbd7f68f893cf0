// The checks of the house beside its tests. Each counts as one; the last line says how many passed and failed.
//   node tools/check.mjs [name ...]     run all, or those whose name begins so
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { breaches } from './check/arrows.mjs';
import { sizeBreaches } from './check/sizes.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const wanted = process.argv.slice(2);
const bin = (name) => join(root, 'tools/check/node_modules/.bin', name);
const published = readdirSync(join(root, 'packages'))
  .map((name) => join(root, 'packages', name))
  .filter((dir) => !JSON.parse(readFileSync(join(dir, 'package.json'), 'utf8')).private);

/** Runs a command; what it printed is the complaint when it fails. */
function command(name, ...args) {
  const { status, stdout, stderr } = spawnSync(name, args, { cwd: root, encoding: 'utf8' });
  return status === 0 ? [] : [`${stdout}${stderr}`.trim() || `${name} exited with ${status}`];
}

const tsc = join(root, 'node_modules/.bin/tsc');
const checks = {
  build: () => command(tsc, '-b'),
  'types of tests': () => command(tsc, '-p', 'tsconfig.test.json'),
  lint: () => command(join(root, 'node_modules/.bin/biome'), 'check', '.'),
  arrows: () => breaches(root),
  sizes: () => sizeBreaches(root),
  ...Object.fromEntries(
    published.flatMap((dir) => {
      const name = dir.split(/[\\/]/).at(-1);
      return [
        [`publint ${name}`, () => command(bin('publint'), dir, '--strict')],
        [`types as published ${name}`, () => command(bin('attw'), '--pack', dir, '--profile', 'esm-only')],
      ];
    }),
  ),
};

let passed = 0;
let failed = 0;
for (const [name, check] of Object.entries(checks)) {
  if (wanted.length && !wanted.some((w) => name.startsWith(w))) continue;
  const complaints = await check();
  if (complaints.length) failed++;
  else passed++;
  console.log(`${complaints.length ? 'FAIL' : 'ok  '} ${name}`);
  for (const line of complaints) console.log(line.replace(/^/gm, '     '));
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
