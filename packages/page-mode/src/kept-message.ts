import {
  date,
  type Instant,
  maxForwards,
  parseMessage,
  remove,
  requestUri,
  SipError,
  type SipRequest,
  set,
  type Timed,
} from '@sip-simple/sip-core';
import { PageModeError, refused } from './errors.ts';
import type { Destination } from './store-and-forward-io.ts';

/** What is held of a stored message: who it is for, not what it says; and its own entry in the timer wheel. */
export class KeptMessage implements Timed {
  readonly recipient: string;
  /** Its name in the store: `msg/<recipient>/<number>`, whose order is that of arrival. */
  readonly key: string;
  /** By what it is known again. */
  readonly id: string;
  /** Bytes of its record. */
  readonly size: number;
  readonly expiresAt: Instant;

  tick = 0;
  slot = -1;
  previous: Timed | undefined = undefined;
  next: Timed | undefined = undefined;

  constructor(of: Pick<KeptMessage, 'recipient' | 'key' | 'id' | 'size' | 'expiresAt'>) {
    this.recipient = of.recipient;
    this.key = of.key;
    this.id = of.id;
    this.size = of.size;
    this.expiresAt = of.expiresAt;
  }
}

/**
 * Makes of a MESSAGE what is kept of it: without what was for this hop or this server, and with a Date, from which its
 * Expires counts and by which its recipient sees when it was sent.
 *
 * @throws PageModeError `refused` with status 483
 * @throws SipError when Date or Max-Forwards is malformed
 */
export function asKept(request: SipRequest, now: Instant): SipRequest {
  const hops = request.get(maxForwards) ?? 70;
  if (hops === 0) throw refused(483, 'no hop is left', 'RFC 3261 §16.3');
  const edits = request.get(date) === undefined ? [set(date, now)] : [];
  return request.with(...HOP_BY_HOP.map((name) => remove(name)), set(maxForwards, hops - 1), ...edits);
}

/** The request that delivers a kept message to a destination. */
export function asDelivered(kept: SipRequest, { uri, route = [] }: Destination): SipRequest {
  return kept.with(requestUri(uri), set('Route', ...route));
}

const HOP_BY_HOP = ['Via', 'Route', 'Record-Route', 'Contact', 'Authorization', 'Proxy-Authorization'];

/** A stored message as read back. */
export interface MessageRecord {
  readonly recipient: string;
  readonly expiresAt: Instant;
  readonly request: SipRequest;
}

const VERSION = 1;
const LF = 0x0a;

/** Writes a record: one line of JSON, a line feed, then the request as it is. */
export function writeMessageRecord(recipient: string, expiresAt: Instant, request: SipRequest): Uint8Array {
  const line = new TextEncoder().encode(`${JSON.stringify({ v: VERSION, recipient, expiresAt })}\n`);
  const bytes = request.toBytes();
  const record = new Uint8Array(line.length + bytes.length);
  record.set(line);
  record.set(bytes, line.length);
  return record;
}

/**
 * Reads what `writeMessageRecord` wrote.
 * @throws PageModeError `record`
 */
export function readMessageRecord(record: Uint8Array): MessageRecord {
  const end = record.indexOf(LF);
  try {
    const line = new TextDecoder('utf-8', { fatal: true }).decode(record.subarray(0, Math.max(end, 0)));
    // what the line holds is looked at before it is believed
    const { v, recipient, expiresAt } = JSON.parse(line) as Partial<Record<string, unknown>>;
    const request = parseMessage(record.slice(end + 1));
    if (
      v === VERSION &&
      typeof recipient === 'string' &&
      typeof expiresAt === 'number' &&
      Number.isFinite(expiresAt) &&
      request.type === 'request'
    ) {
      return { recipient, expiresAt, request };
    }
  } catch (cause) {
    if (!(cause instanceof SyntaxError || cause instanceof TypeError || cause instanceof SipError))
      throw cause;
    throw new PageModeError('record', 'a stored message cannot be read', { cause });
  }
  throw new PageModeError('record', 'a stored message is not of this version');
}
