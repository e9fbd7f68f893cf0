import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { ConfigError } from './errors.ts';
import { type Config, configFile, type Option, options } from './options.ts';
import { isReachable } from './reach.ts';
import { nearest } from './suggest.ts';

/** Values as they were written somewhere, by option name. */
export type Written = ReadonlyMap<string, readonly string[]>;
type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Puts the configuration together: flags go before the environment, that before the file, that before the
 * defaults.
 * @param flags what the command line said
 * @throws {ConfigError} naming the place and the value that is wrong
 */
export function loadConfig(flags: Written, env: Environment): Config {
  const path = flags.get(configFile.name)?.at(-1) ?? env[configFile.env];
  const file = path === undefined ? new Map<string, readonly string[]>() : readFile(path);
  const read = <Value>(option: Option<Value>): Value => {
    for (const [place, written] of [
      [`--${option.name}`, flags.get(option.name)],
      [option.env, fromEnvironment(env[option.env], option)],
      [`${path}: ${option.name}`, file.get(option.name)],
    ] as const) {
      if (written === undefined) continue;
      try {
        return option.parse(written);
      } catch (error) {
        if (!(error instanceof RangeError)) throw error;
        throw new ConfigError('bad-value', `${place}: ${error.message} (it is '${written.join(', ')}')`);
      }
    }
    return option.default;
  };
  const config: Config = {
    host: read(options.host),
    sipPort: read(options.sipPort),
    sipTlsPort: read(options.sipTlsPort),
    httpPort: read(options.httpPort),
    msrpPort: read(options.msrpPort),
    domains: read(options.domains),
    data: read(options.data),
    publicationMinExpires: read(options.publicationMinExpires),
    auth: read(options.auth),
    authHashes: read(options.authHashes),
    tlsCert: read(options.tlsCert),
    tlsKey: read(options.tlsKey),
    tlsCa: read(options.tlsCa),
    insecure: read(options.insecure),
    logLevel: read(options.logLevel),
  };
  refuseHalves(config);
  refuseOpenDoor(config);
  return config;
}

/**
 * Fills a configuration up with the defaults.
 * @throws {ConfigError} `refused` when it would let everybody in
 */
export function completeConfig(partial: Partial<Config>): Config {
  const config: Config = {
    host: partial.host ?? options.host.default,
    sipPort: partial.sipPort ?? options.sipPort.default,
    sipTlsPort: partial.sipTlsPort ?? options.sipTlsPort.default,
    httpPort: partial.httpPort ?? options.httpPort.default,
    msrpPort: partial.msrpPort ?? options.msrpPort.default,
    domains: partial.domains ?? options.domains.default,
    data: partial.data ?? options.data.default,
    publicationMinExpires: partial.publicationMinExpires ?? options.publicationMinExpires.default,
    auth: partial.auth ?? options.auth.default,
    authHashes: partial.authHashes ?? options.authHashes.default,
    tlsCert: partial.tlsCert,
    tlsKey: partial.tlsKey,
    tlsCa: partial.tlsCa,
    insecure: partial.insecure ?? options.insecure.default,
    logLevel: partial.logLevel ?? options.logLevel.default,
  };
  refuseHalves(config);
  refuseOpenDoor(config);
  return config;
}

/** Options that mean something only together. */
function refuseHalves({ auth, data, tlsCert, tlsKey }: Config): void {
  if (auth === 'digest' && data === undefined)
    throw new ConfigError('refused', '--auth digest needs --data DIR, where the accounts are kept');
  if ((tlsCert === undefined) !== (tlsKey === undefined))
    throw new ConfigError('refused', '--tls-cert and --tls-key are needed together');
}

/** Without authentication anyone who reaches the server may publish in anyone's name and watch everyone. */
function refuseOpenDoor({ host, auth, insecure }: Config): void {
  if (auth !== 'none' || insecure || !isReachable(host)) return;
  throw new ConfigError(
    'refused',
    `not starting on ${host} with --auth none: whoever reaches this address could publish and watch ` +
      "in anyone's name. Listen on 127.0.0.1, or say --insecure if that is what you want",
  );
}

function fromEnvironment(value: string | undefined, option: Option<unknown>): readonly string[] | undefined {
  if (value === undefined || value === '') return undefined;
  return option.repeatable ? value.split(',').map((part) => part.trim()) : [value];
}

function readFile(path: string): Written {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new ConfigError('unreadable-file', `${path}: ${error instanceof Error ? error.message : error}`);
  }
  const content = parseYaml(path, text) ?? {};
  if (typeof content !== 'object' || content === null || Array.isArray(content)) {
    throw new ConfigError('unreadable-file', `${path}: options are needed, like 'sip-port: 5060'`);
  }
  const known = Object.values(options).map(({ name }) => name);
  const written = new Map<string, readonly string[]>();
  for (const [key, value] of Object.entries(content)) {
    if (!known.includes(key)) {
      const suggestion = nearest(key, known);
      throw new ConfigError(
        'unknown-key',
        `${path}: there is no option '${key}'${suggestion ? `; did you mean '${suggestion}'?` : ''}`,
      );
    }
    if (value === null) continue;
    written.set(
      key,
      Array.isArray(value) ? value.map((item) => scalar(path, key, item)) : [scalar(path, key, value)],
    );
  }
  return written;
}

function parseYaml(path: string, text: string): unknown {
  try {
    return parse(text, { maxAliasCount: 0 });
  } catch (error) {
    const [firstLine] = String(error instanceof Error ? error.message : error).split('\n');
    throw new ConfigError('unreadable-file', `${path}: ${firstLine}`);
  }
}

function scalar(path: string, key: string, value: unknown): string {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
    return String(value);
  throw new ConfigError('bad-value', `${path}: ${key}: a plain value is needed`);
}
