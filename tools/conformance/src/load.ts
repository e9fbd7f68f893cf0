import { readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseTrace, type Trace } from './trace.ts';

/** All traces under `traces/`, by file name. */
export function loadTraces(): readonly Trace[] {
  const folder = fileURLToPath(new URL('../traces', import.meta.url));
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.trace'))
    .sort()
    .map((name) =>
      parseTrace(readFileSync(join(folder, name), 'utf8'), `traces/${name.split(sep).join('/')}`),
    );
}
