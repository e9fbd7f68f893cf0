/** What is wrong; the codes are part of the API and don't change. */
export type CpimErrorCode =
  /** A line of the message headers is no header: no name, no colon, a control character, a line end by half. */
  | 'header'
  /** The message ends before the blank line that ends its headers. */
  | 'truncated'
  /** More than a limit allows. */
  | 'limit';

/**
 * Bytes that are no Message/CPIM. It is the fault of who sent them: `status` is the SIP response to give.
 */
export class CpimError extends Error {
  override readonly name: string = 'CpimError';
  readonly code: CpimErrorCode;
  /** The section that is violated, such as `RFC 3862 §2.2`. */
  readonly rfc: string;
  /** Where, in bytes from 0. */
  readonly offset: number;
  readonly status: 400 | 413;

  constructor(code: CpimErrorCode, rfc: string, message: string, offset: number) {
    super(message);
    this.code = code;
    this.rfc = rfc;
    this.offset = offset;
    this.status = code === 'limit' ? 413 : 400;
  }
}
