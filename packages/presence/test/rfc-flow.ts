import { readFileSync } from 'node:fs';
import {
  Dialogs,
  Endpoint,
  type EndpointInput,
  type Peer,
  parseMessage,
  type SipMessage,
} from '@sip-simple/sip-core';
import { countingRandom, epoch } from '../../sip-events/test/world.ts';
import { PresenceAgent } from '../src/index.ts';

/** Plays the message flow of an RFC against a presence agent for example.com: its requests in, ours out. */
export class RfcFlow {
  readonly #fixtures: string;
  readonly #peer: Peer;
  readonly #endpoint: Endpoint;
  readonly #agent: PresenceAgent;
  /** What the agent has sent and nobody has taken. */
  readonly sent: SipMessage[] = [];

  constructor(fixtures: string, transport: 'udp' | 'tcp') {
    this.#fixtures = `../../../tools/conformance/fixtures/${fixtures}-`;
    this.#peer = {
      transport,
      host: '192.0.2.1',
      port: 5060,
      connection: transport === 'tcp' ? 1 : undefined,
    };
    const dialogs = new Dialogs();
    const random = countingRandom();
    const addresses = [{ transport, host: '192.0.2.100', port: 5060 }];
    this.#endpoint = new Endpoint({ addresses, dialogs, random, methods: PresenceAgent.methods });
    this.#agent = new PresenceAgent({ dialogs, random, addresses, domains: ['example.com'] });
  }

  /** A message as the RFC prints it, with a body in the place of `[PIDF document]`, and its length for `...`. */
  message(name: string, body = ''): SipMessage {
    const printed = readFileSync(new URL(`${this.#fixtures}${name}.sip`, import.meta.url), 'utf8');
    const [head = ''] = printed.split('\n\n');
    const length = head.replace('Content-Length: ...', `Content-Length: ${body.length}`);
    return parseMessage(new TextEncoder().encode(`${length.replaceAll('\n', '\r\n')}\r\n\r\n${body}`));
  }

  /** Sends one of the RFC's requests, as changed by the caller. */
  send(message: SipMessage): void {
    this.#perform({ type: 'received', peer: this.#peer, bytes: message.toBytes() });
  }

  /** Answers a request of ours with the RFC's response to it, made to match: its Via, tags, Call-ID and CSeq are ours. */
  answer(request: SipMessage): void {
    const lines = ['Via', 'From', 'To', 'Call-ID', 'CSeq'].map((name) => `${name}: ${request.raw(name)[0]}`);
    const text = `SIP/2.0 200 OK\r\n${lines.join('\r\n')}\r\nContent-Length: 0\r\n\r\n`;
    this.#perform({ type: 'received', peer: this.#peer, bytes: new TextEncoder().encode(text) });
  }

  /** Takes the next message that the agent has sent. */
  next(): SipMessage {
    const message = this.sent.shift();
    if (message === undefined) throw new Error('nothing was sent');
    return message;
  }

  #perform(input: EndpointInput): void {
    for (const action of this.#endpoint.handle(input, epoch)) {
      if (action.type === 'transmit') this.sent.push(parseMessage(action.bytes));
      else if (action.type === 'request' || action.type === 'response' || action.type === 'failed') {
        for (const wanted of this.#agent.handle(action, epoch)) {
          if (wanted.type === 'respond' || wanted.type === 'send') this.#perform(wanted);
        }
      }
    }
  }
}

/** The start-line and the header fields that have to be the same in any implementation, tags and numbers left out. */
export function essence(message: SipMessage): Record<string, string> {
  const start = message.type === 'request' ? `${message.method} ${message.uri}` : String(message.status);
  const kept: Record<string, string> = { start };
  for (const name of ['From', 'To', 'Call-ID', 'CSeq', 'Event', 'Content-Type']) {
    const value = message.raw(name)[0];
    if (value !== undefined) kept[name] = value.replace(/;tag=.*/, '').replace(/^\d+ /, '');
  }
  const state = message.raw('Subscription-State')[0];
  if (state !== undefined) kept['Subscription-State'] = state.replace(/;.*/, '');
  const present = ['Contact', 'Expires', 'SIP-ETag', 'Max-Forwards'].filter((name) => message.has(name));
  return { ...kept, present: present.join(' ') };
}
