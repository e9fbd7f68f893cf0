import { date, expires, type Instant, type SipRequest } from '@sip-simple/sip-core';

/**
 * When a message expires: its Expires after its Date, or where it has none after it was received; `undefined` when
 * it doesn't.
 *
 * @throws SipError when Expires or Date is malformed
 * @see RFC 3428 §7
 */
export function expirationOf(message: SipRequest, receivedAt: Instant): Instant | undefined {
  const seconds = message.get(expires);
  if (seconds === undefined) return undefined;
  return (message.get(date) ?? receivedAt) + seconds * 1000;
}
