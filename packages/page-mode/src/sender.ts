import {
  cseq,
  type Instant,
  type Machine,
  remove,
  type SipRequest,
  type SipResponse,
  set,
  Tokens,
} from '@sip-simple/sip-core';
import { destinationKey } from './addressee.ts';
import { Lanes } from './lanes.ts';
import { contentHeaders, createMessage, targetOf } from './message-request.ts';
import type { MessageOutcome, SenderAction, SenderInput, SenderOptions } from './sender-io.ts';
import { isTooLarge } from './size.ts';

type Input<T extends SenderInput['type']> = Extract<SenderInput, { type: T }>;

/** A message that is under way, or waits for its turn. */
interface Outgoing {
  readonly asked: Input<'message'> | Input<'message-in-dialog'>;
  readonly lane: string;
  /** Made when it was asked for; in a dialog, whose requests are counted, when its turn comes. */
  request: SipRequest | undefined;
  readonly expiresAt: Instant;
  challenges: number;
}

/**
 * Sends messages (RFC 3428 §4, §8): outside of dialogs, or within one that is there already; to each destination one
 * at a time, and none larger than is safe. It runs no timers: `deadline` is always `undefined`.
 */
export class MessageSender implements Machine<SenderInput, SenderAction> {
  /** What the ids of its requests begin with, before a slash. */
  static readonly requests: string = 'message';
  readonly deadline: undefined = undefined;
  readonly #options: SenderOptions;
  readonly #tokens: Tokens;
  readonly #lanes = new Lanes<Outgoing>();
  /** Those under way, by the ids of their requests. */
  readonly #sent = new Map<string, Outgoing>();
  #count = 0;
  #now: Instant = 0;
  #actions: SenderAction[] = [];

  constructor(options: SenderOptions) {
    this.#options = options;
    this.#tokens = new Tokens(options.random);
  }

  /**
   * @throws SipError when an address is malformed
   * @throws TypeError when a part can't be written
   */
  handle(input: SenderInput, now: Instant): readonly SenderAction[] {
    this.#now = now;
    this.#actions = [];
    switch (input.type) {
      case 'message': {
        const identity = { callId: this.#tokens.next(), fromTag: this.#tokens.next(), sequence: 1 };
        const request = createMessage(input.message, identity, now);
        this.#line(input, `uri ${destinationKey(targetOf(input.message))}`, request);
        break;
      }
      case 'message-in-dialog':
        this.#line(input, `dialog ${input.dialog}`, undefined);
        break;
      case 'response':
        if (input.response.status >= 200) this.#answered(input.id, input.response.status, input.response);
        break;
      case 'failed':
        this.#answered(input.id, input.reason === 'timeout' ? 408 : 503, undefined);
    }
    return this.#actions;
  }

  #line(asked: Outgoing['asked'], lane: string, request: SipRequest | undefined): void {
    if (this.#lanes.length(lane) >= (this.#options.waiting ?? 100)) {
      this.#report(asked.id, 'overrun');
      return;
    }
    const { expiresSeconds = Number.POSITIVE_INFINITY } = asked.message;
    const expiresAt = this.#now + expiresSeconds * 1000;
    const outgoing: Outgoing = { asked, lane, request, expiresAt, challenges: 0 };
    // One that was asked for now is sent, even if it is of use only at once ("Expires: 0").
    if (this.#lanes.add(lane, outgoing) && !this.#send(outgoing, this.#made(outgoing))) this.#proceed(lane);
  }

  /** Ends what is under way to a destination, and sends the next that can be. */
  #proceed(lane: string): void {
    for (let next = this.#lanes.next(lane); next !== undefined; next = this.#lanes.next(lane)) {
      if (next.expiresAt <= this.#now) this.#report(next.asked.id, 'expired');
      else if (this.#send(next, this.#made(next))) return;
    }
  }

  #made({ asked, request, expiresAt }: Outgoing): SipRequest | undefined {
    if (asked.type === 'message') return request;
    const { dialogs } = this.#options;
    if (dialogs?.get(asked.dialog) === undefined) return undefined;
    const { body, contentType, expiresSeconds } = asked.message;
    const askedAt = expiresSeconds === undefined ? this.#now : expiresAt - expiresSeconds * 1000;
    const headers = contentHeaders(asked.message, askedAt);
    // a dialog's own Contact has no place in a MESSAGE (RFC 3428 §4)
    const made = dialogs.request(asked.dialog, 'MESSAGE', { headers, body, contentType });
    return made.with(remove('Contact'));
  }

  /** @returns whether it is under way */
  #send(outgoing: Outgoing, made: SipRequest | undefined): boolean {
    const { asked } = outgoing;
    if (made === undefined) {
      this.#report(asked.id, 'failed', 481);
      return false;
    }
    const { credentials } = this.#options;
    const request = credentials === undefined ? made : made.with(...credentials.authorize(made));
    if (asked.isCongestionSafe !== true && isTooLarge(request)) {
      this.#report(asked.id, 'too-large');
      return false;
    }
    outgoing.request = request;
    this.#count += 1;
    const id = `${MessageSender.requests}/${this.#count}`;
    this.#sent.set(id, outgoing);
    const to = asked.type === 'message' ? asked.to : this.#options.dialogs?.nextHop(asked.dialog);
    this.#actions.push({ type: 'send', id, request, to });
    return true;
  }

  #answered(id: string, status: number, response: SipResponse | undefined): void {
    const outgoing = this.#sent.get(id);
    if (outgoing === undefined) return;
    this.#sent.delete(id);
    if (this.#sentAgain(outgoing, status, response)) return;
    this.#report(outgoing.asked.id, outcomeOf(status), status, response);
    this.#proceed(outgoing.lane);
  }

  /** Answers a challenge: the same message, with credentials and the next CSeq (RFC 3261 §22.2). */
  #sentAgain(outgoing: Outgoing, status: number, response: SipResponse | undefined): boolean {
    const { request, asked } = outgoing;
    const { credentials } = this.#options;
    if ((status !== 401 && status !== 407) || response === undefined || request === undefined) return false;
    if (outgoing.challenges >= 3 || credentials?.challenged(request, response) !== true) return false;
    outgoing.challenges += 1;
    if (asked.type === 'message-in-dialog') return this.#send(outgoing, this.#made(outgoing));
    const sequence = (request.get(cseq)?.sequence ?? 0) + 1;
    return this.#send(outgoing, request.with(set(cseq, { sequence, method: 'MESSAGE' })));
  }

  #report(id: string, outcome: MessageOutcome, status?: number, response?: SipResponse): void {
    this.#actions.push({ type: 'outcome', id, outcome, status, response });
  }
}

/**
 * What a final status says of a message.
 *
 * @see RFC 3428 §4, §7
 */
export function outcomeOf(status: number): 'delivered' | 'accepted' | 'refused' | 'failed' {
  if (status === 202) return 'accepted';
  if (status < 300) return 'delivered';
  return status >= 600 ? 'refused' : 'failed';
}
