// pnpm bench [--short] [--json] [suite ...]
//   --short   a few seconds in all, as CI runs it
//   --json    figures as JSON lines
//   suite     only suites whose name begins so
// Ratios are what counts: figures of one run, on one machine, in turns.
import { measure } from './measure.mjs';
import { suites as formats } from './suites/formats.mjs';
import { suites as patch } from './suites/patch.mjs';
import { suites as pidf } from './suites/pidf.mjs';
import { suites as sip } from './suites/sip.mjs';

const args = process.argv.slice(2);
const flag = (name) => args.includes(`--${name}`);
const wanted = args.filter((a) => !a.startsWith('--'));
const chosen = [...sip, ...pidf, ...formats, ...patch].filter(
  ({ name }) => !wanted.length || wanted.some((w) => name.startsWith(w)),
);

const format = (n) => (n >= 1000 ? `${(n / 1000).toFixed(1)}k` : n.toFixed(n < 10 ? 2 : 0));
let missed = 0;
for (const suite of chosen) {
  const figures = measure(suite.name, suite.contenders(), { short: flag('short') });
  if (flag('json')) {
    for (const figure of figures) console.log(JSON.stringify(figure));
    continue;
  }
  console.log(`\n${suite.name}`);
  const [first] = figures;
  for (const f of figures) {
    const ratio = f === first ? '' : `   ${(first.perSecond / f.perSecond).toFixed(2)}x behind`;
    const mb =
      f.megabytesPerSecond === undefined ? '' : `  ${f.megabytesPerSecond.toFixed(1).padStart(6)} MB/s`;
    const sameJob = !suite.name.includes('by size') && !suite.name.endsWith('serialize');
    console.log(
      `  ${f.name.padEnd(36)} ${format(f.perSecond).padStart(8)} ${suite.unit}/s${mb}${sameJob ? ratio : ''}`,
    );
  }
  for (const [ours, theirs, target] of suite.targets) {
    const of = (name) => figures.find((f) => f.name === name).perSecond;
    const ratio = of(ours) / of(theirs);
    if (ratio < target) missed++;
    console.log(
      `  target: ${ours} at least ${target}x ${theirs}: ${ratio.toFixed(2)}x ${ratio < target ? 'MISSED' : 'met'}`,
    );
  }
}
if (missed) console.log(`\n${missed} targets missed`);
