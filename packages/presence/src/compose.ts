import { type Device, instantOf, type Person, type Presence, parse, type Tuple } from '@sip-simple/pidf';

/** A publication as far as composition goes. */
export interface PublishedDocument {
  /** Names the publication as long as it lives, also across changes of its entity-tag. */
  readonly id: string;
  readonly document: Presence;
  /** When it was last changed, in milliseconds since the epoch; without it the order of publications counts. */
  readonly receivedAt?: number | undefined;
}

/** A person or device as one publication describes it. */
export interface Occurrence<T> {
  readonly value: T;
  readonly publication: PublishedDocument;
  /** Its timestamp, or when its publication was received; `undefined` when neither is known. */
  readonly changedAt: number | undefined;
}

/** Decides which of several descriptions of one person or device to show. They come oldest publication first. */
export type Resolution<T> = (occurrences: readonly Occurrence<T>[]) => readonly Occurrence<T>[];

/** The local policy of composition, which RFC 3856 §6.11.1 and RFC 4479 §3.5 leave open. */
export interface CompositionPolicy {
  /** For the person when several publications describe it; `newest` by default. */
  readonly person?: Resolution<Person> | undefined;
  /** For a device when several publications describe it under one device ID; `newest` by default. */
  readonly device?: Resolution<Device> | undefined;
}

/**
 * Composes what a presentity's publications say into one document.
 *
 * - Services (tuples), notes and extensions of all are united; notes that say the same are given once.
 * - There is one person (RFC 4479 §3.2) and one device for each device ID: where several publications describe
 *   it, the description that changed last is taken, with all occurrences its publication has. A description
 *   with a time is newer than one without; among equals that of the later publication is.
 * - Occurrence identifiers stay as published. One that an older publication has taken gets an ending made
 *   from the name of its publication, which stays the same while that is modified and refreshed.
 * - `entity` is the presentity.
 *
 * A single publication about the presentity is returned as it is.
 *
 * @param presentity the URI that watchers ask for
 * @param publications oldest first
 * @see RFC 4479 §3.5 and §3.8, RFC 3856 §6.11.1
 */
export function compose(
  presentity: string,
  publications: readonly PublishedDocument[],
  policy: CompositionPolicy = {},
): Presence {
  const [first, ...others] = publications;
  if (first === undefined) return neutral(presentity);
  const base = first.document;
  if (others.length === 0) return base.entity === presentity ? base : { ...base, entity: presentity };

  const ids = new Identifiers();
  const tuples: Tuple[] = [];
  for (const publication of publications) {
    for (const tuple of publication.document.tuples) tuples.push(ids.unique(tuple, publication));
  }
  const persons = occurrencesOf(publications, ({ persons }) => persons);
  const devices = occurrencesOf(publications, ({ devices }) => devices);
  const name = <T extends { readonly id: string }>({ value, publication }: Occurrence<T>): T =>
    ids.unique(value, publication);
  return {
    ...base,
    entity: presentity,
    tuples,
    notes: unique(publications.flatMap(({ document }) => document.notes)),
    persons: resolve(persons, () => 'person', policy.person ?? newest).map(name),
    devices: resolve(devices, ({ deviceId }) => deviceId, policy.device ?? newest).map(name),
    extra: publications.flatMap(({ document }) => document.extra),
  };
}

/** The resolution that takes the description that changed last, with all occurrences its publication has. */
export function newest<T>(occurrences: readonly Occurrence<T>[]): readonly Occurrence<T>[] {
  let last: Occurrence<T> | undefined;
  for (const occurrence of occurrences) {
    const { changedAt = Number.NEGATIVE_INFINITY } = occurrence;
    if (changedAt >= (last?.changedAt ?? Number.NEGATIVE_INFINITY)) last = occurrence;
  }
  return occurrences.filter(({ publication }) => publication === last?.publication);
}

/** The resolution that leaves the choice to watchers: all occurrences, as RFC 4479 §3.5 models ambiguity. */
export function all<T>(occurrences: readonly Occurrence<T>[]): readonly Occurrence<T>[] {
  return occurrences;
}

/**
 * The document of a presentity that nothing is known of: without tuples, since "the absence of a presence
 * attribute from a document means that a watcher cannot make any definitive statement" (RFC 4479 §3.6). A
 * watcher who may not see anything gets the same, so that it can't tell (RFC 3856 §6.6.2); one whose
 * authorization is pending gets a note that says so.
 */
export function neutral(presentity: string, why: 'unknown' | 'pending' | 'hidden' = 'unknown'): Presence {
  const notes = why === 'pending' ? [PENDING] : [];
  return { entity: presentity, tuples: [], notes, persons: [], devices: [], extra: [] };
}

/**
 * Reads the body of a publication, the way `compose` wants it.
 *
 * @param charset the parameter of the Content-Type, when it has one
 * @throws {PidfError} with the `status` to answer, when the body is no presence document
 */
export function check(body: Uint8Array, charset?: string): Presence {
  return parse(body, { charset });
}

function occurrencesOf<T extends { readonly timestamp?: string | undefined }>(
  publications: readonly PublishedDocument[],
  from: (document: Presence) => readonly T[],
): Occurrence<T>[] {
  return publications.flatMap((publication) =>
    from(publication.document).map((value) => {
      const written = value.timestamp === undefined ? undefined : instantOf(value.timestamp);
      return { value, publication, changedAt: written ?? publication.receivedAt };
    }),
  );
}

/** Lets the policy choose wherever several publications describe the same. What has no key is nobody's double. */
function resolve<T>(
  occurrences: readonly Occurrence<T>[],
  keyOf: (value: T) => string,
  policy: Resolution<T>,
): readonly Occurrence<T>[] {
  const groups = new Map<unknown, Occurrence<T>[]>();
  for (const occurrence of occurrences) {
    const key = keyOf(occurrence.value) || occurrence;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [occurrence]);
    else group.push(occurrence);
  }
  return [...groups.values()].flatMap((group) => {
    const isAmbiguous = group.some(({ publication }) => publication !== group[0]?.publication);
    return isAmbiguous ? policy(group) : group;
  });
}

/** RFC 4479 §3.5: an identifier "is unique across all other occurrence identifiers for any service, device, or person". */
class Identifiers {
  readonly #taken = new Set<string>();
  /** How many endings were tried for an identifier of a publication, so that none is tried twice. */
  readonly #tried = new Map<string, number>();

  unique<T extends { readonly id: string }>(value: T, publication: PublishedDocument): T {
    if (value.id === '') return value;
    const name = `${publication.id} ${value.id}`;
    let tried = this.#tried.get(name) ?? 0;
    let id = value.id;
    for (; this.#taken.has(id); tried += 1) {
      id = `${value.id}-${fingerprint(publication.id + (tried === 0 ? '' : ` ${tried}`))}`;
    }
    if (tried > 0) this.#tried.set(name, tried);
    this.#taken.add(id);
    return id === value.id ? value : { ...value, id };
  }
}

function unique(notes: Presence['notes']): Presence['notes'] {
  const said = new Set<string>();
  return notes.filter(({ text, language = '' }) => {
    const key = `${language} ${text}`;
    return !said.has(key) && said.add(key);
  });
}

/** A short text that stands for a name: 32-bit FNV-1a, in characters that an identifier may have. */
function fingerprint(name: string): string {
  let hash = 0x811c9dc5;
  for (let index = 0; index < name.length; index += 1) {
    hash = Math.imul(hash ^ name.charCodeAt(index), 0x01000193);
  }
  return (hash >>> 0).toString(36);
}

const PENDING = { text: 'The subscription awaits authorization.', language: 'en' };
