import type { SipRequest } from '@sip-simple/sip-core';

/** The largest MESSAGE unless it is known that every hop controls congestion (RFC 3428 §8). */
export const maxMessageBytes = 1300;

/** What the Via that the endpoint puts before a request takes of that. */
export const viaBytes = 120;

/** Whether a request, with the Via that it will be sent with, is larger than a MESSAGE may be (RFC 3428 §8). */
export function isTooLarge(request: SipRequest): boolean {
  return request.toBytes().length + viaBytes > maxMessageBytes;
}
