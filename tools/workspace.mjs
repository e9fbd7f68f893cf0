// One command to start, one to test, on a machine with nothing but Node and npm.
//   node tools/workspace.mjs start [server options]    install, build, run the server
//   node tools/workspace.mjs test [vitest options]     install, build, type-check the tests, run them
// The package manager that package.json pins is borrowed through npx; the lockfile decides what is installed.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const { packageManager } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
const [script, ...rest] = process.argv.slice(2);

// What a request leaves behind is garbage when its transaction ends, half a minute later at most. With room for
// more than V8's usual 16 MB of it, less is copied to where garbage costs more: a fifth of the time of a request.
const heap = '--max-semi-space-size=64';

const scripts = {
  start: [
    ['node', 'node_modules/typescript/bin/tsc', '-b', 'packages/server'],
    ['node', heap, 'packages/server/dist/main.js', ...rest],
  ],
  test: [
    ['node', 'node_modules/typescript/bin/tsc', '-b'],
    ['node', 'node_modules/vitest/vitest.mjs', 'run', ...rest],
  ],
};
const steps = scripts[script];
if (!steps) {
  console.error(`usage: node tools/workspace.mjs ${Object.keys(scripts).join('|')} [options]`);
  process.exit(2);
}

/** Runs one command to its end, passing signals on, so that stopping us stops it cleanly. */
function run([command, ...args], stdout = 'inherit') {
  return new Promise((resolve) => {
    const shell = process.platform === 'win32';
    const child = spawn(command, args, { cwd: root, stdio: ['inherit', stdout, 'inherit'], shell });
    const forward = (signal) => child.kill(signal);
    process.on('SIGINT', forward).on('SIGTERM', forward);
    // npm ends at SIGTERM without passing it on; being given to another parent is how its child learns of it.
    const parent = process.ppid;
    const orphaned = setInterval(() => process.ppid !== parent && child.kill('SIGTERM'), 500);
    child.on('error', (error) => {
      clearInterval(orphaned);
      console.error(`${command}: ${error.message}`);
      resolve(1);
    });
    child.on('exit', (code, signal) => {
      clearInterval(orphaned);
      process.off('SIGINT', forward).off('SIGTERM', forward);
      resolve(signal ? 1 : (code ?? 1));
    });
  });
}

// What the package manager says goes to standard error: standard output belongs to the program that is started.
const install = [
  'npx',
  '--yes',
  `--package=${packageManager}`,
  '--call=pnpm install --frozen-lockfile --reporter=append-only',
];
for (const step of [install, ...steps]) {
  const code = await run(step, step === install ? 2 : 'inherit');
  if (code !== 0) process.exit(code);
}
