/** What a message may hold; more is refused with a SipError `limit`. */
export interface MessageLimits {
  /** Bytes of the whole message. */
  readonly messageBytes: number;
  /** Bytes of start-line and header fields. */
  readonly headBytes: number;
  /** Bytes of one header field with its continuation lines, and of the start-line. */
  readonly lineBytes: number;
  /** Number of header fields. */
  readonly headers: number;
}

/** The limits in force unless the caller gives others. */
export const defaultMessageLimits: MessageLimits = {
  messageBytes: 1_048_576,
  headBytes: 65_536,
  lineBytes: 16_384,
  headers: 1024,
};
