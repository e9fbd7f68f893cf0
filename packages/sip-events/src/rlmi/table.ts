import type { List, Resource } from './schema.ts';

/** What a subscriber knows of the resources of a list. */
export interface ListTable {
  /** The version of the last notification that was taken; `undefined` before the first. */
  readonly version: number | undefined;
  /** The resources by URI, each as last told. */
  readonly resources: ReadonlyMap<string, Resource>;
}

/** Nothing known. */
export const emptyTable: ListTable = { version: undefined, resources: new Map() };

/**
 * Takes a notification into the table.
 *
 * @returns the table afterwards: the same when the notification is not new; `shouldRefresh` is true when some in
 *   between were lost, and a refresh of the subscription brings the full state
 * @see RFC 4662 §5.6
 */
export function receive(
  table: ListTable,
  { version, fullState, resources }: List,
): { readonly table: ListTable; readonly shouldRefresh: boolean } {
  const { version: before } = table;
  if (before !== undefined && version <= before) return { table, shouldRefresh: false };
  const known = new Map(fullState ? [] : table.resources);
  for (const resource of resources) known.set(resource.uri, resource);
  const shouldRefresh = !fullState && (before === undefined || version > before + 1);
  return { table: { version, resources: known }, shouldRefresh };
}
