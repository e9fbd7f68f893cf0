// Real SIP software against the server. Usage: pnpm interop [-- OPTIONS]
//   --direct            run what is built, instead of starting by `npm start`
//   --server HOST:PORT  use a server that runs already (it must allow publications of 2 s)
//   --only sipp|baresip|digest
// Prints a line for each check; ends with code 1 when one failed. What is not installed is skipped, and said.

import { authenticateBaresip, runBaresip } from './baresip.mjs';
import { Checks } from './checks.mjs';
import { startServer } from './server.mjs';
import { runSipp } from './sipp.mjs';

const args = process.argv.slice(2);
const option = (name) => (args.includes(name) ? args[args.indexOf(name) + 1] : undefined);
const only = option('--only');
const running = option('--server');
const checks = new Checks();

let server;
if (running) {
  const [host, port] = running.split(':');
  server = { host, port: Number(port), output: () => '' };
} else {
  const started = await checks.check('the server starts and says ready', () =>
    startServer({ direct: args.includes('--direct') }),
  );
  if (!started) finish();
  server = started;
}
if (!only || only === 'sipp') await runSipp(checks, server);
if (!only || only === 'baresip') await runBaresip(checks, server);
if (!running && (!only || only === 'digest')) await authenticateBaresip(checks);
if (server.stop) {
  await checks.check('SIGTERM ends the server cleanly', async () => {
    const code = await server.stop();
    if (code !== 0) throw new Error(`it ended with code ${code}:\n${server.output().slice(-4000)}`);
  });
}
finish();

function finish() {
  console.log(checks.summary());
  process.exit(checks.failed === 0 ? 0 : 1);
}
