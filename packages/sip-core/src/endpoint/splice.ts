/**
 * Edits on a message's bytes on its way out. They do what `with(prepend(via, ...))` and `with(set(to, ...))` do,
 * for a tenth of the time: every message that leaves takes one of them.
 */

const LF = 0x0a;

/** A message with one more header field above all others. `field` is written in ASCII, without its line break. */
export function withTopField(message: Uint8Array, field: string): Uint8Array {
  const start = message.indexOf(LF) + 1;
  const spliced = new Uint8Array(message.length + field.length + 2);
  spliced.set(message.subarray(0, start));
  const end = write(spliced, start, `${field}\r\n`);
  spliced.set(message.subarray(start), end);
  return spliced;
}

/**
 * A response with another top Via value, and with a tag at the end of its To.
 *
 * @param via the value; `undefined` leaves Via as it is
 * @param tag the tag, in ASCII; `undefined` leaves To as it is
 * @returns `undefined` where a line at issue is folded, has several Via values, or text beyond ASCII: that needs
 *   a parser
 */
export function respliced(
  response: Uint8Array,
  via: string | undefined,
  tag: string | undefined,
): Uint8Array | undefined {
  const viaLine = via === undefined ? undefined : findLine(response, 'via', 'v');
  const toLine = tag === undefined ? undefined : findLine(response, 'to', 't');
  if (via !== undefined && !/^[ -~]*$/.test(via)) return undefined;
  const isMissing =
    (via !== undefined && viaLine === undefined) || (tag !== undefined && toLine === undefined);
  if (isMissing || (viaLine !== undefined && response.subarray(viaLine.start, viaLine.end).includes(COMMA)))
    return undefined;
  const cuts: Cut[] = [];
  if (viaLine !== undefined) cuts.push({ ...viaLine, text: `Via: ${via}` });
  if (toLine !== undefined) cuts.push({ start: toLine.end, end: toLine.end, text: `;tag=${tag}` });
  if (viaLine !== undefined && toLine !== undefined && toLine.start < viaLine.start) cuts.reverse();
  return cutIn(response, cuts);
}

const COMMA = 0x2c;

interface Line {
  readonly start: number;
  /** Where its CRLF begins. */
  readonly end: number;
}

interface Cut extends Line {
  readonly text: string;
}

function cutIn(message: Uint8Array, cuts: readonly Cut[]): Uint8Array {
  let length = message.length;
  for (const { start, end, text } of cuts) length += text.length - (end - start);
  const spliced = new Uint8Array(length);
  let from = 0;
  let at = 0;
  for (const { start, end, text } of cuts) {
    spliced.set(message.subarray(from, start), at);
    at = write(spliced, at + start - from, text);
    from = end;
  }
  spliced.set(message.subarray(from), at);
  return spliced;
}

function write(target: Uint8Array, start: number, text: string): number {
  for (let index = 0; index < text.length; index += 1) target[start + index] = text.charCodeAt(index);
  return start + text.length;
}

/** The first header field of a name, if it is on one line. */
function findLine(message: Uint8Array, name: string, compact: string): Line | undefined {
  let start = message.indexOf(LF) + 1;
  for (;;) {
    const feed = message.indexOf(LF, start);
    // The empty line ends the head.
    if (feed === -1 || feed - start < 2) return undefined;
    if (isNamed(message, start, name) || isNamed(message, start, compact)) {
      const after = message[feed + 1];
      const isWhole = after !== 0x20 && after !== 0x09 && message[feed - 1] === 0x0d;
      return isWhole ? { start, end: feed - 1 } : undefined;
    }
    start = feed + 1;
  }
}

/** `field-name HCOLON`: white space may stand before the colon. */
function isNamed(message: Uint8Array, start: number, name: string): boolean {
  for (let index = 0; index < name.length; index += 1) {
    if (((message[start + index] ?? 0) | 0x20) !== name.charCodeAt(index)) return false;
  }
  let at = start + name.length;
  while (message[at] === 0x20 || message[at] === 0x09) at += 1;
  return message[at] === 0x3a;
}
