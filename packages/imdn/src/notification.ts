import {
  type Address,
  type CpimMessage,
  dateTime,
  from,
  isAbsoluteUri,
  subject as subjectHeader,
  to,
} from '@sip-simple/cpim';
import { language, sipOrAnyUri } from '@sip-simple/xml/schema';
import { notification } from './aggregate.ts';
import { MEDIA_TYPE, serialize } from './document.ts';
import { imdnRecordRoute, imdnRoute, messageId, originalTo } from './headers.ts';
import { isAnonymous, requestedBy } from './request.ts';
import { type Disposition, type DispositionEvent, type Role, ruleFor } from './rules.ts';
import type { ImdnInit } from './schema.ts';

/** How to notify. */
export interface NotifyOptions {
  readonly role: Role;
  /**
   * What the user, or whoever answers for her, lets the sender know: all, that it is forbidden, or nothing at
   * all. There is no default: RFC 5438 §14.2 strongly recommends her consent.
   */
  readonly consent: 'given' | 'forbidden' | 'none';
  /** The Message-ID of the IMDN; see `messageIdOf`. */
  readonly messageId: string;
  /** The dispositions that have been notified of already for this message. */
  readonly sent: ReadonlySet<Disposition>;
  /**
   * The status of the SIP response that the message was answered with, where it came by SIP: without a 2xx there
   * are no notifications, as the sender knows by the response (§12.1.3.1, §12.2).
   */
  readonly response?: number | undefined;
  /** Who notifies; by default, the To of the message. */
  readonly from?: Address | undefined;
  /** When the IMDN is sent, for a DateTime of its own. */
  readonly dateTime?: string | undefined;
}

/** A notification to be sent. */
export interface OutgoingImdn {
  readonly disposition: Disposition;
  readonly message: CpimMessage;
  /** The URI to send it to: the top IMDN-Route, or the sender of the message (§7.2.1). */
  readonly target: string;
}

/**
 * The IMDN to send when something became of a message; `undefined` where there is none to send: it was not
 * requested, was sent before, is not for this role to send, or is about an IMDN.
 *
 * A message without the Message-ID and DateTime that its sender must give (§7.1.1) can't be notified of either.
 *
 * Nor can one whose addresses are no URIs.
 *
 * @throws {RangeError} when the Message-ID, `from` or `dateTime` of the options can't be written
 * @see RFC 5438 §7.2.1, §8.1, §8.2, §12
 */
export function notificationFor(
  message: CpimMessage,
  event: DispositionEvent,
  options: NotifyOptions,
): OutgoingImdn | undefined {
  const { role, consent, sent, response = 200 } = options;
  if (consent === 'none' || response < 200 || response > 299) return undefined;
  const requested = requestedBy(message);
  const rule = ruleFor(role, event);
  if (rule === undefined || sent.has(rule.notification)) return undefined;
  if (!rule.requests.some((request) => requested.has(request))) return undefined;
  const about = aboutOf(message);
  const sender = from.of(message);
  const notifier = options.from ?? to.of(message);
  if (about === undefined || sender === undefined || isAnonymous(sender.uri) || notifier === undefined) {
    return undefined;
  }
  // What comes with the message may be no URI: then there is no way back.
  if (![sender, ...imdnRecordRoute.all(message)].every(({ uri }) => isAbsoluteUri(uri))) return undefined;
  const result = consent === 'forbidden' ? 'forbidden' : rule.result;
  const document: ImdnInit = { ...about, notification: report(rule.notification, result) };
  const headers = { from: notifier, to: sender, messageId: options.messageId, dateTime: options.dateTime };
  const imdn = envelope(message, headers, notification(MEDIA_TYPE, serialize(document)));
  return { disposition: rule.notification, message: imdn, target: nextHop(imdn) ?? sender.uri };
}

/**
 * The URI an IMDN is to be sent to next: that of its top IMDN-Route, or the one in To.
 *
 * @see RFC 5438 §7.2.1, §8
 */
export function nextHop(imdn: CpimMessage): string | undefined {
  return (imdnRoute.of(imdn) ?? to.of(imdn))?.uri;
}

/** The CPIM headers of an IMDN. */
export interface Envelope {
  readonly from: Address;
  readonly to: Address;
  readonly messageId: string;
  readonly dateTime: string | undefined;
}

/** An IMDN about a message: routed back the way that came, and requesting nothing. */
export function envelope(
  about: CpimMessage,
  headers: Envelope,
  content: CpimMessage['content'],
): CpimMessage {
  let imdn: CpimMessage = { headers: [], content };
  imdn = from.set(imdn, headers.from);
  imdn = to.set(imdn, headers.to);
  imdn = messageId.set(imdn, headers.messageId);
  imdn = dateTime.set(imdn, headers.dateTime);
  return imdnRoute.setAll(imdn, imdnRecordRoute.all(about));
}

/** A notification with nothing in it but its result. */
export function report(type: Disposition, result: string | undefined): ImdnInit['notification'] {
  // The table and documents that were read have no results but those of the kind; the writer refuses others.
  return { type, value: { status: { result } } } as ImdnInit['notification'];
}

/** What an IMDN says of the message it is about (§11.1.1 to §11.1.5). */
function aboutOf(message: CpimMessage): ImdnInit | undefined {
  const id = messageId.of(message);
  const sentAt = dateTime.of(message);
  const recipientUri = to.of(message)?.uri;
  if (id === undefined || NO_XML.test(id) || sentAt === undefined || recipientUri === undefined)
    return undefined;
  // The schema wants both or none; the RFC's examples repeat the recipient where there was no Original-To.
  const originalRecipientUri = originalTo.of(message)?.uri ?? recipientUri;
  if (![recipientUri, originalRecipientUri].every((uri) => isAbsoluteUri(uri) && isSipOrAnyUri(uri))) {
    return undefined;
  }
  return { messageId: id, dateTime: sentAt, recipientUri, originalRecipientUri, subject: subjectOf(message) };
}

function subjectOf(message: CpimMessage): ImdnInit['subject'] {
  const subject = subjectHeader.of(message);
  if (subject === undefined) return undefined;
  // Escape sequences can say what XML can't.
  const text = subject.text.replaceAll(NO_XML_ALL, '\u{fffd}');
  const isLanguage = subject.language !== undefined && isValidLanguage(subject.language);
  return { text, language: isLanguage ? subject.language : undefined };
}

function isSipOrAnyUri(uri: string): boolean {
  return sipOrAnyUri.isValid?.(uri) === true;
}

function isValidLanguage(tag: string): boolean {
  return language.read(tag) !== undefined;
}

// XML 1.0 §2.2: Char ::= #x9 | #xA | #xD | [#x20-#xD7FF] | [#xE000-#xFFFD] | [#x10000-#x10FFFF]
const NO_XML = /[^\t\n\r -\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;
const NO_XML_ALL = /[^\t\n\r -\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;
