import type {
  EndpointAction,
  EndpointInput,
  HeaderEdit,
  Peer,
  SipRequest,
  SipResponse,
} from '@sip-simple/sip-core';

type Send = Extract<EndpointInput, { type: 'send' }>;
type Outcome = Extract<EndpointAction, { type: 'response' | 'failed' }>;

/** Who answers challenges: the `DigestClient` of `@sip-simple/sip-core/digest`, or something like it. */
export interface Authenticator {
  /** Takes a 401 or 407; true when the request may be sent again. */
  challenged(request: SipRequest, response: SipResponse): boolean;
  /** The credentials that are known to be wanted, for a request. */
  authorize(request: SipRequest): readonly HeaderEdit[];
}

/** The end of a request that was sent. */
export interface FinalAnswer<T> {
  /** Whose request it was. */
  readonly of: T;
  /** Silence counts as 408, a broken transport as 503 (RFC 3261 §8.1.3.1). */
  readonly status: number;
  readonly response: SipResponse | undefined;
  /** It was challenged, and is to be sent again with the next CSeq: the credentials are there now (RFC 3261 §22.2). */
  readonly isChallenged: boolean;
}

/** How often a request is sent again because of a challenge: for the server, a proxy, and a nonce that was stale. */
const MAX_CHALLENGES = 3;

/** The requests of one machine that have no final answer yet, and whose they are. */
export class SentRequests<T> {
  readonly #name: string;
  readonly #authenticator: Authenticator | undefined;
  readonly #awaited: Map<string, { readonly of: T; readonly request: SipRequest }> = new Map();
  /** How often in a row the requests of each were challenged. */
  readonly #challenges: Map<T, number> = new Map();
  #count = 0;

  /** @param name begins the ids of the 'send' actions */
  constructor(name: string, authenticator?: Authenticator) {
    this.#name = name;
    this.#authenticator = authenticator;
  }

  /** The action that sends a request; `of` is whose answer it awaits, `undefined` when nobody does. */
  send(plain: SipRequest, of: T | undefined, to?: Peer): Send {
    this.#count += 1;
    const id = `${this.#name}/${this.#count}`;
    const credentials = this.#authenticator?.authorize(plain) ?? [];
    const request = credentials.length === 0 ? plain : plain.with(...credentials);
    if (of !== undefined) this.#awaited.set(id, { of, request });
    return { type: 'send', id, request, to };
  }

  /** Takes what became of a request; `undefined` for a provisional response, and for one that nobody awaits. */
  ended(outcome: Outcome): FinalAnswer<T> | undefined {
    const { id } = outcome;
    const response = outcome.type === 'response' ? outcome.response : undefined;
    if (response !== undefined && response.status < 200) return undefined;
    const awaited = this.#awaited.get(id);
    if (awaited === undefined) return undefined;
    this.#awaited.delete(id);
    const { of, request } = awaited;
    if (outcome.type === 'failed') {
      return { of, status: outcome.reason === 'timeout' ? 408 : 503, response, isChallenged: false };
    }
    const isChallenged = this.#isChallenged(of, request, outcome.response);
    return { of, status: outcome.response.status, response, isChallenged };
  }

  #isChallenged(of: T, request: SipRequest, response: SipResponse): boolean {
    const count = this.#challenges.get(of) ?? 0;
    const isAnswerable =
      (response.status === 401 || response.status === 407) &&
      count < MAX_CHALLENGES &&
      this.#authenticator?.challenged(request, response) === true;
    if (isAnswerable) this.#challenges.set(of, count + 1);
    else this.#challenges.delete(of);
    return isAnswerable;
  }
}
