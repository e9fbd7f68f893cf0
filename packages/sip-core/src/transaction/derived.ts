import { cseq, maxForwards, via } from '../headers/index.ts';
import { createRequest, type HeaderEdit, type SipRequest, type SipResponse, set } from '../message/index.ts';

/**
 * The ACK for a non-2xx final response, which the INVITE client transaction sends by itself.
 *
 * @param invite as it was sent, our Via on top
 * @see RFC 3261 §17.1.1.3
 */
export function acknowledge(invite: SipRequest, response: SipResponse): SipRequest {
  return derive(invite, 'ACK', response.raw('To'));
}

/**
 * The CANCEL for a pending INVITE.
 *
 * @param invite as it was sent, our Via on top
 * @see RFC 3261 §9.1
 */
export function cancel(invite: SipRequest): SipRequest {
  return derive(invite, 'CANCEL', invite.raw('To'));
}

/** Both take everything that routes from the INVITE, a single Via included, and CSeq's number with their method. */
function derive(invite: SipRequest, method: string, to: readonly string[]): SipRequest {
  const top = invite.get(via);
  const headers: HeaderEdit[] = [
    set('Via', ...(top === undefined ? [] : [via.serialize(top)])),
    set(maxForwards, 70),
    set('From', ...invite.raw('From')),
    set('To', ...to),
    set('Call-ID', ...invite.raw('Call-ID')),
    set('CSeq', `${invite.get(cseq)?.sequence ?? 0} ${method}`),
  ];
  const route = invite.raw('Route');
  if (route.length > 0) headers.push(set('Route', ...route));
  return createRequest({ method, uri: invite.uri, headers });
}
