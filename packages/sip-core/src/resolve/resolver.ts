import type { Peer, TransportName } from '../endpoint/peer.ts';
import type { Via } from '../headers/index.ts';
import type { Instant, Machine, Random } from '../machine.ts';
import type { Uri } from '../uri.ts';
import { Cache, keyOf } from './cache.ts';
import { type Located, type LocateOptions, locate, locateReply, type Plan } from './locate.ts';
import { type Answer, type DnsRecord, plainName, type Question } from './records.ts';

/** What a {@link Resolver} is told. */
export type ResolverInput =
  /** Find where a request goes: `uri` is its first Route, or else its Request-URI. `id` comes back in 'located'. */
  | { readonly type: 'locate'; readonly id: string; readonly uri: Uri }
  /** Find where a response goes that can't go back the way its request came; `via` is its topmost. */
  | { readonly type: 'locate-reply'; readonly id: string; readonly via: Via }
  /** What the DNS says to a question that a 'query' action brought; `undefined` when it could not be asked. */
  | { readonly type: 'answer'; readonly question: Question; readonly records: Answer }
  /** Nobody waits for this one any more. */
  | { readonly type: 'cancel'; readonly id: string }
  | { readonly type: 'tick' };

/** What a {@link Resolver} wants done. */
export type ResolverAction =
  /** Ask the DNS; each question is asked once, however many wait for it. */
  | { readonly type: 'query'; readonly question: Question }
  /** Where to send, in order: the next one when one fails (see `isServerFailure`). */
  | {
      readonly type: 'located';
      readonly id: string;
      readonly peers: readonly Peer[];
      /** Why there are none: see `Located`; `limit` when too many are looked for at once. */
      readonly reason?: Located['reason'] | 'limit' | undefined;
      /** The domain offered SIP over TLS before, and does not now: sign of an attack. Alert, and maybe don't send (§7). */
      readonly isDowngraded: boolean;
    };

/** What a {@link Resolver} is made of. */
export interface ResolverOptions {
  /** The transports that can be used, most preferred first; default `tls`, `tcp`, `udp`. */
  readonly transports?: readonly TransportName[] | undefined;
  /** The kinds of addresses that can be reached, most preferred first; default IPv6, then IPv4. */
  readonly families?: readonly (4 | 6)[] | undefined;
  /** Chooses among equal servers by weight; without it their order is always the same (§4.4). */
  readonly random?: Random | undefined;
  readonly limits?: Partial<ResolverLimits> | undefined;
}

/** What a {@link Resolver} holds at most, and how long. */
export interface ResolverLimits {
  /** Answers that are kept. */
  readonly entries: number;
  /** Look-ups under way; more are refused. */
  readonly lookups: number;
  /** Servers of one domain that are considered. */
  readonly servers: number;
  /** Records of one answer that are read. */
  readonly records: number;
  /** Names that lead to other names, one after the other. */
  readonly aliases: number;
  /** Milliseconds after which an unanswered question counts as failed. */
  readonly queryMilliseconds: number;
  /** Seconds that an answer is kept when its records don't say. */
  readonly defaultTtlSeconds: number;
  /** Seconds that an answer is kept at most, whatever its records say. */
  readonly longestTtlSeconds: number;
  /** Seconds that the absence of records is kept. */
  readonly absentTtlSeconds: number;
  /** Seconds that a question that failed is not asked again. */
  readonly failedTtlSeconds: number;
}

/** The limits in force unless the caller gives others. */
export const defaultResolverLimits: ResolverLimits = {
  entries: 10_000,
  lookups: 10_000,
  servers: 10,
  records: 64,
  aliases: 8,
  queryMilliseconds: 5000,
  defaultTtlSeconds: 60,
  longestTtlSeconds: 86_400,
  absentTtlSeconds: 30,
  failedTtlSeconds: 5,
};

/** One 'locate' that waits for answers. */
interface Lookup {
  readonly id: string;
  readonly plan: Plan;
  readonly answers: Answer[];
  missing: number;
}

/** A question that someone waits for, by whatever name it is asked at the moment. */
interface Inquiry {
  readonly question: Question;
  readonly waiting: { readonly lookup: Lookup; readonly index: number }[];
  aliases: number;
  /** Of the aliases so far. */
  ttlSeconds: number;
}

/**
 * Finds SIP servers: a machine that is told what to find, says what to ask of the DNS, is told the answers, and says
 * where to send.
 *
 * @see RFC 3263, RFC 2782, RFC 7118 §5.5, RFC 5922 §4
 */
export class Resolver implements Machine<ResolverInput, ResolverAction> {
  readonly #options: LocateOptions;
  readonly #limits: ResolverLimits;
  readonly #cache: Cache;
  readonly #lookups: Map<string, Lookup> = new Map();
  /** By the original question. */
  readonly #inquiries: Map<string, Inquiry> = new Map();
  /** By what is asked now, in the order of asking: what waits longest is first. */
  readonly #asked: Map<string, { readonly until: Instant; readonly inquiries: Inquiry[] }> = new Map();
  /** Domains whose NAPTR records offered SIP over TLS, least recently used first. */
  readonly #secure: Set<string> = new Set();
  #actions: ResolverAction[] = [];

  constructor(options: ResolverOptions = {}) {
    const { transports = ['tls', 'tcp', 'udp'], families = [6, 4], random } = options;
    this.#limits = { ...defaultResolverLimits, ...options.limits };
    this.#options = { transports, families, random, servers: this.#limits.servers };
    this.#cache = new Cache(this.#limits.entries);
  }

  get deadline(): Instant | undefined {
    for (const { until } of this.#asked.values()) return until;
    return undefined;
  }

  handle(input: ResolverInput, now: Instant): readonly ResolverAction[] {
    switch (input.type) {
      case 'locate':
      case 'locate-reply':
        this.#begin(input, now);
        break;
      case 'answer':
        this.#answer(input.question, input.records, now);
        break;
      case 'cancel':
        this.#lookups.delete(input.id);
        break;
      case 'tick':
        this.#expire(now);
    }
    const actions = this.#actions;
    this.#actions = [];
    return actions;
  }

  #begin(
    input: Extract<ResolverInput, { readonly id: string; readonly type: `locate${string}` }>,
    now: Instant,
  ): void {
    const { id } = input;
    if (this.#lookups.has(id)) throw new RangeError(`a look-up ${id} is under way`);
    if (this.#lookups.size >= this.#limits.lookups) {
      this.#actions.push({ type: 'located', id, peers: [], reason: 'limit', isDowngraded: false });
      return;
    }
    const plan =
      input.type === 'locate' ? locate(input.uri, this.#options) : locateReply(input.via, this.#options);
    const lookup: Lookup = { id, plan, answers: [], missing: 0 };
    this.#lookups.set(id, lookup);
    this.#proceed(lookup, now);
  }

  /** Lets a plan go on for as long as its questions are answered from the cache. */
  #proceed(lookup: Lookup, now: Instant): void {
    while (lookup.missing === 0) {
      const step = lookup.plan.next(lookup.answers.splice(0));
      if (step.done === true) {
        this.#lookups.delete(lookup.id);
        this.#located(lookup.id, step.value);
        return;
      }
      for (const [index, question] of step.value.entries()) {
        const known = this.#cache.get(question, now);
        lookup.answers.push(known?.answer);
        if (known !== undefined) continue;
        lookup.missing++;
        this.#inquire(question, { lookup, index }, now);
      }
    }
  }

  #located(id: string, { peers, reason, offer }: Located): void {
    const isDowngraded = offer !== undefined && !offer.isSecure && this.#secure.has(offer.domain);
    if (offer?.isSecure === true) {
      this.#secure.delete(offer.domain);
      this.#secure.add(offer.domain);
      for (const oldest of this.#secure) {
        if (this.#secure.size <= this.#limits.entries) break;
        this.#secure.delete(oldest);
      }
    }
    this.#actions.push({ type: 'located', id, peers, reason, isDowngraded });
  }

  #inquire(question: Question, waiter: Inquiry['waiting'][number], now: Instant): void {
    const key = keyOf(question);
    const underWay = this.#inquiries.get(key);
    if (underWay !== undefined) {
      underWay.waiting.push(waiter);
      return;
    }
    const inquiry: Inquiry = {
      question,
      waiting: [waiter],
      aliases: 0,
      ttlSeconds: this.#limits.longestTtlSeconds,
    };
    this.#inquiries.set(key, inquiry);
    this.#ask(inquiry, question, now);
  }

  #ask(inquiry: Inquiry, question: Question, now: Instant): void {
    const key = keyOf(question);
    const asked = this.#asked.get(key);
    if (asked !== undefined) {
      asked.inquiries.push(inquiry);
      return;
    }
    this.#asked.set(key, { until: now + this.#limits.queryMilliseconds, inquiries: [inquiry] });
    this.#actions.push({ type: 'query', question });
  }

  #answer(question: Question, records: Answer, now: Instant): void {
    const key = keyOf({ ...question, name: plainName(question.name) });
    const asked = this.#asked.get(key);
    if (asked === undefined) return;
    this.#asked.delete(key);
    const wanted = records?.filter((record) => record.type === question.type).slice(0, this.#limits.records);
    const alias = wanted?.length === 0 ? records?.find((record) => record.type === 'CNAME') : undefined;
    for (const inquiry of asked.inquiries) {
      if (alias === undefined) this.#settle(inquiry, wanted, now);
      else if (++inquiry.aliases > this.#limits.aliases) this.#settle(inquiry, undefined, now);
      else {
        inquiry.ttlSeconds = Math.min(inquiry.ttlSeconds, this.#ttlOf([alias]));
        this.#ask(inquiry, { type: question.type, name: plainName(alias.target) }, now);
      }
    }
  }

  /** An inquiry has come to its end: keeps the answer, and lets go on who waits for it. */
  #settle(inquiry: Inquiry, answer: Answer, now: Instant): void {
    this.#inquiries.delete(keyOf(inquiry.question));
    const { absentTtlSeconds, failedTtlSeconds } = this.#limits;
    let seconds = failedTtlSeconds;
    if (answer !== undefined) seconds = answer.length === 0 ? absentTtlSeconds : this.#ttlOf(answer);
    this.#cache.set(inquiry.question, answer, now + Math.min(seconds, inquiry.ttlSeconds) * 1000);
    for (const { lookup, index } of inquiry.waiting) {
      lookup.answers[index] = answer;
      lookup.missing--;
      if (this.#lookups.get(lookup.id) === lookup) this.#proceed(lookup, now);
    }
  }

  #ttlOf(records: readonly DnsRecord[]): number {
    const { defaultTtlSeconds, longestTtlSeconds } = this.#limits;
    return records.reduce(
      (least, { ttlSeconds = defaultTtlSeconds }) => Math.min(least, Math.max(ttlSeconds, 0) || 0),
      longestTtlSeconds,
    );
  }

  #expire(now: Instant): void {
    for (const [key, { until, inquiries }] of this.#asked) {
      if (until > now) return;
      this.#asked.delete(key);
      for (const inquiry of inquiries) this.#settle(inquiry, undefined, now);
    }
  }
}
