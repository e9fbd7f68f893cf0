import type { XmlDocument } from '@sip-simple/xml';
import { demandsOf, type ElementSchema } from '@sip-simple/xml/schema';
import { Budget, SelectorError } from '@sip-simple/xml/select';
import { compileWhat } from './content.ts';
import { FilterError } from './errors.ts';
import { expressionsOf } from './expressions.ts';
import type { Filter, FilterSet } from './schema.ts';
import { compileTriggers } from './triggers.ts';

/** A filter in force, or kept for later. */
export interface InstalledFilter {
  readonly id: string;
  /** The resource it is for. */
  readonly uri: string | undefined;
  /** The domain of the resources it is for. */
  readonly domain: string | undefined;
  /** False while it is kept and not used. */
  readonly enabled: boolean;
  /**
   * The document with what the filter wants of it; `undefined` when that is nothing, and a NOTIFY is to be sent
   * without a body (RFC 4660 §5.3.1).
   *
   * @throws {FilterError} `limit`
   */
  content(document: XmlDocument): XmlDocument | undefined;
  /**
   * Whether a change is to be told: always, without triggers.
   *
   * @param previous the document that was last sent, as it was before the filter was applied to it; without it,
   *   as before the first NOTIFY, triggers don't count (RFC 4660 §5.3.1)
   * @throws {FilterError} `limit`
   */
  isTriggered(previous: XmlDocument | undefined, current: XmlDocument): boolean;
}

export interface InstallLimits {
  /** `<what>`, `<changed>`, `<added>` and `<removed>` in a filter document; 40 by default (RFC 4660 §8). */
  readonly parts: number;
  /** Nodes looked at by one application of a filter, as `@sip-simple/xml/select` counts; one million by default. */
  readonly work: number;
  /** Filters in force; 40 by default. */
  readonly filters: number;
}

export interface InstallOptions {
  /**
   * The description of the documents to be filtered, such as `presence` of `@sip-simple/pidf`: by it the result
   * keeps what it has to have to be valid, and no more. Without it, elements keep all their attributes.
   */
  readonly schema?: ElementSchema<unknown, never> | undefined;
  readonly limits?: Partial<InstallLimits> | undefined;
}

/**
 * Takes a filter document into the filters of a subscription: new ones are added, those of a known id are
 * replaced, switched on or off when they come with nothing in them, or removed.
 *
 * @param installed the filters so far; none at first
 * @returns the filters from then on; those given stay as they are
 * @throws {FilterError} `bad-expression`, `conflict`, `incomplete`, `limit`; nothing is taken then
 * @see RFC 4660 §5.2, RFC 4661 §3.4
 */
export function installFilters(
  installed: readonly InstalledFilter[],
  set: FilterSet,
  { schema, limits }: InstallOptions = {},
): readonly InstalledFilter[] {
  const { parts, work, filters } = { parts: 40, work: 1_000_000, filters: 40, ...limits };
  const count = set.filters.reduce((sum, filter) => sum + partsOf(filter), 0);
  if (count > parts) throw tooMany(`${count} parts of filters, of ${parts} allowed`);
  const expression = expressionsOf(set);
  const demands = schema === undefined ? undefined : demandsOf(schema);
  const byId = new Map(installed.map((filter) => [filter.id, filter]));
  const seen = new Set<string>();

  for (const filter of set.filters) {
    const { id, uri, domain, remove = false, enabled = true, what, triggers } = filter;
    if (seen.has(id)) throw new FilterError('conflict', 'RFC 4661 §3.4', `two filters with the id ${id}`);
    seen.add(id);
    if (uri !== undefined && domain !== undefined) {
      throw new FilterError('conflict', 'RFC 4661 §3.4', `filter ${id} has a uri and a domain`);
    }
    if (remove) {
      byId.delete(id);
      continue;
    }
    const before = byId.get(id);
    if (what === undefined && triggers.length === 0) {
      if (before !== undefined) {
        byId.set(id, { ...before, enabled, uri: uri ?? before.uri, domain: domain ?? before.domain });
      } else if (enabled) {
        throw new FilterError('incomplete', 'RFC 4661 §3.4', `filter ${id} is new, and empty`);
      }
      continue;
    }
    // RFC 4660 §5.4: an empty element counts as absent.
    const isEmpty = what === undefined || what.include.length + what.exclude.length === 0;
    const content = isEmpty ? undefined : compileWhat(what, expression, demands);
    const test = compileTriggers(triggers, expression);
    byId.set(id, {
      id,
      uri,
      domain,
      enabled,
      content: (document) =>
        content === undefined ? document : limited(() => content(document, new Budget(work))),
      isTriggered: (previous, current) =>
        test === undefined ||
        previous === undefined ||
        limited(() => test(previous, current, new Budget(work))),
    });
  }

  const result = [...byId.values()];
  if (result.length > filters) throw tooMany(`${result.length} filters, of ${filters} allowed`);
  assertDistinct(result);
  return result;
}

/** RFC 4660 §5.2: "a server MUST check that there are no filters addressed to the same resource or domain". */
function assertDistinct(filters: readonly InstalledFilter[]): void {
  const targets = new Map<string, string>();
  for (const { id, uri, domain } of filters) {
    const target = domain === undefined ? `uri ${uri ?? ''}` : `domain ${domain.toLowerCase()}`;
    const other = targets.get(target);
    if (other !== undefined) {
      throw new FilterError(
        'conflict',
        'RFC 4660 §5.2',
        `filters ${other} and ${id} are for the same resources`,
      );
    }
    targets.set(target, id);
  }
}

/**
 * The filter for a resource: the enabled one with its URI, else with its domain, else, for the resource that was
 * subscribed to, the one that names nothing; `undefined` when there is none, and all is to be told.
 *
 * @param uri the URI of the resource
 * @param options.isSubscribed whether it is the one of the Request-URI; yes by default
 * @param options.isSame how URIs compare, by the rules of their scheme; as text by default
 * @see RFC 4661 §3.4, RFC 4660 §5.2.1
 */
export function filterFor(
  filters: readonly InstalledFilter[],
  uri: string,
  options: {
    readonly isSubscribed?: boolean | undefined;
    readonly isSame?: ((a: string, b: string) => boolean) | undefined;
  } = {},
): InstalledFilter | undefined {
  const { isSubscribed = true, isSame = (a, b) => a === b } = options;
  const enabled = filters.filter((filter) => filter.enabled);
  const host = hostOf(uri);
  return (
    enabled.find((filter) => filter.uri !== undefined && isSame(filter.uri, uri)) ??
    enabled.find(({ domain }) => domain !== undefined && domain.trim().toLowerCase() === host) ??
    (isSubscribed
      ? enabled.find((filter) => filter.uri === undefined && filter.domain === undefined)
      : undefined)
  );
}

/** The domain part of a URI, in lower case. */
function hostOf(uri: string): string | undefined {
  // scheme ":" ["//"] [user "@"] host [":" port] and what follows
  const [, host] = /^[a-z][a-z0-9+.-]*:(?:\/\/)?(?:[^@]*@)?(\[[^\]]*\]|[^:;?/@[\]]+)/i.exec(uri) ?? [];
  return host?.toLowerCase();
}

function partsOf({ what, triggers }: Filter): number {
  const conditions = triggers.map(
    ({ changed, added, removed }) => changed.length + added.length + removed.length,
  );
  const selections = what === undefined ? 0 : Math.max(1, what.include.length + what.exclude.length);
  return selections + conditions.reduce((sum, one) => sum + one, 0);
}

function limited<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (error instanceof SelectorError && error.code === 'limit-work') throw tooMany(error.message, error);
    throw error;
  }
}

function tooMany(message: string, cause?: Error): FilterError {
  return new FilterError('limit', 'RFC 4660 §8', message, cause);
}
