import { readdirSync } from 'node:fs';
import { mkdir, open as openFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Instant } from '@sip-simple/sip-core';
import { lockDirectory } from './directory-lock.ts';
import { Journal, readJournal } from './journal.ts';
import { LmdbTable } from './lmdb-table.ts';
import type { Medium, Stored } from './medium.ts';
import { MediumStore } from './medium-store.ts';
import { merge } from './merge.ts';
import { OrderedMap } from './ordered-map.ts';
import { type Revision, type Store, StoreError, type Survives } from './store.ts';

const CHECKPOINT_BYTES = 32 * 1024 * 1024;
/** How much of what need not survive a power cut one may cost: the journal is synced this often. */
const SYNC_INTERVAL = 1000;
const REMOVED = Symbol('removed');
type Recent = OrderedMap<Stored | typeof REMOVED>;

export interface LmdbStoreOptions {
  /** The folder, made when it isn't there. One server at a time may have it open. */
  readonly directory: string;
  /** The clock that entries expire by; default the system's. */
  readonly now?: (() => Instant) | undefined;
  /** The journal is folded into the database when it has this many bytes; default 32 MiB. */
  readonly checkpointBytes?: number | undefined;
  /** Told when the end of a journal could not be read back, which a power cut may cause. */
  readonly onLost?: ((path: string, bytes: number) => void) | undefined;
}

/**
 * Opens the durable store of one server: a folder with an LMDB database and a journal.
 *
 * LMDB alone would have to flush the disk at each commit to stay whole in a power cut, which held presence
 * to some thousand writes a second. So a change is appended to the journal (one write for all changes of a
 * turn of the event loop; it outlives the process then, and a power cut after a sync shared by all who wait
 * for one) and kept in memory, until enough has come together to be folded into LMDB at once, in the
 * background. What is changed often is folded once.
 *
 * @throws {StoreError} `in-use` when another running server has the folder, `failed` when it can't be used
 */
export async function lmdbStore(options: LmdbStoreOptions): Promise<Store> {
  const { directory, now = Date.now } = options;
  let unlock = () => {};
  try {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    unlock = lockDirectory(directory);
    return new MediumStore(await LmdbMedium.open(options, unlock), now);
  } catch (error) {
    unlock();
    throw failure(directory, error);
  }
}

class LmdbMedium implements Medium {
  readonly revision: Revision;
  readonly #directory: string;
  readonly #checkpointBytes: number;
  readonly #unlock: () => void;
  readonly #table: LmdbTable;
  readonly #syncTimer: NodeJS.Timeout;
  #journal: Journal;
  #journalNumber: number;
  /** Changes that are in the journal only. */
  #recent: Recent = new OrderedMap();
  /** Changes on their way from earlier journals to the table. */
  #folding: Recent | undefined;
  #fold: Promise<void> = Promise.resolve();
  #lastRevision: Revision;
  #flush: Promise<void> | undefined;
  #sync: Promise<void> = Promise.resolve();
  #nextSync: Promise<void> | undefined;
  #isSynced = true;
  #failure: StoreError | undefined;

  static async open(options: LmdbStoreOptions, unlock: () => void): Promise<LmdbMedium> {
    const { directory, onLost } = options;
    const table = new LmdbTable(join(directory, 'store.mdb'));
    const recovered: Recent = new OrderedMap();
    let revision = table.revision;
    const journals = journalNumbers(directory);
    for (const number of journals) {
      const path = journalPath(directory, number);
      const { lostBytes } = readJournal(path, (record) => {
        recovered.set(record.key, record.stored ?? REMOVED);
        revision = Math.max(revision, record.revision);
      });
      if (lostBytes > 0) onLost?.(path, lostBytes);
    }
    const number = (journals.at(-1) ?? 0) + 1;
    const journal = new Journal(journalPath(directory, number));
    await syncDirectory(directory);
    return new LmdbMedium(options, unlock, table, journal, number, revision, recovered);
  }

  private constructor(
    options: LmdbStoreOptions,
    unlock: () => void,
    table: LmdbTable,
    journal: Journal,
    journalNumber: number,
    revision: Revision,
    recovered: Recent,
  ) {
    this.#directory = options.directory;
    this.#checkpointBytes = options.checkpointBytes ?? CHECKPOINT_BYTES;
    this.#unlock = unlock;
    this.#table = table;
    this.#journal = journal;
    this.#journalNumber = journalNumber;
    this.revision = revision;
    this.#lastRevision = revision;
    if (journalNumber > 1) this.#startFold(recovered);
    this.#syncTimer = setInterval(() => {
      if (!this.#isSynced) this.safe('power-cut').catch(() => {});
    }, SYNC_INTERVAL).unref();
  }

  get(key: string): Stored | undefined {
    const recent = this.#recent.get(key) ?? this.#folding?.get(key) ?? this.#table.get(key);
    return recent === REMOVED ? undefined : recent;
  }

  set(key: string, stored: Stored): void {
    this.#recent.set(key, stored);
    this.#append(key, stored.revision, stored);
  }

  delete(key: string, revision: Revision): void {
    this.#recent.set(key, REMOVED);
    this.#append(key, revision, undefined);
  }

  page(prefix: string, after: string | undefined, limit: number): readonly (readonly [string, Stored])[] {
    const from = after ?? prefix;
    const page: (readonly [string, Stored])[] = [];
    const keys = [
      this.#recent.keysFrom(from),
      this.#folding?.keysFrom(from) ?? [],
      this.#table.keysFrom(from),
    ];
    for (const key of merge(keys)) {
      if (key === after) continue;
      if (page.length === limit || !key.startsWith(prefix)) break;
      const stored = this.get(key);
      if (stored) page.push([key, stored]);
    }
    return page;
  }

  safe(survives: Survives): Promise<void> {
    if (this.#failure) return Promise.reject(this.#failure);
    const flushed = this.#flush ?? Promise.resolve();
    if (survives === 'process-crash') return flushed;
    // The sync that runs may have begun before the last write: one more covers all who ask until it begins.
    this.#nextSync ??= Promise.allSettled([this.#sync, flushed]).then(() => {
      this.#nextSync = undefined;
      this.#sync = this.#sync.then(() => this.#syncJournal());
      return this.#sync;
    });
    return this.#nextSync;
  }

  async close(): Promise<void> {
    clearInterval(this.#syncTimer);
    try {
      await this.safe('power-cut');
    } finally {
      await this.#fold;
      this.#journal.close();
      await this.#table.close();
      this.#unlock();
    }
    if (this.#failure) throw this.#failure;
  }

  #append(key: string, revision: Revision, stored: Stored | undefined): void {
    this.#lastRevision = revision;
    this.#journal.append(key, revision, stored);
    this.#isSynced = false;
    // What arrives in one turn of the event loop is flushed with one write, at its end.
    this.#flush ??= new Promise((resolve, reject) => {
      setImmediate(() => {
        this.#flush = undefined;
        try {
          this.#journal.flush();
        } catch (error) {
          this.#fail(error);
        }
        if (this.#failure) reject(this.#failure);
        else resolve();
        if (this.#journal.size >= this.#checkpointBytes && !this.#folding && !this.#failure) this.#rotate();
      });
    });
    this.#flush.catch(() => {});
  }

  async #syncJournal(): Promise<void> {
    try {
      const journal = this.#journal;
      journal.flush();
      this.#isSynced = true;
      await journal.sync();
    } catch (error) {
      throw this.#fail(error);
    }
  }

  /** Begins a new journal and folds what the old one has into the table. */
  #rotate(): void {
    try {
      const old = this.#journal;
      this.#journal = new Journal(journalPath(this.#directory, ++this.#journalNumber));
      const folding = this.#recent;
      this.#recent = new OrderedMap();
      // Nothing may be on the disk while something before it isn't: later syncs wait for the old journal's.
      const running = this.#sync;
      this.#sync = running.then(async () => {
        await old.sync();
        await syncDirectory(this.#directory);
        old.close();
      });
      this.#sync.catch((error) => this.#fail(error));
      this.#startFold(folding);
    } catch (error) {
      this.#fail(error);
    }
  }

  #startFold(folding: Recent): void {
    const number = this.#journalNumber;
    const revision = this.#lastRevision;
    this.#folding = folding;
    this.#fold = this.#foldInto(folding, revision, number).catch((error) => {
      this.#fail(error);
    });
  }

  async #foldInto(folding: Recent, revision: Revision, number: number): Promise<void> {
    await this.#table.fold(changesOf(folding), revision);
    this.#folding = undefined;
    await this.#sync;
    for (const old of journalNumbers(this.#directory)) {
      if (old < number) await rm(journalPath(this.#directory, old), { force: true });
    }
  }

  #fail(cause: unknown): StoreError {
    this.#failure ??= failure(this.#directory, cause);
    return this.#failure;
  }
}

function failure(directory: string, cause: unknown): StoreError {
  if (cause instanceof StoreError) return cause;
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new StoreError('failed', `the data folder ${directory} can't be used: ${reason}`, { cause });
}

function* changesOf(recent: Recent): Generator<readonly [string, Stored | undefined]> {
  for (const key of recent.keysFrom('')) {
    const stored = recent.get(key);
    yield [key, stored === REMOVED ? undefined : stored];
  }
}

function journalPath(directory: string, number: number): string {
  return join(directory, `journal-${String(number).padStart(8, '0')}`);
}

function journalNumbers(directory: string): readonly number[] {
  return readdirSync(directory)
    .flatMap((name) => /^journal-(\d{8,})$/.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b);
}

/** A new file is only sure to be found after a power cut once its folder is on the disk. */
async function syncDirectory(directory: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await openFile(directory, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
