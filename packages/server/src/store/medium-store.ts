import type { Instant } from '@sip-simple/sip-core';
import { Expiry } from './expiry.ts';
import type { Medium, Stored } from './medium.ts';
import {
  type Change,
  type Entry,
  type Queued,
  type RemoveOptions,
  type Revision,
  type Store,
  StoreError,
  type WriteOptions,
} from './store.ts';
import { Watchers } from './watchers.ts';

const KEY_BYTES = 1024;
const VALUE_BYTES = 16 * 1024 * 1024;
const PAGE = 256;
/** Queues live among the entries, below every key that a caller may name. */
const QUEUE = '\u0001';
const BELOW_KEYS = '\u001f';
/** What nearly every key is, in one look. */
const PLAIN = /^[ -~]+$/;
const CONTROL = /[\u0000-\u001f\u007f]/;
const HALF_PAIR = /\p{Surrogate}/u;
const encoder = new TextEncoder();

/** The store contract over any {@link Medium}: conditions, expiry, watching, queues. */
export class MediumStore implements Store {
  readonly #medium: Medium;
  readonly #now: () => Instant;
  readonly #watchers = new Watchers();
  readonly #expiry = new Expiry();
  readonly #sweeper: NodeJS.Timeout;
  #revision: Revision;
  #closed = false;

  /** @param now the clock that entries expire by */
  constructor(medium: Medium, now: () => Instant) {
    this.#medium = medium;
    this.#now = now;
    this.#revision = medium.revision;
    this.#sweeper = setInterval(() => this.#sweep(), 1000).unref();
    // Should the medium refuse or close meanwhile, whoever writes next is told.
    this.#scheduleFound().catch(() => {});
  }

  async read(key: string): Promise<Entry | undefined> {
    this.#check(key);
    const stored = this.#live(key);
    return stored && entryOf(key, stored);
  }

  async write(key: string, value: Uint8Array, options: WriteOptions = {}): Promise<Revision> {
    this.#check(key);
    this.#expect(key, options.expected);
    const revision = this.#put(key, value, options.expiresAt);
    await this.#medium.safe(options.survives ?? 'power-cut');
    return revision;
  }

  async remove(key: string, options: RemoveOptions = {}): Promise<boolean> {
    this.#check(key);
    this.#expect(key, options.expected);
    const removed = this.#delete(key);
    await this.#medium.safe(options.survives ?? 'power-cut');
    return removed;
  }

  async *list(prefix: string): AsyncGenerator<Entry> {
    let after = prefix === '' ? BELOW_KEYS : undefined;
    for (;;) {
      this.#checkOpen();
      const page = await this.#medium.page(prefix, after, PAGE);
      for (const [key, stored] of page) if (!this.#isOver(stored)) yield entryOf(key, stored);
      after = page.at(-1)?.[0];
      if (page.length < PAGE) return;
    }
  }

  watch(prefix: string, options: { readonly signal?: AbortSignal | undefined } = {}): AsyncIterable<Change> {
    this.#checkOpen();
    return this.#watchers.watch(prefix, options.signal);
  }

  async enqueue(
    queue: string,
    value: Uint8Array,
    options: Omit<WriteOptions, 'expected'> = {},
  ): Promise<string> {
    this.#check(queue);
    const id = String(this.#revision + 1).padStart(16, '0');
    this.#put(QUEUE + queue + QUEUE + id, value, options.expiresAt);
    await this.#medium.safe(options.survives ?? 'power-cut');
    return id;
  }

  async peek(queue: string, limit: number): Promise<readonly Queued[]> {
    this.#check(queue);
    const prefix = QUEUE + queue + QUEUE;
    const found: Queued[] = [];
    let after: string | undefined;
    while (found.length < limit) {
      const page = await this.#medium.page(prefix, after, PAGE);
      for (const [key, stored] of page) {
        if (found.length === limit) break;
        if (this.#isOver(stored)) continue;
        found.push({ id: key.slice(prefix.length), value: stored.value, expiresAt: stored.expiresAt });
      }
      after = page.at(-1)?.[0];
      if (page.length < PAGE) break;
    }
    return found;
  }

  async acknowledge(queue: string, id: string): Promise<boolean> {
    this.#check(queue);
    if (!/^\d{16}$/.test(id)) return false;
    const removed = this.#delete(QUEUE + queue + QUEUE + id);
    await this.#medium.safe('power-cut');
    return removed;
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    clearInterval(this.#sweeper);
    this.#watchers.close();
    await this.#medium.close();
  }

  #put(key: string, value: Uint8Array, expiresAt: Instant | undefined): Revision {
    if (value.length > VALUE_BYTES) {
      throw new StoreError(
        'too-large',
        `a value of ${value.length} bytes: at most ${VALUE_BYTES} can be kept`,
      );
    }
    // A copy: the caller's bytes may be part of a larger buffer, or change later.
    const stored: Stored = { value: value.slice(), revision: ++this.#revision, expiresAt };
    this.#medium.set(key, stored);
    if (expiresAt !== undefined) this.#expiry.schedule(key, expiresAt);
    if (this.#isWatched(key)) this.#watchers.announce(key, { type: 'written', entry: entryOf(key, stored) });
    return stored.revision;
  }

  #delete(key: string): boolean {
    if (!this.#live(key)) return false;
    const revision = ++this.#revision;
    this.#medium.delete(key, revision);
    if (this.#isWatched(key)) this.#watchers.announce(key, { type: 'removed', key, revision });
    return true;
  }

  #expect(key: string, expected: Revision | 'absent' | undefined): void {
    if (expected === undefined) return;
    const found = this.#live(key)?.revision ?? 'absent';
    if (found !== expected) {
      throw new StoreError('conflict', `'${key}' was expected to be at ${expected} and is at ${found}`);
    }
  }

  #live(key: string): Stored | undefined {
    const stored = this.#medium.get(key);
    return stored && !this.#isOver(stored) ? stored : undefined;
  }

  #isWatched(key: string): boolean {
    return this.#watchers.any && !key.startsWith(QUEUE);
  }

  #isOver(stored: Stored): boolean {
    return stored.expiresAt !== undefined && stored.expiresAt <= this.#now();
  }

  #sweep(): void {
    for (const key of this.#expiry.due(this.#now())) {
      const stored = this.#medium.get(key);
      if (stored?.expiresAt === undefined) continue;
      if (this.#isOver(stored)) this.#medium.delete(key, ++this.#revision);
      else this.#expiry.schedule(key, stored.expiresAt);
    }
  }

  /** Finds the entries that were there before this start, a page at a time so that nobody waits for it. */
  async #scheduleFound(): Promise<void> {
    let after: string | undefined;
    for (;;) {
      await new Promise((resolve) => setImmediate(resolve));
      if (this.#closed) return;
      const page = await this.#medium.page('', after, PAGE);
      for (const [key, { expiresAt }] of page) {
        if (expiresAt !== undefined) this.#expiry.schedule(key, expiresAt);
      }
      after = page.at(-1)?.[0];
      if (page.length < PAGE) return;
    }
  }

  #check(key: string): void {
    this.#checkOpen();
    if (key.length <= KEY_BYTES && PLAIN.test(key)) return;
    if (key === '' || CONTROL.test(key) || HALF_PAIR.test(key)) {
      throw new StoreError(
        'bad-key',
        'a key needs a character, no control characters, no half surrogate pairs',
      );
    }
    if (key.length > KEY_BYTES || encoder.encode(key).length > KEY_BYTES) {
      throw new StoreError('bad-key', `a key has at most ${KEY_BYTES} bytes`);
    }
  }

  #checkOpen(): void {
    if (this.#closed) throw new StoreError('closed', 'the store is closed');
  }
}

function entryOf(key: string, { value, revision, expiresAt }: Stored): Entry {
  return { key, value, revision, expiresAt };
}
