import {
  contentType,
  type Instant,
  type Machine,
  type SipRequest,
  TimerWheel,
  Tokens,
  Wheel,
} from '@sip-simple/sip-core';
import { accepted, busy, PageModeError, refusal, refused } from './errors.ts';
import { asDelivered, asKept, KeptMessage, readMessageRecord, writeMessageRecord } from './kept-message.ts';
import { Mailbox, verdictOf } from './mailbox.ts';
import { messageId } from './receiver.ts';
import {
  defaultStoreAndForwardLimits,
  type KeptOutcome,
  type StoreAndForwardAction,
  type StoreAndForwardInput,
  type StoreAndForwardLimits,
  type StoreAndForwardOptions,
} from './store-and-forward-io.ts';
import { expirationOf } from './validity.ts';

type Input<T extends StoreAndForwardInput['type']> = Extract<StoreAndForwardInput, { type: T }>;

/**
 * The message relay of RFC 3428 §7: keeps messages for those who can't be reached, and delivers them when they can, in
 * the order in which they came.
 *
 * A message is acknowledged with 202 once it is stored, and forgotten once a user agent has taken or refused it. To one
 * recipient one is under way at a time. What is delivered has the Call-ID, CSeq and From of what was received, so that a
 * user agent that got a message and whose answer was lost knows it again, as `MessageReceiver` does.
 *
 * Only the keys of messages are held here; what they say is fetched from the store when it is their turn.
 */
export class StoreAndForward implements Machine<StoreAndForwardInput, StoreAndForwardAction> {
  /** What the ids of its requests begin with, before a slash. */
  static readonly requests: string = 'store-and-forward';
  /** What the keys of its records begin with. */
  static readonly records: string = 'msg/';
  readonly #options: StoreAndForwardOptions;
  readonly #limits: StoreAndForwardLimits;
  readonly #tokens: Tokens;
  readonly #transientTypes: ReadonlySet<string>;
  readonly #mailboxes = new Map<string, Mailbox>();
  readonly #messages = new Map<string, KeptMessage>();
  readonly #expiry = new Wheel<KeptMessage>();
  readonly #pauses = new TimerWheel<Mailbox>();
  /** Those under way, by the ids of their requests. */
  readonly #sent = new Map<string, KeptMessage>();
  #count = 0;
  #lastStamp = 0;
  #now: Instant = 0;
  #actions: StoreAndForwardAction[] = [];

  constructor(options: StoreAndForwardOptions) {
    this.#options = options;
    this.#limits = { ...defaultStoreAndForwardLimits, ...options.limits };
    this.#tokens = new Tokens(options.random);
    this.#transientTypes = new Set(options.transientTypes ?? ['application/im-iscomposing+xml']);
  }

  /** How many messages are kept. */
  get size(): number {
    return this.#messages.size;
  }

  /**
   * How many messages are kept for somebody, the one under way included. While there are some, new ones are to be given
   * here too, lest they overtake them.
   */
  pending(recipient: string): number {
    return this.#mailboxes.get(recipient)?.messages.length ?? 0;
  }

  get deadline(): Instant | undefined {
    const expiry = this.#expiry.deadline;
    const pause = this.#pauses.deadline;
    if (expiry === undefined || pause === undefined) return expiry ?? pause;
    return Math.min(expiry, pause);
  }

  handle(input: StoreAndForwardInput, now: Instant): readonly StoreAndForwardAction[] {
    this.#now = now;
    this.#actions = [];
    switch (input.type) {
      case 'message':
        this.#receive(input);
        break;
      case 'registered':
        this.#registered(this.#mailboxes.get(input.aor));
        break;
      case 'response':
        if (input.response.status >= 200) this.#answered(input.id, input.response.status);
        break;
      case 'failed':
        this.#answered(input.id, input.reason === 'timeout' ? 408 : 503);
        break;
      case 'fetched':
        this.#fetched(input);
        break;
      case 'restore':
        this.#restore(input);
        break;
      case 'resume':
        for (const mailbox of this.#mailboxes.values()) this.#deliver(mailbox);
        break;
      case 'evict':
        for (const kept of [...(this.#mailboxes.get(input.aor)?.messages ?? [])]) this.#end(kept, 'evicted');
        break;
      case 'tick':
        for (const kept of this.#expiry.expire(now)) this.#expired(kept);
        for (const mailbox of this.#pauses.expire(now)) this.#deliver(mailbox);
    }
    return this.#actions;
  }

  #receive(input: Input<'message'>): void {
    try {
      const { request, recipient } = input;
      const id = messageId(request);
      const mailbox = this.#mailboxes.get(recipient);
      // Its sender has not got our answer and sends it anew: it is here already.
      const isKnown = mailbox?.messages.some((kept) => kept.id === id) === true;
      if (!isKnown) this.#keep(request, recipient, id);
      this.#actions.push(accepted(input, 202, this.#tokens.next()));
      const home = this.#mailboxes.get(recipient);
      if (home?.state === 'idle') this.#deliver(home);
    } catch (error) {
      this.#actions.push(refusal(input, error, this.#tokens.next()));
    }
  }

  /** @throws PageModeError `refused` when it can't be kept */
  #keep(received: SipRequest, recipient: string, id: string): void {
    const { messages, perRecipient, recipientBytes, messageBytes, keepSeconds, retryAfterSeconds } =
      this.#limits;
    const expiresAt = expirationOf(received, this.#now) ?? Number.POSITIVE_INFINITY;
    if (expiresAt <= this.#now || this.#transientTypes.has(received.get(contentType)?.type ?? '')) {
      throw refused(480, 'it is of use at once or not at all', 'RFC 3428 §7');
    }
    const until = Math.min(expiresAt, this.#now + keepSeconds * 1000);
    const record = writeMessageRecord(recipient, until, asKept(received, this.#now));
    if (record.length > messageBytes) throw refused(413, 'too large to be kept', 'RFC 3428 §7');
    const mailbox = this.#mailboxes.get(recipient);
    const { length } = mailbox?.messages ?? [];
    if (length >= perRecipient || (mailbox?.bytes ?? 0) + record.length > recipientBytes) {
      throw busy(480, 'the mailbox is full', 'RFC 3428 §7', retryAfterSeconds);
    }
    if (this.#messages.size >= messages) {
      throw busy(503, 'too many messages are kept', 'RFC 3428 §7', retryAfterSeconds);
    }
    const key = this.#nextKey(recipient);
    this.#add(new KeptMessage({ recipient, key, id, size: record.length, expiresAt: until }));
    this.#actions.push({ type: 'save', key, record, expiresAt: until });
  }

  /** Keys sort in the order of arrival; those of several machines over one store differ. */
  #nextKey(recipient: string): string {
    this.#lastStamp = Math.max(this.#lastStamp + 1, Math.floor(this.#now * 1000));
    const stamp = this.#lastStamp.toString(36).padStart(11, '0');
    const key = `${StoreAndForward.records}${recipient}/${stamp}-${this.#tokens.next().slice(0, 6)}`;
    // what a store takes as a key
    if (key.length > 512 || !/^[!-~]+$/.test(key))
      throw refused(404, 'nobody has this address', 'RFC 3428 §7');
    return key;
  }

  #add(kept: KeptMessage): void {
    let mailbox = this.#mailboxes.get(kept.recipient);
    if (mailbox === undefined) {
      mailbox = new Mailbox(kept.recipient);
      this.#mailboxes.set(kept.recipient, mailbox);
    }
    mailbox.add(kept);
    this.#messages.set(kept.key, kept);
    this.#expiry.set(kept, kept.expiresAt);
  }

  #registered(mailbox: Mailbox | undefined): void {
    if (mailbox === undefined) return;
    mailbox.pauses = 0;
    if (mailbox.isAtRest) this.#deliver(mailbox);
    else mailbox.isFresh = true;
  }

  /** Begins with the first message, when its recipient can be reached. */
  #deliver(mailbox: Mailbox): void {
    if (!mailbox.isAtRest) return;
    this.#pauses.cancel(mailbox);
    mailbox.state = 'idle';
    const [first] = mailbox.messages;
    if (first === undefined) return;
    mailbox.destinations = [...this.#options.locate(mailbox.recipient, this.#now)];
    if (mailbox.destinations.length === 0) return;
    mailbox.state = 'fetching';
    mailbox.current = first;
    mailbox.isPromising = false;
    mailbox.isFresh = false;
    mailbox.refusal = undefined;
    this.#actions.push({ type: 'fetch', key: first.key });
  }

  #fetched({ key, record }: Input<'fetched'>): void {
    const kept = this.#messages.get(key);
    const mailbox = kept === undefined ? undefined : this.#mailboxes.get(kept.recipient);
    if (kept === undefined || mailbox?.state !== 'fetching' || mailbox.messages[0] !== kept) return;
    const stored = record === undefined ? undefined : readable(record);
    mailbox.request = stored?.request;
    if (stored === undefined) this.#end(kept, 'lost');
    else this.#sendNext(mailbox, kept);
  }

  /** Sends the first message to the next destination; when there is none left, that was it for now. */
  #sendNext(mailbox: Mailbox, kept: KeptMessage): void {
    const destination = mailbox.destinations.shift();
    const { request } = mailbox;
    if (destination !== undefined && request !== undefined) {
      mailbox.state = 'sending';
      this.#count += 1;
      const id = `${StoreAndForward.requests}/${this.#count}`;
      this.#sent.set(id, kept);
      const { to } = destination;
      this.#actions.push({ type: 'send', id, request: asDelivered(request, destination), to });
    } else if (mailbox.isPromising) {
      this.#pause(mailbox, kept);
    } else {
      this.#end(kept, 'refused', mailbox.refusal);
    }
  }

  #pause(mailbox: Mailbox, kept: KeptMessage): void {
    mailbox.request = undefined;
    mailbox.state = 'pausing';
    if (!mailbox.isFresh) {
      const { firstPauseSeconds, longestPauseSeconds } = this.#limits;
      const seconds = Math.min(firstPauseSeconds * 2 ** mailbox.pauses, longestPauseSeconds);
      mailbox.pauses += 1;
      this.#pauses.set(mailbox, this.#now + seconds * 1000);
    }
    if (kept.expiresAt <= this.#now) this.#end(kept, 'expired');
    else if (mailbox.isFresh) this.#deliver(mailbox);
  }

  #answered(id: string, status: number): void {
    const kept = this.#sent.get(id);
    this.#sent.delete(id);
    const mailbox = kept === undefined ? undefined : this.#mailboxes.get(kept.recipient);
    // its time was up, or its recipient went, while it was under way
    if (kept === undefined || mailbox?.current !== kept) return;
    const verdict = verdictOf(status);
    if (verdict === 'delivered') {
      mailbox.pauses = 0;
      this.#end(kept, 'delivered', status);
    } else if (verdict === 'declined') {
      this.#end(kept, 'refused', status);
    } else {
      if (verdict === 'again') mailbox.isPromising = true;
      else mailbox.refusal = status;
      this.#sendNext(mailbox, kept);
    }
  }

  /** One that is under way has its chance yet. */
  #expired(kept: KeptMessage): void {
    const mailbox = this.#mailboxes.get(kept.recipient);
    if (mailbox?.state !== 'sending' || mailbox.messages[0] !== kept) this.#end(kept, 'expired');
  }

  /** Forgets a message, and goes on with the next when it was this one's turn. */
  #end(kept: KeptMessage, outcome: KeptOutcome, status?: number): void {
    const { key, recipient } = kept;
    const mailbox = this.#mailboxes.get(recipient);
    const isCurrent = mailbox?.current === kept;
    this.#expiry.cancel(kept);
    this.#messages.delete(key);
    this.#actions.push({ type: 'forget', key });
    this.#actions.push({ type: 'ended', key, recipient, outcome, status });
    if (mailbox === undefined) return;
    mailbox.remove(kept);
    if (mailbox.isEmpty) this.#close(mailbox);
    else if (isCurrent) this.#goOn(mailbox, outcome);
  }

  #goOn(mailbox: Mailbox, outcome: KeptOutcome): void {
    mailbox.request = undefined;
    mailbox.current = undefined;
    if (outcome === 'evicted') {
      this.#close(mailbox);
    } else if (mailbox.state !== 'pausing' || mailbox.isFresh) {
      mailbox.state = 'idle';
      this.#deliver(mailbox);
    }
  }

  #close(mailbox: Mailbox): void {
    this.#pauses.cancel(mailbox);
    if (mailbox.isEmpty) this.#mailboxes.delete(mailbox.recipient);
    mailbox.state = 'idle';
  }

  #restore({ key, record }: Input<'restore'>): void {
    const known = this.#messages.get(key);
    const stored = record === undefined ? undefined : readable(record);
    if (known !== undefined && stored === undefined) this.#end(known, 'lost');
    else if (record !== undefined && stored === undefined) this.#actions.push({ type: 'forget', key });
    if (known !== undefined || stored === undefined || record === undefined) return;
    const { recipient, expiresAt, request } = stored;
    const stamp = Number.parseInt(key.slice(key.lastIndexOf('/') + 1), 36);
    if (stamp > this.#lastStamp) this.#lastStamp = stamp;
    this.#add(new KeptMessage({ recipient, key, id: messageId(request), size: record.length, expiresAt }));
  }
}

/** A record as read; `undefined` when it can't be. */
function readable(record: Uint8Array): ReturnType<typeof readMessageRecord> | undefined {
  try {
    return readMessageRecord(record);
  } catch (error) {
    if (error instanceof PageModeError) return undefined;
    throw error;
  }
}
