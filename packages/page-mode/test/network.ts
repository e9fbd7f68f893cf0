import {
  Endpoint,
  type EndpointAction,
  type EndpointInput,
  type Instant,
  type Machine,
  parseMessage,
  type Random,
  type SipMessage,
  type SipRequest,
  type SipResponse,
} from '@sip-simple/sip-core';

/** 2026-01-01T00:00:00Z, when every test begins. */
export const epoch: Instant = 1_767_225_600_000;

/** What the machines here want done, as far as a network can do it. */
export type Wanted =
  | Extract<EndpointInput, { type: 'send' | 'respond' }>
  | { readonly type: 'save'; readonly key: string; readonly record: Uint8Array; readonly expiresAt: Instant }
  | { readonly type: 'forget' | 'fetch'; readonly key: string }
  | { readonly type: 'message' | 'outcome' | 'ended' | 'copied' | 'authorize' };

/** What endpoint and store tell a machine. */
export type Told =
  | Extract<EndpointAction, { type: 'request' | 'response' | 'failed' }>
  | { readonly type: 'fetched'; readonly key: string; readonly record: Uint8Array | undefined }
  | { readonly type: 'tick' };

/** Elements joined by UDP without delay, on virtual time. */
export class Network {
  now: Instant = epoch;
  /** Everything that was transmitted, what was lost too. */
  readonly wire: { readonly from: string; readonly to: string; readonly message: SipMessage }[] = [];
  isLost: (to: string, message: SipMessage) => boolean = () => false;
  readonly random: Random = countingRandom();
  readonly #elements = new Map<string, Element>();
  readonly #inFlight: { readonly from: string; readonly to: string; readonly bytes: Uint8Array }[] = [];
  #isDelivering = false;

  element(host: string, supported: readonly string[] = []): Element {
    const element = new Element(this, host, supported);
    this.#elements.set(host, element);
    return element;
  }

  transmit(from: string, to: string, bytes: Uint8Array): void {
    const message = parseMessage(bytes);
    this.wire.push({ from, to, message });
    if (this.isLost(to, message)) return;
    this.#inFlight.push({ from, to, bytes });
    if (this.#isDelivering) return;
    this.#isDelivering = true;
    for (let next = this.#inFlight.shift(); next !== undefined; next = this.#inFlight.shift()) {
      this.#elements.get(next.to)?.receive(next.from, next.bytes);
    }
    this.#isDelivering = false;
  }

  /** Lets `seconds` pass; every deadline on the way is kept to the millisecond. */
  advance(seconds: number): void {
    const end = this.now + seconds * 1000;
    for (;;) {
      const deadlines = [...this.#elements.values()].map(
        ({ deadline }) => deadline ?? Number.POSITIVE_INFINITY,
      );
      const next = Math.min(...deadlines);
      if (next > end) break;
      this.now = Math.max(this.now, next);
      for (const element of this.#elements.values()) element.tick();
    }
    this.now = end;
  }

  /** The requests to a host, retransmissions not counted. */
  requests(to: string): SipRequest[] {
    const branches = new Set<string>();
    const found: SipRequest[] = [];
    for (const sent of this.wire) {
      const { message } = sent;
      const branch = message.raw('Via')[0] ?? '';
      if (sent.to !== to || message.type !== 'request' || branches.has(branch)) continue;
      branches.add(branch);
      found.push(message);
    }
    return found;
  }
}

/** An endpoint with the machine above it, and a store. What the machine wants beyond is kept in `actions`. */
export class Element {
  readonly host: string;
  readonly store = new Map<string, Uint8Array>();
  readonly actions: Wanted[] = [];
  readonly #network: Network;
  readonly #supported: readonly string[];
  #endpoint: Endpoint;
  #machine: Machine<Told, Wanted> | undefined;
  /** Answers requests by hand, when there is no machine; `undefined` for silence. */
  answer: ((request: SipRequest, transaction: string) => SipResponse | undefined) | undefined;
  /** Called for every request before the machine is. @returns what to give to the machine instead */
  route: ((told: Extract<Told, { type: 'request' }>) => readonly Wanted[]) | undefined;

  constructor(network: Network, host: string, supported: readonly string[]) {
    this.host = host;
    this.#network = network;
    this.#supported = supported;
    this.#endpoint = this.#made();
  }

  #made(): Endpoint {
    return new Endpoint({
      addresses: [{ transport: 'udp', host: this.host, port: 5060 }],
      random: this.#network.random,
      methods: ['MESSAGE'],
      supported: this.#supported,
    });
  }

  /** The process is killed, and another begins: all is lost but the store. */
  restart(): void {
    this.#endpoint = this.#made();
  }

  /** Puts a machine in charge; of what it is told it may understand a part. */
  use<Input, Action extends Wanted>(machine: Machine<Input, Action>): void {
    // the tests give each machine only what its own actions bring about
    this.#machine = machine as unknown as Machine<Told, Wanted>;
  }

  get deadline(): Instant | undefined {
    const all = [this.#endpoint.deadline, this.#machine?.deadline].filter((each) => each !== undefined);
    return all.length === 0 ? undefined : Math.min(...all);
  }

  receive(from: string, bytes: Uint8Array): void {
    this.#tellEndpoint({ type: 'received', peer: { transport: 'udp', host: from, port: 5060 }, bytes });
  }

  tick(): void {
    this.#tellEndpoint({ type: 'tick' });
    if (this.#machine?.deadline !== undefined) this.#tell({ type: 'tick' });
  }

  /** Carries out what a machine wants. */
  perform(actions: readonly Wanted[]): void {
    for (const action of actions) {
      this.actions.push(action);
      if (action.type === 'send' || action.type === 'respond') this.#tellEndpoint(action);
      else if (action.type === 'save') this.store.set(action.key, action.record);
      else if (action.type === 'forget') this.store.delete(action.key);
      else if (action.type === 'fetch') {
        this.#tell({ type: 'fetched', key: action.key, record: this.store.get(action.key) });
      }
    }
  }

  #tellEndpoint(input: EndpointInput): void {
    for (const action of this.#endpoint.handle(input, this.#network.now)) {
      if (action.type === 'transmit') this.#network.transmit(this.host, action.peer.host, action.bytes);
      else if (action.type === 'request' && this.route !== undefined) this.perform(this.route(action));
      else if (action.type === 'request' && this.answer !== undefined) {
        const { transaction } = action;
        const response = this.answer(action.request, transaction);
        if (response !== undefined) this.#tellEndpoint({ type: 'respond', transaction, response });
      } else if (action.type === 'request' || action.type === 'response' || action.type === 'failed') {
        this.#tell(action);
      }
    }
  }

  #tell(told: Told): void {
    this.perform(this.#machine?.handle(told, this.#network.now) ?? []);
  }
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

/** A request of these lines, what is missing put in. */
export function request(lines: readonly string[], body = '', uri = 'sip:bob@example.com'): SipRequest {
  const has = (name: string): boolean => lines.some((line) => line.startsWith(`${name}:`));
  const text = [
    `MESSAGE ${uri} SIP/2.0`,
    ...(has('Via') ? [] : ['Via: SIP/2.0/UDP 192.0.2.10;branch=z9hG4bK1']),
    ...(has('From') ? [] : ['From: "Alice" <sip:alice@example.com>;tag=49583']),
    ...(has('To') ? [] : [`To: <${uri}>`]),
    ...(has('Call-ID') ? [] : ['Call-ID: asd88asd77a']),
    ...(has('CSeq') ? [] : ['CSeq: 1 MESSAGE']),
    ...(has('Content-Type') || has('c') || body === '' ? [] : ['Content-Type: text/plain']),
    ...lines,
    `Content-Length: ${new TextEncoder().encode(body).length}`,
    '',
    body,
  ];
  const message = parseMessage(new TextEncoder().encode(text.join('\r\n')));
  if (message.type !== 'request') throw new Error('not a request');
  return message;
}

export function textOf(message: { readonly body: Uint8Array }): string {
  return new TextDecoder().decode(message.body);
}

export function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
