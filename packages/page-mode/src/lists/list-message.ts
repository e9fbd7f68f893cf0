import { ANONYMOUS, mayReplyToAll, RESOURCE_LISTS_TYPE } from '@sip-simple/resource-lists';
import {
  append,
  from,
  type Part,
  parseUri,
  require as requireHeader,
  type SipRequest,
  serializeUri,
} from '@sip-simple/sip-core';
import type { MessageContent } from '../message-request.ts';
import { contentOf, dispositionOf, mediaTypeOf, partsOf } from './parts.ts';
import {
  type ListedRecipient,
  listPart,
  RECIPIENT_LIST,
  RECIPIENT_LIST_HISTORY,
  readEntries,
} from './recipient-list.ts';

/** The option-tag by which a UAC asks for a list service, and a server says that it is one (RFC 5365 §5). */
export const recipientListMessage = 'recipient-list-message';

/**
 * Makes a message one for many: the content for a MESSAGE to a list service, which sends it to each recipient. The list
 * goes along, flat; Require asks for the service.
 *
 * @param recipients whom it is for; header components of their URIs are added to their copy
 * @param token makes up boundaries: characters of tokens, random ones best
 * @throws SipError when a URI is malformed
 * @throws TypeError when there is nobody, or a URI holds a body
 * @see RFC 5365 §6
 */
export function toRecipients(
  content: MessageContent,
  recipients: readonly ListedRecipient[],
  token: () => string,
): MessageContent {
  if (recipients.length === 0) throw new TypeError('a list message needs recipients');
  for (const { uri } of recipients) {
    const parsed = parseUri(uri);
    if (parsed.type === 'sip' && parsed.headers.some(([name]) => name.toLowerCase() === 'body')) {
      throw new TypeError(`the body goes into the message, not into ${uri} (RFC 5365 §6)`);
    }
  }
  const said: Part = {
    headers: [{ name: 'Content-Type', value: content.contentType }],
    body: content.body,
  };
  const members = recipients.map((value) => ({ type: 'entry' as const, value }));
  const list = listPart(RECIPIENT_LIST, { lists: [{ members }] });
  const { headers, body } = contentOf([said, list], token);
  const [{ value: contentType } = { value: '' }] = headers;
  return {
    ...content,
    body,
    contentType,
    headers: [...(content.headers ?? []), append(requireHeader, recipientListMessage)],
  };
}

/** A message that came through a list service. */
export interface ListMessage {
  /** What was said: the message's body, or its parts without the list. */
  readonly content: readonly Part[];
  /** Who got it too, as far as one is told; `undefined` when the message has no list. */
  readonly recipients: readonly ListedRecipient[] | undefined;
}

/**
 * Takes a message that came through a list service apart; any other message is its own content.
 *
 * @throws MultipartError, ResourceListsError, SipError when the body, the list or a header field is malformed
 * @see RFC 5365 §8
 */
export function readListMessage(request: SipRequest): ListMessage {
  const content: Part[] = [];
  let recipients: readonly ListedRecipient[] | undefined;
  for (const part of partsOf(request)) {
    if (dispositionOf(part) !== RECIPIENT_LIST_HISTORY) content.push(part);
    else if (mediaTypeOf(part).type === RESOURCE_LISTS_TYPE) {
      recipients = [...(recipients ?? []), ...readEntries(part.body)];
    }
  }
  return { content, recipients };
}

/**
 * Whom an answer to all goes to: the sender and the others that one is told of. It goes to the sender alone when there
 * is no list, or one is not in it, or as a blind copy, which nobody should learn of by it.
 *
 * @param isSelf tells whether a URI is one's own
 * @throws what `readListMessage` throws
 * @see RFC 5364 §4, RFC 5365 §8
 */
export function replyToAll(request: SipRequest, isSelf: (uri: string) => boolean): readonly string[] {
  const sender = request.get(from);
  const targets = sender === undefined ? [] : [serializeUri(sender.uri)];
  const { recipients = [] } = readListMessage(request);
  if (!mayReplyToAll(recipients, isSelf)) return targets;
  for (const { uri } of recipients) {
    if (uri !== ANONYMOUS && !isSelf(uri) && !targets.includes(uri)) targets.push(uri);
  }
  return targets;
}
