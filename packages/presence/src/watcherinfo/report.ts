import { MAX_VERSION, type WatcherInit, type WatcherinfoInit, type WatcherListInit } from './schema.ts';

/**
 * The version of the document that follows in a watcherinfo subscription; 0 for the first.
 *
 * @param previous the version of the document sent last
 * @throws {RangeError} after the last of the 32 bit integers: versions do not wrap, end the subscription
 * @see RFC 3858 §3
 */
export function nextVersion(previous: number | undefined): number {
  if (previous === undefined) return 0;
  if (previous >= MAX_VERSION) throw new RangeError('watcherinfo versions do not wrap');
  return previous + 1;
}

/**
 * The document with the full state.
 *
 * @param lists who watches what, all of what the watcherinfo subscriber may know
 * @see RFC 3858 §3
 */
export function fullState(version: number, lists: readonly WatcherListInit[]): WatcherinfoInit {
  return { version, state: 'full', lists };
}

/**
 * The document with only the watchers whose state changed since the document before. That time passes is no
 * change: `expirationSeconds` and `durationSubscribedSeconds` alone don't bring a watcher in.
 *
 * @param before what the document before left the subscriber with
 * @param after what is true now: a subscription that ended is in it once more, as `terminated`
 * @returns `undefined` when nothing has changed; a document with full state where partial can't say it: a
 *   watcher or list is no longer there, and was not terminated
 * @see RFC 3858 §3, §4, RFC 3857 §4.7.2
 */
export function partialState(
  version: number,
  before: readonly WatcherListInit[],
  after: readonly WatcherListInit[],
): WatcherinfoInit | undefined {
  const known = new Map<string, Map<string, WatcherInit>>();
  for (const { resource, watchers = [] } of before) {
    const table = known.get(resource) ?? new Map<string, WatcherInit>();
    for (const watcher of watchers) table.set(watcher.id, watcher);
    known.set(resource, table);
  }
  const lists: WatcherListInit[] = [];
  const seen = new Set<string>();
  for (const list of after) {
    const table = known.get(list.resource);
    seen.add(list.resource);
    const changed: WatcherInit[] = [];
    for (const watcher of list.watchers ?? []) {
      const old = table?.get(watcher.id);
      table?.delete(watcher.id);
      if (old === undefined || !isSameState(old, watcher)) changed.push(watcher);
    }
    if (changed.length > 0 || table === undefined) {
      lists.push({ resource: list.resource, package: list.package, watchers: changed });
    }
  }
  for (const [resource, table] of known) {
    const isGone = [...table.values()].some(({ status }) => status !== 'terminated');
    if (isGone || !seen.has(resource)) return fullState(version, after);
  }
  return lists.length === 0 ? undefined : { version, state: 'partial', lists };
}

function isSameState(a: WatcherInit, b: WatcherInit): boolean {
  return (
    a.status === b.status &&
    a.event === b.event &&
    a.uri === b.uri &&
    a.displayName === b.displayName &&
    a.language === b.language
  );
}
