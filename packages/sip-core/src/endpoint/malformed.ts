import { SipError } from '../errors.ts';
import { callId, cseq, from, to, type Via, via } from '../headers/index.ts';
import type { SipRequest } from '../message/index.ts';

/**
 * The top Via of a request that is at fault somewhere else: what is needed, with From, To, Call-ID and CSeq, to
 * answer it.
 *
 * @returns `undefined` for what cannot or must not be answered: an ACK, or one of the five is unreadable too
 * @see RFC 3261 §8.2.6.2
 */
export function answerableVia(request: SipRequest): Via | undefined {
  if (request.method === 'ACK') return undefined;
  try {
    const isWhole =
      request.get(from) !== undefined &&
      request.get(to) !== undefined &&
      request.get(callId) !== undefined &&
      request.get(cseq) !== undefined;
    return isWhole ? request.get(via) : undefined;
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
