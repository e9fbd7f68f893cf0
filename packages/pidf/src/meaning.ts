import { dateTimeOf, instantOf } from '@sip-simple/xml/schema';
import type { Contact, Note, Person, Presence } from './schema.ts';

/**
 * How much a contact is preferred, from 0 to 1: its priority, or the lowest there is when it has none, or
 * none that is valid.
 *
 * @see RFC 3863 §4.1.5
 */
export function priorityOf(contact: Contact): number {
  return contact.priority ?? 0;
}

/**
 * The notes that are about a person: its own, or those of the document when it has none.
 *
 * @see RFC 4479 §5
 */
export function notesOf(presence: Presence, person: Person): readonly Note[] {
  return person.notes.length > 0 ? person.notes : presence.notes;
}

/**
 * The timestamp for what is published after `previous`: that of `now`, or of the millisecond after `previous`
 * where the clock has not come that far, so that no two documents in succession have the same.
 *
 * @param now milliseconds since 1970-01-01T00:00:00Z
 * @see RFC 3863 §4.1.7
 */
export function timestampAfter(previous: string | undefined, now: number): string {
  const last = previous === undefined ? undefined : instantOf(previous);
  return dateTimeOf(last === undefined ? now : Math.max(now, last + 1));
}
