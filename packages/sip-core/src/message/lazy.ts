import type { HeaderType } from '../headers/header-type.ts';
import { Draft } from './draft.ts';
import type { HeaderEdit } from './edit.ts';
import type { Head } from './head.ts';
import type { SipMessage, SipRequest, SipResponse } from './message.ts';
import { NONE, numberOf, UNKNOWN } from './names.ts';
import { nameNumberOf } from './scan.ts';
import { parseStartLine, type StartLine } from './start-line.ts';

/** Makes the message that `head`'s bytes hold. */
export function messageOf(
  head: Head,
  line: StartLine = parseStartLine(head.bytes, head.layout.startLineEnd - 2),
): SipMessage {
  return line.method === undefined ? new Response(head, line) : new Request(head, line, line.method);
}

/** Gives the head of a message made here. */
export function headOf(message: SipMessage): Head {
  if (message instanceof Request || message instanceof Response) return message.head;
  throw new TypeError('a message must come from parseMessage, createRequest, createResponse or with');
}

/** What a request and a response do alike. */
class Parts {
  readonly head: Head;
  readonly line: StartLine;
  private kept: Uint8Array | undefined = undefined;

  constructor(head: Head, line: StartLine) {
    this.head = head;
    this.line = line;
  }

  get version(): string {
    return this.line.version;
  }

  get body(): Uint8Array {
    this.kept ??= this.head.bytes.subarray(this.head.layout.bodyStart);
    return this.kept;
  }

  get<T>(header: HeaderType<T>): T | undefined {
    return this.head.get(header);
  }

  getAll<T>(header: HeaderType<T>): readonly T[] {
    return this.head.getAll(header);
  }

  raw(name: string): readonly string[] {
    const number = numberOf(name);
    const lower = number === UNKNOWN ? name.toLowerCase() : '';
    const values: string[] = [];
    for (
      let line = this.head.find(number, lower, 0);
      line !== -1;
      line = this.head.find(number, lower, line + 1)
    ) {
      values.push(this.head.value(line));
    }
    return values;
  }

  has(header: HeaderType<unknown> | string): boolean {
    const name = typeof header === 'string' ? header : header.name;
    const number = numberOf(name);
    return this.head.find(number, number === UNKNOWN ? name.toLowerCase() : '', 0) !== -1;
  }

  *headers(): Generator<readonly [name: string, value: string]> {
    for (const [line, entry] of this.head.layout.lines.entries()) {
      if (nameNumberOf(entry) !== NONE) yield [this.head.name(line), this.head.value(line)];
    }
  }

  with(...edits: readonly HeaderEdit[]): this {
    const draft = new Draft(this.head);
    for (const edit of edits) draft.apply(edit);
    // A draft keeps the kind of start-line, and so the kind of message.
    const head = draft.finish();
    return messageOf(head, draft.keepsStartLine ? this.line : undefined) as unknown as this;
  }

  toBytes(): Uint8Array {
    return this.head.bytes;
  }
}

class Request extends Parts implements SipRequest {
  readonly type: 'request' = 'request';
  readonly method: string;
  private text: string | undefined = undefined;

  constructor(head: Head, line: StartLine, method: string) {
    super(head, line);
    this.method = method;
  }

  get uri(): string {
    this.text ??= this.head.source.slice(this.line.textStart, this.line.textEnd);
    return this.text;
  }
}

class Response extends Parts implements SipResponse {
  readonly type: 'response' = 'response';
  readonly status: number;

  constructor(head: Head, line: StartLine) {
    super(head, line);
    this.status = line.status;
  }

  get reason(): string {
    return this.head.source.slice(this.line.textStart, this.line.textEnd);
  }
}
