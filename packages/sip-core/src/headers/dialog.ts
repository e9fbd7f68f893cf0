import { SipError } from '../errors.ts';
import { type NameAddr, parseNameAddr, serializeNameAddr } from '../name-addr.ts';
import { parseNumber, skipSpace } from '../scan.ts';
import type { HeaderType } from './header-type.ts';
import { endOfToken } from './syntax.ts';

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
export const callId: HeaderType<string> = {
  name: 'Call-ID',
  compact: 'i',
  list: false,
  parse: parseCallId,
  serialize: (value) => value,
};
/** RFC 3261 §20.21. */
export const inReplyTo: HeaderType<string> = {
  name: 'In-Reply-To',
  list: true,
  joined: true,
  bare: true,
  parse: parseCallId,
  serialize: (value) => value,
};
/** RFC 3261 §20.16: below 2**31 (§8.1.1.5). */
export const cseq: HeaderType<CSeq> = {
  name: 'CSeq',
  list: false,
  parse: parseCSeq,
  serialize: serializeCSeq,
};
/** RFC 3261 §20.10: addresses, or `*` alone in a REGISTER that removes all bindings. */
export const contact: HeaderType<NameAddr | '*'> = {
  name: 'Contact',
  compact: 'm',
  list: true,
  parse: (text) => (text === '*' ? '*' : parseNameAddr(text)),
  serialize: (value) => (value === '*' ? '*' : serializeNameAddr(value)),
};

function address(name: string, compact?: string): HeaderType<NameAddr> {
  return { name, compact, list: false, parse: parseNameAddr, serialize: serializeNameAddr };
}

/** `callid = word [ "@" word ]` */
function parseCallId(text: string): string {
  if (!/^[\w\-.!%*+`'~()<>:\\"/[\]?{}]+(?:@[\w\-.!%*+`'~()<>:\\"/[\]?{}]+)?$/.test(text)) {
    throw new SipError('value', 'not a Call-ID', { rfc: 'RFC 3261 §20.8', offset: 0 });
  }
  return text;
}

/** `CSeq = "CSeq" HCOLON 1*DIGIT LWS Method` */
function parseCSeq(text: string): CSeq {
  const rfc = 'RFC 3261 §20.16';
  const numberEnd = endOfToken(text, 0);
  const sequence = parseNumber(text.slice(0, numberEnd), 0x7fff_ffff, rfc);
  const methodStart = skipSpace(text, numberEnd);
  const methodEnd = endOfToken(text, methodStart);
  if (methodStart === numberEnd || methodEnd === methodStart || methodEnd !== text.length) {
    throw new SipError('value', 'CSeq has no method', { rfc, offset: methodStart });
  }
  return { sequence, method: text.slice(methodStart, methodEnd) };
}

function serializeCSeq(value: CSeq): string {
  if (!Number.isInteger(value.sequence) || value.sequence < 0 || value.sequence > 0x7fff_ffff) {
    throw new RangeError(`CSeq: ${value.sequence}`);
  }
  return `${value.sequence} ${value.method}`;
}
