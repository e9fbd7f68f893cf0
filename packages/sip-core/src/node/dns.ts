import { promises } from 'node:dns';
import type { Via } from '../headers/index.ts';
import type { Answer, DnsRecord, Question } from '../resolve/index.ts';
import { Resolver, type ResolverAction, type ResolverInput, type ResolverOptions } from '../resolve/index.ts';
import { parseUri, type Uri } from '../uri.ts';
import { Driver, random } from './driver.ts';

/** What was found, and whether to trust it: what a `Resolver` says without the look-up's id. */
export type Location = Omit<Extract<ResolverAction, { readonly type: 'located' }>, 'type' | 'id'>;

/** Finds SIP servers by the system's DNS. */
export interface NodeResolver {
  /**
   * Finds where a request goes.
   *
   * @param uri its first Route, or else its Request-URI
   * @throws SipError `uri` (rejects)
   */
  locate(uri: Uri | string): Promise<Location>;
  /** Finds where a response goes that can't go back the way its request came; `via` is its topmost. */
  locateReply(via: Via): Promise<Location>;
}

/** How to ask, beyond what a `Resolver` is made of. */
export interface NodeResolverOptions extends ResolverOptions {
  /** Addresses of the DNS servers to ask, e.g. `192.0.2.53` or `[2001:db8::53]:53`; the system's unless given. */
  readonly servers?: readonly string[] | undefined;
  /** Asks the DNS in another way; what is thrown counts as a question that could not be asked. */
  readonly ask?: ((question: Question) => Promise<Answer>) | undefined;
}

/**
 * Makes a resolver that keeps what it learns, and shares questions between look-ups.
 *
 * @example
 * const { locate } = resolver({ transports: ['tcp', 'udp'] });
 * const { peers } = await locate('sip:example.com');
 */
export function resolver(options: NodeResolverOptions = {}): NodeResolver {
  const machine = new Resolver({ random, ...options });
  const ask = options.ask ?? askSystem(options.servers);
  const waiting = new Map<string, (location: Location) => void>();
  let count = 0;
  const driver = new Driver<ResolverInput, ResolverAction>(machine, {
    perform: (action) => {
      if (action.type === 'query') {
        const { question } = action;
        ask(question).then(
          (records) => driver.handle({ type: 'answer', question, records }),
          () => driver.handle({ type: 'answer', question, records: undefined }),
        );
      } else {
        const { peers, reason, isDowngraded } = action;
        waiting.get(action.id)?.({ peers, reason, isDowngraded });
        waiting.delete(action.id);
      }
    },
  });
  const find = (input: (id: string) => ResolverInput): Promise<Location> =>
    new Promise((done) => {
      const id = String(count++);
      waiting.set(id, done);
      driver.handle(input(id));
    });
  return {
    locate: async (uri) => {
      const parsed = typeof uri === 'string' ? parseUri(uri) : uri;
      return find((id) => ({ type: 'locate', id, uri: parsed }));
    },
    locateReply: (via) => find((id) => ({ type: 'locate-reply', id, via })),
  };
}

/** Asks the system's DNS servers; names that only the system knows (its hosts file) have addresses too. */
function askSystem(servers: readonly string[] | undefined): (question: Question) => Promise<Answer> {
  const dns = new promises.Resolver();
  if (servers !== undefined) dns.setServers(servers);
  return async (question) => {
    try {
      return await recordsOf(dns, question);
    } catch (error) {
      const known = servers === undefined ? await hosts(question) : [];
      if (known.length > 0 || isAbsence(error)) return known;
      throw error;
    }
  };
}

async function recordsOf(dns: promises.Resolver, { type, name }: Question): Promise<DnsRecord[]> {
  switch (type) {
    case 'NAPTR':
      return (await dns.resolveNaptr(name)).map((record) => ({ type, ...record }));
    case 'SRV':
      return (await dns.resolveSrv(name)).map(({ name: target, ...record }) => ({ type, ...record, target }));
    default: {
      const found = await (type === 'A'
        ? dns.resolve4(name, { ttl: true })
        : dns.resolve6(name, { ttl: true }));
      return found.map(({ address, ttl }) => ({ type, address, ttlSeconds: ttl }));
    }
  }
}

async function hosts({ type, name }: Question): Promise<DnsRecord[]> {
  if (type !== 'A' && type !== 'AAAA') return [];
  const found = await promises.lookup(name, { all: true, family: type === 'A' ? 4 : 6 }).catch(() => []);
  return found.map(({ address }) => ({ type, address }));
}

/** Whether the DNS said that there are no such records, rather than nothing. */
function isAbsence(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'ENODATA' || code === 'ENOTFOUND';
}
