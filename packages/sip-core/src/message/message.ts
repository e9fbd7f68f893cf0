import type { HeaderType } from '../headers/header-type.ts';
import type { HeaderEdit } from './edit.ts';

/** A SIP message, immutable. It keeps the bytes it came in and reads a header field when first asked for it. */
export type SipMessage = SipRequest | SipResponse;

/** A request (RFC 3261 §7.1). */
export interface SipRequest extends MessageParts {
  readonly type: 'request';
  /** As written: methods are case-sensitive. */
  readonly method: string;
  /** The Request-URI as written. */
  readonly uri: string;
}

/** A response (RFC 3261 §7.2). */
export interface SipResponse extends MessageParts {
  readonly type: 'response';
  readonly status: number;
  readonly reason: string;
}

/** What requests and responses share. */
export interface MessageParts {
  /** `SIP/2.0`, or what the peer claims to speak, in upper case; `checkRequest` refuses another one with 505. */
  readonly version: string;
  /** The body's bytes; empty when there is none. Part of the message's own bytes: not to be written to. */
  readonly body: Uint8Array;

  /**
   * Gives the first value of a header field, decoded at the first call and kept.
   *
   * @throws SipError `value`, `uri`, `duplicate` (a single-value header field twice), `limit`
   */
  get<T>(header: HeaderType<T>): T | undefined;

  /**
   * Gives all values of a header field, comma-joined and repeated ones alike (§7.3.1), decoded once.
   *
   * @throws SipError as `get`
   */
  getAll<T>(header: HeaderType<T>): readonly T[];

  /** Gives the field values as written, unfolded, one for each header field of that name in any case or form. */
  raw(name: string): readonly string[];

  /** Says whether a header field is there. */
  has(header: HeaderType<unknown> | string): boolean;

  /** Gives all header fields in order: names as written, values unfolded. */
  headers(): Iterable<readonly [name: string, value: string]>;

  /**
   * Gives a message that is this one with edits made, in their order. The bytes of the other header fields stay
   * what they were, and Content-Length follows the body by itself.
   *
   * @throws TypeError when a name or value can't stand in a header field (a line break in it, a name no token)
   */
  with(...edits: readonly HeaderEdit[]): this;

  /** Gives the message's bytes: those it came in while unchanged. Not to be written to. */
  toBytes(): Uint8Array;
}
