// A reader of SIP messages that shares no line with the packages under test: a trace must not
// pass because both sides make the same mistake.

/** A message as it came over the wire. Header names are lower-cased and long; values are unfolded. */
export interface WireMessage {
  readonly bytes: Uint8Array;
  readonly startLine: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string;
  /** Bytes of the body that really came, to hold against Content-Length. */
  readonly bodyLength: number;
}

/** RFC 3261 §7.3.3 and the registries after it. */
const COMPACT: Readonly<Record<string, string>> = {
  a: 'accept-contact',
  b: 'referred-by',
  c: 'content-type',
  e: 'content-encoding',
  f: 'from',
  i: 'call-id',
  k: 'supported',
  l: 'content-length',
  m: 'contact',
  o: 'event',
  r: 'refer-to',
  s: 'subject',
  t: 'to',
  u: 'allow-events',
  v: 'via',
};

const decoder = new TextDecoder();

/**
 * Reads one whole message.
 *
 * @throws Error when it has no empty line after its head, or a head line without a colon
 */
export function readMessage(bytes: Uint8Array): WireMessage {
  const end = headEnd(bytes, 0);
  if (end < 0) throw new Error(`no end of head in ${JSON.stringify(decoder.decode(bytes.subarray(0, 200)))}`);
  const [startLine = '', ...lines] = decoder
    .decode(bytes.subarray(0, end))
    .replace(/\r\n[ \t]+/g, ' ')
    .split('\r\n');
  const headers = lines.map((line) => {
    const colon = line.indexOf(':');
    if (colon < 1) throw new Error(`not a header: ${JSON.stringify(line)}`);
    const name = line.slice(0, colon).trim().toLowerCase();
    return [COMPACT[name] ?? name, line.slice(colon + 1).trim()] as const;
  });
  const body = bytes.subarray(end + 4);
  return { bytes, startLine, headers, body: decoder.decode(body), bodyLength: body.length };
}

/** All values of a header, as written, one for each header line. */
export function valuesOf(message: WireMessage, name: string): readonly string[] {
  const wanted = name.toLowerCase();
  return message.headers.filter(([header]) => header === wanted).map(([, value]) => value);
}

/** Cuts a stream into messages by Content-Length (RFC 3261 §18.3); keeps what is not whole yet. */
export class StreamCutter {
  #buffer: Uint8Array = new Uint8Array(0);

  push(chunk: Uint8Array): readonly Uint8Array[] {
    const joined = new Uint8Array(this.#buffer.length + chunk.length);
    joined.set(this.#buffer);
    joined.set(chunk, this.#buffer.length);
    const whole: Uint8Array[] = [];
    let start = 0;
    for (;;) {
      // Line ends between messages are keep-alives.
      while (joined[start] === 13 || joined[start] === 10) start++;
      const end = headEnd(joined, start);
      if (end < 0) break;
      const head = decoder.decode(joined.subarray(start, end));
      const length = Number(/^(?:content-length|l)[ \t]*:[ \t]*(\d+)/im.exec(head)?.[1] ?? 0);
      if (joined.length < end + 4 + length) break;
      whole.push(joined.slice(start, end + 4 + length));
      start = end + 4 + length;
    }
    this.#buffer = joined.slice(start);
    return whole;
  }
}

function headEnd(bytes: Uint8Array, from: number): number {
  for (let i = from; i + 3 < bytes.length; i++) {
    if (bytes[i] === 13 && bytes[i + 1] === 10 && bytes[i + 2] === 13 && bytes[i + 3] === 10) return i;
  }
  return -1;
}
