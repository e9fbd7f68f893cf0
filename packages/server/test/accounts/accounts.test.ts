import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ha1 } from '@sip-simple/sip-core/digest';
import { afterAll, describe, expect, test } from 'vitest';
import { Accounts, readAddress } from '../../src/accounts/accounts.ts';
import { memoryStore } from '../../src/store/memory.ts';

const main = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'sip-simple-accounts-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const alice = { user: 'alice', domain: 'example.com' };

describe('accounts', () => {
  test('keep what Digest makes of a password for each hash, and never the password (RFC 7616 §5.2)', async () => {
    const store = memoryStore();
    const accounts = new Accounts(store);
    await accounts.add(alice, 'wonderland');
    for (const hash of ['SHA-512-256', 'SHA-256', 'MD5'] as const) {
      expect(await accounts.secret(alice, hash)).toBe(ha1(hash, 'alice', 'example.com', 'wonderland'));
    }
    const kept = new TextDecoder().decode((await store.read('user/example.com/alice'))?.value);
    expect(kept).not.toContain('wonderland');
    await accounts.setPassword(alice, 'chess');
    expect(await accounts.secret(alice, 'MD5')).toBe(ha1('MD5', 'alice', 'example.com', 'chess'));
    await accounts.remove(alice);
    expect(await accounts.secret(alice, 'MD5')).toBeUndefined();
    await store.close();
  });

  test('say what is wrong', async () => {
    const accounts = new Accounts(memoryStore());
    await accounts.add(alice, 'x');
    await expect(accounts.add(alice, 'y')).rejects.toMatchObject({ code: 'exists' });
    await expect(accounts.setPassword({ user: 'bob', domain: 'example.com' }, 'y')).rejects.toMatchObject({
      code: 'unknown',
    });
    await expect(accounts.remove({ user: 'bob', domain: 'example.com' })).rejects.toMatchObject({
      code: 'unknown',
    });
    await expect(accounts.setPassword(alice, '')).rejects.toMatchObject({ code: 'bad-password' });
    expect(() => readAddress('alice')).toThrow(expect.objectContaining({ code: 'bad-address' }));
    expect(() => readAddress('a b@example.com')).toThrow('no address');
    expect(readAddress('sip:Alice@Example.COM')).toEqual({ user: 'Alice', domain: 'example.com' });
  });
});

describe('the command', () => {
  const run = (args: readonly string[], input = '') =>
    new Promise<{ code: number | null; out: string; err: string }>((done) => {
      const child = spawn(process.execPath, [main, 'user', ...args], { env: {} });
      const output = { out: '', err: '' };
      child.stdout.on('data', (chunk) => {
        output.out += chunk;
      });
      child.stderr.on('data', (chunk) => {
        output.err += chunk;
      });
      child.on('close', (code) => done({ code, ...output }));
      child.stdin.end(input);
    });

  test('adds, lists, changes and removes users of a data folder', async () => {
    const data = ['--data', join(folder, 'data')];
    expect(await run(['add', 'alice@example.com', ...data], 'secret\n')).toEqual({
      code: 0,
      out: 'added alice@example.com\n',
      err: '',
    });
    expect(await run(['add', 'bob@example.com', ...data], 'secret\n')).toMatchObject({ code: 0 });
    expect(await run(['add', 'bob@example.com', ...data], 'secret\n')).toMatchObject({
      code: 1,
      err: "sip-simple-server: bob@example.com is there already; 'passwd' changes its password\n",
    });
    expect(await run(['passwd', 'bob@example.com', ...data], 'other\n')).toMatchObject({ code: 0 });
    expect(await run(['list', ...data])).toMatchObject({ out: 'alice@example.com\nbob@example.com\n' });
    expect(await run(['remove', 'alice@example.com', ...data])).toMatchObject({
      out: 'removed alice@example.com\n',
    });
    expect(await run(['list', ...data])).toMatchObject({ out: 'bob@example.com\n' });
    expect(readFileSync(join(folder, 'data/store.mdb')).includes('secret')).toBe(false);
  });

  test.each([
    [[], 0, 'Usage: user', ''],
    [['--help'], 0, 'passwd', ''],
    [['list'], 1, '', 'say --data DIR'],
    [['add', '--data', 'x'], 1, '', "missing required argument 'address'"],
    [['grant', 'a@b', '--data', 'x'], 1, '', "unknown command 'grant'"],
    [['add', 'nobody', '--data', join(folder, 'other')], 1, '', "'nobody' is no address"],
  ] as const)('%j ends with %i', async (args, code, out, err) => {
    const ended = await run(args, '');
    expect(ended).toMatchObject({
      code,
      out: expect.stringContaining(out),
      err: expect.stringContaining(err),
    });
  });
});
