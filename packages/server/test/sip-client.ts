import { createSocket, type Socket as Datagrams } from 'node:dgram';
import { connect, type Socket } from 'node:net';

/** A SIP message as the tests look at it: plain text, read by nothing of ours. */
export class Message {
  readonly text: string;
  readonly head: string;
  readonly body: string;

  constructor(text: string) {
    this.text = text;
    const end = text.indexOf('\r\n\r\n');
    this.head = text.slice(0, end);
    this.body = text.slice(end + 4);
  }

  /** 0 for a request. */
  get status(): number {
    return Number(/^SIP\/2\.0 (\d{3}) /.exec(this.head)?.[1] ?? 0);
  }

  /** Of the request itself, or that the response answers. */
  get method(): string {
    return this.status === 0 ? (this.head.split(' ')[0] ?? '') : (this.header('CSeq').split(' ')[1] ?? '');
  }

  get sequence(): number {
    return Number(this.header('CSeq').split(' ')[0]);
  }

  header(name: string): string {
    return new RegExp(`^${name}[ \\t]*:[ \\t]*(.*)$`, 'im').exec(this.head)?.[1]?.trim() ?? '';
  }

  tag(name: 'From' | 'To'): string {
    return /;tag=([^;>]*)/.exec(this.header(name))?.[1] ?? '';
  }
}

let made = 0;
const unique = () => `${process.pid}${Date.now().toString(36)}${made++}`;

export interface RequestParts {
  readonly method: string;
  readonly uri: string;
  readonly from?: string;
  readonly to?: string;
  readonly callId?: string;
  readonly sequence?: number;
  readonly headers?: readonly string[];
  readonly body?: string;
}

/** A user agent of the crudest kind over one UDP socket or one TCP connection. Answers NOTIFY with 200 by itself. */
export class SipClient {
  readonly transport: 'udp' | 'tcp';
  readonly received: Message[] = [];
  answersNotify = true;
  #datagrams: Datagrams | undefined;
  #stream: Socket | undefined;
  #server = 0;
  #port = 0;
  #buffer = '';
  #waiting: (() => void)[] = [];
  isClosed = false;

  private constructor(transport: 'udp' | 'tcp') {
    this.transport = transport;
  }

  static async open(transport: 'udp' | 'tcp', server: number): Promise<SipClient> {
    const client = new SipClient(transport);
    client.#server = server;
    if (transport === 'udp') {
      const socket = createSocket('udp4');
      client.#datagrams = socket;
      socket.on('message', (bytes) => client.#take(bytes.toString()));
      await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
      client.#port = socket.address().port;
    } else {
      const socket = connect(server, '127.0.0.1');
      client.#stream = socket;
      socket.on('data', (bytes) => client.#feed(bytes.toString()));
      socket.on('close', () => {
        client.isClosed = true;
        client.#wake();
      });
      socket.on('error', () => {});
      await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject));
      client.#port = socket.localPort ?? 0;
    }
    return client;
  }

  get contact(): string {
    return `<sip:127.0.0.1:${this.#port}${this.transport === 'tcp' ? ';transport=tcp' : ''}>`;
  }

  /** Sends bytes as they are. */
  sendRaw(bytes: string | Uint8Array): void {
    if (this.#datagrams) this.#datagrams.send(bytes, this.#server, '127.0.0.1');
    else this.#stream?.write(bytes);
  }

  /** Writes out a request. */
  build({ method, uri, headers = [], body = '', ...parts }: RequestParts): string {
    const { from = `<sip:tester@localhost>;tag=${unique()}`, to = `<${uri}>`, callId = unique() } = parts;
    return [
      `${method} ${uri} SIP/2.0`,
      `Via: SIP/2.0/${this.transport.toUpperCase()} 127.0.0.1:${this.#port};branch=z9hG4bK${unique()};rport`,
      'Max-Forwards: 70',
      `From: ${from}`,
      `To: ${to}`,
      `Call-ID: ${callId}`,
      `CSeq: ${parts.sequence ?? 1} ${method}`,
      `Contact: ${this.contact}`,
      ...headers,
      `Content-Length: ${Buffer.byteLength(body)}`,
      '',
      body,
    ].join('\r\n');
  }

  /** Sends a request and gives its final response. */
  async request(parts: RequestParts): Promise<Message> {
    const text = this.build(parts);
    const branch = /branch=([^;\r]*)/.exec(text)?.[1] ?? '';
    this.sendRaw(text);
    return this.next(
      (message) => message.status >= 200 && message.header('Via').includes(branch),
      `an answer to ${parts.method}`,
    );
  }

  /** The next message that was not taken before and is the one. */
  async next(isIt: (message: Message) => boolean, what = 'a message', milliseconds = 5000): Promise<Message> {
    const end = Date.now() + milliseconds;
    for (;;) {
      const index = this.received.findIndex(isIt);
      const [found] = index < 0 ? [] : this.received.splice(index, 1);
      if (found) return found;
      const left = end - Date.now();
      if (left <= 0) {
        throw new Error(
          `${what} did not come; there is ${this.received.map(({ text }) => `\n${text}`).join('\n--') || 'nothing'}`,
        );
      }
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        this.#waiting.push(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    }
  }

  notify(isIt: (message: Message) => boolean = () => true, milliseconds?: number): Promise<Message> {
    return this.next(
      (message) => message.status === 0 && message.method === 'NOTIFY' && isIt(message),
      'a NOTIFY',
      milliseconds,
    );
  }

  /** Fulfilled when the other side has closed the connection. */
  async closed(): Promise<void> {
    while (!this.isClosed) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  close(): void {
    this.#datagrams?.close();
    this.#stream?.destroy();
  }

  #feed(text: string): void {
    this.#buffer += text;
    for (;;) {
      this.#buffer = this.#buffer.replace(/^(\r\n)+/, '');
      const end = this.#buffer.indexOf('\r\n\r\n');
      if (end < 0) return;
      const length = Number(/^Content-Length: *(\d+)/im.exec(this.#buffer.slice(0, end))?.[1] ?? 0);
      if (this.#buffer.length < end + 4 + length) return;
      const message = this.#buffer.slice(0, end + 4 + length);
      this.#buffer = this.#buffer.slice(end + 4 + length);
      this.#take(message);
    }
  }

  #take(text: string): void {
    const message = new Message(text);
    if (message.method === 'NOTIFY' && message.status === 0 && this.answersNotify) this.#answer(message);
    this.received.push(message);
    this.#wake();
  }

  #answer(request: Message): void {
    const copied = request.head.split('\r\n').filter((line) => /^(Via|From|To|Call-ID|CSeq):/i.test(line));
    this.sendRaw(['SIP/2.0 200 OK', ...copied, 'Content-Length: 0', '', ''].join('\r\n'));
  }

  #wake(): void {
    for (const resume of this.#waiting.splice(0)) resume();
  }
}

/** A PIDF document with a note to recognise it by. */
export function pidf(entity: string, note: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<presence xmlns="urn:ietf:params:xml:ns:pidf" entity="${entity}"><tuple id="t1"><status><basic>open</basic></status><note>${note}</note></tuple></presence>`;
}

export const publishHeaders: readonly string[] = ['Event: presence', 'Content-Type: application/pidf+xml'];
export const subscribeHeaders: readonly string[] = ['Event: presence', 'Accept: application/pidf+xml'];
