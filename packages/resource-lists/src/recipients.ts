import type { CopyControl } from './copy-control.ts';
import type { Entry, EntryInit, ListInit } from './lists.ts';

/** One whom a request for a list goes to. */
export interface Recipient {
  readonly uri: string;
  readonly copyControl: CopyControl;
  readonly anonymize: boolean;
}

/** How a recipient gets a request: as it says, or `bcc`. @see RFC 5364 §4 */
export function copyControlOf({ copyControl = 'bcc' }: Pick<Entry, 'copyControl'>): CopyControl {
  return copyControl;
}

/**
 * Whom a request for a list goes to, each once: of entries with the same URI, the one with the highest copy
 * control decides, `to` before `cc` before `bcc`. Once marked so, always anonymous.
 *
 * @param entries the entries of a list, or the resources that `resolve` makes of it
 * @see RFC 5364 §4
 */
export function recipientsOf(
  entries: Iterable<Pick<Entry, 'uri' | 'copyControl' | 'anonymize'>>,
): readonly Recipient[] {
  const byUri = new Map<string, Recipient>();
  for (const entry of entries) {
    const { uri, anonymize = false } = entry;
    const copyControl = copyControlOf(entry);
    const before = byUri.get(uri);
    byUri.set(uri, {
      uri,
      copyControl:
        before === undefined || RANK[copyControl] < RANK[before.copyControl]
          ? copyControl
          : before.copyControl,
      anonymize: anonymize || before?.anonymize === true,
    });
  }
  return [...byUri.values()];
}

/** The URI that stands for those that are not told (RFC 5364 §4). */
export const ANONYMOUS = 'sip:anonymous@anonymous.invalid';

/**
 * The list that recipients are shown: those of `to` and `cc`, the anonymous among them as a count, and of `bcc`
 * none.
 *
 * @param reader the recipient for whom the list is: of `bcc`, one sees itself; without, the list is fit for all
 * @see RFC 5364 §4, §6
 */
export function recipientHistory(recipients: readonly Recipient[], reader?: string): ListInit {
  const entries: EntryInit[] = [];
  for (const level of ['to', 'cc'] as const) {
    const ofLevel = recipients.filter(({ copyControl }) => copyControl === level);
    for (const { uri, anonymize } of ofLevel) {
      if (!anonymize) entries.push({ uri, copyControl: level });
    }
    const count = ofLevel.filter(({ anonymize }) => anonymize).length;
    if (count > 0) entries.push({ uri: ANONYMOUS, copyControl: level, count });
  }
  for (const { uri, copyControl } of recipients) {
    if (copyControl === 'bcc' && uri === reader) entries.push({ uri, copyControl });
  }
  return { members: entries.map((value) => ({ type: 'entry', value })) };
}

/**
 * Whether one who got a recipient history may answer to all: not one who is not in it, or is a blind copy.
 *
 * @param isSelf tells whether a URI is one's own
 * @see RFC 5364 §4
 */
export function mayReplyToAll(
  history: Iterable<Pick<Entry, 'uri' | 'copyControl'>>,
  isSelf: (uri: string) => boolean,
): boolean {
  for (const entry of history) {
    if (isSelf(entry.uri) && copyControlOf(entry) !== 'bcc') return true;
  }
  return false;
}

const RANK = { to: 0, cc: 1, bcc: 2 };
