// baresip, a client nobody here wrote (Debian's package), publishing and watching against the server.
// It is driven over its ctrl_tcp module: commands and answers are JSON in netstrings.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { minded, until } from './checks.mjs';
import { SmallClient } from './small-client.mjs';

const configuration = fileURLToPath(new URL('baresip/', import.meta.url));
const modules = [
  '/usr/lib/baresip/modules',
  '/usr/lib/x86_64-linux-gnu/baresip/modules',
  '/usr/local/lib/baresip/modules',
];

export async function runBaresip(checks, server) {
  for (const transport of ['udp', 'tcp']) await publishAndWatch(checks, server, transport);
}

async function publishAndWatch(checks, server, transport) {
  const name = (what) => `baresip over ${transport.toUpperCase()}: ${what}`;
  const steps = [
    'what it publishes arrives in our NOTIFY',
    'its change of status arrives as a new NOTIFY',
    'what we publish shows in its list of contacts',
    'our change of status shows there too',
    'its going offline and leaving removes its publication',
  ].map(name);
  const modulePath = modules.find((path) => existsSync(join(path, 'presence.so')));
  if (!modulePath || spawnSync('baresip', ['-h'], { stdio: 'ignore' }).error) {
    for (const step of steps) checks.skip(step, 'apt-get install baresip-core (or baresip)');
    return;
  }
  const failedBefore = checks.failed;
  const [them, us] = [
    `baresip-${transport}-${process.pid}@localhost`,
    `buddy-${transport}-${process.pid}@localhost`,
  ];
  const client = await SmallClient.open(server);
  const baresip = await startBaresip(server, transport, modulePath, them, us);
  try {
    await checks.check(steps[0], async () => {
      await baresip.command('presence_online');
      await client.subscribe(them);
      await until(() => client.newestBody().includes('<basic>open</basic>'), 'a NOTIFY that says open');
    });
    await checks.check(steps[1], async () => {
      await baresip.command('presence_offline');
      await until(() => client.newestBody().includes('<basic>closed</basic>'), 'a NOTIFY that says closed');
    });
    await checks.check(steps[2], async () => {
      await client.publish(us, document(us, 'open'));
      await until(async () => /Online.*Buddy/.test(await baresip.command('contacts')), 'Buddy Online');
    });
    await checks.check(steps[3], async () => {
      await client.publish(us, document(us, 'closed'));
      await until(async () => /Offline.*Buddy/.test(await baresip.command('contacts')), 'Buddy Offline');
    });
    await checks.check(steps[4], async () => {
      const before = client.notifications();
      await baresip.quit();
      const gone = () => client.notifications() > before && !client.newestBody().includes('<tuple');
      await until(gone, 'a NOTIFY without its tuple');
    });
  } finally {
    await baresip.quit();
    if (checks.failed > failedBefore)
      console.log(`--- the end of baresip's trace\n${baresip.log().slice(-6_000)}`);
    client.close();
  }
}

/** Starts a baresip that publishes as `them` and watches `us`, from the files in `baresip/`. */
async function startBaresip(server, transport, modulePath, them, us) {
  const directory = mkdtempSync(join(tmpdir(), 'simple-baresip-'));
  const [sipPort, controlPort] = [await freePort(), await freePort()];
  const values = { modules: modulePath, sipPort, controlPort, them, us, transport };
  Object.assign(values, { server: `${server.host}:${server.port}` });
  for (const file of ['config', 'accounts', 'contacts']) {
    const text = readFileSync(join(configuration, file), 'utf8');
    writeFileSync(
      join(directory, file),
      text.replace(/\{(\w+)\}/g, (_, key) => String(values[key])),
    );
  }
  let log = '';
  const child = spawn('baresip', ['-4', '-s', '-f', directory], { stdio: ['ignore', 'pipe', 'pipe'] });
  child.stdout.on('data', (chunk) => {
    log += chunk;
  });
  child.stderr.on('data', (chunk) => {
    log += chunk;
  });
  const exited = minded(child);
  const control = await until(() => tryConnect(controlPort), 'the control port of baresip');
  let buffer = '';
  control.on('data', (chunk) => {
    buffer += chunk;
  });
  control.on('error', () => {});
  let commands = 0;
  const command = async (name) => {
    const token = `t${++commands}`;
    const text = JSON.stringify({ command: name, token });
    control.write(`${text.length}:${text},`);
    const answer = new RegExp(`\\{[^{}]*"token":"${token}"\\}`);
    const [json] = await until(() => answer.exec(buffer), `baresip's answer to ${name}`);
    return JSON.parse(json).data.replace(/\u001b\[[\d;]*m/g, '');
  };
  return {
    command,
    log: () => log,
    async quit() {
      if (child.exitCode !== null) return;
      const text = JSON.stringify({ command: 'quit' });
      control.write(`${text.length}:${text},`);
      const killed = setTimeout(() => child.kill('SIGKILL'), 5_000);
      await exited;
      clearTimeout(killed);
    },
  };
}

function document(user, basic) {
  return `<?xml version="1.0" encoding="UTF-8"?>
<presence xmlns="urn:ietf:params:xml:ns:pidf" entity="pres:${user}">
  <tuple id="phone"><status><basic>${basic}</basic></status><contact>sip:${user}</contact></tuple>
</presence>
`;
}

function tryConnect(port) {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(socket));
    socket.once('error', () => resolve(undefined));
  });
}

function freePort() {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}
