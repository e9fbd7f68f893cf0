import { SipError } from './errors.ts';
import type { MessageLimits } from './message/limits.ts';
import { contentLengthOf, limitsOf, parseMessage } from './message/parse.ts';
import { scanHead } from './message/scan.ts';

/** What a stream holds next. */
export type Frame =
  /** One whole message, its own copy or part of the pushed chunk. */
  | { readonly type: 'message'; readonly bytes: Uint8Array }
  /** A double CRLF between messages: a ping, to be answered with one CRLF (RFC 5626 §4.4.1). */
  | { readonly type: 'keep-alive' }
  /**
   * The stream can't be framed any further, and nothing more comes out: answer `error.received` where it is a request,
   * then close the connection. `bytes` is what could not be framed.
   */
  | { readonly type: 'error'; readonly error: SipError; readonly bytes: Uint8Array };

/**
 * Cuts a byte stream into messages by Content-Length. CRLFs between messages are skipped, two of them in a row
 * reported. Each byte is looked at once on its way to the end of the head, however the stream is cut into chunks.
 *
 * @see RFC 3261 §7.5, §18.3; RFC 5626 §3.5.1
 */
export class StreamFramer {
  private readonly limits: MessageLimits;
  /** Bytes that are no message yet, in `held` from `start` to `end`. */
  private held: Uint8Array = noBytes;
  private start = 0;
  private end = 0;
  /** How far the end of the head was searched for. */
  private searched = 0;
  /** How many bytes the message at `start` has, once its head is there. */
  private needed = 0;
  /** CRLFs since the last message or ping. */
  private breaks = 0;
  private isBroken = false;

  /** @param options `limits`: parts of `defaultMessageLimits` to replace */
  constructor(options?: { readonly limits?: Partial<MessageLimits> | undefined }) {
    this.limits = limitsOf(options?.limits);
  }

  /**
   * Takes the next bytes and gives what is whole now.
   *
   * @param chunk must not change any more: messages may be parts of it
   */
  push(chunk: Uint8Array): readonly Frame[] {
    const frames: Frame[] = [];
    if (this.isBroken) return frames;
    this.take(chunk);
    while (!this.isBroken && this.start < this.end) {
      if (this.needed === 0 && this.skipBreak(frames)) continue;
      if (this.needed === 0 && !this.findHead(frames)) break;
      if (this.isBroken || this.end - this.start < this.needed) break;
      frames.push({ type: 'message', bytes: this.held.subarray(this.start, this.start + this.needed) });
      this.start += this.needed;
      this.searched = this.start;
      this.needed = 0;
      this.breaks = 0;
    }
    if (this.start === this.end) this.forget();
    return frames;
  }

  /** Puts the chunk behind what is held, with room to grow so that copying stays linear. */
  private take(chunk: Uint8Array): void {
    if (this.start === this.end) {
      this.held = chunk;
      this.start = 0;
      this.end = chunk.length;
      this.searched = 0;
      this.isShared = true;
      return;
    }
    const length = this.end - this.start;
    if (this.isShared || this.end + chunk.length > this.held.length) {
      const room = Math.max(this.needed, 2 * (length + chunk.length));
      const grown = new Uint8Array(room);
      grown.set(this.held.subarray(this.start, this.end));
      this.held = grown;
      this.searched -= this.start;
      this.start = 0;
      this.end = length;
      this.isShared = false;
    }
    this.held.set(chunk, this.end);
    this.end += chunk.length;
  }

  /** `held` is a caller's chunk: not to be written to. */
  private isShared = false;

  private forget(): void {
    this.held = noBytes;
    this.start = 0;
    this.end = 0;
    this.searched = 0;
  }

  /** Skips a CRLF before a message. Gives false when something else is there or more must come. */
  private skipBreak(frames: Frame[]): boolean {
    if (this.held[this.start] !== CR || this.end - this.start < 2 || this.held[this.start + 1] !== LF)
      return false;
    this.start += 2;
    this.searched = this.start;
    this.breaks++;
    if (this.breaks === 2) {
      frames.push({ type: 'keep-alive' });
      this.breaks = 0;
    }
    return true;
  }

  /** Finds the message's end, when its head is whole. Gives false when more must come, or none can. */
  private findHead(frames: Frame[]): boolean {
    const { held, end, limits } = this;
    let at = Math.max(this.searched, this.start + 3);
    // The empty line is CR LF CR LF: of four bytes in a row, the last one is LF or not the end.
    while (
      at < end &&
      !(held[at] === LF && held[at - 1] === CR && held[at - 2] === LF && held[at - 3] === CR)
    )
      at++;
    this.searched = at;
    const length = Math.min(at + 1, end) - this.start;
    if (length > limits.headBytes) {
      this.fail(frames, `a header section is longer than ${limits.headBytes} bytes`, limits.headBytes);
      return false;
    }
    if (at >= end) return false;
    const head = held.subarray(this.start, at + 1);
    try {
      const size = contentLengthOf(head, scanHead(head, limits));
      if (size === undefined) {
        // "The Content-Length header field MUST be used with stream oriented transports."
        throw new SipError('length', 'Content-Length is missing', {
          rfc: 'RFC 3261 §18.3',
          offset: head.length,
        });
      }
      if (head.length + size > limits.messageBytes) {
        throw new SipError('limit', `a message is longer than ${limits.messageBytes} bytes`, {
          rfc: 'RFC 3261 §21.5.7',
          offset: limits.messageBytes,
          status: 513,
        });
      }
      this.needed = head.length + size;
      return true;
    } catch (error) {
      if (!(error instanceof SipError)) throw error;
      this.isBroken = true;
      frames.push({ type: 'error', error: withReceived(error, head, limits), bytes: head });
      return false;
    }
  }

  private fail(frames: Frame[], message: string, limit: number): void {
    this.isBroken = true;
    const details = { rfc: 'RFC 3261 §21.5.7', offset: limit, status: 513 };
    const bytes = this.held.subarray(this.start, this.end);
    frames.push({ type: 'error', error: new SipError('limit', message, details), bytes });
  }
}

/**
 * Gives the message in a datagram: without the CRLFs before it and without what follows its body.
 *
 * @throws SipError as `parseMessage`, which does the same cut by itself
 * @see RFC 3261 §7.5, §18.3
 */
export function frameDatagram(
  bytes: Uint8Array,
  options?: { readonly limits?: Partial<MessageLimits> },
): Uint8Array {
  let start = 0;
  while (bytes[start] === CR && bytes[start + 1] === LF) start += 2;
  return parseMessage(start === 0 ? bytes : bytes.subarray(start), options).toBytes();
}

const CR = 0x0d;
const LF = 0x0a;
const noBytes = new Uint8Array(0);

/** Adds what can be read of the head to an error, so that the request can be answered. */
function withReceived(error: SipError, head: Uint8Array, limits: MessageLimits): SipError {
  const { code, rfc, offset, status } = error;
  try {
    // The head alone is a message without a body; a broken Content-Length makes this throw with `received` too.
    return new SipError(code, error.summary, {
      rfc,
      offset,
      status,
      received: parseMessage(head, { limits }),
    });
  } catch (second) {
    if (!(second instanceof SipError)) throw second;
    return new SipError(code, error.summary, { rfc, offset, status, received: second.received });
  }
}
