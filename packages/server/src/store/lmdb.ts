import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Instant } from '@sip-simple/sip-core';
import { type Database, open, type RootDatabase } from 'lmdb';
import { lockDirectory } from './directory-lock.ts';
import type { Medium, Stored } from './medium.ts';
import { MediumStore } from './medium-store.ts';
import { type Revision, type Store, StoreError, type Survives } from './store.ts';

export interface LmdbStoreOptions {
  /** The folder, made when it isn't there. One server at a time may have it open. */
  readonly directory: string;
  /** For a moment's work beside the server that has it open. That server's watchers don't see what changes. */
  readonly isShared?: boolean | undefined;
  /** The clock that entries expire by; default the system's. */
  readonly now?: (() => Instant) | undefined;
}

/**
 * Opens the durable store of one server: a folder with an LMDB database.
 *
 * All changes of a turn of the event loop share a transaction. Its commit, which the process's end can't
 * undo, is followed by a flush to the disk that overlaps with what comes next, so that what only has to
 * survive the process waits for less; a power cut leaves the database whole.
 *
 * @throws {StoreError} `in-use` when another running server has the folder, `failed` when it can't be used
 */
export async function lmdbStore(options: LmdbStoreOptions): Promise<Store> {
  const { directory, isShared = false, now = Date.now } = options;
  let unlock = () => {};
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    if (!isShared) unlock = lockDirectory(directory);
    return new MediumStore(new LmdbMedium(directory, unlock), now);
  } catch (error) {
    unlock();
    throw failure(directory, error);
  }
}

/** A value is preceded by its revision and the moment it expires, both f64. */
const HEADER = 16;
/** Revisions are taken from the database in blocks, so that removals, which leave nothing, never give one back. */
const REVISION_BLOCK = 2 ** 32;
const REVISION = Buffer.from('revision');

class LmdbMedium implements Medium {
  readonly revision: Revision;
  readonly #directory: string;
  readonly #unlock: () => void;
  readonly #root: RootDatabase<Buffer, Buffer>;
  readonly #entries: Database<Buffer, Buffer>;
  /** What was changed and is not committed yet, with the revision of the change: LMDB's reads don't see it. */
  readonly #pending = new Map<string, { readonly stored: Stored | undefined; readonly revision: Revision }>();
  readonly #meta: Database<Buffer, Buffer>;
  #reserved: Revision = 0;
  #committed: Promise<unknown> = Promise.resolve();
  #failure: StoreError | undefined;

  constructor(directory: string, unlock: () => void) {
    this.#directory = directory;
    this.#unlock = unlock;
    const encoding = { encoding: 'binary', keyEncoding: 'binary' } as const;
    this.#root = open<Buffer, Buffer>({
      path: join(directory, 'store.mdb'),
      maxDbs: 2,
      separateFlushed: true,
      ...encoding,
    });
    this.#entries = this.#root.openDB<Buffer, Buffer>('entries', encoding);
    this.#meta = this.#root.openDB<Buffer, Buffer>('meta', encoding);
    this.revision = this.#meta.get(REVISION)?.readDoubleLE(0) ?? 0;
    this.#reserve(this.revision + REVISION_BLOCK);
  }

  get(key: string): Stored | undefined {
    const pending = this.#pending.get(key);
    if (pending) return pending.stored;
    const found = this.#entries.get(Buffer.from(key));
    return found && decode(found);
  }

  set(key: string, stored: Stored): void {
    this.#change(key, stored.revision, stored, this.#entries.put(Buffer.from(key), encode(stored)));
  }

  delete(key: string, revision: Revision): void {
    this.#change(key, revision, undefined, this.#entries.remove(Buffer.from(key)));
  }

  async page(prefix: string, after: string | undefined, limit: number): Promise<[string, Stored][]> {
    await this.safe('process-crash');
    const page: [string, Stored][] = [];
    const from = after ?? prefix;
    const options = from === '' ? {} : { start: Buffer.from(from) };
    for (const { key, value } of this.#entries.getRange(options)) {
      const name = key.toString();
      if (name === after) continue;
      if (page.length === limit || !name.startsWith(prefix)) break;
      page.push([name, decode(value)]);
    }
    return page;
  }

  async safe(survives: Survives): Promise<void> {
    await this.#committed;
    if (survives === 'power-cut') await this.#root.flushed;
    if (this.#failure) throw this.#failure;
  }

  async close(): Promise<void> {
    try {
      await this.safe('power-cut');
    } finally {
      await this.#root.close();
      this.#unlock();
    }
  }

  /** Revisions below `limit` are taken: the next opening begins there. */
  #reserve(limit: Revision): void {
    this.#reserved = limit;
    const bytes = Buffer.alloc(8);
    bytes.writeDoubleLE(limit);
    this.#meta.putSync(REVISION, bytes);
  }

  #change(key: string, revision: Revision, stored: Stored | undefined, committed: Promise<boolean>): void {
    if (revision >= this.#reserved) this.#reserve(this.#reserved + REVISION_BLOCK);
    this.#pending.set(key, { stored, revision });
    this.#committed = committed.then(
      () => {
        if (this.#pending.get(key)?.revision === revision) this.#pending.delete(key);
      },
      (cause: unknown) => {
        this.#failure ??= failure(this.#directory, cause);
      },
    );
  }
}

function encode({ value, revision, expiresAt }: Stored): Buffer {
  const bytes = Buffer.allocUnsafe(HEADER + value.length);
  bytes.writeDoubleLE(revision, 0);
  bytes.writeDoubleLE(expiresAt ?? Number.POSITIVE_INFINITY, 8);
  bytes.set(value, HEADER);
  return bytes;
}

function decode(bytes: Buffer): Stored {
  const expiresAt = bytes.readDoubleLE(8);
  return {
    // LMDB reuses the memory it reads into: a copy is the reader's own.
    value: new Uint8Array(bytes.subarray(HEADER)),
    revision: bytes.readDoubleLE(0),
    expiresAt: expiresAt === Number.POSITIVE_INFINITY ? undefined : expiresAt,
  };
}

function failure(directory: string, cause: unknown): StoreError {
  if (cause instanceof StoreError) return cause;
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new StoreError('failed', `the data folder ${directory} can't be used: ${reason}`, { cause });
}
