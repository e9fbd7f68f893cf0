import {
  createRequest,
  createResponse,
  Endpoint,
  type EndpointAction,
  type EndpointInput,
  type HeaderEdit,
  type LocalAddress,
  type Peer,
  parseMessage,
  type SipMessage,
  type SipRequest,
  type SipResponse,
  set,
  TimerWheel,
  type TransportName,
  type Uri,
} from '../../src/index.ts';
import {
  type ProxyAction,
  ProxyCore,
  type ProxyOptions,
  type ProxyTarget,
  type Reach,
} from '../../src/proxy/index.ts';
import { seeded, T0 } from './sip.ts';

/** One message on its way. */
export interface Flight {
  readonly at: number;
  readonly from: string;
  readonly to: string;
  readonly peer: Peer;
  readonly message: SipMessage;
}

interface Node {
  readonly name: string;
  readonly addresses: readonly LocalAddress[];
  readonly deadline: number | undefined;
  receive(peer: Peer, bytes: Uint8Array): void;
  failed(peer: Peer): void;
  tick(): void;
}

/** Proxies and user agents on virtual time, joined by a network that takes a millisecond for each hop. */
export class World {
  now = T0;
  readonly flights: Flight[] = [];
  /** Connections that are closed: nothing arrives by them. */
  readonly closed: Set<number> = new Set();
  /** Whether a message is lost. */
  lose: (flight: Flight) => boolean = () => false;
  readonly #nodes: Node[] = [];
  readonly #arrivals: TimerWheel<() => void> = new TimerWheel();

  add<T extends Node>(node: T): T {
    this.#nodes.push(node);
    return node;
  }

  later(milliseconds: number, run: () => void): void {
    this.#arrivals.set(run, this.now + milliseconds);
  }

  transmit(from: Node, peer: Peer, bytes: Uint8Array): void {
    const host = peer.host.toLowerCase();
    const to = this.#nodes.find((node) => node.addresses.some((each) => isAt(each, { ...peer, host })));
    const local = from.addresses.find(({ transport }) => transport === peer.transport) ?? from.addresses[0];
    const isClosed = peer.connection !== undefined && this.closed.has(peer.connection);
    if (to === undefined || local === undefined || (isClosed && peer.flowOnly === true)) {
      this.later(1, () => from.failed(peer));
      return;
    }
    const message = parseMessage(bytes);
    const flight = { at: this.now - T0, from: from.name, to: to.name, peer, message };
    if (this.lose(flight)) return;
    this.flights.push(flight);
    const { transport, port } = local;
    // One connection between any two nodes.
    const connection = hashed([from.name, to.name].sort().join());
    this.later(1, () => to.receive({ transport, host: local.host, port, connection }, bytes));
  }

  /** Runs until `milliseconds` have passed, or until nothing is left to happen. */
  run(milliseconds = Number.POSITIVE_INFINITY): void {
    const end = this.now + milliseconds;
    for (let steps = 0; steps < 1_000_000; steps += 1) {
      const arrival = this.#arrivals.deadline ?? Number.POSITIVE_INFINITY;
      let due: Node | undefined;
      for (const node of this.#nodes)
        if ((node.deadline ?? Number.POSITIVE_INFINITY) < (due?.deadline ?? arrival)) due = node;
      const at = due?.deadline ?? arrival;
      if (at > end || at === Number.POSITIVE_INFINITY) {
        if (end !== Number.POSITIVE_INFINITY) this.now = end;
        return;
      }
      this.now = Math.max(this.now, at);
      if (due === undefined) for (const run of this.#arrivals.expire(this.now)) run();
      else due.tick();
    }
    throw new Error('the world never comes to rest');
  }

  /** What flew, at a glance: `alice INVITE sip:bob@b.example p1`. */
  ladder(): string[] {
    return this.flights.map(({ from, to, message }) => {
      const what = message.type === 'request' ? message.method : String(message.status);
      return `${from} ${what} ${to}`;
    });
  }

  /** The messages that a node was sent. */
  to(name: string, what?: string | number): SipMessage[] {
    return this.flights
      .filter((flight) => flight.to === name)
      .map(({ message }) => message)
      .filter(
        (message) =>
          what === undefined || (message.type === 'request' ? message.method : message.status) === what,
      );
  }

  /** The last request of a method that a node was sent. */
  request(name: string, method: string): SipRequest {
    const found = this.to(name, method).at(-1);
    if (found?.type !== 'request') throw new Error(`no ${method} to ${name} in ${this.ladder().join(', ')}`);
    return found;
  }

  /** The last response of a status that a node was sent. */
  response(name: string, status: number): SipResponse {
    const found = this.to(name, status).at(-1);
    if (found?.type !== 'response') throw new Error(`no ${status} to ${name} in ${this.ladder().join(', ')}`);
    return found;
  }
}

function isAt(local: LocalAddress, peer: Peer): boolean {
  return local.transport === peer.transport && local.host === peer.host && local.port === peer.port;
}

function hashed(text: string): number {
  let hash = 7;
  for (const character of text) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) % 1_000_003;
  return hash;
}

const ports: Readonly<Record<TransportName, number>> = { udp: 5060, tcp: 5060, tls: 5061, ws: 80, wss: 443 };

/** Where something listens: `udp tcp` at a host, each at its default port. */
export function at(host: string, transports = 'udp tcp'): readonly LocalAddress[] {
  return transports.split(' ').map((name) => {
    const transport = name as TransportName;
    return { transport, host, port: ports[transport] };
  });
}

/** A user agent that answers by a script and remembers what it was told. */
export class Agent implements Node {
  readonly name: string;
  readonly addresses: readonly LocalAddress[];
  readonly endpoint: Endpoint;
  readonly heard: EndpointAction[] = [];
  /** What to answer a request, in order; 0 waits. */
  answers: (request: SipRequest) => readonly (number | SipResponse)[] = () => [200];
  readonly #world: World;
  readonly #pending: { transaction: string; request: SipRequest }[] = [];
  #count = 0;

  constructor(world: World, name: string, host: string, transports?: string) {
    this.name = name;
    this.#world = world;
    this.addresses = at(host, transports);
    this.endpoint = new Endpoint({
      random: seeded(hashed(name)),
      methods: ['INVITE', 'BYE', 'MESSAGE', 'OPTIONS', 'REGISTER', 'SUBSCRIBE', 'NOTIFY', 'FROB'],
      addresses: this.addresses,
      dialogs: lenientDialogs(),
    });
  }

  get deadline(): number | undefined {
    return this.endpoint.deadline;
  }

  receive(peer: Peer, bytes: Uint8Array): void {
    this.give({ type: 'received', peer, bytes });
  }

  failed(peer: Peer): void {
    this.give({ type: 'transport-failed', peer });
  }

  tick(): void {
    this.give({ type: 'tick' });
  }

  give(input: EndpointInput): void {
    for (const action of this.endpoint.handle(input, this.#world.now)) {
      if (action.type === 'transmit') this.#world.transmit(this, action.peer, action.bytes);
      else this.#act(action);
    }
  }

  /** Sends a request to the node at a host; gives its id. */
  send(request: SipRequest, to: Peer): string {
    this.#count += 1;
    const id = `${this.name}/${this.#count}`;
    this.give({ type: 'send', id, request, to });
    return id;
  }

  /** Answers the request that has waited the longest. */
  answer(status: number, headers: readonly HeaderEdit[] = []): void {
    const [first] = this.#pending;
    if (first === undefined) throw new Error(`${this.name} has nothing to answer`);
    if (status >= 200) this.#pending.shift();
    this.#respond(first, status, headers);
  }

  /** The statuses of responses, and reasons of failures, in order. */
  outcomes(): (number | string)[] {
    return this.heard.flatMap((action): (number | string)[] => {
      if (action.type === 'response') return [action.response.status];
      return action.type === 'failed' ? [action.reason] : [];
    });
  }

  /** Final ones of them. */
  finals(): (number | string)[] {
    return this.outcomes().filter((each) => typeof each === 'string' || each >= 200);
  }

  requests(method?: string): SipRequest[] {
    return this.heard.flatMap((action) =>
      action.type === 'request' && (method === undefined || action.request.method === method)
        ? [action.request]
        : [],
    );
  }

  #act(action: EndpointAction): void {
    this.heard.push(action);
    if (action.type === 'cancelled') {
      const at = this.#pending.findIndex(({ transaction }) => transaction === action.transaction);
      const [first] = at === -1 ? [] : this.#pending.splice(at, 1);
      if (first !== undefined) this.#respond(first, 487, []);
    }
    if (action.type !== 'request' || action.request.method === 'ACK') return;
    const { transaction, request } = action;
    let isFinal = false;
    for (const answer of this.answers(request)) {
      if (typeof answer === 'number' && answer > 0) this.#respond({ transaction, request }, answer, []);
      else if (typeof answer === 'object') this.give({ type: 'respond', transaction, response: answer });
      isFinal = typeof answer === 'object' ? answer.status >= 200 : answer >= 200;
    }
    if (!isFinal) this.#pending.push({ transaction, request });
  }

  #respond(
    { transaction, request }: { transaction: string; request: SipRequest },
    status: number,
    headers: readonly HeaderEdit[],
  ): void {
    const routes = request.raw('Record-Route');
    const all = [
      ...(routes.length > 0 && status > 100 ? [set('Record-Route', ...routes)] : []),
      ...(status > 100 && status < 300
        ? [set('Contact', `<sip:${this.name}@${this.addresses[0]?.host}>`)]
        : []),
      ...headers,
    ];
    const toTag = status === 100 ? undefined : `tag-${this.name}`;
    const response = createResponse(request, status, { toTag, headers: all });
    this.give({ type: 'respond', transaction, response });
  }
}

/** Requests with a To tag are taken: these user agents keep no dialogs. */
function lenientDialogs() {
  const dialogs = new Endpoint({ random: seeded(1), methods: [] }).dialogs;
  const usage = { key: 'any', accepts: () => true };
  const receive = dialogs.receive.bind(dialogs);
  dialogs.receive = (request, peer) => {
    const reception = receive(request, peer);
    return reception.type === 'reject' ? { type: 'expected', usage } : reception;
  };
  return dialogs;
}

/** What a test says about a proxy. */
export interface ProxySetup extends Partial<ProxyOptions> {
  readonly transports?: string;
  /** Domains it serves. */
  readonly domains?: readonly string[];
  /** Where users are, by canonical address-of-record. */
  readonly users?: Readonly<Record<string, readonly ProxyTarget[] | number>>;
  /** Whether a request may go there: a status refuses it. Default all but `elsewhere`. */
  readonly admit?: (reach: Reach, request: SipRequest) => number | { route: readonly string[] } | undefined;
}

/** A proxy: a core on its endpoint. */
export class Hop implements Node {
  readonly name: string;
  readonly addresses: readonly LocalAddress[];
  readonly endpoint: Endpoint;
  readonly core: ProxyCore;
  readonly asked: Extract<ProxyAction, { type: 'admit' | 'locate' }>[] = [];
  readonly heard: (EndpointAction | ProxyAction)[] = [];
  /** Whether questions are answered by the test. */
  isSlow = false;
  users: Readonly<Record<string, readonly ProxyTarget[] | number>>;
  readonly #world: World;
  readonly #setup: ProxySetup;

  constructor(world: World, name: string, host: string, setup: ProxySetup = {}) {
    this.name = name;
    this.#world = world;
    this.#setup = setup;
    this.users = setup.users ?? {};
    this.addresses = at(host, setup.transports);
    this.endpoint = new Endpoint({
      random: seeded(hashed(name)),
      methods: [],
      addresses: this.addresses,
      forwards: () => true,
    });
    const domains = new Set(setup.domains ?? []);
    this.core = new ProxyCore({
      random: seeded(hashed(`${name} core`)),
      secret: new Uint8Array(32).fill(hashed(name) % 256),
      addresses: this.addresses,
      isResponsible: (uri: Uri) => uri.type === 'sip' && domains.has(uri.host.toLowerCase()),
      ...setup,
    });
  }

  get deadline(): number | undefined {
    const [one, other] = [this.endpoint.deadline, this.core.deadline];
    return one === undefined ? other : other === undefined ? one : Math.min(one, other);
  }

  receive(peer: Peer, bytes: Uint8Array): void {
    this.#endpoint({ type: 'received', peer, bytes });
  }

  failed(peer: Peer): void {
    this.#endpoint({ type: 'transport-failed', peer });
  }

  tick(): void {
    const { now } = this.#world;
    if ((this.endpoint.deadline ?? Number.POSITIVE_INFINITY) <= now) this.#endpoint({ type: 'tick' });
    if ((this.core.deadline ?? Number.POSITIVE_INFINITY) <= now) this.give({ type: 'tick' });
  }

  give(input: Parameters<ProxyCore['handle']>[0]): void {
    for (const action of this.core.handle(input, this.#world.now)) {
      switch (action.type) {
        case 'send':
        case 'respond':
        case 'cancel':
          this.#endpoint(action);
          break;
        case 'transmit':
          this.#world.transmit(this, action.peer, action.bytes);
          break;
        case 'dropped':
          this.heard.push(action);
          break;
        default:
          this.asked.push(action);
          if (!this.isSlow) this.decide(action);
      }
    }
  }

  /** Answers a question as the set-up says. */
  decide(action: Extract<ProxyAction, { type: 'admit' | 'locate' }>): void {
    const { id } = action;
    if (action.type === 'locate') {
      const found = this.users[action.aor] ?? 404;
      if (typeof found === 'number') this.give({ type: 'located', id, targets: [], status: found });
      else this.give({ type: 'located', id, targets: found });
      return;
    }
    const admit = this.#setup.admit ?? ((reach: Reach) => (reach === 'elsewhere' ? 403 : undefined));
    const decision = admit(action.reach, action.request);
    if (typeof decision === 'number') this.give({ type: 'refused', id, status: decision });
    else this.give({ type: 'admitted', id, route: decision?.route });
  }

  #endpoint(input: EndpointInput): void {
    for (const action of this.endpoint.handle(input, this.#world.now)) {
      if (action.type === 'transmit') this.#world.transmit(this, action.peer, action.bytes);
      else if (this.core.owns(action)) this.give(action);
      else this.heard.push(action);
    }
  }
}

/** The peer that a node is for others. */
export function peerAt(
  node: { readonly addresses: readonly LocalAddress[] },
  transport: TransportName = 'udp',
): Peer {
  const local = node.addresses.find((each) => each.transport === transport);
  if (local === undefined) throw new Error(`nobody listens on ${transport}`);
  return { ...local };
}

/** A request of a user agent. */
export function requestOf(
  method: string,
  uri: string,
  headers: readonly HeaderEdit[] = [],
  body?: string,
): SipRequest {
  const content =
    body === undefined ? {} : { body: new TextEncoder().encode(body), contentType: 'text/plain' };
  return createRequest({
    method,
    uri,
    headers: [
      set('From', '"Alice" <sip:alice@a.example>;tag=9fxced76sl'),
      set('To', '<sip:bob@b.example>'),
      set('Call-ID', `${method}-3848276298220188511@a.example`),
      set('CSeq', `1 ${method}`),
      ...(method === 'INVITE' ? [set('Contact', '<sip:alice@10.0.0.1>')] : []),
      ...headers,
    ],
    ...content,
  });
}

/** A request from 10.0.0.1 as bytes, with these header fields and nothing else but a Via. */
export function written(line: string, fields: readonly string[], body = ''): Uint8Array {
  const via = 'Via: SIP/2.0/UDP 10.0.0.1:5060;branch=z9hG4bKraw';
  return new TextEncoder().encode([`${line} SIP/2.0`, via, ...fields, '', body].join('\r\n'));
}

/** The header fields that every request has. */
export function fieldsOf(method: string, others: readonly string[] = []): readonly string[] {
  return [
    'Max-Forwards: 70',
    'From: <sip:alice@a.example>;tag=a1',
    'To: <sip:bob@b.example>',
    `Call-ID: raw-${method}@a.example`,
    `CSeq: 1 ${method}`,
    ...others,
  ];
}

/** Alice, a proxy for b.example, and as many user agents of Bob's as there are names. */
export function forked(names: readonly string[], setup: ProxySetup & { q?: readonly number[] } = {}) {
  const world = new World();
  const alice = world.add(new Agent(world, 'alice', '10.0.0.1'));
  const bobs = names.map((name, index) => world.add(new Agent(world, name, `10.0.1.${index + 1}`)));
  const targets = bobs.map((bob, index) => ({
    uri: `sip:${bob.name}@${bob.addresses[0]?.host}`,
    q: setup.q?.[index] ?? 1,
  }));
  const proxy = world.add(
    new Hop(world, 'p', '10.0.0.100', {
      domains: ['b.example'],
      users: { 'sip:bob@b.example': targets },
      ...setup,
    }),
  );
  return { world, alice, bobs, proxy };
}

/** Whether nothing is left of all transactions. */
export function isAtRest(hops: readonly Hop[], agents: readonly Agent[]): boolean {
  return (
    hops.every(({ core, endpoint }) => core.size === 0 && core.deadline === undefined && isIdle(endpoint)) &&
    agents.every(({ endpoint }) => isIdle(endpoint))
  );
}

function isIdle({ transactions, deadline }: Endpoint): boolean {
  const { clients, servers, hosts } = transactions.counts;
  return clients === 0 && servers === 0 && hosts === 0 && deadline === undefined;
}
