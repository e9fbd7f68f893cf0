import { skipClass, skipSpace, TOKEN } from '../chars.ts';
import { SipError } from '../errors.ts';
import { type NameAddr, readNameAddr, serializeNameAddr } from '../name-addr.ts';
import { readNumber, type Source } from '../source.ts';
import { skipDigits } from '../uri.ts';
import type { HeaderType } from './header-type.ts';
import { headerType, maxSequence, readCallId } from './syntax.ts';

/** A CSeq value: the request's number in its dialog, and its method again. */
export interface CSeq {
  readonly sequence: number;
  readonly method: string;
}

/** RFC 3261 §20.20. */
export const from: HeaderType<NameAddr> = address('From', 'f');
/** RFC 3261 §20.39. */
export const to: HeaderType<NameAddr> = address('To', 't');
/** RFC 3261 §20.31. */
export const replyTo: HeaderType<NameAddr> = address('Reply-To');
/** RFC 3261 §20.8. */
export const callId: HeaderType<string> = headerType({
  name: 'Call-ID',
  compact: 'i',
  read: readCallId,
  serialize: String,
});
/** RFC 3261 §20.21. */
export const inReplyTo: HeaderType<string> = headerType({
  name: 'In-Reply-To',
  list: true,
  joined: true,
  bare: true,
  read: readCallId,
  serialize: String,
});
/** RFC 3261 §20.16: below 2**31 (§8.1.1.5). */
export const cseq: HeaderType<CSeq> = headerType({ name: 'CSeq', read: readCSeq, serialize: serializeCSeq });
/** RFC 3261 §20.10: addresses, or `*` alone in a REGISTER that removes all bindings. */
export const contact: HeaderType<NameAddr | '*'> = headerType({
  name: 'Contact',
  compact: 'm',
  list: true,
  read: readContact,
  serialize: (value) => (value === '*' ? '*' : serializeNameAddr(value)),
});

function address(name: string, compact?: string): HeaderType<NameAddr> {
  return headerType({ name, compact, read: readNameAddr, serialize: serializeNameAddr });
}

function readContact(source: Source, start: number, end: number): NameAddr | '*' {
  if (end - start === 1 && source.bytes[start] === 0x2a) return '*';
  return readNameAddr(source, start, end);
}

/** `CSeq = "CSeq" HCOLON 1*DIGIT LWS Method` */
function readCSeq(source: Source, start: number, end: number): CSeq {
  const rfc = 'RFC 3261 §20.16';
  const { bytes } = source;
  const numberEnd = skipDigits(bytes, start, end);
  const sequence = readNumber(bytes, start, numberEnd, maxSequence, rfc);
  const methodStart = skipSpace(bytes, numberEnd, end);
  if (methodStart === numberEnd || methodStart === end || skipClass(bytes, methodStart, end, TOKEN) !== end) {
    throw new SipError('value', 'CSeq has no method', { rfc, offset: methodStart });
  }
  return { sequence, method: source.slice(methodStart, end) };
}

function serializeCSeq(value: CSeq): string {
  if (!Number.isInteger(value.sequence) || value.sequence < 0 || value.sequence > maxSequence) {
    throw new RangeError(`CSeq: ${value.sequence}`);
  }
  return `${value.sequence} ${value.method}`;
}
