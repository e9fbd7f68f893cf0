import type { SipRequest } from '@sip-simple/sip-core';
import {
  Subscriber,
  type SubscriberAction,
  type SubscriberInput,
  type SubscriberOptions,
} from '../src/index.ts';
import { notePackage } from './note-package.ts';
import { type Element, type Phone, World } from './world.ts';

/** A subscriber at 192.0.2.1 that watches alice, and her notifiers to play. */
export class SubscriberWorld {
  readonly world: World;
  readonly client: Element<SubscriberAction>;
  readonly subscriber: Subscriber;
  /** The notifier at 192.0.2.77, where SUBSCRIBEs for alice go. */
  readonly phone: Phone;

  constructor(options: Partial<SubscriberOptions> = {}, world: World = new World()) {
    this.world = world;
    this.client = world.element<SubscriberAction>('192.0.2.1', ['NOTIFY']);
    this.subscriber = new Subscriber({
      packages: [notePackage],
      dialogs: this.client.dialogs,
      random: world.random,
      contact: () => this.client.contact,
      ...options,
    });
    this.client.use({
      name: 'subscriber',
      methods: ['NOTIFY'],
      deadline: () => this.subscriber.deadline,
      handle: (input, now) => this.subscriber.handle(input, now),
    });
    this.phone = world.phone('192.0.2.77');
  }

  input(input: SubscriberInput): void {
    this.client.perform(this.subscriber.handle(input, this.world.now));
  }

  subscribe(more: Partial<Extract<SubscriberInput, { type: 'subscribe' }>> = {}): void {
    this.input({
      type: 'subscribe',
      subscription: 'mine',
      uri: 'sip:alice@192.0.2.77',
      from: 'sip:bob@example.com',
      event: 'note',
      ...more,
    });
  }

  /** The states told to the application so far, with what goes with them. */
  get told(): string[] {
    return this.client
      .all('subscription')
      .map((each) => [each.state, each.reason, each.status].filter((part) => part !== undefined).join(' '));
  }

  /** The bodies told to the application so far. */
  get bodies(): string[] {
    return this.client.all('notified').map((each) => new TextDecoder().decode(each.body));
  }
}

/** One notifier's side of a dialog that a SUBSCRIBE began. */
export class NotifierDialog {
  readonly phone: Phone;
  readonly subscribe: SipRequest;
  readonly tag: string;
  sequence = 0;

  constructor(phone: Phone, subscribe: SipRequest, tag = 'notifier') {
    this.phone = phone;
    this.subscribe = subscribe;
    this.tag = tag;
  }

  /** Sends NOTIFY and gives the status of its answer. */
  notify(state: string, body = '', lines: readonly string[] = ['Event: note']): number {
    this.sequence += 1;
    this.phone.request(
      'NOTIFY sip:192.0.2.1:5060',
      [
        `From: <sip:alice@192.0.2.77>;tag=${this.tag}`,
        `To: ${this.subscribe.raw('From')[0]}`,
        `Call-ID: ${this.subscribe.raw('Call-ID')[0]}`,
        `CSeq: ${this.sequence} NOTIFY`,
        `Contact: <sip:alice@${this.phone.host}:5060>`,
        ...(state === '' ? [] : [`Subscription-State: ${state}`]),
        ...(body === '' || lines.some((line) => line.startsWith('Content-Type'))
          ? []
          : ['Content-Type: text/plain']),
        ...lines,
      ],
      body,
    );
    return this.phone.response().status;
  }
}
