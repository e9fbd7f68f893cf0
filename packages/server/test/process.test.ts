import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, describe, expect, test } from 'vitest';
import { type Message, pidf, publishHeaders, SipClient, subscribeHeaders } from './sip-client.ts';

const main = fileURLToPath(new URL('../dist/main.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'sip-simple-process-'));
const running: Started[] = [];
const clients: SipClient[] = [];
afterEach(async () => {
  for (const client of clients.splice(0)) client.close();
  for (const { child, ended } of running.splice(0)) {
    child.kill('SIGKILL');
    await ended;
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Started {
  readonly child: ChildProcess;
  /** What it printed so far. */
  readonly output: { stdout: string; stderr: string };
  readonly ended: Promise<number | null>;
}

/** Starts the built server as its users do. */
function run(...args: string[]): Started {
  const child = spawn(process.execPath, [main, ...args], { stdio: ['ignore', 'pipe', 'pipe'], env: {} });
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk) => {
    output.stdout += chunk;
  });
  child.stderr.on('data', (chunk) => {
    output.stderr += chunk;
  });
  const started = { child, output, ended: once(child, 'close').then(() => child.exitCode) };
  running.push(started);
  return started;
}

/** Starts it, waits for its `ready` line and gives the ports in it. */
async function ready(...args: string[]) {
  const ports = args.includes('--sip-port') ? [] : ['--sip-port', '0'];
  const started = run(...ports, '--http-port', '0', ...args);
  let hasEnded = false;
  started.ended.then(() => {
    hasEnded = true;
  });
  while (!started.output.stdout.includes('\n')) {
    if (hasEnded) throw new Error(`it ended: ${started.output.stderr}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const line = started.output.stdout;
  const sipPort = Number(/sip:udp:127\.0\.0\.1:(\d+)/.exec(line)?.[1]);
  return { ...started, line, sipPort };
}
async function client(transport: 'udp' | 'tcp', port: number): Promise<SipClient> {
  const opened = await SipClient.open(transport, port);
  clients.push(opened);
  return opened;
}

const alice = 'sip:alice@localhost';
const says = (note: string) => (message: Message) => message.body.includes(`<note>${note}</note>`);
const publish = (by: SipClient, note: string, headers: readonly string[] = []) =>
  by.request({
    method: 'PUBLISH',
    uri: alice,
    headers: [...publishHeaders, 'Expires: 600', ...headers],
    body: pidf(alice, note),
  });
const subscribe = (by: SipClient) =>
  by.request({ method: 'SUBSCRIBE', uri: alice, headers: [...subscribeHeaders, 'Expires: 600'] });

describe.skipIf(!existsSync(main))(
  `the program (${existsSync(main) ? 'built' : 'skipped: not built, run npm run build'})`,
  () => {
    test('says ready once, with every address, when all listeners are open', async () => {
      const { line, sipPort, output } = await ready();
      expect(line).toMatch(
        /^ready sip:udp:127\.0\.0\.1:\d+ sip:tcp:127\.0\.0\.1:\d+ sip:ws:127\.0\.0\.1:\d+ http:\/\/127\.0\.0\.1:\d+\n$/,
      );
      expect(line).toContain(`sip:tcp:127.0.0.1:${sipPort}`);
      const options = await (await client('udp', sipPort)).request({
        method: 'OPTIONS',
        uri: 'sip:localhost',
      });
      expect(options.status).toBe(200);
      expect(output.stderr).toContain('"msg":"running"');
      expect(output.stderr).toContain('--data DIR');
    });

    test('SIGTERM ends subscriptions with a NOTIFY, and the process with 0', async () => {
      const { child, ended, sipPort } = await ready();
      const watcher = await client('udp', sipPort);
      await subscribe(watcher);
      await watcher.notify();
      child.kill('SIGTERM');
      const last = await watcher.notify();
      expect(last.header('Subscription-State')).toMatch(/^terminated;reason=deactivated/);
      expect(await ended).toBe(0);
    });

    test('a second signal ends it at once', async () => {
      const { child, ended, sipPort } = await ready();
      const watcher = await client('udp', sipPort);
      watcher.answersNotify = false;
      await subscribe(watcher);
      await watcher.notify();
      child.kill('SIGTERM');
      await watcher.notify((message) => message.header('Subscription-State').startsWith('terminated'));
      const asked = Date.now();
      child.kill('SIGINT');
      expect(await ended).toBe(130);
      expect(Date.now() - asked).toBeLessThan(1000);
    });

    test.each(['udp', 'tcp'] as const)(
      'kill -9 loses nothing that was acknowledged: the subscription goes on in its dialog (%s)',
      async (transport) => {
        const data = join(folder, transport);
        const first = await ready('--data', data);
        const publisher = await client('udp', first.sipPort);
        const watcher = await client(transport, first.sipPort);
        const published = await publish(publisher, 'before');
        const subscribed = await subscribe(watcher);
        const before = await watcher.notify(says('before'));
        first.child.kill('SIGKILL');
        await first.ended;

        const second = await ready('--data', data, '--sip-port', String(first.sipPort));
        // A watcher over TCP has lost its connection with the server: it is reached again when it refreshes.
        const again = transport === 'udp' ? watcher : await client('tcp', second.sipPort);
        if (transport === 'tcp') {
          const refreshed = await again.request({
            method: 'SUBSCRIBE',
            uri: /<([^>]*)>/.exec(subscribed.header('Contact'))?.[1] ?? '',
            from: before.header('To'),
            to: before.header('From'),
            callId: before.header('Call-ID'),
            sequence: 2,
            headers: [...subscribeHeaders, 'Expires: 600'],
          });
          expect(refreshed.status).toBe(200);
          expect((await again.notify(says('before'))).sequence).toBeGreaterThan(before.sequence);
        }
        const modified = await publish(await client('udp', second.sipPort), 'after', [
          `SIP-If-Match: ${published.header('SIP-ETag')}`,
        ]);
        expect(modified.status).toBe(200);
        const after = await again.notify(says('after'));
        expect(after.header('Call-ID')).toBe(before.header('Call-ID'));
        expect(after.tag('From')).toBe(before.tag('From'));
        expect(after.tag('To')).toBe(before.tag('To'));
        expect(after.sequence).toBeGreaterThan(before.sequence);
        expect(after.header('Subscription-State')).toMatch(/^active;expires=(5\d\d|600)$/);
      },
    );

    test('a port in use is one line and exit code 1', async () => {
      const { sipPort, line } = await ready();
      const second = run('--sip-port', String(sipPort), '--http-port', '0');
      expect(await second.ended).toBe(1);
      expect(second.output.stderr).toBe(
        `sip-simple-server: SIP port ${sipPort} on 127.0.0.1 is in use: choose another with --sip-port\n`,
      );
      const httpPort = /http:\/\/127\.0\.0\.1:(\d+)/.exec(line)?.[1] ?? '';
      const third = run('--sip-port', '0', '--http-port', httpPort);
      expect(await third.ended).toBe(1);
      expect(third.output.stderr).toBe(
        `sip-simple-server: HTTP port ${httpPort} on 127.0.0.1 is in use: choose another with --http-port\n`,
      );
    });

    test('a data folder in use is one line and exit code 1', async () => {
      const data = join(folder, 'shared');
      const { child } = await ready('--data', data);
      const second = run('--sip-port', '0', '--http-port', '0', '--data', data);
      expect(await second.ended).toBe(1);
      expect(second.output.stderr).toBe(`sip-simple-server: ${data} is in use by process ${child.pid}\n`);
    });

    test('it refuses to start for others without authentication, in one line that says why', async () => {
      const refused = run('--host', '0.0.0.0');
      expect(await refused.ended).toBe(1);
      expect(refused.output.stderr).toMatch(
        /^sip-simple-server: not starting on 0\.0\.0\.0 with --auth none: .*--insecure.*\n$/,
      );
      const digest = run('--auth', 'digest');
      expect(await digest.ended).toBe(1);
      expect(digest.output.stderr).toMatch(/^sip-simple-server: --auth digest needs --data DIR.*\n$/);
    });

    test('told that it is meant, it serves every address, and names one that others can reach', async () => {
      const started = run('--host', '0.0.0.0', '--insecure', '--sip-port', '0', '--http-port', '0');
      while (!started.output.stdout.includes('\n')) await new Promise((resolve) => setTimeout(resolve, 20));
      const port = Number(/sip:udp:0\.0\.0\.0:(\d+)/.exec(started.output.stdout)?.[1]);
      const watcher = await client('udp', port);
      const subscribed = await subscribe(watcher);
      expect(subscribed.status).toBe(200);
      expect(subscribed.header('Contact')).not.toContain('0.0.0.0');
      expect((await watcher.notify()).header('Via')).not.toContain('0.0.0.0');
      expect(started.output.stderr).toContain('--insecure');
    });

    test('--help and --version print and end with 0', async () => {
      const help = run('--help');
      expect(await help.ended).toBe(0);
      expect(help.output.stdout).toContain('--sip-port <PORT>');
      const version = run('--version');
      expect(await version.ended).toBe(0);
      expect(version.output.stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    });
  },
);
