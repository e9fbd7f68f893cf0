import {
  type CompositorAction,
  type CompositorInput,
  type CompositorOptions,
  EventStateCompositor,
} from '../src/index.ts';
import { notePackage } from './note-package.ts';
import { type Element, type Phone, World } from './world.ts';

/** A compositor at 192.0.2.1 for `note` of everybody at example.com, and a publisher to play. */
export class CompositorWorld {
  readonly world: World;
  readonly server: Element<CompositorAction>;
  readonly compositor: EventStateCompositor;
  readonly phone: Phone;
  #sequence = 0;

  constructor(options: Partial<CompositorOptions> = {}, world: World = new World()) {
    this.world = world;
    this.server = world.element<CompositorAction>('192.0.2.1', ['SUBSCRIBE', 'NOTIFY', 'PUBLISH', 'OPTIONS']);
    this.compositor = new EventStateCompositor({
      packages: [notePackage],
      random: world.random,
      resourceOf: (request) => /^sip:(\w+@example\.com)$/.exec(request.uri)?.[1],
      policy: 'allow',
      ...options,
    });
    this.server.use({
      name: 'compositor',
      methods: ['PUBLISH'],
      deadline: () => this.compositor.deadline,
      handle: (input, now) =>
        input.type === 'request' || input.type === 'tick' ? this.compositor.handle(input, now) : [],
    });
    this.phone = world.phone('192.0.2.77');
  }

  input(input: CompositorInput): void {
    this.server.perform(this.compositor.handle(input, this.world.now));
  }

  /** Sends PUBLISH with these lines besides the dialog identifiers. */
  send(lines: readonly string[], body = '', uri = 'sip:alice@example.com'): void {
    this.#sequence += 1;
    this.phone.request(
      `PUBLISH ${uri}`,
      [
        'From: <sip:alice@example.com>;tag=a',
        'To: <sip:alice@example.com>',
        `Call-ID: p${this.#sequence}`,
        'CSeq: 1 PUBLISH',
        ...lines,
      ],
      body,
    );
  }

  /** Publishes, and says what came of it. */
  publish(body: string, lines: readonly string[] = []): Outcome {
    const type = body === '' ? [] : ['Content-Type: text/plain'];
    this.send(['Event: note', ...type, ...lines], body);
    return this.outcome();
  }

  outcome(): Outcome {
    const response = this.phone.response();
    return {
      status: response.status,
      etag: response.raw('SIP-ETag')[0],
      expires: response.raw('Expires')[0],
      header: (name) => response.raw(name)[0],
    };
  }

  /** What is published for alice now, composed. */
  get state(): string {
    return this.compositor
      .publications('note', 'alice@example.com')
      .map((each) => String(each.document))
      .join('+');
  }
}

export interface Outcome {
  readonly status: number;
  readonly etag: string | undefined;
  readonly expires: string | undefined;
  readonly header: (name: string) => string | undefined;
}
