import type { Presence } from '@sip-simple/pidf';

/**
 * Puts what a presentity's user agents publish into one document: everything each of them says, oldest first.
 * Of one publication its document is the state, with nothing added or lost.
 * @see RFC 3856 §6.9, RFC 4479 §3
 */
export function compose(entity: string, documents: readonly Presence[]): Presence {
  const [first] = documents;
  if (documents.length === 1 && first !== undefined) return first;
  return {
    entity,
    tuples: documents.flatMap((each) => each.tuples),
    notes: documents.flatMap((each) => each.notes),
    persons: documents.flatMap((each) => each.persons),
    devices: documents.flatMap((each) => each.devices),
    extra: documents.flatMap((each) => each.extra),
  };
}

/** What is shown of a presentity when nothing is known of it, or nothing may be (RFC 3856 §6.6.2, RFC 6665 §6.2). */
export function neutral(entity: string, why: 'unknown' | 'pending' | 'hidden'): Presence {
  const notes = why === 'pending' ? [{ text: 'Subscription pending', language: 'en' }] : [];
  return { entity, tuples: [], notes, persons: [], devices: [], extra: [] };
}
