import { Head } from './head.ts';
import { messageOf } from './lazy.ts';
import type { SipRequest } from './message.ts';
import { scanHead } from './scan.ts';
import { ByteWriter } from './writer.ts';

/** Code here writes what was read within limits, or was given by its own user. */
const unlimited = {
  messageBytes: Number.POSITIVE_INFINITY,
  headBytes: 0x7f_ffff,
  headers: Number.POSITIVE_INFINITY,
  lineBytes: Number.POSITIVE_INFINITY,
};

/**
 * Makes a request of its text, which has been checked to be well-formed.
 *
 * @param head the request-line and all header fields with their line breaks, and the empty line
 */
export function writtenRequest(head: string, body: Uint8Array): SipRequest {
  const writer = new ByteWriter(3 * head.length + body.length);
  writer.text(head);
  writer.copy(body, 0, body.length);
  const bytes = writer.finish();
  const message = messageOf(new Head(bytes, scanHead(bytes, unlimited), []));
  if (message.type === 'request') return message;
  throw new TypeError('a status-line where a request-line was written');
}
