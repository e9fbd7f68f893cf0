import { equals } from '@sip-simple/xml';
import { diff } from '@sip-simple/xml-patch';
import type { DocumentChangeInit } from './diff.ts';
import type { Version } from './follow.ts';

/**
 * Says how one version of a document became another, with a patch where both contents are known.
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
  if (equals(before.document, after.document)) return { ...etags, bodyNotChanged: true };
  return { ...etags, ...diff(before.document, after.document) };
}
