import type { XmlElement } from '@sip-simple/xml';
import { collapse, read } from '@sip-simple/xml/schema';
import { canonicalizeUri } from './canonical.ts';
import type { CopyControl } from './copy-control.ts';
import { type DisplayName, type Entry, entry, type List, list } from './lists.ts';
import type { ListSource } from './services.ts';
import { isAbsoluteHttp, parseListUri, resolveUnder } from './xcap-uri.ts';

/** A resource of the flat list. */
export interface Resource {
  readonly uri: string;
  /** The name for it: that of the reference to the entry, which goes before that of the entry itself. */
  readonly displayName: DisplayName | undefined;
  /** What the entry says, or else what refers to it, or the list it is in (RFC 5364 §4). */
  readonly copyControl: CopyControl | undefined;
  /** Whether any of these wants it anonymous. */
  readonly anonymize: boolean;
  /** The entry, for its extensions. */
  readonly entry: Entry;
}

/** What is to be fetched: a list or an entry, by the absolute URI of the XCAP element. */
export interface Reference {
  readonly type: 'list' | 'entry';
  readonly uri: string;
}

/** What was fetched: the element that each URI gave. What could not be fetched, or is none, is left out. */
export type Fetched = ReadonlyMap<string, XmlElement>;

/** Why a list can't be had whole. */
export interface ResolveProblem {
  readonly code: /** The reference is malformed, gave nothing, or no `<list>` or `<entry>`. */
    | 'unresolved'
    /** A list refers to one that is there already; traversal ended there. */
    | 'loop'
    /** More resources, references or levels than allowed; the rest is left out. */
    | 'limit';
  /** The reference, absolute where it can be made so. */
  readonly uri: string;
  /** The section that the reference should follow. */
  readonly rfc: string;
  /** The response to a SUBSCRIBE for the list, unless a part of it is better than nothing (RFC 4826 §4.5). */
  readonly status: 502;
}

export interface Resolved {
  /** The flat list, in document order, without duplicates. */
  readonly resources: readonly Resource[];
  /** What is missing in it; empty when it is whole. */
  readonly problems: readonly ResolveProblem[];
}

export interface ResolveLimits {
  /** Resources in the flat list; 10 000 by default. */
  readonly resources: number;
  /** References followed; 1 000 by default. */
  readonly references: number;
  /** How many references deep; 16 by default. */
  readonly depth: number;
}

export interface ResolveOptions {
  /** The XCAP root to which `<entry-ref>` is relative, except in lists of another root. */
  readonly root: string;
  /** The URI schemes of resources; others are left out. `sip`, `sips` and `pres` by default. */
  readonly schemes?: readonly string[] | undefined;
  readonly limits?: Partial<ResolveLimits> | undefined;
}

/**
 * Makes the flat list of URIs that a list stands for, with all that it refers to.
 *
 * It is a generator, so that the caller can fetch in its own way, and wait: it yields the references of a level,
 * each once, and is to be given the elements they lead to. `flatten` runs it where everything is at hand.
 *
 * ```ts
 * const run = resolve(service.list, { root });
 * let step = run.next();
 * while (!step.done) step = run.next(await fetchAll(step.value));
 * const { resources, problems } = step.value;
 * ```
 *
 * @param source a list by value, `{ type: 'list', value }`, or where it is, `{ type: 'resourceList', value: uri }`
 * @see RFC 4826 §4.5
 */
export function* resolve(
  source: ListSource,
  options: ResolveOptions,
): Generator<readonly Reference[], Resolved, Fetched> {
  const run = new Resolution(options);
  run.begin(source);
  for (let asked = run.references(); asked.length > 0; asked = run.references()) {
    run.expand(yield asked);
  }
  return run.result();
}

/**
 * Runs `resolve` with what is at hand.
 *
 * @param lookup gives the element at the absolute URI of an XCAP element, or `undefined`
 */
export function flatten(
  source: ListSource,
  options: ResolveOptions,
  lookup: (uri: string) => XmlElement | undefined,
): Resolved {
  const run = resolve(source, options);
  let step = run.next();
  while (!step.done) {
    const fetched = new Map<string, XmlElement>();
    for (const { uri } of step.value) {
      const element = lookup(uri);
      if (element !== undefined) fetched.set(uri, element);
    }
    step = run.next(fetched);
  }
  return step.value;
}

/** What is said of entries from around them. */
interface Around {
  readonly displayName?: DisplayName | undefined;
  readonly copyControl?: CopyControl | undefined;
  readonly anonymize?: boolean | undefined;
}

interface Pending extends Reference {
  readonly around: Around;
  /** The XCAP root of the list that is referred to, or of that which the reference is in. */
  readonly root: string;
}
type Item = Resource | Pending;

/** The list so far: resources, and among them references, each replaced by what it leads to, level by level. */
class Resolution {
  readonly #root: string;
  readonly #schemes: ReadonlySet<string>;
  readonly #limits: ResolveLimits;
  readonly #traversed = new Set<string>();
  readonly #uris = new Set<string>();
  readonly #problems: ResolveProblem[] = [];
  #items: readonly Item[] = [];
  #depth = 0;
  #followed = 0;
  #isFull = false;
  #isLoop = false;

  constructor({ root, schemes = ['sip', 'sips', 'pres'], limits }: ResolveOptions) {
    this.#root = root;
    this.#schemes = new Set(schemes);
    this.#limits = { resources: 10_000, references: 1_000, depth: 16, ...limits };
  }

  begin(source: ListSource): void {
    const items: Item[] = [];
    if (source.type === 'list') this.#add(source.value, {}, this.#root, items);
    else this.#refer(source.value, {}, items);
    this.#items = items;
  }

  /** What is to be fetched next. */
  references(): readonly Reference[] {
    const pending = this.#items.filter(isPending);
    if (pending.length === 0) return [];
    if (this.#isLoop) {
      this.#items = this.#items.filter(isResource);
      return [];
    }
    this.#depth += 1;
    if (this.#depth > this.#limits.depth) {
      for (const { uri } of pending) this.#problem('limit', uri, 'RFC 4826 §4.5');
      this.#items = this.#items.filter(isResource);
      return [];
    }
    const once = new Map(pending.map(({ type, uri }) => [`${type} ${uri}`, { type, uri }]));
    return [...once.values()];
  }

  expand(fetched: Fetched): void {
    const items: Item[] = [];
    for (const item of this.#items) {
      if (!isPending(item)) {
        items.push(item);
        continue;
      }
      const element = fetched.get(item.uri);
      if (item.type === 'entry') {
        const value = element === undefined ? undefined : read(entry, element);
        if (value === undefined) this.#problem('unresolved', item.uri, 'RFC 4826 §3.1');
        else this.#resource(value, item.around, items);
      } else {
        const value = element === undefined ? undefined : read(list, element);
        if (value === undefined) this.#problem('unresolved', item.uri, 'RFC 4826 §3.1');
        else this.#add(value, item.around, item.root, items);
      }
    }
    this.#items = items;
  }

  result(): Resolved {
    return { resources: this.#items.filter(isResource), problems: this.#problems };
  }

  #add(list: List, outside: Around, root: string, items: Item[]): void {
    const around = within(outside, list);
    for (const { type, value } of list.members) {
      // RFC 4826 §4.5: what leads back to a list that is there already ends the traversal.
      if (this.#isLoop) return;
      if (type === 'entry') this.#resource(value, around, items);
      else if (type === 'list') this.#add(value, around, root, items);
      else if (type === 'external') this.#refer(value.anchor, within(around, value), items);
      else {
        const uri = resolveUnder(root, value.ref);
        if (uri === undefined) this.#problem('unresolved', value.ref, 'RFC 4826 §3.1');
        else {
          const byReference = { ...within(around, value), displayName: value.displayName };
          this.#follow({ type: 'entry', uri, around: byReference, root }, items);
        }
      }
    }
  }

  /** A list elsewhere, by its absolute URI. */
  #refer(written: string, around: Around, items: Item[]): void {
    const uri = collapse(written);
    if (!isAbsoluteHttp(uri)) this.#problem('unresolved', uri, 'RFC 4826 §3.1');
    else if (this.#traversed.has(canonicalizeUri(uri))) {
      this.#isLoop = true;
      this.#problem('loop', uri, 'RFC 4826 §4.5');
    } else {
      this.#traversed.add(canonicalizeUri(uri));
      // RFC 4826 §3.1: an entry-ref is relative to the root of the document that it is in.
      const isHere = parseListUri(uri, this.#root) !== undefined;
      const root = isHere ? this.#root : (parseListUri(uri)?.root ?? this.#root);
      this.#follow({ type: 'list', uri, around, root }, items);
    }
  }

  #follow(pending: Pending, items: Item[]): void {
    this.#followed += 1;
    if (this.#followed > this.#limits.references) this.#problem('limit', pending.uri, 'RFC 4826 §4.5');
    else items.push(pending);
  }

  #resource(value: Entry, around: Around, items: Item[]): void {
    const uri = collapse(value.uri);
    const scheme = /^[A-Za-z][A-Za-z0-9+.-]*(?=:)/.exec(uri)?.[0].toLowerCase();
    if (scheme === undefined || !this.#schemes.has(scheme)) return;
    if (this.#uris.has(uri)) return;
    if (this.#uris.size < this.#limits.resources) {
      this.#uris.add(uri);
      const { copyControl, anonymize = false } = within(around, value);
      const displayName = around.displayName ?? value.displayName;
      items.push({ uri, displayName, copyControl, anonymize, entry: value });
    } else if (!this.#isFull) {
      this.#isFull = true;
      this.#problem('limit', uri, 'RFC 4826 §4.5');
    }
  }

  #problem(code: ResolveProblem['code'], uri: string, rfc: string): void {
    if (this.#problems.length < 100) this.#problems.push({ code, uri, rfc, status: 502 });
  }
}

function within(around: Around, { copyControl, anonymize }: Around): Around {
  return {
    copyControl: copyControl ?? around.copyControl,
    anonymize: around.anonymize === true || anonymize === true,
  };
}

function isPending(item: Item): item is Pending {
  return 'type' in item;
}

function isResource(item: Item): item is Resource {
  return !isPending(item);
}
