import type { XmlAttribute, XmlElement } from '@sip-simple/xml';
import { type PartialState, stateOf, type Uris } from './common.ts';
import type { Conference, ConferenceInfo, Sidebar, Sidebars } from './conference.ts';
import { ConferenceError } from './errors.ts';
import type { Endpoint, User, Users } from './users.ts';

export interface FoldOptions {
  /** The most rows in each table: users, endpoints of a user, streams, sidebars; 100 000 by default. */
  readonly maxRows?: number | undefined;
}

/** What a document was good for. */
export type FoldOutcome =
  /** The view is now as of it. */
  | 'applied'
  /** It is not later than the view. */
  | 'discarded'
  /** Something is missing before it: refresh the subscription, to be told the full state. The view is as before. */
  | 'needs-full'
  /** The conference has ceased to exist: terminate the subscription. */
  | 'ended';

export interface Folded {
  readonly outcome: FoldOutcome;
  /** All that is known of the conference, with no partial state in it; `undefined` before the first full state. */
  readonly conference: ConferenceInfo | undefined;
}

/**
 * Folds the next document of a subscription into what is known of the conference.
 *
 * @param known what the last fold gave; `undefined` to begin with
 * @throws {ConferenceError} `too-many-rows`
 * @see RFC 4575 §4.6
 */
export function fold(
  known: ConferenceInfo | undefined,
  document: ConferenceInfo,
  options: FoldOptions = {},
): Folded {
  const { maxRows = 100_000 } = options;
  if (known !== undefined && document.version <= known.version) {
    return { outcome: 'discarded', conference: known };
  }
  const state = stateOf(document);
  if (state === 'deleted') return { outcome: 'ended', conference: document };
  if (state === 'partial' && (known === undefined || document.version > known.version + 1)) {
    return { outcome: 'needs-full', conference: known };
  }
  const folded = foldConference(state === 'full' ? undefined : known, document, maxRows);
  return { outcome: 'applied', conference: { ...folded, version: document.version } };
}

/** The parts of a conference or sidebar. Without `known`, the update is all there is. */
function foldConference<C extends Conference>(known: C | undefined, update: C, maxRows: number): C {
  return {
    ...merged(known, update),
    users: foldUsers(known?.users, update.users, maxRows),
    sidebarsByRef: foldUris(known?.sidebarsByRef, update.sidebarsByRef, maxRows),
    sidebarsByVal: foldSidebars(known?.sidebarsByVal, update.sidebarsByVal, maxRows),
  };
}

function foldUsers(known: Users | undefined, update: Users | undefined, maxRows: number): Users | undefined {
  return byState(
    known,
    update,
    (base, each) => ({
      ...merged(base, each),
      users: foldRows(
        base?.users,
        each.users,
        entityOf,
        (row, user) => byState(row, user, foldUser, maxRows),
        maxRows,
      ),
    }),
    maxRows,
  );
}

function foldUser(known: User | undefined, update: User, maxRows: number): User {
  const into = (row: Endpoint | undefined, each: Endpoint) => byState(row, each, foldEndpoint, maxRows);
  return {
    ...merged(known, update),
    endpoints: foldRows(known?.endpoints, update.endpoints, entityOf, into, maxRows),
  };
}

function foldEndpoint(known: Endpoint | undefined, update: Endpoint, maxRows: number): Endpoint {
  // <media> has a key and no state: each one told is replaced as a whole (§4.6, step 3.2).
  const media = foldRows(known?.media, update.media, ({ id }) => id, replaced, maxRows);
  return { ...merged(known, update), media };
}

function foldUris(known: Uris | undefined, update: Uris | undefined, maxRows: number): Uris | undefined {
  return byState(
    known,
    update,
    (base, each) => ({
      ...merged(base, each),
      entries: foldRows(base?.entries, each.entries, ({ uri }) => uri, replaced, maxRows),
    }),
    maxRows,
  );
}

function foldSidebars(
  known: Sidebars | undefined,
  update: Sidebars | undefined,
  maxRows: number,
): Sidebars | undefined {
  const into = (row: Sidebar | undefined, sidebar: Sidebar) =>
    byState(row, sidebar, foldConference<Sidebar>, maxRows);
  return byState(
    known,
    update,
    (base, each) => ({
      ...merged(base, each),
      entries: foldRows(base?.entries, each.entries, entityOf, into, maxRows),
    }),
    maxRows,
  );
}

interface WithState {
  readonly state?: PartialState | undefined;
}

/** An element that may be partial: kept where nothing is told, else removed, replaced, or folded, as it says. */
function byState<T extends WithState, U extends T | undefined>(
  known: T | undefined,
  update: U,
  into: (known: T | undefined, update: T, maxRows: number) => T,
  maxRows: number,
): T | undefined {
  if (update === undefined) return known;
  const state = stateOf(update);
  return state === 'deleted' ? undefined : into(state === 'full' ? undefined : known, update, maxRows);
}

/**
 * Elements with a key, of which there are many: each is made of the one of its key and the one that is told, in
 * its place; new ones come at the end, and one without a key is always new.
 */
function foldRows<T>(
  known: readonly T[] | undefined,
  updates: readonly T[],
  keyOf: (row: T) => string | undefined,
  into: (known: T | undefined, update: T) => T | undefined,
  maxRows: number,
): readonly T[] {
  const rows: (T | undefined)[] = [...(known ?? [])];
  const places = new Map<string, number>();
  known?.forEach((row, at) => {
    const key = keyOf(row);
    if (key !== undefined) places.set(key, at);
  });
  for (const update of updates) {
    const key = keyOf(update);
    const at = key === undefined ? undefined : places.get(key);
    const row = into(at === undefined ? undefined : rows[at], update);
    if (at !== undefined) rows[at] = row;
    else if (row !== undefined) {
      if (key !== undefined) places.set(key, rows.length);
      rows.push(row);
    }
  }
  const left = rows.filter((row) => row !== undefined);
  if (left.length > maxRows) {
    throw new ConferenceError('too-many-rows', 'RFC 4575 §4.6', `more than ${maxRows} elements of a kind`);
  }
  return left;
}

function entityOf({ entity }: { readonly entity?: string | undefined }): string | undefined {
  return entity;
}

function replaced<T>(_: T | undefined, update: T): T {
  return update;
}

/**
 * What is told once of an element: what the update has replaces what is known, piece by piece as a whole. The
 * result is all that is known, so it is full.
 */
function merged<T extends Part>(known: T | undefined, update: T): T {
  if (known === undefined) return update.state === undefined ? update : { ...update, state: 'full' };
  const told = Object.entries(update).filter(([key, value]) => value !== undefined && !(key in OF_ITS_OWN));
  return {
    ...known,
    ...Object.fromEntries(told),
    attributes: byName(known.attributes, update.attributes),
    ...(known.extra === undefined ? {} : { extra: byName(known.extra, update.extra ?? []) }),
  };
}

interface Part extends WithState {
  readonly attributes: readonly XmlAttribute[];
  readonly extra?: readonly XmlElement[] | undefined;
}

/** What is known, but that of a name which is told anew. */
function byName<N extends XmlElement | XmlAttribute>(
  known: readonly N[],
  update: readonly N[],
): readonly N[] {
  if (update.length === 0) return known;
  const nameOf = ({ namespace, local }: N) => `${namespace} ${local}`;
  const told = new Set(update.map(nameOf));
  return [...known.filter((each) => !told.has(nameOf(each))), ...update];
}

/** What `merged` treats in another way than to replace it. */
const OF_ITS_OWN = { state: true, attributes: true, extra: true };
