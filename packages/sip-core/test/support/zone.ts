import { parseUri, type Uri, via } from '../../src/index.ts';
import {
  type Answer,
  type DnsRecord,
  type NaptrRecord,
  type Question,
  Resolver,
  type ResolverAction,
  type ResolverInput,
  type ResolverOptions,
  type SrvRecord,
} from '../../src/resolve/index.ts';
import { T0 } from './sip.ts';

/** Records by `TYPE name`. What is not there does not exist; `undefined` can't be asked. */
export type Zone = Readonly<Record<string, Answer>>;

export type LocatedAction = Extract<ResolverAction, { type: 'located' }>;

/** A line of a zone: `naptr('50 50 s SIPS+D2T _sips._tcp.example.com')`. */
export function naptr(line: string): NaptrRecord {
  const [order, preference, flags = '', service = '', replacement = ''] = line.split(' ');
  return {
    type: 'NAPTR',
    order: Number(order),
    preference: Number(preference),
    flags,
    service,
    regexp: '',
    replacement,
  };
}

/** A line of a zone: `srv('0 1 5060 server1.example.com')`. */
export function srv(line: string): SrvRecord {
  const [priority, weight, port, target = ''] = line.split(' ');
  return { type: 'SRV', priority: Number(priority), weight: Number(weight), port: Number(port), target };
}

export function a(address: string, ttlSeconds?: number): DnsRecord {
  return { type: address.includes(':') ? 'AAAA' : 'A', address, ttlSeconds };
}

/** Gives a machine an input, and answers from the zone until it has no more questions. */
export function settle(
  machine: Resolver,
  zone: Zone,
  input: ResolverInput,
  now: number = T0,
): { readonly located: readonly LocatedAction[]; readonly asked: readonly string[] } {
  const located: LocatedAction[] = [];
  const asked: string[] = [];
  const questions: Question[] = [];
  const take = (actions: readonly ResolverAction[]): void => {
    for (const action of actions) {
      if (action.type === 'query') questions.push(action.question);
      else located.push(action);
    }
  };
  take(machine.handle(input, now));
  for (let question = questions.shift(); question !== undefined; question = questions.shift()) {
    const key = `${question.type} ${question.name}`;
    asked.push(key);
    const records = key in zone ? zone[key] : [];
    take(machine.handle({ type: 'answer', question, records }, now));
  }
  return { located, asked };
}

/** Looks one URI up by a resolver of its own. */
export function look(
  zone: Zone,
  uri: string | Uri,
  options?: ResolverOptions,
): LocatedAction & { readonly asked: readonly string[]; readonly found: readonly string[] } {
  const parsed = typeof uri === 'string' ? parseUri(uri) : uri;
  return outcome(settle(new Resolver(options), zone, { type: 'locate', id: '1', uri: parsed }));
}

/** Looks up where the response to a request with this topmost Via goes. */
export function lookReply(zone: Zone, text: string, options?: ResolverOptions): ReturnType<typeof look> {
  const input = { type: 'locate-reply', id: '1', via: via.parse(text) } as const;
  return outcome(settle(new Resolver(options), zone, input));
}

function outcome({ located, asked }: ReturnType<typeof settle>): ReturnType<typeof look> {
  const [only] = located;
  if (only === undefined || located.length > 1) throw new Error(`${located.length} results`);
  return { ...only, asked, found: only.peers.map((peer) => `${peer.transport} ${peer.host} ${peer.port}`) };
}
