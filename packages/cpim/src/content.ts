import { endOfString } from './escape.ts';
import { decode, encode } from './source.ts';

/** The encapsulated MIME part: what the message says. */
export interface Content {
  /** Its MIME headers, unfolded. */
  readonly headers: readonly ContentHeader[];
  /** Its body, in whatever transfer encoding it is in. */
  readonly body: Uint8Array;
}

/** A MIME header. The case of the name does not matter; `contentHeader` finds it in any. */
export interface ContentHeader {
  readonly name: string;
  readonly value: string;
}

/** A media type: `type/subtype` and the names of parameters in lower case. */
export interface MediaType {
  readonly type: string;
  readonly parameters: ReadonlyMap<string, string>;
}

/**
 * The value of a MIME header, the name in any case; the first, of several.
 *
 * @see RFC 2045 §3
 */
export function contentHeader(content: Content, name: string): string | undefined {
  const wanted = name.toLowerCase();
  return content.headers.find((each) => each.name.toLowerCase() === wanted)?.value;
}

/**
 * The media type of a content, or `undefined` where its Content-Type is missing or says none.
 *
 * @see RFC 2045 §5.1
 */
export function mediaType(content: Content): MediaType | undefined {
  const written = contentHeader(content, 'Content-Type');
  return written === undefined ? undefined : readMediaType(written);
}

/** A content in the bytes it came in. Its headers are read when they are asked for. */
export class ParsedContent implements Content {
  readonly #bytes: Uint8Array;
  readonly #start: number;
  readonly #bodyStart: number;
  #headers: readonly ContentHeader[] | undefined;
  #body: Uint8Array | undefined;

  /** @param bytes the message; `start` is where the content begins in it, `bodyStart` where its body does */
  constructor(bytes: Uint8Array, start: number, bodyStart: number) {
    this.#bytes = bytes;
    this.#start = start;
    this.#bodyStart = bodyStart;
  }

  get headers(): readonly ContentHeader[] {
    this.#headers ??= readHead(decode(this.#bytes.subarray(this.#start, this.#bodyStart)));
    return this.#headers;
  }

  get body(): Uint8Array {
    this.#body ??= this.#bytes.subarray(this.#bodyStart);
    return this.#body;
  }

  /** All of it as it came in. */
  get bytes(): Uint8Array {
    return this.#bytes.subarray(this.#start);
  }
}

/** The pieces of a content's bytes: those it came in, if it came in any. */
export function piecesOf(content: Content): readonly Uint8Array[] {
  if (content instanceof ParsedContent) return [content.bytes];
  let head = '';
  for (const { name, value } of content.headers) {
    // RFC 5322 §2.2: printable US-ASCII without colon, and no line end that would begin another header.
    if (!FIELD_NAME.test(name)) throw new RangeError(`"${name}" is no MIME header name`);
    if (LINE_END.test(value)) throw new RangeError(`${name}: a MIME header is one line here`);
    head += `${name}: ${value}\r\n`;
  }
  return [encode(`${head}\r\n`), content.body];
}

function readHead(text: string): readonly ContentHeader[] {
  const headers: ContentHeader[] = [];
  // RFC 5322 §2.2.3: a line that begins with white space continues the one before.
  for (const line of text.replace(/\r?\n(?=[ \t]+\S)/g, '').split('\n')) {
    const colon = line.indexOf(':');
    if (colon > 0)
      headers.push({ name: line.slice(0, colon).trimEnd(), value: line.slice(colon + 1).trim() });
  }
  return headers;
}

function readMediaType(written: string): MediaType | undefined {
  const [, type] = TYPE.exec(written) ?? [];
  if (type === undefined) return undefined;
  const parameters = new Map<string, string>();
  let at = written.indexOf(';');
  while (at >= 0) {
    const equals = written.indexOf('=', at);
    if (equals < 0) break;
    const name = written
      .slice(at + 1, equals)
      .trim()
      .toLowerCase();
    const start = equals + 1 + leadingSpace(written, equals + 1);
    if (written[start] === '"') {
      const end = endOfString(written, start);
      if (end < 0) break;
      // RFC 2045 §5.1: quoted-string, in which a backslash quotes what follows.
      parameters.set(name, written.slice(start + 1, end - 1).replace(/\\([\s\S])/g, '$1'));
      at = written.indexOf(';', end);
    } else {
      at = written.indexOf(';', start);
      parameters.set(name, written.slice(start, at < 0 ? undefined : at).trim());
    }
  }
  return { type: type.toLowerCase(), parameters };
}

function leadingSpace(text: string, start: number): number {
  let at = start;
  while (text[at] === ' ' || text[at] === '\t') at += 1;
  return at - start;
}

const FIELD_NAME = /^[!-9;-~]+$/;
const LINE_END = /[\r\n]/;
const TYPE = /^\s*([!#$%&'*+\-.0-9A-Z^_`a-z{|}~]+\/[!#$%&'*+\-.0-9A-Z^_`a-z{|}~]+)\s*(?:;|$)/;
