import type { SipRequest } from '@sip-simple/sip-core';
import type { KeptMessage } from './kept-message.ts';
import type { Destination } from './store-and-forward-io.ts';

/** The messages for one recipient, and what is being done about the first of them. */
export class Mailbox {
  readonly recipient: string;
  readonly messages: KeptMessage[] = [];
  bytes = 0;
  /**
   * - `idle`: the recipient can't be reached, as far as is known.
   * - `fetching`: a message is being read.
   * - `sending`: it is under way.
   * - `pausing`: nobody answered; it is tried again in a while.
   */
  state: 'idle' | 'fetching' | 'sending' | 'pausing' = 'idle';
  /** The message whose turn it is: the first, when it was looked for. */
  current: KeptMessage | undefined = undefined;
  /** What it says, once fetched. */
  request: SipRequest | undefined = undefined;
  /** Where it can be sent yet, the next first. */
  destinations: Destination[] = [];
  /** Whether one of those tried may take it later. */
  isPromising = false;
  /** The last status that refused it. */
  refusal: number | undefined = undefined;
  /** How often nobody answered since the last registration. */
  pauses = 0;
  /** Whether the recipient has registered since the message was sent. */
  isFresh = false;

  constructor(recipient: string) {
    this.recipient = recipient;
  }

  get isEmpty(): boolean {
    return this.messages.length === 0;
  }

  get isAtRest(): boolean {
    return this.state === 'idle' || this.state === 'pausing';
  }

  /** Puts a message in the order of the keys, which is that of arrival. */
  add(message: KeptMessage): void {
    let at = this.messages.length;
    while (at > 0 && (this.messages[at - 1]?.key ?? '') > message.key) at -= 1;
    this.messages.splice(at, 0, message);
    this.bytes += message.size;
  }

  remove(message: KeptMessage): void {
    const at = this.messages.indexOf(message);
    if (at < 0) return;
    this.messages.splice(at, 1);
    this.bytes -= message.size;
  }
}

/**
 * What a status says of a message that was sent to one user agent: `delivered`; `refused` by this one; by the user,
 * for all of them (`declined`); or to be tried `again`, as this one could not be reached, or can't take it now.
 *
 * @see RFC 3428 §7
 */
export function verdictOf(status: number): 'delivered' | 'refused' | 'declined' | 'again' {
  if (status < 300) return 'delivered';
  if (status >= 600) return 'declined';
  if (status < 400 || PASSING.has(status)) return 'again';
  return status >= 500 && !LASTING.has(status) ? 'again' : 'refused';
}

/**
 * 4xx that speak of a moment or a way: timeout, flow failed, unavailable, busy, pending; and 482, by which a user agent
 * says that it remembers the last attempt, whatever came of it (RFC 3261 §8.2.2.2).
 */
const PASSING: ReadonlySet<number> = new Set([408, 430, 480, 482, 486, 491]);
/** 5xx that will be the same later: not implemented, version, too large. */
const LASTING: ReadonlySet<number> = new Set([501, 505, 513]);
