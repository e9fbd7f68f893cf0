import { DocumentError, type DocumentErrorCode } from '@sip-simple/xml/format';

/** What is wrong; the codes are part of the API and don't change. */
export type XcapErrorCode =
  | DocumentErrorCode
  /** A change of a version of a document that is not the one at hand. */
  | 'etag-mismatch'
  /** A patch that can't be applied to the version it is for; `cause` is what `@sip-simple/xml-patch` says. */
  | 'patch-failed'
  /** A `sel` that is not the URI of an element or attribute; `cause` is what its node selector fails with. */
  | 'invalid-selector';

/**
 * A body that is no document of its format, or a change that does not fit. It is the fault of who sent it:
 * `status` is the response to give.
 */
export class XcapError extends DocumentError<XcapErrorCode> {
  override readonly name: string = 'XcapError';
}
