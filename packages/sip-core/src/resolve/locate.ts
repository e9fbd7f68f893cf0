import { bareHost, defaultPort, type Peer, type TransportName, transportName } from '../endpoint/peer.ts';
import type { Via } from '../headers/index.ts';
import type { Random } from '../machine.ts';
import { isIpv6, type SipUri, type Uri } from '../uri.ts';
import { isSecureTransport, offeredServices, offersSips, type Service, serviceName } from './naptr.ts';
import { type Answer, plainName, type Question } from './records.ts';
import { isWithdrawn, orderServers } from './srv.ts';

/** What can be sent by, and how servers are chosen. */
export interface LocateOptions {
  /** The transports that can be used, most preferred first: where a domain leaves the choice, the first of these. */
  readonly transports: readonly TransportName[];
  /** The kinds of addresses that can be reached, most preferred first. */
  readonly families: readonly (4 | 6)[];
  /** Chooses among equal servers by weight; without it their order is always the same (§4.4). */
  readonly random?: Random | undefined;
  /** How many servers of a domain are considered; each costs a question for every address family. */
  readonly servers: number;
}

/** Where a request or response may be sent. */
export interface Located {
  /** In the order in which to try them; none when `reason` says why. */
  readonly peers: readonly Peer[];
  /**
   * - `transport`: nothing we can send by is what the URI asks for
   * - `not-found`: the domain has no server, or no address
   * - `dns`: as `not-found`, while some question stayed unanswered: may be found later (treat it as 503)
   */
  readonly reason?: 'transport' | 'not-found' | 'dns' | undefined;
  /** Whether the domain's NAPTR records were asked for, and whether they offered TLS. */
  readonly offer?: { readonly domain: string; readonly isSecure: boolean } | undefined;
}

/** Asks questions, some at a time, until it knows. */
export type Plan = Generator<readonly Question[], Located, readonly Answer[]>;

/**
 * Finds where a request goes whose first Route, or else its Request-URI, is `uri`.
 *
 * @see RFC 3263 §4.1, §4.2; RFC 7118 §5.5
 */
export function* locate(uri: Uri, options: LocateOptions): Plan {
  if (uri.type === 'other') return nowhere('transport');
  const target = bareHost(uri.params.get('maddr') ?? uri.host);
  const address = literalOf(target);
  const domain = plainName(target);
  const isKnown = uri.params.has('transport');
  let transport = isKnown ? namedTransport(uri) : undefined;
  if (!isKnown && (address !== undefined || uri.port !== undefined)) {
    transport = usualTransport(uri, options.transports);
  }
  if (transport === undefined && (isKnown || address !== undefined || uri.port !== undefined))
    return nowhere('transport');
  if (transport !== undefined && !options.transports.includes(transport)) return nowhere('transport');
  if (transport !== undefined && (address !== undefined || uri.port !== undefined)) {
    const server = { host: address ?? domain, port: uri.port ?? defaultPort(transport) };
    return yield* addresses([server], transport, domain, options);
  }
  if (transport !== undefined) return yield* service(transport, domain, options);
  return yield* anyService(uri, domain, options);
}

/**
 * Finds where a response goes when the connection that its request came by is gone, or its source can't be reached.
 *
 * @param via the request's topmost Via
 * @see RFC 3263 §5
 */
export function* locateReply(via: Via, options: LocateOptions): Plan {
  // A Via's TLS is TLS over TCP: there is no other.
  const transport = transportName(via.transport);
  if (transport === undefined || !options.transports.includes(transport)) return nowhere('transport');
  const host = bareHost(via.host);
  const address = literalOf(host);
  const domain = plainName(host);
  if (address === undefined && via.port === undefined) return yield* service(transport, domain, options);
  const port = via.port ?? defaultPort(transport);
  return yield* addresses([{ host: address ?? domain, port }], transport, domain, options);
}

/** Gives an IP literal, without brackets, in a form that sockets take; `undefined` when `host` is a name. */
export function literalOf(host: string): string | undefined {
  if (host.includes(':')) {
    // The third colon that the grammar of RFC 3261 brings about (RFC 5118 §4.10).
    const address = host.replace(/:::(?=\d+\.)/, '::');
    return isIpv6(address) ? address : undefined;
  }
  const parts = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(host)?.slice(1);
  return parts?.every((part) => Number(part) < 256) === true ? parts.map(Number).join('.') : undefined;
}

/** The transport that a URI asks for, over TLS where its scheme wants that (RFC 3261 §26.2.2). */
function namedTransport(uri: SipUri): TransportName | undefined {
  const named = transportName(uri.params.get('transport') ?? '');
  if (uri.scheme === 'sip') return named;
  if (named === 'tcp' || named === 'tls') return 'tls';
  return named === 'ws' || named === 'wss' ? 'wss' : undefined;
}

/** "the client SHOULD use UDP for a SIP URI, and TCP for a SIPS URI": TCP where there is no UDP. */
function usualTransport(uri: SipUri, transports: readonly TransportName[]): TransportName | undefined {
  if (uri.scheme === 'sips') return 'tls';
  return transports.includes('udp') || !transports.includes('tcp') ? 'udp' : 'tcp';
}

/** Neither transport nor port are given: the domain says what it has, or else our preference decides. */
function* anyService(uri: SipUri, domain: string, options: LocateOptions): Plan {
  const isSecure = uri.scheme === 'sips';
  const [pointers] = yield [{ type: 'NAPTR', name: domain }];
  const offer = { domain, isSecure: offersSips(pointers) };
  const offered = offeredServices(pointers, isSecure, options.transports);
  const usual = usualTransport(uri, options.transports);
  const services =
    offered.length > 0
      ? offered
      : options.transports
          .filter((transport) => isSecureTransport(transport) === isSecure)
          .map((transport) => ({ transport, name: serviceName(transport, domain) }));
  const found = yield* firstService(services, domain, options, offered.length > 0);
  if (found !== undefined) return { ...found, offer };
  const transport = offered[0]?.transport ?? usual;
  if (transport === undefined || !options.transports.includes(transport))
    return { ...nowhere('transport'), offer };
  const server = { host: domain, port: defaultPort(transport) };
  return { ...(yield* addresses([server], transport, domain, options)), offer };
}

/** The one service for a transport; the domain's own addresses when it has no SRV records. */
function* service(transport: TransportName, domain: string, options: LocateOptions): Plan {
  const found = yield* firstService(
    [{ transport, name: serviceName(transport, domain) }],
    domain,
    options,
    true,
  );
  if (found !== undefined) return found;
  return yield* addresses([{ host: domain, port: defaultPort(transport) }], transport, domain, options);
}

/** The servers of the first service that has SRV records; `undefined` when none has. */
function* firstService(
  services: readonly Service[],
  domain: string,
  options: LocateOptions,
  isOneByOne: boolean,
): Generator<readonly Question[], Located | undefined, readonly Answer[]> {
  const ask = ({ name }: Service): Question => ({ type: 'SRV', name });
  const all = isOneByOne || services.length === 0 ? [] : yield services.map(ask);
  let isWithdrawnEverywhere = false;
  for (const [index, each] of services.entries()) {
    const [answer] = isOneByOne ? yield [ask(each)] : [all[index]];
    const servers = orderServers(answer, options.random, options.servers);
    if (isWithdrawn(servers)) isWithdrawnEverywhere = true;
    else if (servers.length > 0) {
      const hosts = servers.map(({ target, port }) => ({ host: plainName(target), port }));
      return yield* addresses(hosts, each.transport, domain, options);
    }
  }
  return isWithdrawnEverywhere ? nowhere('not-found') : undefined;
}

/** All addresses of servers, server by server. */
function* addresses(
  servers: readonly { readonly host: string; readonly port: number }[],
  transport: TransportName,
  domain: string,
  options: LocateOptions,
): Plan {
  const types = options.families.map((family) => (family === 4 ? 'A' : 'AAAA'));
  const questions: Question[] = servers
    .filter(({ host }) => literalOf(host) === undefined)
    .flatMap(({ host }) => types.map((type) => ({ type, name: host })));
  const answers = questions.length === 0 ? [] : yield questions;
  const peers = new Map<string, Peer>();
  for (const { host, port } of servers) {
    const literal = literalOf(host);
    const found =
      literal === undefined
        ? questions.flatMap(({ name }, index) => (name === host ? addressesIn(answers[index]) : []))
        : [literal];
    for (const each of found) {
      const peer = { transport, host: each, port };
      // Who answers there has to prove that it is the domain that was asked for, not what the DNS made of it.
      peers.set(`${each} ${port}`, isSecureTransport(transport) ? { ...peer, domain } : peer);
    }
  }
  if (peers.size > 0) return { peers: [...peers.values()] };
  return nowhere(answers.includes(undefined) ? 'dns' : 'not-found');
}

function addressesIn(answer: Answer): readonly string[] {
  return (answer ?? []).flatMap((record) =>
    record.type === 'A' || record.type === 'AAAA' ? [record.address] : [],
  );
}

function nowhere(reason: 'transport' | 'not-found' | 'dns'): Located {
  return { peers: [], reason };
}
