import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { readCommand } from '../../src/config/command.ts';
import { ConfigError } from '../../src/config/errors.ts';
import { options } from '../../src/config/options.ts';
import { isReachable, reachableAddress } from '../../src/config/reach.ts';
import { nearest } from '../../src/config/suggest.ts';

const folder = mkdtempSync(join(tmpdir(), 'sip-simple-config-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let files = 0;
function file(content: string): string {
  const path = join(folder, `${files++}.yaml`);
  writeFileSync(path, content);
  return path;
}
function config(args: readonly string[], env: Record<string, string> = {}) {
  const invocation = readCommand(args, env);
  if (invocation.type !== 'run') throw new Error(invocation.text);
  return invocation.config;
}
function mistake(args: readonly string[], env: Record<string, string> = {}): ConfigError {
  try {
    readCommand(args, env);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error('it was accepted');
}

describe('configuration', () => {
  test('nothing needs to be said', () => {
    expect(config([])).toEqual({
      host: '127.0.0.1',
      sipPort: 5060,
      sipTlsPort: 5061,
      httpPort: 8080,
      msrpPort: 2855,
      domains: ['localhost'],
      data: undefined,
      publicationMinExpires: 60,
      auth: 'none',
      authHashes: ['SHA-256', 'MD5'],
      tlsCert: undefined,
      tlsKey: undefined,
      tlsCa: undefined,
      insecure: false,
      logLevel: 'info',
    });
  });

  test('every option can be a flag', () => {
    const args =
      '--host ::1 --sip-port 0 --sip-tls-port 4 --http-port 1 --msrp-port 65535 --domain A.example --domain b.example';
    const more =
      '--data dir --publication-min-expires 5 --auth digest --auth-hash md5 --auth-hash SHA-256 --tls-cert c --tls-key k --tls-ca a --insecure --log-level debug';
    expect(config([...args.split(' '), ...more.split(' ')])).toEqual({
      host: '::1',
      sipPort: 0,
      sipTlsPort: 4,
      httpPort: 1,
      msrpPort: 65_535,
      domains: ['a.example', 'b.example'],
      data: 'dir',
      publicationMinExpires: 5,
      auth: 'digest',
      authHashes: ['MD5', 'SHA-256'],
      tlsCert: 'c',
      tlsKey: 'k',
      tlsCa: 'a',
      insecure: true,
      logLevel: 'debug',
    });
  });

  test('every option can be an environment variable', () => {
    const env = {
      SIMPLE_HOST: '[::1]',
      SIMPLE_SIP_PORT: '1',
      SIMPLE_SIP_TLS_PORT: '4',
      SIMPLE_HTTP_PORT: '2',
      SIMPLE_MSRP_PORT: '3',
      SIMPLE_DOMAIN: 'a.example, b.example',
      SIMPLE_DATA: 'dir',
      SIMPLE_PUBLICATION_MIN_EXPIRES: '5',
      SIMPLE_AUTH: 'none',
      SIMPLE_AUTH_HASH: 'MD5',
      SIMPLE_TLS_CERT: 'c',
      SIMPLE_TLS_KEY: 'k',
      SIMPLE_TLS_CA: 'a',
      SIMPLE_INSECURE: 'true',
      SIMPLE_LOG_LEVEL: 'silent',
    };
    expect(Object.values(options).map(({ env: name }) => name)).toEqual(Object.keys(env));
    expect(config([], env)).toEqual({
      host: '::1',
      sipPort: 1,
      sipTlsPort: 4,
      httpPort: 2,
      msrpPort: 3,
      domains: ['a.example', 'b.example'],
      data: 'dir',
      publicationMinExpires: 5,
      auth: 'none',
      authHashes: ['MD5'],
      tlsCert: 'c',
      tlsKey: 'k',
      tlsCa: 'a',
      insecure: true,
      logLevel: 'silent',
    });
  });

  test('every option can be a key of the file', () => {
    const path = file(
      'host: "::1"\nsip-port: 1\nhttp-port: 2\nmsrp-port: 3\ndomain: [a.example, b.example]\ndata: dir\npublication-min-expires: 5\nauth: none\ninsecure: true\nlog-level: warn\n',
    );
    expect(config(['--config', path])).toMatchObject({
      host: '::1',
      sipPort: 1,
      httpPort: 2,
      msrpPort: 3,
      domains: ['a.example', 'b.example'],
      data: 'dir',
      publicationMinExpires: 5,
      insecure: true,
      logLevel: 'warn',
    });
    expect(config([], { SIMPLE_CONFIG: file('domain: c.example\nhost:\n') })).toMatchObject({
      domains: ['c.example'],
      host: '127.0.0.1',
    });
    expect(config(['--config', file('# nothing\n')]).sipPort).toBe(5060);
  });

  test('flags go before the environment, that before the file, that before the defaults', () => {
    const path = file('sip-port: 1\nhttp-port: 1\nmsrp-port: 1\n');
    const env = { SIMPLE_SIP_PORT: '2', SIMPLE_HTTP_PORT: '2' };
    expect(config(['--config', path, '--sip-port', '3'], env)).toMatchObject({
      sipPort: 3,
      httpPort: 2,
      msrpPort: 1,
      host: '127.0.0.1',
    });
    const files = { SIMPLE_CONFIG: file('sip-port: 7'), SIMPLE_HTTP_PORT: '' };
    expect(config(['--config', path], files)).toMatchObject({ sipPort: 1, httpPort: 1 });
  });

  test.each([
    [['--sip-port', 'abc'], '--sip-port: a port from 0 to 65535'],
    [['--sip-port', '65536'], '65535'],
    [['--sip-port', '-1'], '-1'],
    [['--sip-port', '1e3'], '1e3'],
    [['--sip-port', '1', '--sip-port', '2'], 'exactly one value'],
    [['--domain', 'not a domain'], 'not a domain'],
    [['--domain', '-a.example'], '-a.example'],
    [['--host', 'a b'], 'a b'],
    [['--log-level', 'loud'], 'trace'],
    [['--auth', 'basic'], 'basic'],
    [['--data', ''], 'folder'],
    [['--publication-min-expires', '0'], '1 to 3600'],
    [['--sip-prt', '1'], 'Did you mean --sip-port?'],
    [['--sip-port'], 'argument missing'],
    [['surplus'], 'too many arguments'],
  ])('%j is a mistake that is named', (args, part) => {
    const error = mistake(args);
    expect(error.code).toBe('bad-value');
    expect(error.message).toContain(part);
    expect(error.message).not.toContain('\n');
  });

  test('digest authentication needs a folder for the accounts', () => {
    expect(mistake(['--auth', 'digest']).message).toContain('--auth digest needs --data DIR');
    expect(mistake([], { SIMPLE_AUTH: 'digest' }).message).toContain('needs --data DIR');
    expect(mistake(['--auth', 'basic']).message).toContain("'none' or 'digest' is needed");
    const given = config(['--auth', 'digest', '--data', 'x', '--host', '0.0.0.0']);
    expect(given).toMatchObject({ auth: 'digest', host: '0.0.0.0', insecure: false });
  });

  test('mistakes in the file are named with the file', () => {
    const unknown = file('sipPort: 1\n');
    expect(mistake(['--config', unknown])).toMatchObject({
      code: 'unknown-key',
      message: `${unknown}: there is no option 'sipPort'; did you mean 'sip-port'?`,
    });
    expect(mistake(['--config', file('xyzzy: 1\n')]).message).not.toContain('did you mean');
    expect(mistake(['--config', file('config: a.yaml\n')]).code).toBe('unknown-key');
    const bad = file('sip-port: many\n');
    expect(mistake(['--config', bad])).toMatchObject({ code: 'bad-value' });
    expect(mistake(['--config', bad]).message).toContain(`${bad}: sip-port`);
    expect(mistake(['--config', file('host: { a: 1 }\n')]).code).toBe('bad-value');
    expect(mistake(['--config', file('insecure: maybe\n')]).message).toContain("'true' or 'false'");
    expect(mistake(['--config', file('a: [\n')]).code).toBe('unreadable-file');
    expect(mistake(['--config', file('host: &a x\ndata: *a\n')]).code).toBe('unreadable-file');
    expect(mistake(['--config', file('- a\n')]).code).toBe('unreadable-file');
    expect(mistake(['--config', file('sip-port: 1\nsip-port: 2\n')]).code).toBe('unreadable-file');
    expect(mistake(['--config', join(folder, 'absent.yaml')]).code).toBe('unreadable-file');
  });

  test.each(['0.0.0.0', '192.0.2.1', '::', '2001:db8::1', 'example.com', '::ffff:192.0.2.1'])(
    'without authentication it refuses to listen on %s, unless told that this is meant',
    (host) => {
      const refusal = mistake(['--host', host]);
      expect(refusal.code).toBe('refused');
      expect(refusal.message).toContain(host);
      expect(refusal.message).toContain('--insecure');
      expect(config(['--host', host, '--insecure']).host).toBe(host);
    },
  );

  test.each(['127.0.0.1', '127.9.9.9', '::1', 'localhost', '::ffff:127.0.0.1'])(
    '%s is this machine only',
    (host) => {
      expect(isReachable(host)).toBe(false);
    },
  );

  test('an address that stands for all is told as one that others can use', () => {
    expect(reachableAddress('192.0.2.1')).toBe('192.0.2.1');
    expect(reachableAddress('0.0.0.0')).toMatch(/^(?!0\.)\d+\.\d+\.\d+\.\d+$/);
    expect(reachableAddress('::')).toMatch(/^(?!::$)[\da-f:]+$/);
  });

  test('--help names every option with its default, --version the version', () => {
    const help = readCommand(['--help'], {});
    if (help.type !== 'print') throw new Error('it runs');
    for (const option of Object.values(options)) expect(help.text).toContain(`--${option.name}`);
    expect(help.text).toContain('--config <FILE>');
    expect(help.text.replace(/\s+/g, ' ')).toContain('(default: 5060)');
    expect(help.text.replace(/\s+/g, ' ')).toContain('(default: memory: a restart forgets everything)');
    expect(readCommand(['--version'], {})).toMatchObject({
      type: 'print',
      text: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
    });
  });

  test('suggestions are near, or none', () => {
    const names = ['sip-port', 'http-port', 'host', 'domain'];
    expect(nearest('domains', names)).toBe('domain');
    expect(nearest('SIP_PORT', names)).toBe('sip-port');
    expect(nearest('certificate', names)).toBeUndefined();
  });
});
