import type { SipMessage } from './message/message.ts';

/**
 * What is wrong with a message, machine-readable.
 *
 * - `start-line`, `version`, `header`, `value`, `uri`: the text breaks the grammar there.
 * - `duplicate`: a header field or parameter that may appear once appears again.
 * - `missing`: a mandatory header field is absent.
 * - `mismatch`: two parts of the message contradict each other.
 * - `length`: Content-Length is absent where needed, or names more bytes than there are.
 * - `limit`: the message is larger than the limits in force.
 */
export type SipErrorCode =
  | 'start-line'
  | 'version'
  | 'header'
  | 'value'
  | 'uri'
  | 'duplicate'
  | 'missing'
  | 'mismatch'
  | 'length'
  | 'limit';

/** Where the fault lies and what to answer. */
export interface SipErrorDetails {
  /** The section that was broken, e.g. `RFC 3261 §7.1`. */
  readonly rfc: string;
  /** Byte offset in the message, or character offset in the text that was parsed. */
  readonly offset?: number | undefined;
  /** The status that answers a request with this fault; 400 unless given. */
  readonly status?: number | undefined;
  /** What could be read of the message, when that is enough to answer it. */
  readonly received?: SipMessage | undefined;
}

/**
 * A peer's message is not what the RFC says it must be. Mistakes of the calling program are `TypeError` and
 * `RangeError` instead.
 */
export class SipError extends Error {
  override readonly name: 'SipError' = 'SipError';
  readonly code: SipErrorCode;
  /** The section that was broken, e.g. `RFC 3261 §7.1`. */
  readonly rfc: string;
  /** Byte offset in the message, or character offset in the text that was parsed. */
  readonly offset: number | undefined;
  /** The status that answers a request with this fault. */
  readonly status: number;
  /** What could be read of the message, when that is enough to answer it. */
  readonly received: SipMessage | undefined;
  /** The message without the section. */
  readonly summary: string;

  constructor(code: SipErrorCode, message: string, details: SipErrorDetails) {
    super(`${message} (${details.rfc})`);
    this.code = code;
    this.rfc = details.rfc;
    this.offset = details.offset;
    this.status = details.status ?? 400;
    this.received = details.received;
    this.summary = message;
  }
}
