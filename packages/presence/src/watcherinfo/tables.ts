import { WatcherinfoError } from './errors.ts';
import type { Watcher, Watcherinfo } from './schema.ts';

/** What became of a watcher. */
export interface WatcherChange {
  /**
   * `added` and `changed` watchers are in their table now; `terminated` ones have left it, or were never in
   * it; `removed` are those that a full document has no word of.
   */
  readonly type: 'added' | 'changed' | 'terminated' | 'removed';
  /** The URI of what is watched. */
  readonly resource: string;
  /** The watcher as of now; of one removed, as it was. */
  readonly watcher: Watcher;
}

export interface WatcherTablesUpdate {
  /** Whether the document was processed; `false` when its version is not later than that of the tables. */
  readonly isProcessed: boolean;
  /** Whether to refresh the subscription for a document with full state: something was missed. */
  readonly needsRefresh: boolean;
  /** What became of watchers, in document order; then those that a full document has left out. */
  readonly changes: readonly WatcherChange[];
}

export interface WatcherTablesOptions {
  /** The most watchers in all tables together, 100 000 by default. */
  readonly maxWatchers?: number | undefined;
}

/** A watcher, and what it watches. */
export interface Row {
  readonly resource: string;
  /** The event package of the list that last spoke of the watcher. */
  readonly package: string;
  readonly watcher: Watcher;
}

/**
 * What a watcherinfo subscriber knows of the watchers: a table for each resource with a row for each watcher,
 * put together from the documents of one watcherinfo subscription, full and partial, in the order of versions.
 * A terminated watcher's row is removed at once.
 *
 * @see RFC 3858 §4
 */
export class WatcherTables {
  readonly #maxWatchers: number;
  #tables: Map<string, Map<string, Row>> = new Map();
  #version: number | undefined;
  #isComplete = false;

  constructor({ maxWatchers = 100_000 }: WatcherTablesOptions = {}) {
    this.#maxWatchers = maxWatchers;
  }

  /** The version of the last document processed, `undefined` before the first. */
  get version(): number | undefined {
    return this.#version;
  }

  /** Whether no document since the last with full state was missed. */
  get isComplete(): boolean {
    return this.#isComplete;
  }

  /** The resources there is a table for. */
  get resources(): readonly string[] {
    return [...this.#tables.keys()];
  }

  /** The rows of a resource by the id of the watcher; none when there is no table for it. */
  watchersOf(resource: string): ReadonlyMap<string, Row> {
    return this.#tables.get(resource) ?? NO_ROWS;
  }

  /**
   * Processes the next document.
   *
   * @throws {WatcherinfoError} `too-many-watchers`, the tables being as before
   * @see RFC 3858 §4
   */
  apply(document: Watcherinfo): WatcherTablesUpdate {
    const { version, state } = document;
    const known = this.#version;
    // §4 discards what is lower. What is equal has been processed before: versions increment by one (§3).
    if (known !== undefined && version <= known) {
      return { isProcessed: false, needsRefresh: false, changes: [] };
    }
    const isFull = state === 'full';
    this.#checkSize(document, isFull);
    const before = this.#tables;
    if (isFull) this.#tables = new Map();
    const changes = this.#update(document, before);
    if (isFull) changes.push(...left(before, this.#tables, changes));
    const isMissing = known === undefined || version > known + 1;
    this.#version = version;
    this.#isComplete = isFull || (this.#isComplete && !isMissing);
    return { isProcessed: true, needsRefresh: !this.#isComplete, changes };
  }

  #update(document: Watcherinfo, before: ReadonlyMap<string, ReadonlyMap<string, Row>>): WatcherChange[] {
    const changes: WatcherChange[] = [];
    for (const { resource, package: ofPackage, watchers } of document.lists) {
      let table = this.#tables.get(resource);
      if (table === undefined) {
        table = new Map();
        this.#tables.set(resource, table);
      }
      for (const watcher of watchers) {
        const { id } = watcher;
        const old = table.get(id) ?? before.get(resource)?.get(id);
        if (watcher.status === 'terminated') {
          table.delete(id);
          changes.push({ type: 'terminated', resource, watcher });
          continue;
        }
        table.set(id, { resource, package: ofPackage, watcher });
        if (old === undefined) changes.push({ type: 'added', resource, watcher });
        else if (!isSame(old.watcher, watcher)) changes.push({ type: 'changed', resource, watcher });
      }
    }
    return changes;
  }

  #checkSize(document: Watcherinfo, isFull: boolean): void {
    let size = 0;
    if (!isFull) for (const table of this.#tables.values()) size += table.size;
    for (const { resource, watchers } of document.lists) {
      const table = isFull ? undefined : this.#tables.get(resource);
      for (const { id } of watchers) if (table === undefined || !table.has(id)) size += 1;
    }
    if (size <= this.#maxWatchers) return;
    const message = `more than ${this.#maxWatchers} watchers`;
    throw new WatcherinfoError('too-many-watchers', 'RFC 3858 §4', message);
  }
}

/** True when two states of a watcher say the same; the watcher's text is its whole state. */
function isSame(a: Watcher, b: Watcher): boolean {
  return (
    a.status === b.status &&
    a.event === b.event &&
    a.uri === b.uri &&
    a.displayName === b.displayName &&
    a.language === b.language &&
    a.expirationSeconds === b.expirationSeconds &&
    a.durationSubscribedSeconds === b.durationSubscribedSeconds
  );
}

/** What was in the tables and is no more, without having been terminated. */
function left(
  before: ReadonlyMap<string, ReadonlyMap<string, Row>>,
  now: ReadonlyMap<string, ReadonlyMap<string, Row>>,
  changes: readonly WatcherChange[],
): WatcherChange[] {
  const terminated = new Set<string>();
  for (const { type, resource, watcher } of changes) {
    if (type === 'terminated') terminated.add(`${resource} ${watcher.id}`);
  }
  const removed: WatcherChange[] = [];
  for (const [resource, table] of before) {
    for (const [id, { watcher }] of table) {
      if (now.get(resource)?.has(id) || terminated.has(`${resource} ${id}`)) continue;
      removed.push({ type: 'removed', resource, watcher });
    }
  }
  return removed;
}

const NO_ROWS: ReadonlyMap<string, Row> = new Map();
