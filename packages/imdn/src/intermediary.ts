import { type Address, type CpimMessage, from, to } from '@sip-simple/cpim';
import { withPayloads } from './aggregate.ts';
import { parse, serialize } from './document.ts';
import { ImdnError } from './errors.ts';
import { imdnRecordRoute, imdnRoute, originalTo } from './headers.ts';
import { nextHop, report } from './notification.ts';

/**
 * The message with the intermediary's own address on top of its IMDN-Record-Route, so that IMDNs come back through
 * it.
 *
 * @throws {RangeError} when the address is no absolute URI
 * @see RFC 5438 §8
 */
export function recordRoute(message: CpimMessage, own: Address): CpimMessage {
  return imdnRecordRoute.setAll(message, [own, ...imdnRecordRoute.all(message)]);
}

/** How to `retarget`. */
export interface RetargetOptions {
  /** False where the address that was in To must not be revealed (§8); true by default. */
  readonly isRevealed?: boolean | undefined;
}

/**
 * The message for another recipient, as a URI-list server sends it to each member, with the address that its
 * sender had used in Original-To. An Original-To that is there already stays.
 *
 * @throws {RangeError} when the address is no absolute URI
 * @see RFC 5438 §6.4, §8
 */
export function retarget(
  message: CpimMessage,
  recipient: Address,
  options: RetargetOptions = {},
): CpimMessage {
  const { isRevealed = true } = options;
  const before = to.of(message);
  const retargeted = to.set(message, recipient);
  const mustSay = isRevealed && before !== undefined && before.uri !== recipient.uri;
  return mustSay && originalTo.of(message) === undefined ? originalTo.set(retargeted, before) : retargeted;
}

/** An IMDN on its way back. */
export interface ForwardedImdn {
  readonly message: CpimMessage;
  /** The URI to send it to. */
  readonly target: string;
}

/**
 * The IMDN as an intermediary forwards it: without its own address on top of IMDN-Route, to the next one there or,
 * when there is none, to To. `undefined` where there is neither.
 *
 * @param isOwn says whether a URI is the intermediary's address
 * @see RFC 5438 §8
 */
export function forward(imdn: CpimMessage, isOwn: (uri: string) => boolean): ForwardedImdn | undefined {
  const [top, ...rest] = imdnRoute.all(imdn);
  const message = top !== undefined && isOwn(top.uri) ? imdnRoute.setAll(imdn, rest) : imdn;
  const target = nextHop(message);
  return target === undefined ? undefined : { message, target };
}

/**
 * The IMDN without what tells who the recipient is, for a list whose members are not disclosed: From is the
 * list's, and the documents have neither recipient-uri nor original-recipient-uri, nor subject, which the schema
 * does not allow without those. A document that can't be read is left without any content.
 *
 * @param list the address of the list
 * @throws {RangeError} when it is no absolute URI
 * @see RFC 5438 §8, §14.2
 */
export function withoutRecipients(imdn: CpimMessage, list: Address): CpimMessage {
  return withPayloads(from.set(imdn, list), (payload) => anonymous(payload));
}

/** A document without what tells who the recipient is. */
export function anonymous(payload: Uint8Array): Uint8Array {
  try {
    const { messageId, dateTime, notification } = parse(payload);
    // Written anew: comments and extensions could tell as well.
    const reported = notification && report(notification.type, notification.value.status.result);
    return serialize({ messageId, dateTime, notification: reported });
  } catch (error) {
    if (!(error instanceof ImdnError)) throw error;
    return new Uint8Array();
  }
}
