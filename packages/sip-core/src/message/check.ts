import { SipError } from '../errors.ts';
import { callId, cseq, from, to } from '../headers/dialog.ts';
import type { HeaderType } from '../headers/header-type.ts';
import { maxForwards, via } from '../headers/routing.ts';
import { parseUri } from '../uri.ts';
import { headOf } from './lazy.ts';
import type { SipMessage, SipRequest, SipResponse } from './message.ts';
import { isSingle, nameOfNumber } from './names.ts';
import { nameNumberOf, startOf } from './scan.ts';

/**
 * Checks what every request must have: the version, Via, From, To, Call-ID and CSeq well-formed, none twice that may
 * be there once, the CSeq's method that of the request, a Request-URI that is a URI without headers, and Max-Forwards well-formed where
 * it is. That it may be absent is for RFC 2543 peers (§16.3 step 3).
 *
 * @throws SipError with the `status` to answer: 505 for the version, 400 for the rest
 * @see RFC 3261 §8.1.1, §8.2, §16.3
 */
export function checkRequest(request: SipRequest): void {
  checkCommon(request);
  const uri = parseUri(request.uri);
  if (uri.type === 'sip' && uri.headers.length > 0) {
    throw new SipError('uri', 'a Request-URI holds headers', { rfc: 'RFC 3261 §19.1.1' });
  }
  request.get(maxForwards);
  if (request.get(cseq)?.method !== request.method) {
    throw new SipError('mismatch', 'the method in CSeq is not that of the request', {
      rfc: 'RFC 3261 §8.1.1.5',
    });
  }
}

/**
 * Checks what every response must have: the version, Via, From, To, Call-ID and CSeq well-formed, none twice that may
 * be there once. A response that fails is to be dropped.
 *
 * @throws SipError
 * @see RFC 3261 §8.2.6.2, §18.1.2
 */
export function checkResponse(response: SipResponse): void {
  checkCommon(response);
}

const mandatory: readonly HeaderType<unknown>[] = [via, from, to, callId, cseq];

function checkCommon(message: SipMessage): void {
  if (message.version !== 'SIP/2.0') {
    throw new SipError('version', `the version is ${message.version}`, {
      rfc: 'RFC 3261 §21.5.6',
      status: 505,
    });
  }
  const seen: boolean[] = [];
  for (const entry of headOf(message).layout.lines) {
    const number = nameNumberOf(entry);
    if (seen[number] === true && isSingle(number)) {
      const details = { rfc: 'RFC 3261 §7.3.1', offset: startOf(entry) };
      throw new SipError('duplicate', `${nameOfNumber(number)} is there twice`, details);
    }
    seen[number] = true;
  }
  for (const header of mandatory) {
    if (message.get(header) === undefined) {
      throw new SipError('missing', `${header.name} is missing`, { rfc: 'RFC 3261 §8.1.1' });
    }
  }
  const top = message.get(via);
  if (top !== undefined && (top.protocol.toUpperCase() !== 'SIP' || top.version !== '2.0')) {
    throw new SipError('value', 'the top Via is not of SIP/2.0', { rfc: 'RFC 3261 §8.1.1.7' });
  }
}
