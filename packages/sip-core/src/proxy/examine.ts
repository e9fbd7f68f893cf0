import type { Refusal } from '../endpoint/door.ts';
import { faultPhrase } from '../endpoint/malformed.ts';
import type { Peer } from '../endpoint/peer.ts';
import { receivedVia } from '../endpoint/via.ts';
import { SipError } from '../errors.ts';
import { via } from '../headers/index.ts';
import type { SipRequest } from '../message/index.ts';
import type { Received } from './copy.ts';
import { maxBreadth } from './max-breadth.ts';
import { type Names, preprocess } from './preprocess.ts';
import type { Reach } from './proxy-io.ts';
import { refusalToForward, type Understood } from './validate.ts';

/** A request that may be forwarded, as far as it says itself. */
export interface Examined {
  readonly received: Received;
  /** Whether it is for users here: this proxy chooses where it goes. */
  readonly isHere: boolean;
  readonly reach: Reach;
  /** Its Incoming Max-Breadth (RFC 5393 §5.3.2). */
  readonly breadth: number;
}

/**
 * Validates and preprocesses a request.
 *
 * @param breadth the largest Max-Breadth allowed
 * @see RFC 3261 §16.3, §16.4
 */
export function examine(
  request: SipRequest,
  peer: Peer,
  names: Names,
  understood: Understood,
  breadth: number,
): Examined | Refusal {
  try {
    const refusal = refusalToForward(request, understood);
    if (refusal !== undefined) return refusal;
    const preprocessed = preprocess(request, peer, names);
    if (preprocessed === 'tampered') return { status: 403 };
    const { uri, flow, pass, routes } = preprocessed;
    // What names its own way is not looked up (§16.5).
    const isFixed = flow !== undefined || (uri.type === 'sip' && uri.params.has('maddr'));
    const isHere = !isFixed && names.isResponsible(uri);
    if (!isHere && uri.type === 'other') return { status: 416 };
    // Our own address, and no user of a domain here: it would come back to be forwarded again.
    const isOnItsOwn = !isHere && !isFixed && routes.length === 0;
    if (isOnItsOwn && uri.type === 'sip' && names.isOwn(uri)) return { status: 404 };
    const incoming = Math.min(request.get(maxBreadth) ?? breadth, breadth);
    if (incoming === 0) return { status: 440 };
    const top = request.get(via);
    const received: Received = {
      request,
      peer,
      preprocessed,
      receivedVia: top === undefined ? undefined : receivedVia(top, peer),
    };
    return { received, isHere, reach: pass ?? (isHere ? 'here' : 'elsewhere'), breadth: incoming };
  } catch (error) {
    if (!(error instanceof SipError)) throw error;
    return { status: error.status, reason: faultPhrase(error) };
  }
}
