import { SipError } from '../errors.ts';
import { type Via, via } from '../headers/index.ts';
import type { SipRequest } from '../message/index.ts';

/**
 * The top Via of a request that is at fault somewhere else: all that is needed to answer it. From, To, Call-ID and
 * CSeq go into the answer as far as they are there (RFC 4475 §3.3.1).
 *
 * @returns `undefined` for what cannot or must not be answered: an ACK, or no readable Via
 * @see RFC 3261 §8.2.6.2, §18.2.2
 */
export function answerableVia(request: SipRequest): Via | undefined {
  if (request.method === 'ACK') return undefined;
  try {
    return request.get(via);
  } catch (error) {
    if (error instanceof SipError) return undefined;
    throw error;
  }
}

/** The phrase that says what is wrong (§21.4.1), made of what may stand in one. */
export function faultPhrase(error: SipError): string | undefined {
  if (error.status !== 400) return undefined;
  return `Bad Request: ${error.summary.replace(/[^ -~]/g, '?').slice(0, 120)}`;
}

/** CRLF, CRLF CRLF, or zero bytes: what phones send over UDP to keep a NAT open. */
export function isKeepAlive(bytes: Uint8Array): boolean {
  return bytes.length <= 4 && bytes.every((byte) => byte === 0x0d || byte === 0x0a || byte === 0);
}
