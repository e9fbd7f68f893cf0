import { isIP } from 'node:net';
import type { DigestHash } from '@sip-simple/sip-core/digest';

/** How the server runs. */
export interface Config {
  /** Address that every listener is opened on. */
  readonly host: string;
  /** UDP and TCP port; 0 picks one that is free for both. */
  readonly sipPort: number;
  /** TLS port; opened when there is a certificate. */
  readonly sipTlsPort: number;
  readonly httpPort: number;
  readonly msrpPort: number;
  /** Domains that the server is responsible for, lower-case. */
  readonly domains: readonly string[];
  /** Folder of the store; `undefined`: memory. */
  readonly data: string | undefined;
  /** Seconds: shorter publications are answered 423. */
  readonly publicationMinExpires: number;
  readonly auth: 'none' | 'digest';
  /** Hashes that Digest offers, the preferred one first. */
  readonly authHashes: readonly DigestHash[];
  /** PEM files: the certificate with its chain, its key, and the authorities trusted beside the system's. */
  readonly tlsCert: string | undefined;
  readonly tlsKey: string | undefined;
  readonly tlsCa: string | undefined;
  readonly insecure: boolean;
  readonly logLevel: LogLevel;
}

export type LogLevel = 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent';
const hashes: readonly DigestHash[] = ['SHA-512-256', 'SHA-256', 'MD5'];
const logLevels: readonly LogLevel[] = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'];

/** One option, described once: flags, environment, configuration file, help and documentation come from this. */
export interface Option<Value> {
  /** Name of the flag (`--name`) and of the key in the configuration file. */
  readonly name: string;
  readonly env: string;
  /** What stands for the value in the help; none: a switch. */
  readonly argument?: string | undefined;
  /** May be given several times; a list in the file, separated by commas in the environment. */
  readonly repeatable?: boolean | undefined;
  readonly default: Value;
  /** The default in words, where the value says too little. */
  readonly defaultText?: string | undefined;
  readonly help: string;
  /** Reads the written values, of which there is one unless the option is repeatable. @throws RangeError */
  parse(written: readonly string[]): Value;
}

/** Every option. Adding one here is all there is to do. */
export const options: { readonly [Key in keyof Config]: Option<Config[Key]> } = {
  host: {
    name: 'host',
    env: 'SIMPLE_HOST',
    argument: 'ADDRESS',
    default: '127.0.0.1',
    help: 'address to listen on; any but a loopback one needs authentication, or --insecure',
    parse: one(address),
  },
  sipPort: {
    name: 'sip-port',
    env: 'SIMPLE_SIP_PORT',
    argument: 'PORT',
    default: 5060,
    help: 'SIP over UDP and TCP; 0 picks a port that is free for both',
    parse: one(port),
  },
  sipTlsPort: {
    name: 'sip-tls-port',
    env: 'SIMPLE_SIP_TLS_PORT',
    argument: 'PORT',
    default: 5061,
    help: 'SIP over TLS, opened when there is --tls-cert; 0 picks a free port',
    parse: one(port),
  },
  httpPort: {
    name: 'http-port',
    env: 'SIMPLE_HTTP_PORT',
    argument: 'PORT',
    default: 8080,
    help: 'HTTP: status page, /health, /metrics, and SIP over WebSocket at any path; 0 picks a free port',
    parse: one(port),
  },
  msrpPort: {
    name: 'msrp-port',
    env: 'SIMPLE_MSRP_PORT',
    argument: 'PORT',
    default: 2855,
    help: 'MSRP; read and checked, but nothing listens there before the MSRP relay arrives',
    parse: one(port),
  },
  domains: {
    name: 'domain',
    env: 'SIMPLE_DOMAIN',
    argument: 'NAME',
    repeatable: true,
    default: ['localhost'],
    help: 'domain the server is responsible for',
    parse: (written) => written.map(domain),
  },
  data: {
    name: 'data',
    env: 'SIMPLE_DATA',
    argument: 'DIR',
    default: undefined,
    defaultText: 'memory: a restart forgets everything',
    help: 'folder to keep publications and subscriptions in; made when it is not there',
    parse: one((text) => {
      if (text === '') throw new RangeError('a folder is needed');
      return text;
    }),
  },
  publicationMinExpires: {
    name: 'publication-min-expires',
    env: 'SIMPLE_PUBLICATION_MIN_EXPIRES',
    argument: 'SECONDS',
    default: 60,
    help: 'publications that ask for less are answered 423 (Interval Too Brief)',
    parse: one((text) => {
      const seconds = /^\d{1,4}$/.test(text) ? Number(text) : 0;
      if (seconds < 1 || seconds > 3600) throw new RangeError('1 to 3600 seconds are needed');
      return seconds;
    }),
  },
  auth: {
    name: 'auth',
    env: 'SIMPLE_AUTH',
    argument: 'none|digest',
    default: 'none',
    help: "how users prove who they are: digest asks for the password of an account made with 'user add', and needs --data",
    parse: one((text) => {
      if (text !== 'none' && text !== 'digest') throw new RangeError("'none' or 'digest' is needed");
      return text;
    }),
  },
  authHashes: {
    name: 'auth-hash',
    env: 'SIMPLE_AUTH_HASH',
    argument: 'NAME',
    repeatable: true,
    default: ['SHA-256', 'MD5'],
    help: 'hash that digest offers, the preferred one first: SHA-512-256, SHA-256, MD5. Some old phones fail when more than MD5 is offered',
    parse: (written) =>
      written.map((text) => {
        const hash = hashes.find((name) => name === text.toUpperCase());
        if (!hash) throw new RangeError(`one of ${hashes.join(', ')} is needed`);
        return hash;
      }),
  },
  tlsCert: file(
    'tls-cert',
    'SIMPLE_TLS_CERT',
    'certificate with its chain, in PEM: with it SIP is served over TLS too, and HTTP over TLS only',
  ),
  tlsKey: file('tls-key', 'SIMPLE_TLS_KEY', 'private key of the certificate, in PEM'),
  tlsCa: file('tls-ca', 'SIMPLE_TLS_CA', 'certificates of the authorities to trust, in PEM', "the system's"),
  insecure: {
    name: 'insecure',
    env: 'SIMPLE_INSECURE',
    default: false,
    help: 'serve without authentication on an address that others can reach',
    parse: one((text) => {
      if (text !== 'true' && text !== 'false') throw new RangeError("'true' or 'false' is needed");
      return text === 'true';
    }),
  },
  logLevel: {
    name: 'log-level',
    env: 'SIMPLE_LOG_LEVEL',
    argument: 'LEVEL',
    default: 'info',
    help: `least severe messages to log: ${logLevels.join(', ')}`,
    parse: one((text) => {
      const level = logLevels.find((name) => name === text);
      if (!level) throw new RangeError(`one of ${logLevels.join(', ')} is needed`);
      return level;
    }),
  },
};

/** What names the configuration file itself; the one option that the file can't have. */
export const configFile: {
  readonly name: string;
  readonly env: string;
  readonly argument: string;
  readonly help: string;
} = {
  name: 'config',
  env: 'SIMPLE_CONFIG',
  argument: 'FILE',
  help: 'YAML file with any of these options as keys; flags and environment go before it',
};

function file(name: string, env: string, help: string, defaultText = 'none'): Option<string | undefined> {
  return {
    name,
    env,
    argument: 'FILE',
    default: undefined,
    defaultText,
    help,
    parse: one((text) => {
      if (text === '') throw new RangeError('a file is needed');
      return text;
    }),
  };
}

function one<Value>(parse: (text: string) => Value): (written: readonly string[]) => Value {
  return (written) => {
    const [text, ...more] = written;
    if (text === undefined || more.length > 0) throw new RangeError('exactly one value is needed');
    return parse(text);
  };
}

function port(text: string): number {
  const number = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (!(number <= 65_535)) throw new RangeError('a port from 0 to 65535 is needed');
  return number;
}

function address(text: string): string {
  const bare = /^\[.*\]$/.test(text) ? text.slice(1, -1) : text;
  if (isIP(bare) || isName(bare)) return bare.toLowerCase();
  throw new RangeError('an IP address or a host name is needed');
}

function domain(text: string): string {
  const bare = /^\[.*\]$/.test(text) ? text.slice(1, -1) : text;
  if (isIP(bare) || isName(text)) return bare.toLowerCase();
  throw new RangeError('a domain name or an IP address is needed, like example.com');
}

function isName(text: string): boolean {
  return text.length <= 253 && /^(?!-)[a-z\d-]{1,63}(?<!-)(\.(?!-)[a-z\d-]{1,63}(?<!-))*\.?$/i.test(text);
}
