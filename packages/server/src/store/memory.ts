import type { Instant } from '@sip-simple/sip-core';
import type { Medium, Stored } from './medium.ts';
import { MediumStore } from './medium-store.ts';
import { OrderedMap } from './ordered-map.ts';
import type { Store } from './store.ts';

/**
 * A store that lives and ends with this process: nothing survives, and every write is as safe as it gets
 * at once.
 * @param options.now the clock that entries expire by; default the system's
 */
export function memoryStore(options: { readonly now?: (() => Instant) | undefined } = {}): Store {
  return new MediumStore(new MemoryMedium(), options.now ?? Date.now);
}

class MemoryMedium implements Medium {
  readonly revision = 0;
  readonly #entries = new OrderedMap<Stored>();

  get(key: string): Stored | undefined {
    return this.#entries.get(key);
  }

  set(key: string, stored: Stored): void {
    this.#entries.set(key, stored);
  }

  delete(key: string): void {
    this.#entries.delete(key);
  }

  async page(prefix: string, after: string | undefined, limit: number): Promise<[string, Stored][]> {
    const page: [string, Stored][] = [];
    for (const key of this.#entries.keysFrom(after ?? prefix)) {
      if (key === after) continue;
      if (page.length === limit || !key.startsWith(prefix)) break;
      const stored = this.#entries.get(key);
      if (stored) page.push([key, stored]);
    }
    return page;
  }

  safe(): Promise<void> {
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
