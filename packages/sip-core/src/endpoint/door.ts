import { SipError } from '../errors.ts';
import {
  allow,
  callId,
  cseq,
  from,
  type HeaderType,
  require as requireHeader,
  to,
  unsupported,
  via,
} from '../headers/index.ts';
import { checkRequest, type HeaderEdit, type SipRequest, set } from '../message/index.ts';

/** Why a request does not come in: what to answer. */
export interface Refusal {
  readonly status: number;
  readonly reason?: string | undefined;
  readonly headers?: readonly HeaderEdit[] | undefined;
}

/** What the transaction users behind the door take. */
export interface Door {
  readonly methods: ReadonlySet<string>;
  readonly schemes: ReadonlySet<string>;
  readonly supported: ReadonlySet<string>;
}

/** Methods of the RFCs: known here, so that refusing them is 405 and not 501 (RFC 3261 §21.5.2). */
const knownMethods: ReadonlySet<string> = new Set(
  'ACK BYE CANCEL INFO INVITE MESSAGE NOTIFY OPTIONS PRACK PUBLISH REFER REGISTER SUBSCRIBE UPDATE'.split(
    ' ',
  ),
);

/**
 * Inspects a request in the order that a UAS follows: what it must have, its method, its Request-URI, what it
 * requires.
 *
 * @throws SipError with the status to answer
 * @see RFC 3261 §8.2
 */
export function refusalOf(request: SipRequest, door: Door): Refusal | undefined {
  checkRequest(request);
  const { method } = request;
  if (!door.methods.has(method)) {
    return { status: knownMethods.has(method) ? 405 : 501, headers: [set(allow, ...door.methods)] };
  }
  const colon = request.uri.indexOf(':');
  if (!door.schemes.has(request.uri.slice(0, colon).toLowerCase())) return { status: 416 };
  return refusalOfRequired(request, door);
}

/**
 * Checks what a request needs to have a server transaction, and to be answered, when it is not for a user here: all else
 * of it may be malformed.
 *
 * @throws SipError with the status to answer
 * @see RFC 3261 §16.3 step 1
 */
export function checkTransaction(request: SipRequest): void {
  const rfc = 'RFC 3261 §8.1.1';
  if (request.version !== 'SIP/2.0')
    throw new SipError('version', `the version is ${request.version}`, {
      rfc: 'RFC 3261 §21.5.6',
      status: 505,
    });
  for (const header of transactional)
    if (request.get(header) === undefined)
      throw new SipError('missing', `${header.name} is missing`, { rfc });
  if (request.get(cseq)?.method !== request.method)
    throw new SipError('mismatch', 'the method in CSeq is not that of the request', { rfc });
}

const transactional: readonly HeaderType<unknown>[] = [via, from, to, callId, cseq];

/** §8.2.2.3: ACK and CANCEL are never refused for what they require. */
function refusalOfRequired(request: SipRequest, { supported }: Door): Refusal | undefined {
  if (!request.has(requireHeader) || request.method === 'ACK' || request.method === 'CANCEL')
    return undefined;
  const unknown = request.getAll(requireHeader).filter((tag) => !supported.has(tag.toLowerCase()));
  return unknown.length === 0 ? undefined : { status: 420, headers: [set(unsupported, ...unknown)] };
}
