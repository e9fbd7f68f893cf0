import type { FailureReason } from '../endpoint/io.ts';
import type { SipResponse } from '../message/index.ts';

/**
 * Says whether a server has failed, so that the request goes to the next one: as a new transaction, the same but for
 * the branch, which an endpoint's 'send' makes.
 *
 * @param outcome what became of the request: its final response, or the reason of an endpoint's 'failed'
 * @param hasAnswered whether a provisional response had come: the server is there then, and a timeout no failure of it
 * @see RFC 3263 §4.3
 */
export function isServerFailure(outcome: SipResponse | FailureReason, hasAnswered = false): boolean {
  if (outcome === 'transport') return true;
  if (outcome === 'timeout') return !hasAnswered;
  return outcome.status === 503;
}
