import { RESOURCE_LISTS_TYPE } from '@sip-simple/resource-lists';
import {
  accept,
  canonicalAor,
  from,
  type Instant,
  type Machine,
  type NameAddr,
  type Part,
  type Peer,
  params,
  parseUri,
  type SipRequest,
  set,
  TimerWheel,
  Tokens,
} from '@sip-simple/sip-core';
import { destinationKey } from '../addressee.ts';
import { checkedBody } from '../body.ts';
import { accepted, busy, refusal, refused } from '../errors.ts';
import { Lanes } from '../lanes.ts';
import { outcomeOf } from '../sender.ts';
import {
  defaultListServiceLimits,
  type ListDecision,
  type ListServiceAction,
  type ListServiceInput,
  type ListServiceLimits,
  type ListServiceOptions,
} from './list-service-io.ts';
import { CopyBodies, copyFor, type Exploded } from './outgoing.ts';
import { dispositionOf, mediaTypeOf, partsOf } from './parts.ts';
import { permissionMissing } from './permission-missing.ts';
import {
  type ListedRecipient,
  mergedRecipients,
  RECIPIENT_LIST,
  RECIPIENT_LIST_HISTORY,
  readEntries,
} from './recipient-list.ts';

type Input<T extends ListServiceInput['type']> = Extract<ListServiceInput, { type: T }>;

/** A message for many that waits for the decision about it. */
interface Waiting extends Exploded {
  readonly transaction: string;
  readonly isTrusted: boolean;
}

/** A copy that is under way, or waits for its turn. */
interface Copy {
  readonly list: string;
  readonly recipient: string;
  readonly lane: string;
  readonly request: SipRequest;
}

/**
 * The MESSAGE URI-list service of RFC 5365 §7: takes one message with a list, and sends it to each recipient, to each
 * once, and to one recipient one at a time. It sends nothing before the policy has spoken for all of them.
 */
export class MessageListService implements Machine<ListServiceInput, ListServiceAction> {
  /** What the ids of its requests begin with, before a slash. */
  static readonly requests: string = 'message-list';
  readonly #options: ListServiceOptions;
  readonly #limits: ListServiceLimits;
  readonly #tokens: Tokens;
  readonly #waiting = new Map<string, Waiting>();
  readonly #decisions = new TimerWheel<string>();
  readonly #lanes = new Lanes<Copy>();
  /** Copies under way, by the ids of their requests. */
  readonly #sent = new Map<string, Copy>();
  #copies = 0;
  #count = 0;
  #now: Instant = 0;
  #actions: ListServiceAction[] = [];

  constructor(options: ListServiceOptions) {
    this.#options = options;
    this.#limits = { ...defaultListServiceLimits, ...options.limits };
    this.#tokens = new Tokens(options.random);
  }

  get deadline(): Instant | undefined {
    return this.#decisions.deadline;
  }

  handle(input: ListServiceInput, now: Instant): readonly ListServiceAction[] {
    this.#now = now;
    this.#actions = [];
    switch (input.type) {
      case 'request':
        if (input.request.method === 'MESSAGE') this.#receive(input);
        break;
      case 'decision':
        this.#settle(input.list, input.decision);
        break;
      case 'response':
        if (input.response.status >= 200) this.#answered(input.id, input.response.status);
        break;
      case 'failed':
        this.#answered(input.id, input.reason === 'timeout' ? 408 : 503);
        break;
      case 'tick':
        for (const list of this.#decisions.expire(now)) this.#settle(list, 'late');
    }
    return this.#actions;
  }

  #receive(input: Input<'request'>): void {
    try {
      const { request, transaction, peer } = input;
      const exploded = this.#explode(request);
      if (this.#waiting.size >= this.#limits.waiting) throw this.#busy('too many messages wait');
      const list = this.#tokens.next();
      this.#waiting.set(list, { ...exploded, transaction, isTrusted: this.#isTrusted(peer) });
      this.#decisions.set(list, this.#now + this.#limits.decisionSeconds * 1000);
      const sender = canonicalAor(request.get(from)?.uri ?? '');
      const recipients = exploded.recipients.map(({ uri }) => uri);
      this.#actions.push({ type: 'authorize', list, sender, recipients, request });
    } catch (error) {
      this.#actions.push(refusal(input, error, this.#tokens.next()));
    }
  }

  #isTrusted(peer: Peer): boolean {
    return this.#options.isTrusted?.(peer) === true;
  }

  /** Takes a message apart. @throws what is answered by its status */
  #explode(request: SipRequest): Exploded {
    const { recipients: most, bodyBytes } = this.#limits;
    checkedBody(request, undefined, bodyBytes);
    const content: Part[] = [];
    const entries: ListedRecipient[] = [];
    let isListed = false;
    for (const part of partsOf(request)) {
      const disposition = dispositionOf(part);
      if (disposition === RECIPIENT_LIST) {
        isListed = true;
        checkFormat(part);
        entries.push(...readEntries(part.body));
      } else if (disposition !== RECIPIENT_LIST_HISTORY && this.#options.isForService?.(part) !== true) {
        content.push(part);
      }
    }
    if (!isListed || entries.length === 0) throw refused(400, 'nobody is listed', 'RFC 5365 §7.1');
    if (content.length === 0) throw refused(400, 'there is nothing to send', 'RFC 5365 §7.3');
    if (entries.length > most) throw refused(413, `more than ${most} recipients`, 'RFC 5363 §5.3');
    const recipients = mergedRecipients(entries);
    const self = destinationKey(request.uri);
    for (const { uri } of recipients) {
      if (destinationKey(uri) === self || this.#options.isList?.(uri) === true) {
        throw refused(482, 'a list in a list', 'RFC 5365 §7.1');
      }
    }
    return { request, content, recipients };
  }

  #settle(list: string, verdict: ListDecision | 'late'): void {
    const waiting = this.#waiting.get(list);
    if (waiting === undefined) return;
    this.#waiting.delete(list);
    this.#decisions.cancel(list);
    try {
      if (verdict === 'late') throw refused(504, 'the policy is silent', 'RFC 5363 §5.2');
      if (verdict === 'forbid') throw refused(403, 'not for this sender', 'RFC 5363 §5.2');
      if (verdict !== 'allow') checkConsent(verdict.missing);
      this.#copy(list, waiting);
    } catch (error) {
      this.#actions.push(refusal(waiting, error, this.#tokens.next()));
    }
  }

  /** Makes all copies before the first is sent: all are, or none. */
  #copy(list: string, waiting: Waiting): void {
    if (this.#copies + waiting.recipients.length > this.#limits.copies) throw this.#busy('too many copies');
    const { realms = [] } = this.#options;
    const token = (): string => this.#tokens.next();
    const bodies = new CopyBodies(waiting, token);
    const copies = waiting.recipients.map((recipient): Copy => {
      const { uri } = recipient;
      const isTrusted = waiting.isTrusted && this.#options.isTrustedNextHop?.(uri) === true;
      const isCongestionSafe = this.#options.isCongestionSafe?.(uri) === true;
      const options = { token, realms, isTrusted, isCongestionSafe };
      const request = copyFor(recipient, waiting.request, bodies, options);
      if (request === undefined) throw refused(513, 'more than 1300 bytes', 'RFC 3428 §8');
      return { list, recipient: uri, lane: destinationKey(uri), request };
    });
    this.#actions.push(accepted(waiting, 202, token()));
    for (const copy of copies) {
      if (this.#lanes.length(copy.lane) >= this.#limits.copiesPerRecipient) {
        this.#report(copy, 'overrun', undefined);
        continue;
      }
      this.#copies += 1;
      if (this.#lanes.add(copy.lane, copy)) this.#send(copy);
    }
  }

  #send(copy: Copy): void {
    this.#count += 1;
    const id = `${MessageListService.requests}/${this.#count}`;
    this.#sent.set(id, copy);
    this.#actions.push({ type: 'send', id, request: copy.request });
  }

  #answered(id: string, status: number): void {
    const copy = this.#sent.get(id);
    if (copy === undefined) return;
    this.#sent.delete(id);
    this.#copies -= 1;
    this.#report(copy, outcomeOf(status), status);
    const next = this.#lanes.next(copy.lane);
    if (next !== undefined) this.#send(next);
  }

  #report(
    { list, recipient }: Copy,
    outcome: ReturnType<typeof outcomeOf> | 'overrun',
    status: number | undefined,
  ): void {
    this.#actions.push({ type: 'copied', list, recipient, outcome, status });
  }

  #busy(why: string): Error {
    return busy(503, why, 'RFC 5363 §5.3', this.#limits.retryAfterSeconds);
  }
}

/** @throws PageModeError `refused` with status 415 */
function checkFormat(part: Part): void {
  if (mediaTypeOf(part).type === RESOURCE_LISTS_TYPE) return;
  const types = ['multipart/mixed', RESOURCE_LISTS_TYPE].map((type) => ({ type, params: params({}) }));
  throw refused(415, 'the list is in another format', 'RFC 5365 §4', set(accept, ...types));
}

/** @throws PageModeError `refused` with status 470 */
function checkConsent(missing: readonly string[]): void {
  if (missing.length === 0) return;
  const addresses = missing.map((uri): NameAddr => ({ uri: parseUri(uri), params: params({}) }));
  throw refused(470, 'not all have agreed', 'RFC 5360 §5.9.1', set(permissionMissing, ...addresses));
}
