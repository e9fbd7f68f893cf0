import type { XmlError } from '../errors.ts';

/** What is wrong with a body that is no document of its format; the codes are part of the API and don't change. */
export type DocumentErrorCode =
  /** Not namespace-well-formed XML, or with a document type; `cause` is the `XmlError`. */
  | 'not-well-formed'
  /** More than a limit allows; `cause` is the `XmlError`. */
  | 'limit'
  /** The `charset` given is unknown, or the bytes are not in it. */
  | 'charset'
  /** The root is not the element that the format begins with. */
  | 'wrong-root';

/**
 * A body that is no document of its format. It is the fault of who sent it: `status` is the SIP response to
 * give. Each format has its own class of it.
 */
export class DocumentError<Code extends string = DocumentErrorCode> extends Error {
  override readonly name: string = 'DocumentError';
  readonly code: Code;
  /** The section that is violated, such as `RFC 3863 §4.1.1`. */
  readonly rfc: string;
  /** Where in the decoded text, in UTF-16 code units, where that is known. */
  readonly offset: number | undefined;
  readonly status: 400 | 413;
  override readonly cause: unknown;

  constructor(code: Code, rfc: string, message: string, cause?: XmlError | Error) {
    super(message);
    this.code = code;
    this.rfc = rfc;
    this.cause = cause;
    this.offset = cause !== undefined && 'offset' in cause ? cause.offset : undefined;
    this.status = code === 'limit' ? 413 : 400;
  }
}
