import { SipError } from '../errors.ts';
import { to as toHeader } from '../headers/dialog.ts';
import { reasonPhrase } from '../status.ts';
import { Draft, requestLine } from './draft.ts';
import { body, type HeaderEdit } from './edit.ts';
import { Head } from './head.ts';
import { headOf, messageOf } from './lazy.ts';
import type { SipMessage, SipRequest, SipResponse } from './message.ts';
import { CALL_ID, CSEQ, FROM, MAX_FORWARDS, NONE, numberOf, TIMESTAMP, TO, VIA } from './names.ts';
import { line, nameNumberOf } from './scan.ts';

/** What a request is made of. */
export interface RequestInit {
  readonly method: string;
  /** The Request-URI. */
  readonly uri: string;
  /** Made in their order; `Max-Forwards: 70` is added unless among them. */
  readonly headers?: readonly HeaderEdit[] | undefined;
  readonly body?: Uint8Array | undefined;
  /** The body's Content-Type, e.g. `application/pidf+xml`. */
  readonly contentType?: string | undefined;
}

/** What a response holds beyond what it copies from its request. */
export interface ResponseInit {
  /** The RFC's phrase unless given. */
  readonly reason?: string | undefined;
  /** Set on To unless the request has one there. */
  readonly toTag?: string | undefined;
  readonly headers?: readonly HeaderEdit[] | undefined;
  readonly body?: Uint8Array | undefined;
  /** The body's Content-Type. */
  readonly contentType?: string | undefined;
}

/**
 * Makes a request. Nothing is invented but Max-Forwards and Content-Length: Via, From, To, Call-ID and CSeq come as
 * edits, or are added by the transaction and dialog layers.
 *
 * @throws TypeError when a part can't be written, or a body has no Content-Type
 * @see RFC 3261 §8.1.1
 */
export function createRequest(init: RequestInit): SipRequest {
  const draft = new Draft(emptyHead, requestLine(init.method, init.uri));
  const edits = init.headers ?? [];
  for (const edit of edits) draft.apply(edit);
  const hasMaxForwards = edits.some((edit) => 'name' in edit && numberOf(edit.name) === MAX_FORWARDS);
  if (!hasMaxForwards) draft.add('Max-Forwards', '70');
  if (init.body !== undefined) draft.apply(body(init.body, init.contentType));
  const message = messageOf(draft.finish());
  if (message.type === 'request') return message;
  throw new TypeError(`not a method: ${init.method}`);
}

/**
 * Makes a response: Via, From, To, Call-ID and CSeq copied from the request as their bytes, and Timestamp into a 100.
 * Record-Route is the caller's to copy where a dialog begins (§12.1.1). The request may be a malformed one: of header
 * fields that may be there once the first is copied.
 *
 * @param status 100 to 699
 * @throws TypeError when a part can't be written, or a body has no Content-Type
 * @throws RangeError when the status is none
 * @see RFC 3261 §8.2.6
 */
export function createResponse(request: SipRequest, status: number, init: ResponseInit = {}): SipResponse {
  if (!Number.isInteger(status) || status < 100 || status > 699)
    throw new RangeError(`not a status: ${status}`);
  const reason = init.reason ?? reasonPhrase(status);
  if (reason.includes('\r') || reason.includes('\n')) throw new TypeError('a line break in a reason phrase');
  const head = headOf(request);
  const draft = new Draft(head, `SIP/2.0 ${status} ${reason}`);
  const copied = new Set<number>();
  for (const [line, entry] of head.layout.lines.entries()) {
    const number = nameNumberOf(entry);
    if (number === VIA) draft.keep(line);
    else if (copied.has(number)) continue;
    else if (number === TO && init.toTag !== undefined)
      draft.add('To', withTag(request, head.value(line), init.toTag));
    else if (isCopied(number) || (status === 100 && number === TIMESTAMP)) draft.keep(line);
    else continue;
    copied.add(number);
  }
  for (const edit of init.headers ?? []) draft.apply(edit);
  if (init.body !== undefined) draft.apply(body(init.body, init.contentType));
  const message: SipMessage = messageOf(draft.finish());
  if (message.type === 'response') return message;
  throw new TypeError('a request-line where a status-line was written');
}

const emptyHead: Head = new Head(
  new Uint8Array(0),
  { startLineEnd: 0, lines: [line(0, NONE)], bodyStart: 0, hasFolds: false, fault: undefined },
  [],
);

function isCopied(number: number): boolean {
  return number === FROM || number === TO || number === CALL_ID || number === CSEQ;
}

/** A tag goes to the end of the value in both of its forms, with and without angle brackets. */
function withTag(request: SipRequest, value: string, tag: string): string {
  return hasTag(request, value) ? value : `${value};tag=${tag}`;
}

function hasTag(request: SipRequest, value: string): boolean {
  try {
    return request.get(toHeader)?.params.has('tag') === true;
  } catch (error) {
    if (!(error instanceof SipError)) throw error;
    return /;\s*tag\s*=/i.test(value);
  }
}
