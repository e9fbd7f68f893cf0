import type { DocumentErrorCode } from '@sip-simple/xml/format';

/** What is wrong with a filter document or its use; the codes are part of the API and don't change. */
export type FilterErrorCode =
  | DocumentErrorCode
  /** An expression that is none or has a prefix that is bound to nothing, or a number that is none. */
  | 'bad-expression'
  /** Two filters for one resource or domain, or one with a `uri` and a `domain`. */
  | 'conflict'
  /** A new filter with nothing in it. */
  | 'incomplete';

/**
 * A body that is no filter document, or a filter that can't be taken. `status` is the response to a SUBSCRIBE
 * with it: 488 (Not Acceptable Here) for what is XML and not right, 400 for what is none, 413 for what is too
 * much of it.
 *
 * @see RFC 4660 §5.4
 */
export class FilterError extends Error {
  override readonly name: string = 'FilterError';
  readonly code: FilterErrorCode;
  /** The section that is violated, such as `RFC 4661 §5`. */
  readonly rfc: string;
  /** Where in the document or expression, in UTF-16 code units, where that is known. */
  readonly offset: number | undefined;
  readonly status: 400 | 413 | 488;
  override readonly cause: unknown;

  constructor(code: FilterErrorCode, rfc: string, message: string, cause?: Error) {
    super(message);
    this.code = code;
    this.rfc = rfc;
    this.cause = cause;
    this.offset =
      cause !== undefined && 'offset' in cause && typeof cause.offset === 'number' ? cause.offset : undefined;
    this.status = STATUS[code] ?? 488;
  }
}

const STATUS: Partial<Record<FilterErrorCode, 400 | 413>> = {
  'not-well-formed': 400,
  charset: 400,
  limit: 413,
};
