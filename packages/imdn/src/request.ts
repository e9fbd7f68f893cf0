import { type CpimMessage, dateTime, from } from '@sip-simple/cpim';
import { dispositionNotification, messageId, type RequestType } from './headers.ts';
import { isImdn } from './identify.ts';

/** What `requestNotifications` puts into a message. */
export interface NotificationRequest {
  /** The Message-ID; see `messageIdOf`. */
  readonly messageId: string;
  /** When the message is sent: a date-time of RFC 3339, with the offset of the sender's clock. */
  readonly dateTime: string;
  /** What to be notified of. */
  readonly types: readonly RequestType[];
}

/**
 * The message with all that the sender of an IM has to put into it to get notifications: Message-ID, DateTime
 * and Disposition-Notification.
 *
 * @throws {RangeError} when the message is from an anonymous URI, to which nobody can send anything; or is an
 *   IMDN, for which there are no notifications
 * @see RFC 5438 §7.1.1
 */
export function requestNotifications(message: CpimMessage, request: NotificationRequest): CpimMessage {
  if (isImdn(message)) throw new RangeError('there is no notification of a notification');
  if (isAnonymous(from.of(message)?.uri)) throw new RangeError('nobody can notify an anonymous sender');
  let requesting = messageId.set(message, request.messageId);
  requesting = dateTime.set(requesting, request.dateTime);
  return dispositionNotification.set(
    requesting,
    request.types.map((type) => ({ type })),
  );
}

/**
 * A Message-ID made of random bytes of a cryptographically secure source.
 *
 * @param random at least eight bytes, which no other message has had
 * @throws {RangeError} when there are fewer
 * @see RFC 5438 §6.3
 */
export function messageIdOf(random: Uint8Array): string {
  if (random.length < 8) throw new RangeError('a Message-ID has at least 64 bits of randomness');
  return Array.from(random, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/**
 * What the sender of a message wants to be notified of. Nothing, for an IMDN, and for a request that this RFC
 * does not know.
 *
 * @see RFC 5438 §7.2.1
 */
export function requestedBy(message: CpimMessage): ReadonlySet<RequestType> {
  const types = new Set<RequestType>();
  if (isImdn(message)) return types;
  for (const { type } of dispositionNotification.all(message).flat())
    if (isRequestType(type)) types.add(type);
  return types;
}

/** True for a URI that stands for nobody (RFC 3323 §4.1.1.3), and for none. */
export function isAnonymous(uri: string | undefined): boolean {
  return uri === undefined || /^[a-z][a-z0-9+.-]*:(?:[^@]*@)?anonymous\.invalid(?:$|[:;?/])/i.test(uri);
}

function isRequestType(type: string): type is RequestType {
  return (
    type === 'negative-delivery' ||
    type === 'positive-delivery' ||
    type === 'processing' ||
    type === 'display'
  );
}
