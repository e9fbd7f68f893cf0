import { PresenceAgent, type PresenceAgentAction, type PresenceAgentInput } from '@sip-simple/presence';
import {
  Dialogs,
  Endpoint,
  type EndpointAction,
  type EndpointInput,
  type Instant,
  type Peer,
  type SipError,
  StreamFramer,
} from '@sip-simple/sip-core';
import type { Network, Socket } from './runner.ts';
import type { HostEvent, TransportName } from './trace.ts';
import { StreamCutter } from './wire.ts';

const SERVER = '192.0.2.10';
const DOMAIN = 'example.com';
/** Where the clock of every trace begins: 2026-01-01T00:00:00Z. */
const EPOCH: Instant = 1_767_225_600_000;

/**
 * The endpoint and the presence agent in this process, on virtual time: no clock, no socket, no chance. What a
 * trace sends is handled before `send` returns, and what comes out of it is there at once.
 */
export function virtualNetwork(): Network {
  const host = new Host();
  return {
    mode: 'virtual',
    domain: DOMAIN,
    run: '',
    open: async (_name, transport) => host.open(transport),
    advance: async (milliseconds) => host.advance(milliseconds),
    host: (event) => host.event(event),
    close: async () => {},
  };
}

type Decision = Exclude<HostEvent, 'shutdown'>;

class Host {
  #now: Instant = EPOCH;
  readonly #endpoint: Endpoint;
  readonly #agent: PresenceAgent;
  readonly #sockets: VirtualSocket[] = [];
  /** Watchers that were asked about: a later decision holds for them too. */
  readonly #watchers = new Set<string>();
  #decision: Decision = 'allow';

  constructor() {
    const dialogs = new Dialogs();
    const random = countingRandom();
    const addresses = (['udp', 'tcp'] as const).map((transport) => ({ transport, host: SERVER, port: 5060 }));
    this.#endpoint = new Endpoint({ addresses, dialogs, random, methods: PresenceAgent.methods });
    this.#agent = new PresenceAgent({ dialogs, random, domains: [DOMAIN], addresses, policy: 'ask' });
  }

  open(transport: TransportName): Socket {
    const host = `192.0.2.${100 + this.#sockets.length}`;
    const connection = this.#sockets.length + 1;
    const peer: Peer = { transport, host, port: 5060, ...(transport === 'tcp' ? { connection } : {}) };
    const socket = new VirtualSocket(peer, (bytes, fault) =>
      this.#toEndpoint({ type: 'received', peer, bytes, fault }),
    );
    this.#sockets.push(socket);
    return socket;
  }

  advance(milliseconds: number): void {
    const end = this.#now + milliseconds;
    for (;;) {
      const deadlines = [this.#endpoint.deadline, this.#agent.deadline];
      const next = Math.min(...deadlines.map((deadline) => deadline ?? Number.POSITIVE_INFINITY));
      if (next > end) break;
      this.#now = Math.max(this.#now, next);
      this.#toEndpoint({ type: 'tick' });
      this.#toAgent({ type: 'tick' });
    }
    this.#now = end;
  }

  event(event: HostEvent): void {
    if (event === 'shutdown') {
      this.#toAgent({ type: 'shutdown' });
      return;
    }
    this.#decision = event;
    for (const subscription of this.#watchers)
      this.#toAgent({ type: 'decision', subscription, decision: event });
  }

  #toEndpoint(input: EndpointInput): void {
    for (const action of this.#endpoint.handle(input, this.#now)) this.#perform(action);
  }

  #toAgent(input: PresenceAgentInput): void {
    for (const action of this.#agent.handle(input, this.#now)) this.#carryOut(action);
  }

  #perform(action: EndpointAction): void {
    switch (action.type) {
      case 'transmit':
        this.#deliver(action.peer, action.bytes);
        break;
      case 'request':
      case 'response':
      case 'failed':
        this.#toAgent(action);
        break;
      // What the endpoint merely tells (dropped, unanswered) nobody on the wire can see.
    }
  }

  #carryOut(action: PresenceAgentAction): void {
    switch (action.type) {
      case 'respond':
      case 'send':
        this.#toEndpoint(action);
        break;
      case 'authorize':
        this.#decide(action);
        break;
      // Stored at once, and never asked for again: 'save' and 'forget' need nothing here.
    }
  }

  #decide(action: Extract<PresenceAgentAction, { type: 'authorize' }>): void {
    if ('publication' in action) {
      this.#toAgent({ type: 'decision', publication: action.publication, decision: 'allow' });
      return;
    }
    this.#watchers.add(action.subscription);
    this.#toAgent({ type: 'decision', subscription: action.subscription, decision: this.#decision });
  }

  /** By the connection it came in on, else by address; to nobody when nobody is there, as on the real wire. */
  #deliver(peer: Peer, bytes: Uint8Array): void {
    const { transport, host, port, connection } = peer;
    const socket =
      this.#sockets.find((open) => transport === 'tcp' && open.peer.connection === connection) ??
      this.#sockets.find(
        (open) => open.peer.transport === transport && open.peer.host === host && open.peer.port === port,
      );
    if (socket) socket.deliver(bytes);
    else if (transport === 'tcp') this.#toEndpoint({ type: 'transport-failed', peer });
  }
}

class VirtualSocket implements Socket {
  readonly peer: Peer;
  readonly local: string;
  readonly #received: (message: Uint8Array, fault?: SipError) => void;
  /** The server's side of the stream, cut as its adapter cuts it; ours, cut by our own reader. */
  readonly #framer = new StreamFramer();
  readonly #cutter = new StreamCutter();
  #inbox: Uint8Array[] = [];

  constructor(peer: Peer, received: (message: Uint8Array, fault?: SipError) => void) {
    this.peer = peer;
    this.local = `${peer.host}:${peer.port}`;
    this.#received = received;
  }

  send(bytes: Uint8Array): void {
    if (this.peer.transport === 'udp') {
      this.#received(bytes);
      return;
    }
    for (const frame of this.#framer.push(bytes)) {
      if (frame.type === 'message') this.#received(frame.bytes);
      else if (frame.type === 'error') this.#received(frame.bytes, frame.error);
    }
  }

  deliver(bytes: Uint8Array): void {
    this.#inbox.push(...(this.peer.transport === 'udp' ? [bytes] : this.#cutter.push(bytes)));
  }

  async receive(): Promise<Uint8Array | undefined> {
    return this.#inbox.shift();
  }

  drain(): readonly Uint8Array[] {
    return this.#inbox.splice(0);
  }
}

/** Bytes that never repeat and are the same in every run. */
function countingRandom(): (length: number) => Uint8Array {
  let count = 0;
  return (length) => {
    const bytes = new Uint8Array(length);
    let rest = ++count;
    for (let i = 0; i < length && rest > 0; i++, rest = Math.floor(rest / 256)) bytes[i] = rest % 256;
    return bytes;
  };
}
