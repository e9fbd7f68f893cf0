import { parse, type XmlDocument } from '@sip-simple/xml';
import {
  anyAttribute,
  anyOther,
  attribute,
  enumeration,
  many,
  optional,
  string,
  text,
  vocabulary,
} from '@sip-simple/xml/schema';
import {
  type InstalledFilter,
  type InstallOptions,
  installFilters,
  parse as parseFilters,
} from '../../src/filter/index.ts';

const PIDF = 'urn:ietf:params:xml:ns:pidf';
const ns = vocabulary(PIDF);

/** As much of PIDF as says what a filtered presence document has to hold. */
export const presence = ns.element('presence', {
  entity: attribute('entity', string),
  tuples: many(
    ns.element('tuple', {
      id: attribute('id', string),
      attributes: anyAttribute(),
      status: ns.element('status', {
        basic: optional(ns.leaf('basic', enumeration('open', 'closed'))),
        extra: anyOther(),
      }),
      extra: anyOther(),
      contact: optional(
        ns.element('contact', { priority: optional(attribute('priority', string)), uri: text(string) }),
      ),
      notes: many(ns.leaf('note', string)),
    }),
  ),
  notes: many(ns.leaf('note', string)),
  extra: anyOther(),
});

const wi = vocabulary('urn:ietf:params:xml:ns:watcherinfo');

/** As much of watcher information (RFC 3858), likewise. */
export const watcherinfo = wi.element('watcherinfo', {
  version: attribute('version', string),
  state: attribute('state', string),
  lists: many(
    wi.element('watcher-list', {
      resource: attribute('resource', string),
      package: attribute('package', string),
      watchers: many(
        wi.element('watcher', {
          status: attribute('status', string),
          id: attribute('id', string),
          event: attribute('event', string),
          expiration: optional(attribute('expiration', string)),
          duration: optional(attribute('duration-subscribed', string)),
          uri: text(string),
        }),
      ),
    }),
  ),
});

/** A presence document around what is given. The prefixes are `r` (RPID) and `x`. */
export function document(content: string): XmlDocument {
  return parse(
    `<presence xmlns="${PIDF}" xmlns:r="urn:ietf:params:xml:ns:pidf:rpid" xmlns:x="urn:example:x" entity="sip:a@example.com">${content}</presence>`,
  );
}

/** Filters as given, in force. The prefixes in expressions are `p`, `r` and `x`. */
export function install(
  filters: string,
  options: InstallOptions = { schema: presence },
  installed: readonly InstalledFilter[] = [],
): readonly InstalledFilter[] {
  const set = parseFilters(`<filter-set xmlns="urn:ietf:params:xml:ns:simple-filter"><ns-bindings>
    <ns-binding prefix="p" urn="${PIDF}"/><ns-binding prefix="r" urn="urn:ietf:params:xml:ns:pidf:rpid"/>
    <ns-binding prefix="x" urn="urn:example:x"/></ns-bindings>${filters}</filter-set>`);
  return installFilters(installed, set, options);
}

/** One filter with the content given, in force. */
export function filterOf(content: string, options?: InstallOptions): InstalledFilter {
  const [filter] = install(`<filter id="1">${content}</filter>`, options);
  if (filter === undefined) throw new Error('there is a filter');
  return filter;
}
