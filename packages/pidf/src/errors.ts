import type { XmlError } from '@sip-simple/xml';

/** What is wrong; the codes are part of the API and don't change. */
export type PidfErrorCode =
  /** Not namespace-well-formed XML, or with a document type; `cause` is the `XmlError`. */
  | 'not-well-formed'
  /** More than a limit allows; `cause` is the `XmlError`. */
  | 'limit'
  /** The `charset` given is unknown, or the bytes are not in it. */
  | 'charset'
  /** The root is not `<presence>` of RFC 3863. */
  | 'not-presence';

/**
 * A body that is no presence document. It is the fault of who sent it: `status` is the SIP response to give.
 */
export class PidfError extends Error {
  override readonly name: string = 'PidfError';
  readonly code: PidfErrorCode;
  /** The section that is violated, such as `RFC 3863 §4.1.1`. */
  readonly rfc: string;
  /** Where in the decoded text, in UTF-16 code units, where that is known. */
  readonly offset: number | undefined;
  readonly status: 400 | 413;
  override readonly cause: unknown;

  constructor(code: PidfErrorCode, rfc: string, message: string, cause?: XmlError | Error) {
    super(message);
    this.code = code;
    this.rfc = rfc;
    this.cause = cause;
    this.offset = cause !== undefined && 'offset' in cause ? cause.offset : undefined;
    this.status = code === 'limit' ? 413 : 400;
  }
}
