import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { lmdbStore } from '../../src/store/lmdb.ts';
import { type Store, StoreError } from '../../src/store/store.ts';
import { storeContract } from './contract.ts';

const root = mkdtempSync(join(tmpdir(), 'sip-simple-store-'));
let folders = 0;
const folder = () => join(root, `${folders++}`);
afterAll(() => rmSync(root, { recursive: true, force: true }));
const bytes = (text: string) => new TextEncoder().encode(text);
const read = async (store: Store, key: string) => {
  const entry = await store.read(key);
  return entry && new TextDecoder().decode(entry.value);
};

storeContract('lmdb', async () => {
  let now = 1_000_000;
  return {
    store: await lmdbStore({ directory: folder(), now: () => now }),
    setNow: (moment) => {
      now = moment;
    },
  };
});

describe('the durable store', () => {
  test('gives back after a restart what it was given, revisions going on', async () => {
    const directory = folder();
    let store = await lmdbStore({ directory });
    const kept = await store.write('kept', bytes('1'), { expiresAt: Date.now() + 60_000 });
    await store.write('removed', bytes('2'));
    await store.remove('removed');
    const id = await store.enqueue('queue', bytes('message'));
    await store.close();
    store = await lmdbStore({ directory });
    expect(await store.read('kept')).toMatchObject({ revision: kept });
    expect(await read(store, 'removed')).toBeUndefined();
    expect(await store.peek('queue', 5)).toMatchObject([{ id, value: bytes('message') }]);
    expect(await store.write('kept', bytes('2'), { expected: kept })).toBeGreaterThan(Number(id));
    await store.close();
  });

  test('removes from the table what expired there', async () => {
    const directory = folder();
    let now = 1_000_000;
    const open = () => lmdbStore({ directory, now: () => now });
    let store = await open();
    await store.write('short', bytes('x'), { expiresAt: now + 1000 });
    await store.close();
    store = await open();
    now += 5000;
    await new Promise((resolve) => setTimeout(resolve, 1200));
    await store.close();
    // Were it only hidden, a clock put back would show it again.
    now = 1_000_000;
    store = await open();
    expect(await read(store, 'short')).toBeUndefined();
    await store.close();
  });

  test('a folder is for one server at a time', async () => {
    const directory = folder();
    const store = await lmdbStore({ directory });
    // This process is alive, so a lock in its name holds; a dead one's is taken over.
    const second = lmdbStore({ directory });
    await expect(second).rejects.toThrow(StoreError);
    await expect(second).rejects.toMatchObject({ code: 'in-use' });
    await store.close();
    writeFileSync(join(directory, 'lock'), '999999999 1\n');
    await (await lmdbStore({ directory })).close();
    // The same id, but not the process that took it.
    writeFileSync(join(directory, 'lock'), `${process.pid} 1\n`);
    await (await lmdbStore({ directory })).close();
    expect(existsSync(join(directory, 'lock'))).toBe(false);
  });

  test.runIf(process.platform === 'linux')(
    'a killed server that its parent has not asked about holds nothing',
    async () => {
      const directory = folder();
      // The shell becomes a program that never asks for its child, which has ended.
      const parent = spawn('sh', ['-c', 'true & echo $!; exec sleep 60'], {
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      try {
        const [pid] = await once(parent.stdout, 'data');
        const stat = `/proc/${String(pid).trim()}/stat`;
        await expect.poll(() => readFileSync(stat, 'latin1').split(') ').at(-1)).toMatch(/^Z/);
        const start = readFileSync(stat, 'latin1').split(') ').at(-1)?.split(' ')[19];
        mkdirSync(directory);
        writeFileSync(join(directory, 'lock'), `${String(pid).trim()} ${start}\n`);
        await (await lmdbStore({ directory })).close();
      } finally {
        parent.kill('SIGKILL');
      }
    },
  );

  test('a folder that cannot be used is refused with the reason', async () => {
    const directory = folder();
    writeFileSync(directory, 'a file');
    await expect(lmdbStore({ directory })).rejects.toMatchObject({
      code: 'failed',
      message: expect.stringContaining(directory),
    });
  });

  test.each(['process-crash', 'power-cut'] as const)(
    'what was acknowledged before kill -9 is there afterwards (%s)',
    async (survives) => {
      const dist = fileURLToPath(new URL('../../dist/store/lmdb.js', import.meta.url));
      if (!existsSync(dist))
        throw new Error('the child process runs the built package: run `npm run build` first');
      const directory = folder();
      const acknowledged = await writeUntilKilled(dist, directory, survives);
      expect(acknowledged.size).toBeGreaterThan(100);
      const store = await lmdbStore({ directory });
      for (const [key, value] of acknowledged) {
        // A write after the last acknowledged one may have been kept too.
        expect(Number(await read(store, key))).toBeGreaterThanOrEqual(value);
      }
      await store.close();
    },
  );
});

/** Runs a writer in a process of its own, kills it in the middle, and tells which writes it saw fulfilled. */
async function writeUntilKilled(
  dist: string,
  directory: string,
  survives: string,
): Promise<Map<string, number>> {
  const program = `
    import { lmdbStore } from ${JSON.stringify(dist)};
    const store = await lmdbStore({ directory: ${JSON.stringify(directory)} });
    for (let n = 0; ; n++) {
      const keys = ['k' + (n % 97), 'l' + (n % 89), 'm' + n % 83];
      await Promise.all(keys.map((key) =>
        store.write(key, new TextEncoder().encode(String(n)), { survives: '${survives}' })));
      process.stdout.write(keys.map((key) => key + ' ' + n + '\\n').join(''));
    }`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (chunk) => {
    output += chunk;
    if (output.length > 12_000) child.kill('SIGKILL');
  });
  const timer = setTimeout(() => child.kill('SIGKILL'), 3000);
  await new Promise((resolve) => child.on('close', resolve));
  clearTimeout(timer);
  const whole = output.slice(0, output.lastIndexOf('\n'));
  const acknowledged = new Map<string, number>();
  for (const line of whole.split('\n')) {
    const [key = '', value] = line.split(' ');
    acknowledged.set(key, Math.max(acknowledged.get(key) ?? -1, Number(value)));
  }
  return acknowledged;
}
