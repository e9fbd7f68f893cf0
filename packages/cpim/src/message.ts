import type { Content } from './content.ts';
import { piecesOf } from './content.ts';
import { type Header, lineOf } from './header.ts';
import { encode } from './source.ts';

/**
 * A Message/CPIM object: headers that are for who it is sent to, and the content that they are about.
 *
 * It is plain data, to be spread and changed; headers and contents that were parsed stay the bytes they came in.
 *
 * @see RFC 3862 §2
 */
export interface CpimMessage {
  /** The message headers, in order. */
  readonly headers: readonly Header[];
  readonly content: Content;
}

/** The media type of what `serialize` writes. */
export const MESSAGE_CPIM = 'Message/CPIM';

/**
 * The bytes of a message: the very ones it came in while it is unchanged, so don't write to them. Where it was
 * changed, all other headers and the content keep the bytes they had.
 *
 * @throws {RangeError} when a MIME header can't be written
 * @see RFC 3862 §2
 */
export function serialize(message: CpimMessage): Uint8Array {
  const origin = originOf(message);
  if (origin !== undefined) return origin;
  const pieces: Uint8Array[] = [];
  for (const header of message.headers) pieces.push(lineOf(header), CRLF);
  pieces.push(CRLF, ...piecesOf(message.content));
  return joined(pieces);
}

/** A message that remembers the bytes it came in. */
export function fromBytes(bytes: Uint8Array, headers: readonly Header[], content: Content): CpimMessage {
  const message: CpimMessage & { [ORIGIN]: Origin } = {
    headers,
    content,
    [ORIGIN]: { bytes, headers, content },
  };
  return message;
}

/** The bytes a message came in, when nothing in it was changed since. */
export function originOf(message: CpimMessage & { [ORIGIN]?: Origin }): Uint8Array | undefined {
  const origin = message[ORIGIN];
  const isSame = origin?.headers === message.headers && origin.content === message.content;
  return isSame ? origin.bytes : undefined;
}

/** What a message was when it was parsed. A spread carries it over, and the comparison tells of a change. */
interface Origin extends CpimMessage {
  readonly bytes: Uint8Array;
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  let length = 0;
  for (const piece of pieces) length += piece.length;
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}

const ORIGIN: unique symbol = /* @__PURE__ */ Symbol('origin');
const CRLF = /* @__PURE__ */ encode('\r\n');
