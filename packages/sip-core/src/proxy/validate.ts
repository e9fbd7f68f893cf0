import type { Refusal } from '../endpoint/door.ts';
import { SipError } from '../errors.ts';
import {
  callId,
  cseq,
  from,
  type HeaderType,
  maxForwards,
  proxyRequire,
  to,
  unsupported,
  via,
} from '../headers/index.ts';
import { type SipRequest, set } from '../message/index.ts';

/** What a proxy understands. */
export interface Understood {
  readonly schemes: ReadonlySet<string>;
  readonly supported: ReadonlySet<string>;
}

/**
 * Inspects a request before it is forwarded, in the order of §16.3: what is needed for a transaction and for forwarding
 * has to be well-formed, and nothing else is looked at.
 *
 * @throws SipError with the status to answer
 * @see RFC 3261 §16.3 steps 1 to 3 and 5
 */
export function refusalToForward(request: SipRequest, understood: Understood): Refusal | undefined {
  if (request.version !== 'SIP/2.0') return { status: 505 };
  for (const header of mandatory) {
    if (request.get(header) === undefined)
      throw new SipError('missing', `${header.name} is missing`, { rfc: 'RFC 3261 §8.1.1' });
  }
  if (request.get(cseq)?.method !== request.method)
    throw new SipError('mismatch', 'the method in CSeq is not that of the request', {
      rfc: 'RFC 3261 §8.1.1.5',
    });
  const colon = request.uri.indexOf(':');
  if (!understood.schemes.has(request.uri.slice(0, colon).toLowerCase())) return { status: 416 };
  if (request.get(maxForwards) === 0) return { status: 483 };
  // The sender of an ACK or CANCEL could not do without (§8.2.2.3).
  if (request.method === 'ACK' || request.method === 'CANCEL' || !request.has(proxyRequire)) return undefined;
  const unknown = request.getAll(proxyRequire).filter((tag) => !understood.supported.has(tag.toLowerCase()));
  return unknown.length === 0 ? undefined : { status: 420, headers: [set(unsupported, ...unknown)] };
}

const mandatory: readonly HeaderType<unknown>[] = [via, from, to, callId, cseq];
