import type { XmlDocument } from '@sip-simple/xml';
import { type ApplyOptions, apply, PatchError } from '@sip-simple/xml-patch';
import type { DocumentChange, XcapDiff } from './diff.ts';
import { XcapError } from './errors.ts';

/** A version of a document. */
export interface Version {
  /** Its entity tag, without the quotes that HTTP puts around it. */
  readonly etag: string;
  /** Its content; `undefined` where only the tag is known, and the content must be fetched. */
  readonly document: XmlDocument | undefined;
}

/**
 * Brings a document up to date by what an XCAP diff says of it, in the order it says so.
 *
 * Changes are applied to the version that they are for, and to no other. Where a diff tells a longer history
 * than needed, it is taken up at the version at hand. A version comes back without its document where the
 * diff says that there is a newer one, and not how to come to it.
 *
 * @param sel the document, as in the diff
 * @param cached the version at hand; `undefined` for none
 * @param options.work the most nodes that the selectors of all its changes together look at, 100 million by
 *   default; each change may take an equal part, up to 50 million
 * @returns the latest version; `undefined` when there is no document any more; `cached` when the diff says
 *   nothing of it
 * @throws {XcapError} `etag-mismatch`, `patch-failed`: the copy at hand is good for nothing, and the session
 *   should end (RFC 5874 §6)
 * @see RFC 5874 §3 (Figure 1), §6
 */
export function follow(
  report: XcapDiff,
  sel: string,
  cached: Version | undefined,
  options: { readonly work?: number | undefined } = {},
): Version | undefined {
  const history: DocumentChange[] = [];
  for (const { type, value } of report.changes) {
    if (type === 'document' && value.sel === sel) history.push(value);
  }
  const work = Math.min(MOST_WORK, Math.ceil((options.work ?? DEFAULT_WORK) / history.length));
  const around = { namespaces: report.namespaces, work };
  let version = cached;
  // Before the first change that fits, history is passed over.
  let passed: DocumentChange | undefined;
  for (const change of history) {
    if (version === cached && !fits(change, version)) {
      passed ??= change;
      continue;
    }
    version = next(change, version, around);
    passed = undefined;
  }
  if (passed !== undefined) throw mismatch(passed, version);
  return version;
}

/** True when a change is about the version, octet by octet of the tag, or about having none. */
function fits({ previousEtag, newEtag }: DocumentChange, version: Version | undefined): boolean {
  if (version === undefined || previousEtag === undefined) return true;
  return previousEtag === version.etag || newEtag === version.etag;
}

/** The version after a change, by the rows of Figure 1. */
function next(
  change: DocumentChange,
  version: Version | undefined,
  around: ApplyOptions,
): Version | undefined {
  const { previousEtag, newEtag, bodyNotChanged, operations } = change;
  if (!fits(change, version)) throw mismatch(change, version);
  if (newEtag === undefined) return undefined;
  if (version?.etag === newEtag) return version;
  const unknown = { etag: newEtag, document: undefined };
  if (version?.document === undefined || previousEtag === undefined) return unknown;
  if (bodyNotChanged) return { etag: newEtag, document: version.document };
  if (operations.length === 0) return unknown;
  try {
    return { etag: newEtag, document: apply(version.document, change, around) };
  } catch (error) {
    if (!(error instanceof PatchError)) throw error;
    const message = `${change.sel}: ${error.message}`;
    throw new XcapError('patch-failed', error.rfc, message, error);
  }
}

function mismatch({ sel, previousEtag }: DocumentChange, version: Version | undefined): XcapError {
  const message = `${sel}: a change of version ${previousEtag}, and ${version?.etag} is at hand`;
  return new XcapError('etag-mismatch', 'RFC 5874 §6', message);
}

const DEFAULT_WORK = 100_000_000;
/** What patches are made for, by the default of `apply`. */
const MOST_WORK = 50_000_000;
