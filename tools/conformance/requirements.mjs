// The normative statements of the RFCs begun here, held against the tests that cite them and the waivers.
//   pnpm requirements                  coverage by RFC; fails below the thresholds and on ids that don't exist
//   pnpm requirements gaps 6665        the statements that no test cites
//   pnpm requirements list 3903 ...    all statements; further arguments go to the tool as they are
// The tool lives beside a checkout (../shared/tools/normative.mjs), with the RFC texts. Where it is absent
// nothing can be counted: that is said, and is no failure.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Percent of the MUST statements that must be cited or waived; 0 where the RFC is only begun. */
const THRESHOLDS = {
  ...{ 3862: 100, 3863: 100, 3994: 100, 4479: 100, 4480: 100, 4481: 100, 4482: 100, 4661: 100, 4745: 100 },
  ...{ 4826: 100, 3858: 100, 5025: 100, 5139: 100, 5196: 100, 5261: 100, 5262: 100, 5364: 100, 5438: 100 },
  ...{
    5491: 100,
    5874: 100,
    4119: 100,
    4575: 100,
    3263: 100,
    3428: 100,
    5365: 100,
    3856: 100,
    3903: 100,
    6665: 100,
  },
  ...{ 3261: 0, 3327: 0, 4660: 0, 4662: 0, 5393: 0, 5626: 0, 5627: 0, 5922: 0, 7118: 0, 7616: 0, 8760: 0 },
};

const repository = fileURLToPath(new URL('../..', import.meta.url));
const tool = fileURLToPath(new URL('../../../shared/tools/normative.mjs', import.meta.url));
const waivers = fileURLToPath(new URL('requirements-waived.txt', import.meta.url));
const [command = 'cover', ...rest] = process.argv.slice(2);

if (!existsSync(tool)) {
  console.log('requirements: skipped, ../shared/tools/normative.mjs is not beside this repository');
  process.exit(0);
}
if (command === 'cover' && rest.length === 0) process.exit(cover());
const scope = command === 'list' ? [] : ['--repo', repository];
process.exit(spawnSync('node', [tool, command, ...rest, ...scope], { stdio: 'inherit' }).status ?? 1);

/** Prints the coverage and what is wrong with it; answers the exit code. */
function cover() {
  const rfcs = Object.keys(THRESHOLDS);
  const report = ask('cover', ...rfcs, '--repo', repository, '--level', 'MUST');
  process.stdout.write(report);
  const problems = [];
  for (const [rfc, threshold] of Object.entries(THRESHOLDS)) {
    const row = new RegExp(`^rfc${rfc}\\t(\\d+) cited \\+ (\\d+) waived of (\\d+)`, 'm').exec(report) ?? [];
    const [cited = 0, waived = 0, all = 1] = row.slice(1).map(Number);
    const percent = (100 * (cited + waived)) / all;
    if (percent < threshold) problems.push(`rfc${rfc}: ${percent.toFixed(1)} % is below ${threshold} %`);
  }
  const unknown = /unknown ids: (.*)/.exec(report)?.[1];
  if (unknown) problems.push(`tests cite ids that do not exist: ${unknown}`);
  problems.push(...wrongWaivers());
  for (const problem of problems) console.error(`requirements: ${problem}`);
  return problems.length === 0 ? 0 : 1;
}

/** Waivers without a reason, waivers written twice, and waivers of statements that do not exist. */
function wrongWaivers() {
  const problems = [];
  const seen = new Set();
  const statements = new Map();
  for (const [index, line] of readFileSync(waivers, 'utf8').split('\n').entries()) {
    if (line.trim() === '' || line.startsWith('#')) continue;
    const place = `requirements-waived.txt:${index + 1}`;
    const [, id, rfc] = /^(rfc(\d+):[\w.]+:\d+)\s+\S/.exec(line) ?? [];
    if (!id) {
      problems.push(`${place}: not an id and a reason: ${line}`);
      continue;
    }
    if (seen.has(id)) problems.push(`${place}: ${id} is waived twice`);
    seen.add(id);
    if (!statements.has(rfc)) {
      const listed = ask('list', rfc, '--level', 'MAY');
      statements.set(rfc, new Set(listed.split('\n').map((row) => row.split('\t')[0])));
    }
    if (!statements.get(rfc).has(id)) problems.push(`${place}: there is no ${id}`);
  }
  return problems;
}

function ask(...words) {
  const { stdout, stderr, status } = spawnSync('node', [tool, ...words], {
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  if (status !== 0) throw new Error(`normative.mjs ${words.join(' ')}: ${stderr}`);
  return stdout;
}
