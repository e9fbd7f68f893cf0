import { type DigestHash, ha1 } from '@sip-simple/sip-core/digest';
import type { Store } from '../store/store.ts';

/** Names a user: the name before the `@`, and the domain, lower-case, which is the realm of the password too. */
export interface Address {
  readonly user: string;
  readonly domain: string;
}

export type AccountErrorCode = 'bad-address' | 'bad-password' | 'exists' | 'unknown';

/** What was asked of an account can't be done; the message is one line for whoever asked. */
export class AccountError extends Error {
  readonly code: AccountErrorCode;

  constructor(code: AccountErrorCode, message: string) {
    super(message);
    this.name = 'AccountError';
    this.code = code;
  }
}

/** The users of a server. Passwords are not kept, only what Digest makes of them (RFC 7616 §5.2). */
export class Accounts {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /** @throws {AccountError} `exists`, `bad-password` */
  async add(address: Address, password: string): Promise<void> {
    if ((await this.#store.read(keyOf(address))) !== undefined)
      throw new AccountError('exists', `${written(address)} is there already; 'passwd' changes its password`);
    await this.#write(address, password);
  }

  /** @throws {AccountError} `unknown`, `bad-password` */
  async setPassword(address: Address, password: string): Promise<void> {
    if ((await this.#store.read(keyOf(address))) === undefined) throw unknown(address);
    await this.#write(address, password);
  }

  /** @throws {AccountError} `unknown` */
  async remove(address: Address): Promise<void> {
    if (!(await this.#store.remove(keyOf(address)))) throw unknown(address);
  }

  async *list(): AsyncGenerator<Address> {
    for await (const { value } of this.#store.list(PREFIX)) {
      const { user, domain } = recordOf(value);
      yield { user, domain };
    }
  }

  /** What a user's password is proved against; `undefined` when there is no such user. */
  async secret({ user, domain }: Address, hash: DigestHash): Promise<string | undefined> {
    const entry = await this.#store.read(keyOf({ user, domain }));
    return entry === undefined ? undefined : recordOf(entry.value).ha1[hash];
  }

  async #write({ user, domain }: Address, password: string): Promise<void> {
    if (password === '') throw new AccountError('bad-password', 'a password is needed');
    const secrets = Object.fromEntries(HASHES.map((hash) => [hash, ha1(hash, user, domain, password)]));
    const record = { version: 1, user, domain, ha1: secrets };
    await this.#store.write(keyOf({ user, domain }), new TextEncoder().encode(JSON.stringify(record)));
  }
}

/**
 * Reads `alice@example.com`, with or without `sip:`.
 *
 * @throws {AccountError} `bad-address`
 */
export function readAddress(text: string): Address {
  const [, user, domain] = /^(?:sips?:)?([\w.!~*'()&=+$,;?/%-]+)@([\w.-]+|\[[\da-f:.]+\])$/i.exec(text) ?? [];
  if (user === undefined || domain === undefined)
    throw new AccountError('bad-address', `'${text}' is no address like alice@example.com`);
  return { user, domain: domain.toLowerCase() };
}

interface Record1 extends Address {
  readonly ha1: Readonly<Partial<Record<DigestHash, string>>>;
}

function recordOf(value: Uint8Array): Record1 {
  // Written by #write, and by nobody else.
  return JSON.parse(new TextDecoder().decode(value)) as Record1;
}

function keyOf({ user, domain }: Address): string {
  return `${PREFIX}${domain}/${user}`;
}

export function written({ user, domain }: Address): string {
  return `${user}@${domain}`;
}

function unknown(address: Address): AccountError {
  return new AccountError('unknown', `there is no user ${written(address)}`);
}

const PREFIX = 'user/';
const HASHES: readonly DigestHash[] = ['SHA-512-256', 'SHA-256', 'MD5'];
