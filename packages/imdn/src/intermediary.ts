import {
  type Address,
  CPIM_HEADERS,
  type CpimMessage,
  from,
  isAbsoluteUri,
  namesOf,
  to,
} from '@sip-simple/cpim';
import { contentWith } from './aggregate.ts';
import { parse, serialize } from './document.ts';
import { ImdnError } from './errors.ts';
import { IMDN_HEADERS, imdnRecordRoute, imdnRoute, originalTo } from './headers.ts';
import { nextHop, report } from './notification.ts';

/**
 * The message with the intermediary's own address on top of its IMDN-Record-Route, so that IMDNs come back through
 * it. What stands there and is no URI is left out: nothing can be sent to it.
 *
 * @throws {RangeError} when the address is no absolute URI
 * @see RFC 5438 §8
 */
export function recordRoute(message: CpimMessage, own: Address): CpimMessage {
  const before = imdnRecordRoute.all(message).filter(({ uri }) => isAbsoluteUri(uri));
  return imdnRecordRoute.setAll(message, [own, ...before]);
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
  const mustSay =
    isRevealed && before !== undefined && before.uri !== recipient.uri && isAbsoluteUri(before.uri);
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
 * The IMDN without what tells who the recipient is, for a list whose members are not disclosed. From is the list's;
 * of the other headers it has those that an IMDN needs, and of the documents the message they are about and what
 * became of it: neither recipient-uri nor original-recipient-uri, nor subject, which the schema does not allow
 * without those, nor extensions. A document that can't be read is left empty.
 *
 * @param list the address of the list
 * @throws {RangeError} when it is no absolute URI
 * @see RFC 5438 §8, §14.2
 */
export function withoutRecipients(imdn: CpimMessage, list: Address): CpimMessage {
  const names = namesOf(imdn);
  const headers = imdn.headers.filter((_, at) => {
    const { namespace, local } = names[at] ?? { namespace: undefined, local: '' };
    return NEEDED.has(`${namespace} ${local}`);
  });
  return from.set({ headers, content: contentWith(imdn, anonymous) }, list);
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

const NEEDED: ReadonlySet<string> = /* @__PURE__ */ new Set([
  ...['From', 'To', 'DateTime', 'NS'].map((name) => `${CPIM_HEADERS} ${name}`),
  ...['Message-ID', 'IMDN-Route'].map((name) => `${IMDN_HEADERS} ${name}`),
]);
