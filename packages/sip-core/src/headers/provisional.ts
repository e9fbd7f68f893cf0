import { skipClass, skipSpace, TOKEN } from '../chars.ts';
import { SipError } from '../errors.ts';
import { readNumber, type Source } from '../source.ts';
import { skipDigits } from '../uri.ts';
import type { HeaderType } from './header-type.ts';
import { headerType, maxDeltaSeconds, maxSequence, number } from './syntax.ts';

/** A RAck value: which provisional response a PRACK acknowledges (RFC 3262 §7.2). */
export interface RAck {
  /** The response's RSeq. */
  readonly response: number;
  /** The sequence number in the response's CSeq. */
  readonly sequence: number;
  /** The method in the response's CSeq. */
  readonly method: string;
}

/** RFC 3262 §7.1: 1 to 2**32-1. */
export const rseq: HeaderType<number> = number('RSeq', 'RFC 3262 §7.1', maxDeltaSeconds);
/** RFC 3262 §7.2. */
export const rack: HeaderType<RAck> = headerType({
  name: 'RAck',
  read: readRAck,
  serialize: (value) => `${value.response} ${value.sequence} ${value.method}`,
});

/** `RAck = "RAck" HCOLON response-num LWS CSeq-num LWS Method` */
function readRAck(source: Source, start: number, end: number): RAck {
  const rfc = 'RFC 3262 §7.2';
  const { bytes } = source;
  const responseEnd = skipDigits(bytes, start, end);
  const response = readNumber(bytes, start, responseEnd, maxDeltaSeconds, rfc);
  const sequenceStart = skipSpace(bytes, responseEnd, end);
  const sequenceEnd = skipDigits(bytes, sequenceStart, end);
  const sequence = readNumber(bytes, sequenceStart, sequenceEnd, maxSequence, rfc);
  const methodStart = skipSpace(bytes, sequenceEnd, end);
  const isApart = sequenceStart > responseEnd && methodStart > sequenceEnd;
  if (!isApart || methodStart === end || skipClass(bytes, methodStart, end, TOKEN) !== end) {
    throw new SipError('value', 'not a RAck', { rfc, offset: methodStart });
  }
  return { response, sequence, method: source.slice(methodStart, end) };
}
