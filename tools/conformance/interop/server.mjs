// The server under test: started as the README says, on free ports, with short publications allowed.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const repository = fileURLToPath(new URL('../../..', import.meta.url));

/**
 * Starts the server and waits for its `ready` line.
 *
 * @param direct run what is built, instead of `npm start`, which installs and builds first
 * @param more further options
 * @param data its data folder; one of its own unless given
 * @returns its SIP port and `stop()`, which answers the exit code
 */
export async function startServer({ direct, more = [], data = dataFolder() }) {
  const options = ['--host', '127.0.0.1', '--sip-port', '0', '--http-port', '0', '--msrp-port', '0'];
  options.push('--domain', 'localhost', '--data', data, '--publication-min-expires', '1', ...more);
  const [command, ...args] = direct
    ? ['node', 'packages/server/dist/main.js', ...options]
    : ['npm', 'start', '--', ...options];
  // A group of its own, so that stopping reaches whatever npm has started in between.
  const child = spawn(command, args, { cwd: repository, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  let output = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  child.stderr.on('data', (chunk) => {
    output += chunk;
  });
  const exited = new Promise((resolve) => child.on('exit', (code) => resolve(code)));
  process.on('exit', () => kill(child, 'SIGKILL'));

  const ready = await new Promise((resolve, reject) => {
    const late = setTimeout(
      () => reject(new Error(`the server is not ready after 120 s:\n${output}`)),
      120_000,
    );
    child.stdout.on('data', () => {
      const line = /^ready .*$/m.exec(output)?.[0];
      if (line && output.includes(`${line}\n`)) resolve(line);
      if (line) clearTimeout(late);
    });
    exited.then((code) => reject(new Error(`the server ended with code ${code}:\n${output}`)));
  });
  const port = Number(/\bsip:udp:\S+:(\d+)(?:\s|$)/.exec(ready)?.[1]);
  if (!port) throw new Error(`no UDP port in: ${ready}`);
  return {
    ready,
    host: '127.0.0.1',
    port,
    output: () => output,
    /** Sends SIGTERM to the server itself, which npm would not do, and awaits all that was started. */
    async stop() {
      const pid = Number(/"pid":(\d+)/.exec(output)?.[1]);
      if (pid > 0) process.kill(pid, 'SIGTERM');
      else kill(child, 'SIGTERM');
      const code = await exited;
      rmSync(data, { recursive: true, force: true });
      return code;
    },
  };
}

export function dataFolder() {
  return mkdtempSync(join(tmpdir(), 'simple-interop-'));
}

/** Makes an account in a data folder, as the server's README says. */
export function addUser(address, password, data) {
  const args = ['packages/server/dist/main.js', 'user', 'add', address, '--data', data];
  const { status, stderr } = spawnSync('node', args, {
    cwd: repository,
    input: `${password}\n`,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`user add: ${stderr}`);
}

function kill(child, signal) {
  if (child.exitCode !== null || child.signalCode !== null) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // It has ended by itself meanwhile.
  }
}
