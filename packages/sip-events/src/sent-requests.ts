import type { EndpointAction, EndpointInput, Peer, SipRequest, SipResponse } from '@sip-simple/sip-core';

type Send = Extract<EndpointInput, { type: 'send' }>;
type Outcome = Extract<EndpointAction, { type: 'response' | 'failed' }>;

/** The end of a request that was sent. */
export interface FinalAnswer<T> {
  /** Whose request it was. */
  readonly of: T;
  /** Silence counts as 408, a broken transport as 503 (RFC 3261 §8.1.3.1). */
  readonly status: number;
  readonly response: SipResponse | undefined;
}

/** The requests of one machine that have no final answer yet, and whose they are. */
export class SentRequests<T> {
  readonly #name: string;
  readonly #awaited: Map<string, T> = new Map();
  #count = 0;

  /** @param name begins the ids of the 'send' actions */
  constructor(name: string) {
    this.#name = name;
  }

  /** The action that sends a request; `of` is whose answer it awaits, `undefined` when nobody does. */
  send(request: SipRequest, of: T | undefined, to?: Peer): Send {
    this.#count += 1;
    const id = `${this.#name}/${this.#count}`;
    if (of !== undefined) this.#awaited.set(id, of);
    return { type: 'send', id, request, to };
  }

  /** Takes what became of a request; `undefined` for a provisional response, and for one that nobody awaits. */
  ended(outcome: Outcome): FinalAnswer<T> | undefined {
    const { id } = outcome;
    const response = outcome.type === 'response' ? outcome.response : undefined;
    if (response !== undefined && response.status < 200) return undefined;
    const of = this.#awaited.get(id);
    if (of === undefined) return undefined;
    this.#awaited.delete(id);
    if (outcome.type === 'response') return { of, status: outcome.response.status, response };
    return { of, status: outcome.reason === 'timeout' ? 408 : 503, response };
  }
}
