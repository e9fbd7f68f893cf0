import {
  createRequest,
  cseq,
  date,
  expires,
  type HeaderEdit,
  type Instant,
  parseNameAddr,
  type SipRequest,
  serializeNameAddr,
  set,
} from '@sip-simple/sip-core';
import { addressee } from './addressee.ts';

/** What a message says, and how long it does. */
export interface MessageContent {
  readonly body: Uint8Array;
  /** The media type of the body, e.g. `text/plain;charset=UTF-8`. */
  readonly contentType: string;
  /** For how many seconds the content is of use; unless given it does not expire. */
  readonly expiresSeconds?: number | undefined;
  /** More header fields, made in their order; a Contact is not sent. */
  readonly headers?: readonly HeaderEdit[] | undefined;
}

/** A message to an address. */
export interface OutgoingMessage extends MessageContent {
  /** Who sends it: a URI, or a name and a URI, as From has them; without a tag. */
  readonly from: string;
  /** Whom it is for: a URI, or a name and a URI. A SIP URI where it is known, else an IM URI. */
  readonly to: string;
  /** Where it goes, when that is another URI than that of `to`: the SIP URI that an IM URI was resolved to, a device. */
  readonly target?: string | undefined;
  /** The route set, such as an outbound proxy: SIP URIs in angle brackets. */
  readonly route?: readonly string[] | undefined;
}

/** What makes a request one of its kind. */
export interface RequestIdentity {
  readonly callId: string;
  readonly fromTag: string;
  readonly sequence: number;
}

/** Gives the Request-URI of a message. @throws SipError when `to` is malformed */
export function targetOf({ to, target }: Pick<OutgoingMessage, 'to' | 'target'>): string {
  return addressee(target ?? parseNameAddr(to).uri);
}

/**
 * Makes the MESSAGE request that carries a message. It has no Contact.
 *
 * @throws SipError when an address is malformed
 * @throws TypeError when a part can't be written, or the route set has an IM URI
 * @see RFC 3428 §4, §5
 */
export function createMessage(
  message: OutgoingMessage,
  { callId, fromTag, sequence }: RequestIdentity,
  now: Instant,
): SipRequest {
  const sender = parseNameAddr(message.from);
  const recipient = parseNameAddr(message.to);
  for (const hop of message.route ?? []) {
    const { uri } = parseNameAddr(hop);
    if (uri.type !== 'sip') throw new TypeError(`a route goes over SIP URIs (RFC 3428 §5), not ${hop}`);
  }
  const from = serializeNameAddr({ ...sender, params: new Map([['tag', fromTag]]) });
  const { displayName } = recipient;
  const shown = displayName === undefined ? '' : serializeNameAddr(recipient).split('<', 1)[0];
  return createRequest({
    method: 'MESSAGE',
    uri: targetOf(message),
    headers: [
      set('From', from),
      set('To', `${shown}<${addressee(recipient.uri)}>`),
      set('Call-ID', callId),
      set(cseq, { sequence, method: 'MESSAGE' }),
      ...(message.route ?? []).map((hop): HeaderEdit => ({ type: 'append', name: 'Route', lines: [hop] })),
      ...contentHeaders(message, now),
    ],
    body: message.body,
    contentType: message.contentType,
  });
}

/** The header fields of what a message says; Expires goes with the Date that it counts from (RFC 3428 §4). */
export function contentHeaders(content: MessageContent, now: Instant): readonly HeaderEdit[] {
  const { expiresSeconds, headers = [] } = content;
  const validity: HeaderEdit[] = [];
  if (expiresSeconds !== undefined) validity.push(set(expires, expiresSeconds));
  if (expiresSeconds !== undefined && expiresSeconds > 0) validity.push(set(date, now));
  const isContact = (edit: HeaderEdit): boolean => 'name' in edit && /^(?:contact|m)$/i.test(edit.name);
  return [...validity, ...headers.filter((edit) => !isContact(edit))];
}
