import type { SipError } from './errors.ts';
import type { MessageLimits } from './message/limits.ts';

/** What a stream holds next. */
export type Frame =
  | { readonly type: 'message'; readonly bytes: Uint8Array }
  /** A double CRLF between messages: a ping, to be answered with one CRLF (RFC 5626 §4.4.1). */
  | { readonly type: 'keep-alive' }
  /** The stream can't be framed any further: answer if `bytes` is a request's head, and close the connection. */
  | { readonly type: 'error'; readonly error: SipError; readonly bytes: Uint8Array };

/** Cuts a byte stream into messages by Content-Length (RFC 3261 §18.3). */
export class StreamFramer {
  constructor(options: { readonly limits?: Partial<MessageLimits> | undefined } = {}) {
    void options;
  }

  push(chunk: Uint8Array): readonly Frame[] {
    throw new TypeError(`not yet ${chunk.length}`);
  }
}

/** Gives the message in a datagram: without what follows its body. */
export function frameDatagram(bytes: Uint8Array): Uint8Array {
  return bytes;
}
