import {
  callId,
  cseq,
  date,
  from,
  type Instant,
  type Machine,
  type Peer,
  type SipRequest,
  Tokens,
} from '@sip-simple/sip-core';
import { checkedBody } from './body.ts';
import { accepted, PageModeError, refusal, refused } from './errors.ts';
import type { ReceiverAction, ReceiverInput, ReceiverOptions } from './receiver-io.ts';
import { expirationOf } from './validity.ts';

/**
 * Receives messages (RFC 3428 §7): answers each at once, and hands on those that are new, of use and readable. It runs
 * no timers: `deadline` is always `undefined`.
 */
export class MessageReceiver implements Machine<ReceiverInput, ReceiverAction> {
  readonly deadline: undefined = undefined;
  readonly #options: ReceiverOptions;
  readonly #mediaTypes: readonly string[] | undefined;
  readonly #tokens: Tokens;
  /** By what the last messages are known again, oldest first. */
  readonly #seen = new Set<string>();

  constructor(options: ReceiverOptions) {
    this.#options = options;
    const { mediaTypes = ['message/cpim'] } = options;
    this.#mediaTypes = mediaTypes === 'all' ? undefined : [...new Set(['text/plain', ...mediaTypes])];
    this.#tokens = new Tokens(options.random);
  }

  handle(input: ReceiverInput, now: Instant): readonly ReceiverAction[] {
    if (input.request.method !== 'MESSAGE') return [];
    try {
      return this.#receive(input, now);
    } catch (error) {
      return [refusal(input, error, this.#tokens.next())];
    }
  }

  #receive(input: ReceiverInput, now: Instant): readonly ReceiverAction[] {
    const { request, peer, dialog } = input;
    const { bodyBytes = 65_536, status = 200, expired = 'discard' } = this.#options;
    const contentType = checkedBody(request, this.#mediaTypes, bodyBytes);
    const expiresAt = expirationOf(request, now);
    const sentAt = request.get(date);
    const sender = request.get(from);
    if (sender === undefined) throw refused(400, 'no From', 'RFC 3261 §8.1.1');
    this.#checkDate(request, peer, sentAt, now);
    const answer = accepted(input, status, this.#tokens.next());
    const isExpired = expiresAt !== undefined && expiresAt < now;
    if (this.#isSeen(messageId(request)) || (isExpired && expired === 'discard')) return [answer];
    return [
      answer,
      {
        type: 'message',
        from: sender,
        dialog: dialog?.id,
        contentType,
        body: request.body,
        sentAt,
        expiresAt,
        isExpired,
        request,
      },
    ];
  }

  /** @throws PageModeError `refused` with status 400 */
  #checkDate(request: SipRequest, peer: Peer, sentAt: Instant | undefined, now: Instant): void {
    const { dateWindowSeconds, isKnownRelay } = this.#options;
    if (dateWindowSeconds === undefined || sentAt === undefined) return;
    if (Math.abs(now - sentAt) <= dateWindowSeconds * 1000 || isKnownRelay?.(request, peer) === true) return;
    const reason = 'Incorrect Date or Time';
    throw new PageModeError('refused', 'the Date is not near', {
      status: 400,
      reason,
      rfc: 'RFC 3428 §11.4',
    });
  }

  /** Whether a message has come before; it has from now on. */
  #isSeen(id: string): boolean {
    if (this.#seen.has(id)) return true;
    this.#seen.add(id);
    const [oldest] = this.#seen;
    if (this.#seen.size > (this.#options.remembered ?? 1000) && oldest !== undefined)
      this.#seen.delete(oldest);
    return false;
  }
}

/** By what a message is known again, over whatever ways it comes: what its sender has made for it alone. */
export function messageId(request: SipRequest): string {
  const { sequence } = request.get(cseq) ?? { sequence: 0 };
  return `${request.get(callId) ?? ''} ${sequence} ${request.get(from)?.params.get('tag') ?? ''}`;
}
