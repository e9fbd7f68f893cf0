import type { Peer } from '../endpoint/peer.ts';
import { withTopField } from '../endpoint/splice.ts';
import { localFor, ownVia } from '../endpoint/via.ts';
import { SipError } from '../errors.ts';
import { callId, cseq, via } from '../headers/index.ts';
import type { Tokens } from '../token.ts';
import { magicCookie } from '../transaction/keys.ts';
import { copyFor, type Received } from './copy.ts';
import type { SipTarget } from './postprocess.ts';
import type { Names } from './preprocess.ts';

/**
 * A request as it leaves without a transaction: the ACK of a 2xx, or a CANCEL of nothing known. A retransmission of it
 * leaves by the same branch.
 *
 * @returns `undefined` when there is no way to send it
 * @see RFC 3261 §16.11
 */
export function statelessly(
  received: Received,
  target: SipTarget,
  breadth: number,
  names: Names,
  tokens: Tokens,
): { readonly next: Peer; readonly bytes: Uint8Array } | undefined {
  const { request } = received;
  // "a Max-Breadth header field value is meaningless in a CANCEL request" (RFC 5393 §5.4.1).
  const options = {
    route: [],
    breadth: request.method === 'CANCEL' ? undefined : breadth,
    recordRoute: false,
    path: false,
  };
  try {
    const copy = copyFor(received, target, options, names);
    const local = copy === undefined ? undefined : localFor(names.addresses, copy.next);
    const top = request.get(via);
    if (copy === undefined || local === undefined || top === undefined) return undefined;
    const invariant = `${via.serialize(top)} ${request.uri} ${request.get(callId)} ${request.get(cseq)?.sequence}`;
    const own = ownVia(local, magicCookie + tokens.of(invariant));
    return { next: copy.next, bytes: withTopField(copy.request.toBytes(), `Via: ${own}`) };
  } catch (error) {
    if (error instanceof SipError) return undefined;
    throw error;
  }
}
