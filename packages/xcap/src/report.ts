import { equals } from '@sip-simple/xml';
import { apply, diff } from '@sip-simple/xml-patch';
import type { DocumentChangeInit } from './diff.ts';
import type { Version } from './follow.ts';

/**
 * Says how one version of a document became another, with a patch where both contents are known, and a patch
 * can say it: versions that differ in prefixes or declarations alone, which it can't, are reported by their
 * entity tags, and so to be fetched. What a client has after it is the same in the canonical form (§1).
 *
 * @param before what the other side has; `undefined`: nothing
 * @param after what there is now; `undefined`: the document was removed
 * @throws {TypeError} when there is nothing before and after
 * @see RFC 5874 §3 (Figure 1)
 */
export function changeOf(
  sel: string,
  before: Version | undefined,
  after: Version | undefined,
): DocumentChangeInit {
  if (before === undefined && after === undefined) throw new TypeError('no version to report');
  const etags = { sel, previousEtag: before?.etag, newEtag: after?.etag };
  if (before?.document === undefined || after?.document === undefined) return etags;
  if (equals(before.document, after.document, WITH_PREFIXES)) return { ...etags, bodyNotChanged: true };
  const patch = diff(before.document, after.document);
  const patched = apply(before.document, patch);
  return equals(patched, after.document, WITH_PREFIXES) ? { ...etags, ...patch } : etags;
}

const WITH_PREFIXES = { prefixes: true };
