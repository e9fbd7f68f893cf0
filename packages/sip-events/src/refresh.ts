import type { HeaderType, Instant, SipResponse } from '@sip-simple/sip-core';

/** A refresh needs the time of a whole transaction (Timer F, 32 s) and some to spare. */
const marginSeconds = 60;

/** When to refresh what lasts `seconds` from `now`: a minute before its end, or half-way when it is short. */
export function refreshAt(now: Instant, seconds: number): Instant {
  return now + Math.max(seconds - marginSeconds, seconds / 2) * 1000;
}

/** A header field of a response, which may have failed to come; a malformed one counts as absent. */
export function headerOf<T>(response: SipResponse | undefined, header: HeaderType<T>): T | undefined {
  try {
    return response?.get(header);
  } catch {
    return undefined;
  }
}
