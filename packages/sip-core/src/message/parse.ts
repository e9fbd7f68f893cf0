import type { MessageLimits } from './limits.ts';
import type { SipMessage } from './message.ts';

/** Options of `parseMessage`. */
export interface ParseOptions {
  /** Parts of `defaultMessageLimits` to replace. */
  readonly limits?: Partial<MessageLimits> | undefined;
}

export function parseMessage(bytes: Uint8Array, options: ParseOptions = {}): SipMessage {
  throw new TypeError(`not yet ${bytes.length} ${options}`);
}
