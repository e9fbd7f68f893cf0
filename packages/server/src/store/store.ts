import type { Instant } from '@sip-simple/sip-core';

/**
 * Names one state of one entry. A later write of any key has a greater revision, also after a restart; an
 * entry that was removed and written again never gets an old one back.
 */
export type Revision = number;

/** What a finished write outlives: the end of this process by `kill -9`, or a power cut as well. */
export type Survives = 'process-crash' | 'power-cut';

/** One entry as it was read. The bytes are the store's own: do not change them. */
export interface Entry {
  readonly key: string;
  readonly value: Uint8Array;
  readonly revision: Revision;
  /** From this moment on the entry is gone; `undefined`: it stays until it is removed. */
  readonly expiresAt: Instant | undefined;
}

export interface RemoveOptions {
  /** Change the entry only while it has this revision, or (`'absent'`) only while there is none. Default: always. */
  readonly expected?: Revision | 'absent' | undefined;
  /** What the change outlives once its promise is fulfilled. Default `'power-cut'`. */
  readonly survives?: Survives | undefined;
}

export interface WriteOptions extends RemoveOptions {
  /** When the entry ends by itself. Default: never. */
  readonly expiresAt?: Instant | undefined;
}

/** One change that a watcher sees. Entries that expire are not announced: their `expiresAt` was. */
export type Change =
  | { readonly type: 'written'; readonly entry: Entry }
  | { readonly type: 'removed'; readonly key: string; readonly revision: Revision };

/** A message waiting in a queue. */
export interface Queued {
  /** Names the message within its queue; sorts in the order of arrival. */
  readonly id: string;
  readonly value: Uint8Array;
  readonly expiresAt: Instant | undefined;
}

/**
 * Everything the server keeps: entries (bytes under a key) and queues. Services know nothing else of how
 * and where things are kept.
 *
 * Keys are 1 to 1,024 bytes of UTF-8 without control characters, written like paths (`pub/...`). A change
 * is visible to reads at once, and its promise is fulfilled when it is as safe as was asked; changes become
 * safe in the order in which they were made, whatever key they touch.
 *
 * All methods reject with {@link StoreError}: `bad-key`, `too-large` for what can't be kept, `closed` after
 * {@link Store.close}, `failed` when the disk refuses.
 */
export interface Store {
  /** The entry under `key`; `undefined` when there is none or it has expired. */
  read(key: string): Promise<Entry | undefined>;
  /**
   * Puts `value` under `key` and gives the entry's new revision.
   * @throws {StoreError} `conflict` when the entry is not in the `expected` state; nothing was changed then
   */
  write(key: string, value: Uint8Array, options?: WriteOptions): Promise<Revision>;
  /**
   * Removes the entry under `key`; `false` when there was none.
   * @throws {StoreError} `conflict` when the entry is not in the `expected` state; nothing was changed then
   */
  remove(key: string, options?: RemoveOptions): Promise<boolean>;
  /**
   * Every entry whose key begins with `prefix`, in the order of the keys' code points. An entry that is
   * there from the beginning to the end of the listing is given once; of those that change meanwhile, any
   * state may be.
   */
  list(prefix: string): AsyncIterable<Entry>;
  /**
   * Every change from this call on to an entry whose key begins with `prefix`, in order. Ends with
   * `signal`, or when the store is closed.
   * @throws {StoreError} `overrun` from the iterator that let 65,536 changes wait: it has to list again
   */
  watch(prefix: string, options?: { readonly signal?: AbortSignal | undefined }): AsyncIterable<Change>;
  /** Appends a message to a queue (a name made like a key) and gives its id once it is safe. */
  enqueue(queue: string, value: Uint8Array, options?: Omit<WriteOptions, 'expected'>): Promise<string>;
  /** The oldest messages of a queue, at most `limit`. They stay until they are acknowledged. */
  peek(queue: string, limit: number): Promise<readonly Queued[]>;
  /** Takes a message out of its queue; `false` when it wasn't there any more. */
  acknowledge(queue: string, id: string): Promise<boolean>;
  /** Makes everything written so far safe and lets go of the medium. Later calls reject with `closed`. */
  close(): Promise<void>;
}

export type StoreErrorCode =
  | 'conflict'
  | 'bad-key'
  | 'too-large'
  | 'closed'
  | 'overrun'
  /** Another running server has this folder open. */
  | 'in-use'
  /** The medium refused: `cause` says why. */
  | 'failed';

/** Why the store did not do what it was asked. */
export class StoreError extends Error {
  readonly code: StoreErrorCode;

  constructor(code: StoreErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'StoreError';
    this.code = code;
  }
}
