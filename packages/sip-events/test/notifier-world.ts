import type { SipRequest } from '../../sip-core/src/index.ts';
import {
  type EventPackage,
  Notifier,
  type NotifierAction,
  type NotifierInput,
  type NotifierOptions,
} from '../src/index.ts';
import { notePackage } from './note-package.ts';
import { type Element, type Phone, World } from './world.ts';

/** A notifier at 192.0.2.1 that serves `note` for everybody at example.com, and watchers to play. */
export class NotifierWorld {
  readonly world: World;
  readonly server: Element<NotifierAction>;
  readonly notifier: Notifier;
  /** What the notifier is told when it asks for a state. */
  readonly states = new Map<string, string>();
  /** How often a body was rendered. */
  rendered = 0;

  constructor(options: Partial<NotifierOptions> = {}, world: World = new World()) {
    this.world = world;
    this.server = world.element<NotifierAction>('192.0.2.1', ['SUBSCRIBE', 'NOTIFY', 'PUBLISH', 'OPTIONS']);
    const packages: readonly EventPackage[] = [this.#counting(notePackage)];
    this.notifier = new Notifier({
      packages,
      dialogs: this.server.dialogs,
      random: world.random,
      contact: () => this.server.contact,
      resourceOf: (request: SipRequest) => /^sip:(\w+@example\.com)$/.exec(request.uri)?.[1],
      stateOf: (_event, resource) => this.states.get(resource),
      policy: 'allow',
      ...options,
    });
    this.server.use({
      name: 'notifier',
      methods: ['SUBSCRIBE'],
      deadline: () => this.notifier.deadline,
      handle: (input, now) => this.notifier.handle(input, now),
    });
  }

  input(input: NotifierInput): void {
    this.server.perform(this.notifier.handle(input, this.world.now));
  }

  /** Changes the state of alice's note. */
  publish(state: string, resource = 'alice@example.com'): void {
    this.states.set(resource, state);
    this.input({ type: 'state', event: 'note', resource, state });
  }

  watcher(name: string, host = '192.0.2.77'): Watcher {
    return new Watcher(this.world.phone(host), name);
  }

  #counting(inner: EventPackage<string, string>): EventPackage<string, string> {
    return {
      ...inner,
      render: (state, view) => {
        this.rendered += 1;
        return inner.render(state, view);
      },
    };
  }
}

/** One dialog of a watcher that a test plays. */
export class Watcher {
  readonly phone: Phone;
  readonly name: string;
  sequence = 0;
  toTag = '';

  constructor(phone: Phone, name: string) {
    this.phone = phone;
    this.name = name;
  }

  /** Sends SUBSCRIBE, in its dialog once there is one. */
  subscribe(lines: readonly string[] = ['Event: note'], uri = 'sip:alice@example.com', body = ''): void {
    this.sequence += 1;
    const tag = this.toTag === '' ? '' : `;tag=${this.toTag}`;
    const hasContact = lines.some((line) => line.startsWith('Contact'));
    this.phone.request(
      `SUBSCRIBE ${uri}`,
      [
        `From: <sip:${this.name}@example.com>;tag=${this.name}`,
        `To: <sip:alice@example.com>${tag}`,
        `Call-ID: call-${this.name}`,
        `CSeq: ${this.sequence} SUBSCRIBE`,
        ...(hasContact ? [] : [`Contact: <sip:${this.name}@${this.phone.host}:5060>`]),
        ...lines.filter((line) => line !== 'Contact: none'),
      ],
      body,
    );
  }

  /** Subscribes and answers the NOTIFY. */
  watch(lines?: readonly string[]): void {
    this.subscribe(lines);
    this.keepTag();
    this.phone.answer(this.phone.next(), 200);
  }

  /** Takes the dialog's tag from the response. */
  keepTag(): void {
    const response = this.phone.response();
    this.toTag = /;tag=([^;]+)/.exec(response.raw('To')[0] ?? '')?.[1] ?? '';
  }
}
