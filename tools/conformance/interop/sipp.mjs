// Debian's sip-tester against the server: publish, watch, modify, let expire, leave; over UDP and over TCP.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { minded, until } from './checks.mjs';

const scenarios = fileURLToPath(new URL('sipp/', import.meta.url));

export async function runSipp(checks, server) {
  for (const transport of ['udp', 'tcp']) await publishAndWatch(checks, server, transport);
}

async function publishAndWatch(checks, server, transport) {
  const name = (what) => `sipp over ${transport.toUpperCase()}: ${what}`;
  const steps = [
    'PUBLISH of a PIDF document is acknowledged with an entity-tag',
    'SUBSCRIBE is granted and the first NOTIFY brings the published document',
    'a modified publication arrives as a new NOTIFY',
    'an expired publication arrives as a NOTIFY without it',
    'leaving (Expires: 0) ends with a terminated NOTIFY',
  ].map(name);
  if (!hasSipp()) {
    for (const step of steps) checks.skip(step, 'apt-get install sip-tester');
    return;
  }
  const directory = mkdtempSync(join(tmpdir(), 'simple-sipp-'));
  // Another user in each run: the server may remember the last one's.
  const user = `sipp-${transport}-${process.pid}`;
  const start = (scenario, keys) => startScenario(server, transport, directory, scenario, { user, ...keys });

  const published = await checks.check(steps[0], () => publish(start('publish', { seconds: 3600 })));
  const watcher = start('watch', {});
  const bodies = () => notifyBodies(watcher.messages());
  await checks.check(steps[1], async () => {
    const [body] = await until(() => (bodies().length > 0 ? bodies() : watcher.ended()), 'the first NOTIFY');
    requireDocument(body, published?.document);
  });
  const modified = await checks.check(steps[2], async () => {
    const result = await publish(start('modify', { seconds: 3600, etag: published?.etag }));
    const [, body] = await until(
      () => (bodies().length > 1 ? bodies() : watcher.ended()),
      'the second NOTIFY',
    );
    requireDocument(body, result.document);
    return result;
  });
  await checks.check(steps[3], async () => {
    await publish(start('refresh', { seconds: 2, etag: modified?.etag }));
    const refreshed = performance.now();
    const [, , body] = await until(
      () => (bodies().length > 2 ? bodies() : watcher.ended()),
      'the third NOTIFY',
    );
    const seconds = (performance.now() - refreshed) / 1000;
    if (seconds < 1) throw new Error(`expired after ${seconds.toFixed(1)} s, not after 2 s`);
    if (tupleOf(body)) throw new Error(`the tuple is still there:\n${body}`);
  });
  await checks.check(steps[4], () => watcher.success());
}

let sippWorks;
function hasSipp() {
  sippWorks ??= !spawnSync('sipp', ['-v'], { stdio: 'ignore' }).error;
  return sippWorks;
}

/** Starts one sipp with one call of a scenario in `sipp/`; `[name]` in it takes the value of `keys`. */
function startScenario(server, transport, directory, scenario, keys) {
  const file = (kind) => join(directory, `${scenario}-${Math.round(performance.now())}.${kind}`);
  const [messages, log, errors] = [file('messages'), file('log'), file('errors')];
  const args = [`${server.host}:${server.port}`, '-sf', `${scenarios}${scenario}.xml`, '-m', '1', '-nostdin'];
  args.push('-t', transport === 'udp' ? 'u1' : 't1', '-i', server.host, '-timeout', '30', '-timeout_error');
  args.push('-trace_msg', '-message_file', messages, '-trace_logs', '-log_file', log);
  args.push('-trace_err', '-error_file', errors, '-key', 'domain', 'localhost');
  for (const [key, value] of Object.entries(keys)) args.push('-key', key, String(value));
  const child = spawn('sipp', args, {
    cwd: directory,
    stdio: 'ignore',
    env: { ...process.env, TERM: 'dumb' },
  });
  const exited = minded(child);
  const read = (path) => (existsSync(path) ? readFileSync(path, 'utf8').replaceAll('\r', '') : '');
  const explain = (code) =>
    `sipp ${scenario}.xml ended with code ${code}\n${read(errors).slice(-800)}\n${read(messages).slice(-3_000)}`;
  return {
    messages: () => read(messages),
    log: () => read(log),
    /** Throws when the call is over already, for those who still wait for something from it. */
    ended() {
      if (child.exitCode !== null && child.exitCode !== 0) throw new Error(explain(child.exitCode));
    },
    async success() {
      const code = await exited;
      if (code !== 0) throw new Error(explain(code));
    },
  };
}

/** Waits for a publishing scenario; answers its entity-tag and the document it sent. */
async function publish(scenario) {
  await scenario.success();
  const etag = /^etag=(\S+)/m.exec(scenario.log())?.[1];
  if (!etag) throw new Error(`no entity-tag in ${scenario.log()}`);
  return { etag, document: /<presence[\s\S]*<\/presence>/.exec(scenario.messages())?.[0] };
}

/** The bodies of the NOTIFYs a watcher has got so far, in order, each once. */
function notifyBodies(messages) {
  const seen = new Set();
  return messages
    .split(/^-{20,}.*$/m)
    .filter((part) => /message received/.test(part) && /^NOTIFY /m.test(part))
    .filter((part) => {
      const sequence = /^CSeq:.*$/im.exec(part)?.[0];
      return !seen.has(sequence) && seen.add(sequence);
    })
    .map((part) => part.slice(part.indexOf('\n\n', part.indexOf('NOTIFY '))));
}

function requireDocument(body, document) {
  const wanted = document && tupleOf(document);
  if (!wanted) throw new Error('nothing was published');
  if (tupleOf(body) !== wanted) throw new Error(`expected\n${wanted}\nin\n${body}`);
}

/** The document's tuple, without the white space between tags, which says nothing. */
function tupleOf(body) {
  return /<tuple[\s\S]*<\/tuple>/.exec(body)?.[0].replace(/>\s+</g, '><');
}
