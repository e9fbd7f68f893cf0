import { type Content, type CpimMessage, create, mediaType, parseContent } from '@sip-simple/cpim';
import { MEDIA_TYPE } from './document.ts';

/**
 * The IMDN documents in a message: the body of a plain IMDN, those among the parts of an aggregated one; none in
 * an IM.
 *
 * @see RFC 5438 §8.3, §9
 */
export function payloadsOf(message: CpimMessage): readonly Uint8Array[] {
  const type = mediaType(message.content);
  if (type?.type === MEDIA_TYPE) return [message.content.body];
  const boundary = type?.type === 'multipart/mixed' ? type.parameters.get('boundary') : undefined;
  if (boundary === undefined || !BOUNDARY.test(boundary)) return [];
  const payloads: Uint8Array[] = [];
  for (const part of partsOf(message.content.body, boundary)) {
    if (mediaType(part)?.type === MEDIA_TYPE) payloads.push(part.body);
  }
  return payloads;
}

/**
 * The content of an aggregated IMDN: `multipart/mixed` with the documents as they are.
 *
 * @see RFC 5438 §8.3
 */
export function aggregated(payloads: readonly Uint8Array[]): Content {
  const boundary = boundaryFor(payloads);
  const pieces: Uint8Array[] = [];
  for (const payload of payloads) {
    pieces.push(encode(`--${boundary}\r\nContent-Type: ${MEDIA_TYPE}\r\n\r\n`), payload, encode('\r\n'));
  }
  pieces.push(encode(`--${boundary}--\r\n`));
  return notification(`multipart/mixed; boundary="${boundary}"`, joined(pieces));
}

/** A content that says that it is a notification (§7.2.1). */
export function notification(type: string, body: Uint8Array): Content {
  const headers = [
    { name: 'Content-Disposition', value: 'notification' },
    { name: 'Content-Length', value: String(body.length) },
  ];
  return create({ type, headers, body }).content;
}

/** The content of an IMDN with other documents in the places of those that a message has, and nothing else. */
export function contentWith(message: CpimMessage, change: (payload: Uint8Array) => Uint8Array): Content {
  const payloads = payloadsOf(message).map(change);
  const [only = new Uint8Array()] = payloads;
  const isPlain = mediaType(message.content)?.type === MEDIA_TYPE;
  return isPlain ? notification(MEDIA_TYPE, only) : aggregated(payloads);
}

/** The parts of a multipart body (RFC 2046 §5.1.1). The last one need not be closed: RFC 5438's example is not. */
function partsOf(body: Uint8Array, boundary: string): readonly Content[] {
  const delimiter = encode(`--${boundary}`);
  const parts: Content[] = [];
  let start = -1;
  let at = indexOf(body, delimiter, 0);
  for (; at >= 0; at = indexOf(body, delimiter, at + delimiter.length)) {
    if (at > 0 && body[at - 1] !== LF) continue;
    if (start >= 0) parts.push(parseContent(body.subarray(start, lineEndBefore(body, at))));
    const lineEnd = body.indexOf(LF, at);
    const isClosing = body[at + delimiter.length] === DASH && body[at + delimiter.length + 1] === DASH;
    if (isClosing || lineEnd < 0) return parts;
    start = lineEnd + 1;
  }
  if (start >= 0) parts.push(parseContent(body.subarray(start)));
  return parts;
}

/** Where the line end begins that belongs to the delimiter at a place. */
function lineEndBefore(body: Uint8Array, at: number): number {
  return body[at - 2] === CR ? at - 2 : at - 1;
}

/** A boundary that is in none of the documents. */
function boundaryFor(payloads: readonly Uint8Array[]): string {
  const taken = new Set<number>();
  const prefix = encode('imdn-');
  for (const payload of payloads) {
    let at = indexOf(payload, prefix, 0);
    while (at >= 0) {
      taken.add(numberAt(payload, at + prefix.length));
      at = indexOf(payload, prefix, at + prefix.length);
    }
  }
  let number = 1;
  while (taken.has(number)) number += 1;
  return `imdn-${number}-boundary`;
}

function numberAt(bytes: Uint8Array, start: number): number {
  let number = 0;
  for (let at = start; number < Number.MAX_SAFE_INTEGER / 16; at += 1) {
    const digit = (bytes[at] ?? 0) - ZERO;
    if (digit < 0 || digit > 9) break;
    number = number * 10 + digit;
  }
  return number;
}

/** Where some bytes are in others; no more than 72 of them are looked for here, so that it takes linear time. */
function indexOf(bytes: Uint8Array, wanted: Uint8Array, from: number): number {
  const [first = 0] = wanted;
  for (let at = bytes.indexOf(first, from); at >= 0; at = bytes.indexOf(first, at + 1)) {
    if (wanted.every((byte, index) => bytes[at + index] === byte)) return at;
  }
  return -1;
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(pieces.reduce((length, piece) => length + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}

function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

// RFC 2046 §5.1.1: boundary := 0*69<bchars> bcharsnospace
const BOUNDARY = /^[0-9A-Za-z'()+_,\-./:=? ]{0,69}[0-9A-Za-z'()+_,\-./:=?]$/;
const LF = 10;
const CR = 13;
const DASH = 45;
const ZERO = 48;
