import type { EventType } from '@sip-simple/sip-core';

/** What one subscription in a dialog is for: the package, and the `id` that older peers tell several apart by. */
export interface EventKey {
  readonly event: string;
  readonly eventId: string | undefined;
}

/**
 * Whether an Event header field is for this subscription: event-type and `id` byte by byte, other parameters
 * don't count; with an `id` never matches without.
 * @see RFC 6665 §8.2.1
 */
export function eventMatches(key: EventKey, value: EventType | undefined): boolean {
  return value !== undefined && value.package === key.event && value.params.get('id') === key.eventId;
}

/** The Event header field of a subscription's requests (RFC 6665 §4.5.2: with its `id`). */
export function eventText(key: EventKey): string {
  return key.eventId === undefined ? key.event : `${key.event};id=${key.eventId}`;
}
