import type { PresenceAgentAction, PresenceAgentInput } from '@sip-simple/presence';
import {
  canonicalAor,
  createResponse,
  type EndpointAction,
  type EndpointInput,
  from,
  type Machine,
  type Peer,
  retryAfter,
  type SipError,
  type SipRequest,
  set,
} from '@sip-simple/sip-core';
import { Driver, now } from '@sip-simple/sip-core/node';
import type { RegistrarAction, RegistrarInput } from '@sip-simple/sip-core/registrar';
import type { Logger } from 'pino';
import type { Metrics } from '../metrics.ts';
import { type Entry, type Store, StoreError } from '../store/store.ts';
import { type Authorize, decided, type Question } from './authorize.ts';
import type { Gate } from './gate.ts';
import { guard } from './guard.ts';
import { type Durable, Outbox } from './outbox.ts';

type Request = Extract<EndpointAction, { type: 'request' }>;
type Respond = Extract<EndpointInput, { type: 'respond' }>;
type Deferred = Exclude<PresenceAgentAction | RegistrarAction, Durable>;

export interface SwitchboardOptions {
  readonly endpoint: Machine<EndpointInput, EndpointAction>;
  readonly agent: Machine<PresenceAgentInput, PresenceAgentAction>;
  readonly registrar: Machine<RegistrarInput, RegistrarAction>;
  readonly store: Store;
  readonly metrics: Metrics;
  readonly log: Logger;
  /** Asked when the agent asks, which it does unless its policy is `allow`. */
  readonly authorize?: Authorize | undefined;
  /** Who has to prove who they are to it; without it everybody is believed. */
  readonly gate?: Gate | undefined;
  transmit(peer: Peer, bytes: Uint8Array): void;
  /** The store takes nothing any more, for this reason. */
  onStoreFailed(reason: string): void;
}

/**
 * Joins the machines to each other, to the store and to the network: what one wants done is the next one's
 * input, and what is to be saved is saved first. All protocol is in the machines.
 */
export class Switchboard {
  readonly #options: SwitchboardOptions;
  readonly #endpoint: Driver<EndpointInput, readonly EndpointAction[]>;
  readonly #agent: Driver<PresenceAgentInput, readonly PresenceAgentAction[]>;
  readonly #registrar: Driver<RegistrarInput, readonly RegistrarAction[]>;
  readonly #outbox: Outbox<Deferred>;
  /** Requests that are not answered yet, by transaction. */
  readonly #unanswered = new Map<string, SipRequest>();
  /** Methods of our own requests that have no final response yet, by id. */
  readonly #sent = new Map<string, string>();
  readonly #quietUntil = new Map<string, number>();
  #isDraining = false;

  constructor(options: SwitchboardOptions) {
    this.#options = options;
    const { endpoint, agent, registrar, store, metrics } = options;
    this.#endpoint = new Driver(
      guard(endpoint, (error) => this.#report('endpoint', error)),
      { perform: (actions) => this.#dispatch(actions) },
    );
    this.#agent = new Driver(
      guard(agent, (error, input) => {
        this.#report('agent', error);
        return input.type === 'request' ? [answer(input, 500)] : [];
      }),
      { perform: (actions) => this.#outbox.push(actions) },
    );
    this.#registrar = new Driver(
      guard(registrar, (error, input) => {
        this.#report('registrar', error);
        return input.type === 'register' ? [answer(input, 500)] : [];
      }),
      { perform: (actions) => this.#outbox.push(actions) },
    );
    this.#outbox = new Outbox({
      store,
      perform: (action, isStored) => this.#perform(action, isStored),
      onStored: (seconds) => metrics.stored(seconds),
      onFailed: (error, action) => this.#notStored(error, action),
    });
  }

  /** Actions that wait for the store. */
  get held(): number {
    return this.#outbox.held;
  }

  /** A message from the network; `fault` is why a stream could not be cut further. */
  receive(peer: Peer, bytes: Uint8Array, fault?: SipError): void {
    this.#endpoint.handle({ type: 'received', peer, bytes, fault });
  }

  /** Nothing can be sent to `peer`. */
  transportFailed(peer: Peer, error: Error): void {
    this.#options.log.debug({ peer, err: error }, 'transport failed');
    this.#endpoint.handle({ type: 'transport-failed', peer });
    this.#registrar.handle({ type: 'flow-failed', peer });
  }

  /** Gives back to the machines what the store kept, before the first message. @returns how many records */
  async restore(entries: AsyncIterable<Entry>): Promise<number> {
    let count = 0;
    for await (const { key, value } of entries) {
      this.#restore(key, value);
      count++;
    }
    return count;
  }

  /**
   * Ends all subscriptions with a last NOTIFY and takes no more requests.
   * @param graceMilliseconds how long to wait for the answers
   */
  async drain(graceMilliseconds: number): Promise<void> {
    this.#isDraining = true;
    this.#agent.handle({ type: 'shutdown' });
    const end = performance.now() + graceMilliseconds;
    while (this.#sent.size + this.#outbox.held > 0 && performance.now() < end) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    await this.#agent[Symbol.asyncDispose]();
    await this.#registrar[Symbol.asyncDispose]();
    await this.#endpoint[Symbol.asyncDispose]();
  }

  #dispatch(actions: readonly EndpointAction[]): void {
    for (const action of actions) this.#dispatchOne(action);
  }

  #dispatchOne(action: EndpointAction): void {
    const { transmit, metrics, log } = this.#options;
    switch (action.type) {
      case 'transmit':
        transmit(action.peer, action.bytes);
        break;
      case 'request':
        this.#unanswered.set(action.transaction, action.request);
        this.#request(action);
        break;
      case 'response':
        if (action.response.status >= 200) this.#finished(action.id, `${action.response.status}`);
        this.#agent.handle(action);
        break;
      case 'failed':
        this.#finished(action.id, action.reason);
        this.#agent.handle(action);
        break;
      case 'dropped':
        metrics.dropped(action.reason);
        log.debug({ peer: action.peer, reason: action.reason }, 'dropped');
        break;
      case 'unanswered':
      case 'cancelled':
        this.#unanswered.delete(action.transaction);
    }
  }

  #request(action: Request): void {
    const { gate } = this.#options;
    if (this.#isDraining) this.#respond(answer(action, 503));
    else if (gate === undefined) this.#admitted(action);
    else this.#admit(gate, action);
  }

  #admit(gate: Gate, action: Request): void {
    const { request, peer, transaction } = action;
    gate.admit(request, peer, now()).then(
      (admission) => {
        if (admission.type === 'admitted') {
          this.#admitted(action, admission.identity);
          return;
        }
        const { status, init, why } = admission;
        // Who guesses passwords is seen by this (RFC 7616 §3.4), which holds nothing of what was guessed.
        if (why === 'wrong') this.#options.log.warn({ peer, from: request.raw('From') }, 'login failed');
        this.#respond({ type: 'respond', transaction, response: createResponse(request, status, init) });
      },
      (error) => {
        this.#report('authentication', error);
        this.#respond(answer(action, 500));
      },
    );
  }

  #admitted(action: Request, proven?: string): void {
    const { request, transaction, peer } = action;
    if (request.method === 'REGISTER') {
      const identity = this.#options.gate === undefined ? claimedIdentity(request) : proven;
      this.#registrar.handle({ type: 'register', transaction, request, peer, identity });
    } else this.#agent.handle(action);
  }

  #restore(key: string, record: Uint8Array | undefined): void {
    const machine = key.startsWith('aor/') ? this.#registrar : this.#agent;
    machine.handle({ type: 'restore', key, record });
  }

  /** What a machine wants done, once what it saved before is stored. */
  #perform(action: Deferred, isStored: boolean): void {
    if (action.type === 'respond') this.#respond(action, isStored);
    else if (action.type === 'send') {
      this.#sent.set(action.id, action.request.method);
      this.#endpoint.handle(action);
    } else if (action.type === 'authorize') this.#ask(action);
    // No proxy takes requests further yet.
    else if (action.type === 'forward') this.#respond(answer(action, 404), isStored);
  }

  #ask(question: Question): void {
    const { authorize } = this.#options;
    authorize?.(question).then(
      (decision) => this.#agent.handle(decided(question, decision)),
      (error) => this.#report('authorize', error),
    );
  }

  #respond(action: Respond, isStored = true): void {
    const request = this.#unanswered.get(action.transaction);
    const isLost = !isStored && action.response.status < 300 && request !== undefined;
    // A registrar whose database fails says 500 (RFC 3261 §10.3 step 7).
    const response = isLost
      ? createResponse(request, request.method === 'REGISTER' ? 500 : 504)
      : action.response;
    if (request && response.status >= 200) {
      this.#unanswered.delete(action.transaction);
      this.#options.metrics.answered(request.method, response.status);
    }
    this.#endpoint.handle({ type: 'respond', transaction: action.transaction, response });
  }

  /** What the store could not take, the agent must not believe to be there. */
  #notStored(error: unknown, { type, key }: Durable): void {
    this.#report('store', error);
    if (error instanceof StoreError && error.code === 'failed') this.#options.onStoreFailed(error.message);
    if (type !== 'save' || key.startsWith('sub/')) return;
    this.#options.store.read(key).then(
      (entry) => this.#restore(key, entry?.value),
      (cause) => this.#report('store', cause),
    );
  }

  #finished(id: string, outcome: string): void {
    const method = this.#sent.get(id);
    if (method === undefined) return;
    this.#sent.delete(id);
    this.#options.metrics.sent(method, outcome);
  }

  /** Counts every fault, and logs one a second of each kind: a full disk must not fill another with logs. */
  #report(where: string, error: unknown): readonly never[] {
    this.#options.metrics.failed(where);
    const moment = performance.now();
    if (moment >= (this.#quietUntil.get(where) ?? 0)) {
      this.#quietUntil.set(where, moment + 1000);
      this.#options.log.error({ err: error }, `${where} failed`);
    }
    return [];
  }
}

function answer({ transaction, request }: Pick<Request, 'transaction' | 'request'>, status: number): Respond {
  const headers = status === 503 ? [set(retryAfter, { seconds: 5, params: new Map() })] : [];
  return { type: 'respond', transaction, response: createResponse(request, status, { headers }) };
}

/** Where nobody has to prove it, the From address is taken for who sends (RFC 3261 §10.3 step 3). */
function claimedIdentity(request: SipRequest): string | undefined {
  const uri = request.get(from)?.uri;
  return uri === undefined ? undefined : canonicalAor(uri);
}
