import type { Refusal } from '../endpoint/door.ts';
import { maxForwards, proxyRequire, unsupported } from '../headers/index.ts';
import { type SipRequest, set } from '../message/index.ts';

/** What a proxy understands. */
export interface Understood {
  readonly schemes: ReadonlySet<string>;
  readonly supported: ReadonlySet<string>;
}

/**
 * Inspects a request before it is forwarded, in the order of §16.3. What its transaction needs is well-formed already; of
 * the rest nothing is looked at but what forwarding needs.
 *
 * @throws SipError with the status to answer
 * @see RFC 3261 §16.3 steps 2, 3 and 5
 */
export function refusalToForward(request: SipRequest, understood: Understood): Refusal | undefined {
  const colon = request.uri.indexOf(':');
  if (!understood.schemes.has(request.uri.slice(0, colon).toLowerCase())) return { status: 416 };
  if (request.get(maxForwards) === 0) return { status: 483 };
  // The sender of an ACK or CANCEL could not do without (§8.2.2.3).
  if (request.method === 'ACK' || request.method === 'CANCEL' || !request.has(proxyRequire)) return undefined;
  const unknown = request.getAll(proxyRequire).filter((tag) => !understood.supported.has(tag.toLowerCase()));
  return unknown.length === 0 ? undefined : { status: 420, headers: [set(unsupported, ...unknown)] };
}
