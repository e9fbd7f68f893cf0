import {
  anyOther,
  anyUri,
  attribute,
  collapse,
  enumeration,
  type Infer,
  type Input,
  integer,
  many,
  optional,
  type SimpleType,
  string,
  text,
  vocabulary,
  xmlLang,
} from '@sip-simple/xml/schema';

/** The namespace of RFC 3858. */
export const WATCHERINFO = 'urn:ietf:params:xml:ns:watcherinfo';

/** The state of a subscription (RFC 3857 §4.7.1). */
export type WatcherStatus = 'pending' | 'active' | 'waiting' | 'terminated';

/** What brought a subscription into its state (RFC 3857 §4.7.1). */
export type WatcherEvent =
  | 'subscribe'
  | 'approved'
  | 'deactivated'
  | 'probation'
  | 'rejected'
  | 'timeout'
  | 'giveup'
  | 'noresource';

/** Versions don't wrap, and fit 32 bits (§3). */
export const MAX_VERSION = 2 ** 32 - 1;

const winfo = vocabulary(WATCHERINFO);

// RFC 3261 §25.1: token = 1*(alphanum / "-" / "." / "!" / "%" / "*" / "_" / "+" / "`" / "'" / "~" )
const TOKEN = /^[A-Za-z0-9\-.!%*_+`'~]+$/;

/** The id of a subscription: any text in what others wrote, a token of RFC 3261 in what is right. */
const subscriptionId: SimpleType<string> = {
  name: 'a token of RFC 3261',
  whiteSpace: 'preserve',
  unique: true,
  read: (written) => (written === '' ? undefined : written),
  isValid: (written) => TOKEN.test(written),
  write: (value) => value,
};

const EVENTS: ReadonlySet<string> = new Set<WatcherEvent>([
  'subscribe',
  'approved',
  'deactivated',
  'probation',
  'rejected',
  'timeout',
  'giveup',
  'noresource',
]);

/** Read as it is, so that a reason from after RFC 3857 (RFC 6665 has `invariant`) doesn't hide a watcher. */
const event: SimpleType<WatcherEvent | (string & {})> = {
  name: `one of ${[...EVENTS].join(', ')}`,
  whiteSpace: 'preserve',
  read: (written) => (written === '' ? undefined : collapse(written)),
  isValid: (written) => EVENTS.has(written),
  write: (value) => value,
};

const UNSIGNED_LONG = /^(?:\+?[0-9]+|-0+)$/;
const MAX_UNSIGNED_LONG = '18446744073709551615';

/** `xs:unsignedLong`, of which a number has the exact value up to 2^53. */
const seconds: SimpleType<number> = {
  name: 'xs:unsignedLong',
  whiteSpace: 'collapse',
  read: (written) => (UNSIGNED_LONG.test(written) ? Math.abs(Number(written)) : undefined),
  isValid(written) {
    if (!UNSIGNED_LONG.test(written)) return false;
    const digits = written.replace(/^[+-]?0*/, '');
    const { length } = MAX_UNSIGNED_LONG;
    return digits.length < length || (digits.length === length && digits <= MAX_UNSIGNED_LONG);
  },
  write: (value) => String(value),
};

/** `<watcher>`: one subscription to the resource. */
export const watcher = winfo.element('watcher', {
  /** The name of who subscribes, to be shown. */
  displayName: optional(attribute('display-name', string)),
  status: attribute('status', enumeration('pending', 'active', 'waiting', 'terminated')),
  /** What brought the subscription into its state. */
  event: attribute('event', event),
  /** How long the subscription lasts, in seconds from when the document was made. */
  expirationSeconds: optional(attribute('expiration', seconds)),
  /** Names the subscription, uniquely in a watcherinfo subscription. */
  id: attribute('id', subscriptionId),
  /** For how long there has been the subscription, in seconds, when the document was made. */
  durationSubscribedSeconds: optional(attribute('duration-subscribed', seconds)),
  /** The language of `displayName` (`xml:lang`). */
  language: optional(xmlLang),
  /** Who subscribes: the authenticated identity, mostly an address-of-record. */
  uri: text(anyUri),
});

/** `<watcher-list>`: the watchers of a resource. */
export const watcherList = winfo.element('watcher-list', {
  /** The URI of what is watched. */
  resource: attribute('resource', anyUri),
  /** The event package of the subscriptions. */
  package: attribute('package', string),
  watchers: many(watcher),
  /** Elements of other namespaces. */
  extra: anyOther(),
});

/** `<watcherinfo>`, a document (RFC 3858 §3). */
export const watcherinfo = winfo.element('watcherinfo', {
  /** The place of the document among those of the watcherinfo subscription: 0, 1, 2 and so on. */
  version: attribute('version', integer({ min: 0, max: MAX_VERSION })),
  /** Whether it holds all watchers, or only those that have changed. */
  state: attribute('state', enumeration('full', 'partial')),
  lists: many(watcherList),
  /** Elements of other namespaces. */
  extra: anyOther(),
});

/** Who watches what, or what has changed about that. */
export type Watcherinfo = Infer<typeof watcherinfo>;
export type WatcherList = Infer<typeof watcherList>;
export type Watcher = Infer<typeof watcher>;

/** What `serialize` takes: a `Watcherinfo` whose empty lists may be left out. */
export type WatcherinfoInit = Input<typeof watcherinfo>;
export type WatcherListInit = Input<typeof watcherList>;
export type WatcherInit = Input<typeof watcher>;
