import { callId, cseq, from, to, type Via, via } from '../headers/index.ts';
import type { SipRequest } from '../message/index.ts';

/** What every branch made after RFC 3261 begins with (§8.1.1.7). */
export const magicCookie = 'z9hG4bK';

/** The key of a client transaction: branch and method of CSeq (RFC 3261 §17.1.3). */
export function clientKey(branch: string, method: string): string {
  return `${branch} ${method}`;
}

/**
 * The key of the server transaction that a request belongs to or begins. An ACK has the key of its INVITE.
 *
 * @param top the request's top Via
 * @param method of the transaction looked for, when it is not the request's own: INVITE for a CANCEL
 * @throws SipError when a header field it is made of is malformed
 * @see RFC 3261 §17.2.3
 */
export function serverKey(request: SipRequest, top: Via, method: string = request.method): string {
  const branch = top.params.get('branch');
  const creator = method === 'ACK' ? 'INVITE' : method;
  if (branch?.startsWith(magicCookie) === true) return `${branch} ${top.host}:${top.port ?? ''} ${creator}`;
  // RFC 2543. The To tag is not in the key: an INVITE and its ACK differ in it. No two requests that
  // agree in all the rest are different ones.
  const number = request.get(cseq)?.sequence;
  const fromTag = request.get(from)?.params.get('tag') ?? '';
  return `${request.uri} ${fromTag} ${request.get(callId)} ${number} ${via.serialize(top)} ${creator}`;
}

/** Whether a server key is one of RFC 2543, for which an ACK must also match the response's To tag. */
export function isLegacyKey(key: string): boolean {
  return !key.startsWith(magicCookie);
}

/** Two numbers that together tell From tag, Call-ID and CSeq of one request from those of another. */
export interface MergeKey {
  readonly first: number;
  readonly second: number;
}

/**
 * The mark by which a request that arrives twice, over different paths, is recognised: `undefined` for one
 * with a To tag, which cannot be merged (RFC 3261 §8.2.2.2). 62 bits of hash in place of the text, because
 * hundreds of thousands of them are kept.
 */
export function mergeKey(request: SipRequest): MergeKey | undefined {
  if (request.method === 'ACK' || request.method === 'CANCEL') return undefined;
  if (request.get(to)?.params.has('tag') !== false) return undefined;
  const number = request.get(cseq);
  const fromTag = request.get(from)?.params.get('tag') ?? '';
  const text = `${request.get(callId)} ${fromTag} ${number?.sequence} ${number?.method}`;
  let first = 0x811c9dc5;
  let second = 0x9e3779b9;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    first = Math.imul(first ^ code, 0x01000193);
    second = Math.imul(second ^ code, 0x85ebca6b) ^ (second >>> 13);
  }
  return { first: first >> 1, second: second >> 1 };
}

/**
 * The same text without ties to what it was made of. Engines join strings lazily, from slices that hold on to
 * the whole message they were cut from; reading it as a number makes them copy it together. A key that is kept
 * would otherwise keep its message.
 */
export function untied(key: string): string {
  Number(key);
  return key;
}
