import type { LocalAddress } from '../endpoint/peer.ts';
import { isOwnVia } from '../endpoint/via.ts';
import { callId, cseq, via } from '../headers/index.ts';
import type { SipRequest } from '../message/index.ts';
import type { Tokens } from '../token.ts';

/**
 * The second part of the branches of a request that forks: the same when the same request comes again with nothing
 * changed that decides where it goes, whatever its method. It begins with a dot, which no first part holds.
 *
 * @param others further header fields that decide about it
 * @see RFC 5393 §4.2.1
 */
export function loopMark(request: SipRequest, tokens: Tokens, others: readonly string[]): string {
  // Call-ID and CSeq keep a collision of two requests from happening again and again (§4.2.4).
  let text = `${request.uri}\n${request.get(callId)}\n${request.get(cseq)?.sequence}`;
  for (const name of deciding) text += `\n${request.raw(name).join()}`;
  for (const name of others) text += `\n${request.raw(name).join()}`;
  return `.${tokens.of(text)}`;
}

/**
 * Whether a request has been here before just as it is now: one of the Vias that this proxy wrote ends with its mark.
 *
 * @throws SipError when a Via is malformed
 * @see RFC 5393 §4.2.2
 */
export function hasLooped(request: SipRequest, mark: string, addresses: readonly LocalAddress[]): boolean {
  return request
    .getAll(via)
    .some((hop) => hop.params.get('branch')?.endsWith(mark) === true && isOwnVia(addresses, hop));
}

/** What §16.6 step 8 names besides. */
const deciding: readonly string[] = ['From', 'To', 'Route', 'Proxy-Require', 'Proxy-Authorization'];
