import { ByteWriter } from '../message/writer.ts';

/**
 * Edits on a message's bytes on its way out. They do what `with(prepend(via, ...))` and `with(set(to, ...))` do,
 * for a fraction of the time: every message that leaves takes one of them.
 */

/** A message with one more header field above all others. `field` is written without its line break. */
export function withTopField(message: Uint8Array, field: string): Uint8Array {
  const start = lineEnd(message, 0) + 1;
  const writer = new ByteWriter(message.length + 3 * field.length + 2);
  writer.copy(message, 0, start);
  writer.text(field);
  writer.text('\r\n');
  writer.copy(message, start, message.length);
  return writer.finish();
}

/**
 * A response with another top Via value, and with a tag at the end of its To.
 *
 * @param via the value; `undefined` leaves Via as it is
 * @param tag the tag; `undefined` leaves To as it is
 * @returns `undefined` where a line at issue is folded or has several Via values: that needs a parser
 */
export function respliced(
  response: Uint8Array,
  via: string | undefined,
  tag: string | undefined,
): Uint8Array | undefined {
  const writer = new ByteWriter(response.length + 3 * ((via?.length ?? 0) + (tag?.length ?? 0)) + 16);
  let copied = 0;
  let newVia = via;
  let newTag = tag;
  let start = lineEnd(response, 0) + 1;
  while (newVia !== undefined || newTag !== undefined) {
    const feed = lineEnd(response, start);
    const end = feed - 1;
    // The empty line ends the head.
    if (end <= start) return undefined;
    const isVia = newVia !== undefined && isNamed(response, start, 'via', 'v');
    const isTo = newTag !== undefined && isNamed(response, start, 'to', 't');
    if ((isVia || isTo) && !isPlain(response, start, end, isVia)) return undefined;
    if (isVia) {
      writer.copy(response, copied, start);
      writer.text(`Via: ${newVia}`);
      newVia = undefined;
      copied = end;
    } else if (isTo) {
      writer.copy(response, copied, end);
      writer.text(`;tag=${newTag}`);
      newTag = undefined;
      copied = end;
    }
    start = feed + 1;
  }
  writer.copy(response, copied, response.length);
  return writer.finish();
}

const LF = 0x0a;
const CR = 0x0d;
const COMMA = 0x2c;

/** Where the line feed of a line is; the end of the message when there is none. */
function lineEnd(message: Uint8Array, start: number): number {
  let at = start;
  while (at < message.length && message[at] !== LF) at += 1;
  return at;
}

/** Whether a line is a header field of its own from start to end, and holds but one value when it is a list. */
function isPlain(message: Uint8Array, start: number, end: number, isList: boolean): boolean {
  const after = message[end + 2];
  if (message[end] !== CR || after === 0x20 || after === 0x09) return false;
  if (!isList) return true;
  for (let at = start; at < end; at += 1) if (message[at] === COMMA) return false;
  return true;
}

/** `field-name HCOLON`: white space may stand before the colon. */
function isNamed(message: Uint8Array, start: number, name: string, compact: string): boolean {
  // The two names begin alike, so that most lines are told by their first letter.
  if (((message[start] ?? 0) | 0x20) !== compact.charCodeAt(0)) return false;
  let at = start + 1;
  if (((message[at] ?? 0) | 0x20) === name.charCodeAt(1)) {
    for (let index = 1; index < name.length; index += 1, at += 1) {
      if (((message[at] ?? 0) | 0x20) !== name.charCodeAt(index)) return false;
    }
  }
  while (message[at] === 0x20 || message[at] === 0x09) at += 1;
  return message[at] === 0x3a;
}
