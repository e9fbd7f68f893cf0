import { type Database, open, type RootDatabase } from 'lmdb';
import type { Stored } from './medium.ts';
import type { Revision } from './store.ts';

/** A value is preceded by its revision and the moment it expires, both f64. */
const HEADER = 16;
/** Changes put into one LMDB transaction: few enough that preparing them does not hold up the server. */
const SLICE = 256;
const REVISION = Buffer.from('revision');

/** The LMDB side of the store: entries as of the last fold, in one file. */
export class LmdbTable {
  readonly #root: RootDatabase<Buffer, Buffer>;
  readonly #entries: Database<Buffer, Buffer>;
  readonly #meta: Database<Buffer, Buffer>;

  constructor(path: string) {
    const encoding = { encoding: 'binary', keyEncoding: 'binary' } as const;
    this.#root = open<Buffer, Buffer>({ path, maxDbs: 2, ...encoding });
    this.#entries = this.#root.openDB<Buffer, Buffer>('entries', encoding);
    this.#meta = this.#root.openDB<Buffer, Buffer>('meta', encoding);
  }

  /** The greatest revision in use at the last fold. */
  get revision(): Revision {
    return this.#meta.get(REVISION)?.readDoubleLE(0) ?? 0;
  }

  get(key: string): Stored | undefined {
    const found = this.#entries.get(Buffer.from(key));
    if (!found) return undefined;
    const expiresAt = found.readDoubleLE(8);
    return {
      value: new Uint8Array(found.subarray(HEADER)),
      revision: found.readDoubleLE(0),
      expiresAt: expiresAt === Number.POSITIVE_INFINITY ? undefined : expiresAt,
    };
  }

  *keysFrom(from: string): Generator<string> {
    const options = from === '' ? {} : { start: Buffer.from(from) };
    for (const key of this.#entries.getKeys(options)) yield key.toString();
  }

  /** Takes changes over; fulfilled when they are on the disk and reads see them. */
  async fold(changes: Iterable<readonly [string, Stored | undefined]>, revision: Revision): Promise<void> {
    const number = Buffer.alloc(8);
    number.writeDoubleLE(revision);
    let last: Promise<boolean> = this.#meta.put(REVISION, number);
    let count = 0;
    for (const [key, stored] of changes) {
      const name = Buffer.from(key);
      last = stored ? this.#entries.put(name, encode(stored)) : this.#entries.remove(name);
      if (++count % SLICE === 0) await last;
    }
    await last;
    await this.#root.flushed;
    this.#entries.resetReadTxn();
  }

  async close(): Promise<void> {
    await this.#root.close();
  }
}

function encode({ value, revision, expiresAt }: Stored): Buffer {
  const bytes = Buffer.allocUnsafe(HEADER + value.length);
  bytes.writeDoubleLE(revision, 0);
  bytes.writeDoubleLE(expiresAt ?? Number.POSITIVE_INFINITY, 8);
  bytes.set(value, HEADER);
  return bytes;
}
