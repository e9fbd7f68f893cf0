// baresip, a client nobody here wrote (Debian's package), publishing and watching against the server.
// It is driven over its ctrl_tcp module: commands and answers are JSON in netstrings.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { minded, until } from './checks.mjs';
import { addUser, dataFolder, startServer } from './server.mjs';
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
  const modulePath = modulesOfBaresip();
  if (!modulePath) {
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

/** A baresip with an account registers, and publishes, at a server that asks for its password. */
export async function authenticateBaresip(checks) {
  const steps = [
    'it registers with its password',
    'it publishes with its password',
    'it does not with another password',
  ];
  const names = steps.map((what) => `baresip with Digest: ${what}`);
  const modulePath = modulesOfBaresip();
  if (!modulePath) {
    for (const name of names) checks.skip(name, 'apt-get install baresip-core (or baresip)');
    return;
  }
  const data = dataFolder();
  addUser('alice@localhost', 'correct-horse', data);
  // Version 1.0 of baresip gives up where any hash but MD5 is offered.
  const server = await startServer({ direct: true, data, more: ['--auth', 'digest', '--auth-hash', 'MD5'] });
  const run = (password) => {
    const account = `;auth_user=alice;auth_pass=${password};regint=60`;
    return startBaresip(server, 'udp', modulePath, 'alice@localhost', 'bob@localhost', account);
  };
  try {
    const alice = await run('correct-horse');
    try {
      await checks.check(names[0], () =>
        until(() => answered(alice.log(), 'REGISTER', 200), 'a 200 to REGISTER'),
      );
      await checks.check(names[1], async () => {
        await alice.command('presence_online');
        await until(() => answered(alice.log(), 'PUBLISH', 200), 'a 200 to PUBLISH');
      });
    } finally {
      await alice.quit();
    }
    const mallory = await run('guess');
    try {
      await checks.check(names[2], async () => {
        await until(() => answered(mallory.log(), 'REGISTER', 401), 'a 401 to REGISTER');
        await new Promise((resolve) => setTimeout(resolve, 500));
        if (answered(mallory.log(), 'REGISTER', 200)) throw new Error('it was let in');
      });
    } finally {
      await mallory.quit();
    }
  } finally {
    await server.stop();
  }
}

/** Whether the trace holds this answer to a request of that method. */
function answered(log, method, status) {
  return log
    .split('SIP/2.0 ')
    .some((part) => part.startsWith(`${status} `) && part.includes(` ${method}\r\n`));
}

function modulesOfBaresip() {
  const path = modules.find((folder) => existsSync(join(folder, 'presence.so')));
  return spawnSync('baresip', ['-h'], { stdio: 'ignore' }).error ? undefined : path;
}

/** Starts a baresip that publishes as `them` and watches `us`, from the files in `baresip/`. */
async function startBaresip(server, transport, modulePath, them, us, account = ';regint=0') {
  const directory = mkdtempSync(join(tmpdir(), 'simple-baresip-'));
  const [sipPort, controlPort] = [await freePort(), await freePort()];
  const values = { modules: modulePath, sipPort, controlPort, them, us, transport, account };
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
