import { type Address, type CpimMessage, from, isAbsoluteUri } from '@sip-simple/cpim';
import { aggregated, payloadsOf } from './aggregate.ts';
import { parse } from './document.ts';
import { ImdnError } from './errors.ts';
import { imdnRecordRoute, messageId } from './headers.ts';
import { anonymous } from './intermediary.ts';
import { envelope, nextHop, type OutgoingImdn } from './notification.ts';
import { requestedBy } from './request.ts';

/** How to aggregate the IMDNs about one message. */
export interface AggregatorOptions {
  /** The message as it came to the list, with the IMDN-Record-Route of those before. */
  readonly message: CpimMessage;
  /** The list's address. */
  readonly list: Address;
  /** The URIs of those the message was sent to. */
  readonly recipients: readonly string[];
  /** How long IMDNs wait for others, in milliseconds. */
  readonly waitMilliseconds: number;
  /** How long after the start IMDNs are awaited; those that come later are consumed. */
  readonly lifetimeMilliseconds: number;
  /** What the sender is to learn of the list: `nothing` leaves out even how many members it has (§14.2). */
  readonly discloses: 'members' | 'number' | 'nothing';
  /** Makes the Message-ID of each IMDN that is sent; see `messageIdOf`. */
  readonly nextMessageId: () => string;
}

export type AggregatorInput =
  /** An IMDN about the message came from a recipient. */
  | { readonly type: 'imdn'; readonly message: CpimMessage }
  /** The deadline is reached. */
  | { readonly type: 'tick' };

export type AggregatorAction =
  | { readonly type: 'send'; readonly message: CpimMessage; readonly target: string }
  /** There is nothing more to come: the machine can be dropped. */
  | { readonly type: 'done' };

/**
 * Gathers the IMDNs about one message to a list and sends them on together: when all have come that can be
 * expected, and else from time to time, until its lifetime ends.
 *
 * Of a list whose number of members is not disclosed, it sends one aggregated IMDN and no more (§14.2).
 *
 * @see RFC 5438 §8.3
 */
export class ImdnAggregator {
  readonly #options: AggregatorOptions;
  readonly #about: string | undefined;
  readonly #awaited: Set<string>;
  readonly #recipients: ReadonlySet<string>;
  readonly #seen = new Set<string>();
  #pending: Uint8Array[] = [];
  #batchAt: number | undefined;
  #endAt: number | undefined;

  /** @param now the moment from which the lifetime counts, in milliseconds */
  constructor(options: AggregatorOptions, now: number) {
    this.#options = options;
    this.#about = messageId.of(options.message);
    this.#endAt = now + options.lifetimeMilliseconds;
    this.#recipients = new Set(options.recipients);
    this.#awaited = new Set(awaited(options));
  }

  /** When to call again with `{ type: 'tick' }`; `undefined` when it is done. */
  get deadline(): number | undefined {
    if (this.#endAt === undefined || this.#batchAt === undefined) return this.#endAt;
    return Math.min(this.#batchAt, this.#endAt);
  }

  /** Takes an IMDN or the time, and says what to send. */
  handle(input: AggregatorInput, now: number): readonly AggregatorAction[] {
    if (this.#endAt === undefined) return [];
    if (input.type === 'imdn' && now < this.#endAt) this.#take(input.message, now);
    const isEnd = now >= this.#endAt;
    const isComplete = this.#awaited.size === 0 && this.#pending.length > 0;
    const isDue = this.#batchAt !== undefined && now >= this.#batchAt;
    const actions: AggregatorAction[] = isEnd || isComplete || isDue ? this.#send() : [];
    if (!isEnd && !isComplete) return actions;
    this.#endAt = undefined;
    return [...actions, { type: 'done' }];
  }

  #take(imdn: CpimMessage, now: number): void {
    for (const payload of payloadsOf(imdn)) {
      const what = whatOf(payload);
      if (what === undefined || what.messageId !== this.#about) continue;
      const recipient = what.recipient ?? from.of(imdn)?.uri ?? '';
      const key = keyOf(recipient, what.disposition);
      // No more than one IMDN for a disposition type from each recipient (§7.2.1), and from nobody else.
      if (this.#seen.has(key) || !this.#recipients.has(recipient)) continue;
      this.#seen.add(key);
      this.#awaited.delete(key);
      this.#pending.push(this.#options.discloses === 'members' ? payload : anonymous(payload));
      if (this.#options.discloses !== 'nothing') this.#batchAt ??= now + this.#options.waitMilliseconds;
    }
  }

  #send(): AggregatorAction[] {
    const payloads = this.#pending;
    this.#pending = [];
    this.#batchAt = undefined;
    const { message, list, nextMessageId } = this.#options;
    const sender = from.of(message);
    const isReachable = [sender, ...imdnRecordRoute.all(message)].every((each) =>
      isAbsoluteUri(each?.uri ?? ''),
    );
    if (payloads.length === 0 || sender === undefined || !isReachable) return [];
    const headers = { from: list, to: sender, messageId: nextMessageId(), dateTime: undefined };
    const imdn = envelope(message, headers, aggregated(payloads));
    return [{ type: 'send', message: imdn, target: nextHop(imdn) ?? sender.uri }];
  }
}

/** The IMDNs that every recipient will send, if she sends any: those of failures are not among them. */
function awaited({ message, recipients }: AggregatorOptions): readonly string[] {
  const requested = requestedBy(message);
  const dispositions = [
    ...(requested.has('positive-delivery') ? (['delivery'] as const) : []),
    ...(requested.has('display') ? (['display'] as const) : []),
  ];
  // Of failures alone, nobody knows how many there will be.
  if (dispositions.length === 0) return ['?'];
  return recipients.flatMap((uri) => dispositions.map((disposition) => keyOf(uri, disposition)));
}

function keyOf(recipient: string, disposition: OutgoingImdn['disposition']): string {
  return `${recipient} ${disposition}`;
}

interface What {
  readonly messageId: string;
  readonly recipient: string | undefined;
  readonly disposition: OutgoingImdn['disposition'];
}

function whatOf(payload: Uint8Array): What | undefined {
  try {
    const { messageId, recipientUri, notification } = parse(payload);
    if (notification === undefined) return undefined;
    return { messageId, recipient: recipientUri, disposition: notification.type };
  } catch (error) {
    if (!(error instanceof ImdnError)) throw error;
    return undefined;
  }
}
