import type { SipRequest } from '@sip-simple/sip-core';
import {
  type Destination,
  MessageReceiver,
  StoreAndForward,
  type StoreAndForwardInput,
  type StoreAndForwardOptions,
} from '../src/index.ts';
import { type Element, Network, request, textOf } from './network.ts';

/** A relay at 192.0.2.1 for bob, whose phones are at the hosts of `online`. */
export class RelayWorld {
  readonly network = new Network();
  readonly server: Element;
  relay: StoreAndForward;
  online: readonly string[] = [];
  readonly #options: Partial<StoreAndForwardOptions>;

  constructor(options: Partial<StoreAndForwardOptions> = {}) {
    this.#options = options;
    this.server = this.network.element('192.0.2.1');
    this.relay = this.#relay();
    this.server.use(this.relay);
  }

  #relay(): StoreAndForward {
    const locate = (): readonly Destination[] => this.online.map((host) => ({ uri: `sip:bob@${host}` }));
    return new StoreAndForward({ random: this.network.random, locate, ...this.#options });
  }

  input(input: StoreAndForwardInput): void {
    this.server.perform(this.relay.handle(input, this.network.now));
  }

  /** A message of this text comes for bob. @returns the status and reason that answer it */
  message(text: string, lines: readonly string[] = [], recipient = 'sip:bob@example.com'): string {
    const before = this.server.actions.length;
    const arriving = request(
      [...(lines.some((l) => l.startsWith('Call-ID')) ? [] : [`Call-ID: ${text}`]), ...lines],
      text,
    );
    this.input({ type: 'message', transaction: `t-${text}`, request: arriving, recipient });
    const response = this.server.actions.slice(before).find((action) => action.type === 'respond')?.response;
    return response === undefined
      ? 'nothing'
      : `${response.status} ${response.raw('Retry-After')[0] ?? ''}`.trim();
  }

  /** A phone that shows what it gets. */
  phone(host: string): Element {
    const phone = this.network.element(host);
    phone.use(new MessageReceiver({ random: this.network.random, mediaTypes: 'all' }));
    return phone;
  }

  /** bob registers from these hosts. */
  register(...hosts: readonly string[]): void {
    this.online = hosts;
    this.input({ type: 'registered', aor: 'sip:bob@example.com' });
  }

  /** The process is killed: only what is stored is left. */
  restart(): void {
    this.server.restart();
    this.relay = this.#relay();
    this.server.use(this.relay);
    const keys = [...this.server.store.keys()].sort();
    for (const key of keys) this.input({ type: 'restore', key, record: this.server.store.get(key) });
  }

  ended(): string[] {
    return this.server.actions.flatMap((action) => {
      // 'ended' is the relay's
      const ended = action as { readonly type: string; readonly outcome?: string; readonly status?: number };
      return ended.type === 'ended' ? [`${ended.outcome} ${ended.status ?? ''}`.trim()] : [];
    });
  }
}

/** What a phone has shown. */
export function shown(phone: Element): string[] {
  return phone.actions.flatMap((action) => {
    // 'message' is the receiver's
    const message = action as { readonly type: string; readonly request?: SipRequest };
    return message.type === 'message' && message.request !== undefined ? [textOf(message.request)] : [];
  });
}
