import { event, type Instant, type SipRequest, type Usage } from '@sip-simple/sip-core';
import { type EventKey, eventMatches } from './event-match.ts';
import type { SubscribedPackage, SubscriberInput } from './subscriber-io.ts';
import type { SubscriberState } from './subscription-state.ts';

/** What the application wants to be told of, for as long as it wants it. */
export interface Wanted {
  readonly asked: Extract<SubscriberInput, { type: 'subscribe' }>;
  readonly package: SubscribedPackage;
  readonly mediaTypes: readonly string[];
  /** Seconds to ask for; raised by a 423. */
  seconds: number;
  attempt: Attempt | undefined;
  readonly legs: Set<Leg>;
  /** Not wanted any more, or wanted only once: nothing is tried again. */
  isEnding: boolean;
  /** Ends in a row that came soon after the beginning; each makes the next pause longer. */
  failures: number;
}

/** What the application asks for, before anything was sent. */
export function wantedOf(asked: Wanted['asked'], known: SubscribedPackage): Wanted {
  const seconds = asked.expiresSeconds ?? known.expires.default;
  return {
    asked,
    package: known,
    mediaTypes: asked.mediaTypes ?? known.mediaTypes,
    seconds,
    attempt: undefined,
    legs: new Set(),
    isEnding: seconds === 0,
    failures: 0,
  };
}

/** One SUBSCRIBE outside of a dialog, and what answers it: any number of NOTIFYs until Timer N (RFC 6665 §4.1.2.4). */
export class Attempt implements Usage {
  readonly key: string;
  readonly wanted: Wanted;
  readonly callId: string;
  readonly localTag: string;
  readonly contact: string;
  sequence = 1;
  readonly timerN: Instant;
  /** Seconds that the 2xx granted. */
  granted: number | undefined;

  constructor(
    wanted: Wanted,
    ids: { readonly key: string; readonly callId: string; readonly localTag: string },
    contact: string,
    timerN: Instant,
  ) {
    this.wanted = wanted;
    this.key = ids.key;
    this.callId = ids.callId;
    this.localTag = ids.localTag;
    this.contact = contact;
    this.timerN = timerN;
  }

  accepts(request: SipRequest): boolean {
    return request.method === 'NOTIFY' && eventMatches(keyOf(this.wanted), request.get(event));
  }

  /** The same, to be sent with the next CSeq. */
  again(): this {
    this.sequence += 1;
    return this;
  }
}

/** A subscription at one notifier: a dialog usage that a NOTIFY began. */
export class Leg implements Usage {
  readonly key: string;
  readonly wanted: Wanted;
  readonly dialog: string;
  readonly since: Instant;
  state: SubscriberState = 'notify_wait';
  expiresAt: Instant;
  /** When to refresh; `undefined` when it is to end. */
  refreshAt: Instant | undefined;
  /** When a refresh counts as failed for want of a NOTIFY. */
  timerN: Instant | undefined;

  constructor(key: string, wanted: Wanted, dialog: string, now: Instant) {
    this.key = key;
    this.wanted = wanted;
    this.dialog = dialog;
    this.since = now;
    this.expiresAt = now;
  }

  accepts(request: SipRequest): boolean {
    return request.method === 'NOTIFY' && eventMatches(keyOf(this.wanted), request.get(event));
  }

  /** When something has to be done about it. */
  get deadline(): Instant {
    return Math.min(this.expiresAt, this.refreshAt ?? this.expiresAt, this.timerN ?? this.expiresAt);
  }
}

/** The Event header field of everything that is sent and received for it. */
export function keyOf(wanted: Wanted): EventKey {
  return { event: wanted.asked.event, eventId: wanted.asked.eventId };
}
