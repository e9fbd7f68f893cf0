import {
  Dialogs,
  Endpoint,
  type EndpointAction,
  type EndpointInput,
  type Instant,
  type Peer,
  parseMessage,
  type Random,
  type SipMessage,
  type SipRequest,
  type SipResponse,
} from '../../sip-core/src/index.ts';

/** 2026-01-01T00:00:00Z, when every test begins. */
export const epoch: Instant = 1_767_225_600_000;

export type FromEndpoint =
  | Extract<EndpointAction, { type: 'request' | 'response' | 'failed' }>
  | { readonly type: 'tick' };

/** A machine above an endpoint, with the methods it takes and the name its transactions begin with. */
export interface User<Action extends { readonly type: string }> {
  readonly name: string;
  readonly methods: readonly string[];
  readonly deadline: () => Instant | undefined;
  readonly handle: (input: FromEndpoint, now: Instant) => readonly Action[];
}

/** A message on the wire. */
export interface Sent {
  readonly at: Instant;
  readonly from: string;
  readonly to: string;
  readonly message: SipMessage;
  readonly bytes: Uint8Array;
}

interface Receiver {
  receive(peer: Peer, bytes: Uint8Array): void;
}

/** Elements on one network without delay, on virtual time; UDP, and no clock or chance. */
export class World {
  now: Instant = epoch;
  /** Everything that was transmitted, lost messages too. */
  readonly wire: Sent[] = [];
  /** Whether a message is lost on its way. */
  isLost: (sent: Sent) => boolean = () => false;
  readonly random: Random = countingRandom();
  readonly #receivers = new Map<string, Receiver>();
  readonly #elements: Element<{ readonly type: string }>[] = [];
  readonly #inFlight: Sent[] = [];
  #isDelivering = false;

  element<Action extends { readonly type: string }>(
    host: string,
    methods: readonly string[],
  ): Element<Action> {
    const element = new Element<Action>(this, host, methods);
    this.#receivers.set(host, element);
    // its actions are its own; the world only ticks it
    this.#elements.push(element as unknown as Element<{ readonly type: string }>);
    return element;
  }

  /** A peer that a test plays by hand. */
  phone(host: string): Phone {
    const known = this.#receivers.get(host);
    if (known instanceof Phone) return known;
    const phone = new Phone(this, host);
    this.#receivers.set(host, phone);
    return phone;
  }

  transmit(from: string, to: string, bytes: Uint8Array): void {
    const sent: Sent = { at: this.now, from, to, bytes, message: parseMessage(bytes) };
    this.wire.push(sent);
    if (!this.isLost(sent)) this.#inFlight.push(sent);
    if (this.#isDelivering) return;
    this.#isDelivering = true;
    for (let next = this.#inFlight.shift(); next !== undefined; next = this.#inFlight.shift()) {
      this.#receivers.get(next.to)?.receive({ transport: 'udp', host: next.from, port: 5060 }, next.bytes);
    }
    this.#isDelivering = false;
  }

  /** Lets `seconds` pass; every deadline on the way is kept to the millisecond. */
  advance(seconds: number): void {
    const end = this.now + seconds * 1000;
    for (;;) {
      const next = Math.min(...this.#elements.map((element) => element.deadline ?? Number.POSITIVE_INFINITY));
      if (next > end) break;
      this.now = Math.max(this.now, next);
      for (const element of this.#elements) element.tick();
    }
    this.now = end;
  }

  /** The requests of a method on the wire, retransmissions not counted. */
  requests(method: string): SipRequest[] {
    const seen = new Set<string>();
    const found: SipRequest[] = [];
    for (const { message } of this.wire) {
      if (message.type !== 'request' || message.method !== method) continue;
      const branch = message.raw('Via')[0] ?? '';
      if (!seen.has(branch)) found.push(message);
      seen.add(branch);
    }
    return found;
  }
}

/** An endpoint with its users. What they want beyond sending is kept in `actions`. */
export class Element<Action extends { readonly type: string }> implements Receiver {
  readonly dialogs: Dialogs = new Dialogs();
  readonly endpoint: Endpoint;
  readonly actions: Action[] = [];
  /** Called for each action as it comes; may give inputs. */
  onAction: (action: Action) => void = () => {};
  readonly #world: World;
  readonly #host: string;
  readonly #users: User<Action>[] = [];

  constructor(world: World, host: string, methods: readonly string[]) {
    this.#world = world;
    this.#host = host;
    const addresses = [{ transport: 'udp' as const, host, port: 5060 }];
    this.endpoint = new Endpoint({
      addresses,
      dialogs: this.dialogs,
      random: world.random,
      methods,
      limits: { datagramBytes: 65_000 },
    });
  }

  get contact(): string {
    return `<sip:${this.#host}:5060;gr>`;
  }

  get deadline(): Instant | undefined {
    const all = [this.endpoint.deadline, ...this.#users.map((user) => user.deadline())];
    const set = all.filter((each) => each !== undefined);
    return set.length === 0 ? undefined : Math.min(...set);
  }

  use(user: User<Action>): void {
    this.#users.push(user);
  }

  receive(peer: Peer, bytes: Uint8Array): void {
    this.#toEndpoint({ type: 'received', peer, bytes });
  }

  tick(): void {
    this.#toEndpoint({ type: 'tick' });
    for (const user of this.#users) this.perform(user.handle({ type: 'tick' }, this.#world.now));
  }

  /** Carries out what a user wants. */
  perform(actions: readonly Action[]): void {
    for (const action of actions) {
      this.actions.push(action);
      if (isForEndpoint(action)) this.#toEndpoint(action);
      else this.onAction(action);
    }
  }

  /** The actions of a type so far. */
  all<T extends Action['type']>(type: T): Extract<Action, { type: T }>[] {
    return this.actions.filter((action): action is Extract<Action, { type: T }> => action.type === type);
  }

  #toEndpoint(input: EndpointInput): void {
    for (const action of this.endpoint.handle(input, this.#world.now)) {
      if (action.type === 'transmit') this.#world.transmit(this.#host, action.peer.host, action.bytes);
      else if (action.type === 'request') {
        this.#toUser((user) => user.methods.includes(action.request.method), action);
      } else if (action.type === 'response' || action.type === 'failed') {
        this.#toUser((user) => action.id.startsWith(`${user.name}/`), action);
      }
    }
  }

  #toUser(isMeant: (user: User<Action>) => boolean, input: FromEndpoint): void {
    const user = this.#users.find(isMeant);
    if (user !== undefined) this.perform(user.handle(input, this.#world.now));
  }
}

function isForEndpoint(
  action: object,
): action is Extract<EndpointInput, { type: 'respond' | 'send' }> & { type: 'respond' | 'send' } {
  return 'type' in action && (action.type === 'respond' || action.type === 'send');
}

/** A peer whose every message a test writes itself. */
export class Phone implements Receiver {
  readonly host: string;
  /** What came and was not looked at yet. */
  readonly inbox: SipMessage[] = [];
  /** Gives the answer to a request as soon as it comes; `undefined` leaves it to the test. */
  autoAnswer: ((request: SipRequest) => number | undefined) | undefined;
  readonly #world: World;
  #count = 0;

  constructor(world: World, host: string) {
    this.#world = world;
    this.host = host;
  }

  receive(_peer: Peer, bytes: Uint8Array): void {
    const message = parseMessage(bytes);
    if (message.type === 'request') {
      const status = this.autoAnswer?.(message);
      if (status !== undefined) this.answer(message, status);
    }
    this.inbox.push(message);
  }

  /** Sends a request of these lines after the start-line; `{via}` and what is missing are put in. */
  request(startLine: string, lines: readonly string[], body = '', to = '192.0.2.1'): void {
    this.#count += 1;
    const via = `Via: SIP/2.0/UDP ${this.host}:5060;branch=z9hG4bK${this.host}-${this.#count}`;
    const length = new TextEncoder().encode(body).length;
    const text = [
      `${startLine} SIP/2.0`,
      via,
      'Max-Forwards: 70',
      ...lines,
      `Content-Length: ${length}`,
      '',
      body,
    ];
    this.#world.transmit(this.host, to, new TextEncoder().encode(text.join('\r\n')));
  }

  /** Answers a request that came, with more header lines. */
  answer(request: SipRequest, status: number, lines: readonly string[] = []): void {
    const copied = ['Via', 'From', 'To', 'Call-ID', 'CSeq'].flatMap((name) =>
      request.raw(name).map((value) => `${name}: ${value}`),
    );
    const text = [`SIP/2.0 ${status} Whatever`, ...copied, ...lines, 'Content-Length: 0', '', ''].join(
      '\r\n',
    );
    this.#world.transmit(this.host, '192.0.2.1', new TextEncoder().encode(text));
  }

  /** Takes the next response out of the inbox. */
  response(): SipResponse {
    const index = this.inbox.findIndex((message) => message.type === 'response');
    const [message] = index < 0 ? [] : this.inbox.splice(index, 1);
    if (message?.type !== 'response') throw new Error(`${this.host} has got no response`);
    return message;
  }

  /** Takes the next request out of the inbox. */
  next(): SipRequest {
    const index = this.inbox.findIndex((message) => message.type === 'request');
    const [message] = index < 0 ? [] : this.inbox.splice(index, 1);
    if (message?.type !== 'request') throw new Error(`${this.host} has got no request`);
    return message;
  }

  /** The requests that came and were not looked at. */
  get waiting(): number {
    return this.inbox.filter((message) => message.type === 'request').length;
  }
}

export function text(message: SipMessage): string {
  return new TextDecoder().decode(message.body);
}

/** Bytes that never repeat and are the same in every run. */
export function countingRandom(): Random {
  let state = 0x9e3779b9;
  return (length) => {
    const bytes = new Uint8Array(length);
    for (let i = 0; i < length; i++) {
      state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x6d2b79f5) | 0;
      bytes[i] = (state >>> 13) & 255;
    }
    return bytes;
  };
}
