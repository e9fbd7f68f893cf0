import type { LocalAddress } from '@sip-simple/sip-core';
import { Subscriber, type SubscriberAction } from '@sip-simple/sip-events';
import { type Element, type Phone, text, World } from '../../sip-events/test/world.ts';
import {
  PresenceAgent,
  type PresenceAgentAction,
  type PresenceAgentInput,
  type PresenceAgentOptions,
  presencePackage,
} from '../src/index.ts';

export { text };

const addresses: readonly LocalAddress[] = [{ transport: 'udp', host: '192.0.2.1', port: 5060 }];

/** A presence agent for example.com at 192.0.2.1, a publisher to play and a subscriber that follows the RFCs. */
export class PresenceWorld {
  readonly world: World = new World();
  readonly server: Element<PresenceAgentAction>;
  readonly agent: PresenceAgent;
  readonly phone: Phone;
  readonly watcher: Element<SubscriberAction>;
  readonly subscriber: Subscriber;
  #sequence = 0;

  constructor(options: Partial<PresenceAgentOptions> = {}) {
    const { world } = this;
    this.server = world.element('192.0.2.1', PresenceAgent.methods);
    this.agent = new PresenceAgent({
      dialogs: this.server.dialogs,
      random: world.random,
      domains: ['example.com'],
      addresses,
      ...options,
    });
    this.server.use({
      name: 'notifier',
      methods: PresenceAgent.methods,
      deadline: () => this.agent.deadline,
      handle: (input, now) => this.agent.handle(input, now),
    });
    this.watcher = world.element('192.0.2.50', ['NOTIFY']);
    this.subscriber = new Subscriber({
      packages: [presencePackage()],
      dialogs: this.watcher.dialogs,
      random: world.random,
      contact: () => this.watcher.contact,
    });
    this.watcher.use({
      name: 'subscriber',
      methods: ['NOTIFY'],
      deadline: () => this.subscriber.deadline,
      handle: (input, now) => this.subscriber.handle(input, now),
    });
    this.phone = world.phone('192.0.2.77');
  }

  input(input: PresenceAgentInput): void {
    this.server.perform(this.agent.handle(input, this.world.now));
  }

  /** Lets the subscriber watch a URI; it is sent to the server whatever its host is. */
  watch(user = 'alice', subscription = user): void {
    const uri = `sip:${user}@192.0.2.1`;
    const from = 'sip:bob@example.com';
    const input = { type: 'subscribe', subscription, uri, from, event: 'presence' } as const;
    this.watcher.perform(this.subscriber.handle(input, this.world.now));
  }

  /** Sends a request by hand. */
  send(startLine: string, lines: readonly string[], body = ''): void {
    this.#sequence += 1;
    this.phone.request(
      startLine,
      [
        'From: <sip:alice@example.com>;tag=a',
        ...(lines.some((line) => line.startsWith('To:')) ? [] : ['To: <sip:alice@example.com>']),
        `Call-ID: p${this.#sequence}`,
        `CSeq: 1 ${startLine.split(' ')[0]}`,
        ...lines,
      ],
      body,
    );
  }

  /** Publishes a document, and gives the status and the entity-tag. */
  publish(body: string, lines: readonly string[] = [], uri = 'sip:alice@example.com') {
    const type = body === '' ? [] : ['Content-Type: application/pidf+xml'];
    this.send(`PUBLISH ${uri}`, ['Event: presence', ...type, ...lines], body);
    const response = this.phone.response();
    return {
      status: response.status,
      etag: response.raw('SIP-ETag')[0],
      expires: response.raw('Expires')[0],
    };
  }

  /** The documents that the subscriber was told, in order. */
  get seen(): string[] {
    return this.watcher.all('notified').map((each) => new TextDecoder().decode(each.body));
  }

  /** The states of its subscription. */
  get states(): string[] {
    return this.watcher
      .all('subscription')
      .map((each) => (each.reason === undefined ? each.state : `${each.state} ${each.reason}`));
  }
}

/** A document with one tuple. */
export function document(basic: 'open' | 'closed', id = 't1', entity = 'sip:alice@example.com'): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<presence xmlns="urn:ietf:params:xml:ns:pidf" entity="${entity}">
  <tuple id="${id}"><status><basic>${basic}</basic></status></tuple>
</presence>`;
}
