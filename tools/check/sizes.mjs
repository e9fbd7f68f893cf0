// The size of each library in a browser: everything it exports and all it needs, minified and gzipped.
// A package's README states it as "<n> KB minified and gzipped"; this check keeps the statement true to 10 %.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'rolldown';

/** Bytes of one package's main entry, bundled for browsers with all its dependencies, minified and gzipped. */
export async function bundleSize(entry) {
  const { output } = await build({
    input: entry,
    platform: 'browser',
    write: false,
    output: { format: 'esm', minify: true },
  });
  return gzipSync(output[0].code, { level: 9 }).length;
}

export async function sizeBreaches(root) {
  const found = [];
  for (const name of readdirSync(join(root, 'packages'))) {
    const home = join(root, 'packages', name);
    const readme = join(home, 'README.md');
    // A server is not put into a browser.
    if (name === 'server') continue;
    const stated =
      existsSync(readme) && /([\d.]+) KB minified and gzipped/.exec(readFileSync(readme, 'utf8'))?.[1];
    const actual = (await bundleSize(join(home, 'dist/index.js'))) / 1000;
    if (!stated)
      found.push(
        `packages/${name}: the README states no size; it is ${actual.toFixed(1)} KB minified and gzipped`,
      );
    else if (Math.abs(actual - stated) > stated / 10)
      found.push(
        `packages/${name}: the README states ${stated} KB; it is ${actual.toFixed(1)} KB minified and gzipped`,
      );
  }
  return found;
}
