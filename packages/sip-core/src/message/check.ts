import type { SipRequest, SipResponse } from './message.ts';

/**
 * Checks what every request must have: To, From, Call-ID, CSeq, Max-Forwards, Via, each once and well-formed.
 *
 * @throws SipError with the status to answer
 */
export function checkRequest(request: SipRequest): void {
  throw new TypeError(`not yet ${request.method}`);
}

/** Checks what every response must have: To, From, Call-ID, CSeq, Via, each once and well-formed. */
export function checkResponse(response: SipResponse): void {
  throw new TypeError(`not yet ${response.status}`);
}
