// The other side of a conversation with a real client: a few lines of SIP over UDP that share nothing with the packages.
import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { until } from './checks.mjs';

export class SmallClient {
  #server;
  #socket;
  #local = '';
  #responses = new Map();
  #bodies = [];
  #entityTags = new Map();

  static async open(server) {
    const client = new SmallClient();
    client.#server = server;
    client.#socket = createSocket('udp4');
    client.#socket.on('message', (bytes) => client.#receive(bytes.toString()));
    client.#socket.bind(0, '127.0.0.1');
    await once(client.#socket, 'listening');
    client.#local = `127.0.0.1:${client.#socket.address().port}`;
    return client;
  }

  /** Subscribes to a user's presence for ten minutes. */
  async subscribe(user) {
    await this.#request('SUBSCRIBE', user, [
      `Contact: <sip:small@${this.#local}>`,
      'Accept: application/pidf+xml',
      'Expires: 600',
    ]);
  }

  /** Publishes for a user; the second time it modifies what the first time made. */
  async publish(user, document) {
    const tag = this.#entityTags.get(user);
    const headers = ['Content-Type: application/pidf+xml', 'Expires: 600'];
    if (tag) headers.push(`SIP-If-Match: ${tag}`);
    const response = await this.#request('PUBLISH', user, headers, document);
    this.#entityTags.set(user, /^SIP-ETag: *(\S+)/im.exec(response)?.[1]);
  }

  /** The body of the NOTIFY that came last; empty when none came or it had none. */
  newestBody() {
    return this.#bodies.at(-1) ?? '';
  }

  notifications() {
    return this.#bodies.length;
  }

  close() {
    this.#socket.close();
  }

  async #request(method, user, headers, body = '') {
    const id = randomBytes(8).toString('hex');
    const message = [
      `${method} sip:${user} SIP/2.0`,
      `Via: SIP/2.0/UDP ${this.#local};branch=z9hG4bK${id};rport`,
      'Max-Forwards: 70',
      `From: <sip:small@localhost>;tag=${id}`,
      `To: <sip:${user}>`,
      `Call-ID: ${id}`,
      `CSeq: 1 ${method}`,
      'Event: presence',
      ...headers,
      `Content-Length: ${Buffer.byteLength(body)}`,
      '',
      body,
    ].join('\r\n');
    this.#send(message);
    const response = await until(() => this.#responses.get(id), `an answer to ${method}`);
    if (!response.startsWith('SIP/2.0 200')) throw new Error(`${method} was answered\n${response}`);
    return response;
  }

  #receive(text) {
    const callId = /^(?:Call-ID|i): *(\S+)/im.exec(text)?.[1];
    if (text.startsWith('SIP/2.0')) {
      this.#responses.set(callId, text);
      return;
    }
    const [head, ...rest] = text.split('\r\n\r\n');
    this.#bodies.push(rest.join('\r\n\r\n'));
    const copied = head.split('\r\n').filter((line) => /^(via|v|from|f|to|t|call-id|i|cseq) *:/i.test(line));
    this.#send(['SIP/2.0 200 OK', ...copied, 'Content-Length: 0', '', ''].join('\r\n'));
  }

  #send(text) {
    this.#socket.send(text, this.#server.port, this.#server.host);
  }
}
