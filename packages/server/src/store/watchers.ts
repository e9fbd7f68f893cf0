import { type Change, StoreError } from './store.ts';

/** Changes that may wait for a watcher before it is given up. */
const WAITING_LIMIT = 65_536;

/** The watchers of a store: hands each change to those whose prefix it falls under. */
export class Watchers {
  readonly #open = new Set<Watcher>();

  watch(prefix: string, signal: AbortSignal | undefined): AsyncIterable<Change> {
    const watcher = new Watcher(prefix, () => this.#open.delete(watcher));
    if (signal?.aborted) watcher.end();
    else this.#open.add(watcher);
    signal?.addEventListener('abort', () => watcher.end(), { once: true });
    return watcher;
  }

  /** Whether anyone watches: lets the store skip making changes nobody sees. */
  get any(): boolean {
    return this.#open.size > 0;
  }

  announce(key: string, change: Change): void {
    for (const watcher of this.#open) if (key.startsWith(watcher.prefix)) watcher.push(change);
  }

  close(): void {
    for (const watcher of this.#open) watcher.end();
  }
}

class Watcher implements AsyncIterableIterator<Change> {
  readonly prefix: string;
  readonly #leave: () => void;
  #waiting: Change[] = [];
  #wake: (() => void) | undefined;
  #ended = false;
  #error: StoreError | undefined;

  constructor(prefix: string, leave: () => void) {
    this.prefix = prefix;
    this.#leave = leave;
  }

  push(change: Change): void {
    if (this.#waiting.length >= WAITING_LIMIT) {
      this.#waiting = [];
      this.#error = new StoreError(
        'overrun',
        `a watcher of '${this.prefix}' let ${WAITING_LIMIT} changes wait`,
      );
      this.end();
      return;
    }
    this.#waiting.push(change);
    this.#wake?.();
  }

  end(): void {
    this.#ended = true;
    this.#leave();
    this.#wake?.();
  }

  async next(): Promise<IteratorResult<Change>> {
    for (;;) {
      const change = this.#waiting.shift();
      if (change) return { done: false, value: change };
      if (this.#error) {
        const error = this.#error;
        this.#error = undefined;
        throw error;
      }
      if (this.#ended) return { done: true, value: undefined };
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      this.#wake = undefined;
    }
  }

  async return(): Promise<IteratorResult<Change>> {
    this.#waiting = [];
    this.end();
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
