import {
  type CopyControl,
  copyControlOf,
  type List,
  parse,
  RESOURCE_LISTS_TYPE,
  type Recipient,
  recipientsOf,
  serialize,
} from '@sip-simple/resource-lists';
import { type Part, parseUri, type SipUri } from '@sip-simple/sip-core';
import { addressee, destinationKey } from '../addressee.ts';
import { refused } from '../errors.ts';

/** Somebody in a list of recipients, as it says. */
export interface ListedRecipient {
  readonly uri: string;
  /** `bcc` when the list says nothing (RFC 5364 §4). */
  readonly copyControl?: CopyControl | undefined;
  /** Whether the others are not told of them; no unless given. */
  readonly anonymize?: boolean | undefined;
}

/** Somebody whom a message goes to, once however often they are listed. */
export interface ListRecipient extends Recipient {
  /** The header components of their URI: what is asked to be added to their copy (RFC 5365 §6). */
  readonly headers: SipUri['headers'];
}

/** The Content-Disposition of a list that a message is to go to (RFC 5363 §4.1). */
export const RECIPIENT_LIST = 'recipient-list';
/** The Content-Disposition of a list that a message went to (RFC 5364 §7). */
export const RECIPIENT_LIST_HISTORY = 'recipient-list-history';

/** Makes the body part that lists recipients. */
export function listPart(disposition: string, members: Parameters<typeof serialize>[0]): Part {
  return {
    headers: [
      { name: 'Content-Type', value: RESOURCE_LISTS_TYPE },
      { name: 'Content-Disposition', value: disposition },
    ],
    body: serialize(members),
  };
}

/**
 * Reads a list of recipients: all entries, those of lists within lists too. What is referred to is left out, as RFC
 * 5365 §7 allows: these lists are flat.
 *
 * @throws ResourceListsError
 */
export function readEntries(body: Uint8Array): readonly ListedRecipient[] {
  return parse(body).lists.flatMap((list) => entriesOf(list, {}));
}

function entriesOf(list: List, around: Omit<ListedRecipient, 'uri'>): readonly ListedRecipient[] {
  const copyControl = list.copyControl ?? around.copyControl;
  const anonymize = list.anonymize === true || around.anonymize === true;
  const inherited = { copyControl, anonymize };
  return list.members.flatMap((member) => {
    if (member.type === 'list') return entriesOf(member.value, inherited);
    if (member.type !== 'entry') return [];
    const { uri } = member.value;
    return [
      {
        uri,
        copyControl: member.value.copyControl ?? copyControl,
        anonymize: member.value.anonymize === true || anonymize,
      },
    ];
  });
}

/**
 * Whom a list is for, each once: of those with the same address the first URI, the highest copy control, and anonymity
 * if any asks for it.
 *
 * @throws SipError when a URI is malformed
 * @throws PageModeError `refused` with status 400 for a URI that no message can be sent to
 * @see RFC 5363 §4.1, RFC 5364 §4
 */
export function mergedRecipients(entries: readonly ListedRecipient[]): readonly ListRecipient[] {
  const first = new Map<string, { readonly uri: string; readonly headers: SipUri['headers'] }>();
  const listed = entries.map((entry) => {
    const parsed = parseUri(entry.uri);
    if (parsed.type === 'other' && parsed.scheme !== 'im' && parsed.scheme !== 'tel') {
      throw refused(400, `no message goes to ${parsed.scheme}:`, 'RFC 5365 §7.1');
    }
    const uri = addressee(parsed);
    const key = destinationKey(uri);
    const known = first.get(key) ?? { uri, headers: parsed.type === 'sip' ? parsed.headers : [] };
    first.set(key, known);
    return { ...entry, copyControl: copyControlOf(entry), uri: known.uri };
  });
  const headers = new Map([...first.values()].map((known) => [known.uri, known.headers] as const));
  return recipientsOf(listed).map((recipient) => ({
    ...recipient,
    headers: headers.get(recipient.uri) ?? [],
  }));
}
