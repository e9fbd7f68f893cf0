import { readFileSync } from 'node:fs';
import type { Credentials } from '../sip/listeners.ts';
import { ConfigError } from './errors.ts';
import type { Config } from './options.ts';

/**
 * Reads the certificate and key; `undefined` when none is configured.
 *
 * @throws {ConfigError} `unreadable-file`
 */
export function readCredentials({ tlsCert, tlsKey, tlsCa }: Config): Credentials | undefined {
  if (tlsCert === undefined || tlsKey === undefined) return undefined;
  return { cert: read(tlsCert), key: read(tlsKey), ca: tlsCa === undefined ? undefined : read(tlsCa) };
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new ConfigError('unreadable-file', `${path}: ${error instanceof Error ? error.message : error}`);
  }
}
