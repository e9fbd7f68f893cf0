import {
  accept,
  allow,
  allowEvents,
  createResponse,
  type HeaderEdit,
  type Instant,
  type LocalAddress,
  type Machine,
  noParams,
  type Peer,
  type SipRequest,
  set,
} from '@sip-simple/sip-core';
import {
  type CompositorAction,
  type CompositorInput,
  type EventPackage,
  EventStateCompositor,
  Notifier,
  type Publication,
} from '@sip-simple/sip-events';
import type { PresenceAgentAction, PresenceAgentInput, PresenceAgentOptions } from './agent-io.ts';
import { selfMadeGruu } from './contact.ts';
import { presencePackage } from './package.ts';
import { presentityOf } from './presentity.ts';

type Request = Extract<PresenceAgentInput, { type: 'request' }>;
type Published = Extract<CompositorAction, { type: 'published' }>;

/**
 * A presence agent with its compositor (RFC 3856, RFC 3903): takes PUBLISH and SUBSCRIBE for the presentities of
 * its domains, composes what they publish and notifies their watchers.
 *
 * Presentities are named by one address for all forms of their URI. Nothing of a presentity that nobody watches
 * is composed, and nothing of one that is watched is composed more than once for a change.
 */
export class PresenceAgent implements Machine<PresenceAgentInput, PresenceAgentAction> {
  /** The methods to let through the endpoint: NOTIFY to be refused, OPTIONS to be answered. */
  static readonly methods: readonly string[] = ['SUBSCRIBE', 'PUBLISH', 'NOTIFY', 'OPTIONS'];

  /** The open listeners, for the Contact of new dialogs. */
  addresses: readonly LocalAddress[];
  readonly #package: EventPackage;
  readonly #notifier: Notifier;
  readonly #compositor: EventStateCompositor;

  constructor(options: PresenceAgentOptions) {
    const { dialogs, random, policy = 'allow', isPersistent, limits } = options;
    const domains = new Set(options.domains?.map((domain) => domain.toLowerCase()));
    const resourceOf = (request: SipRequest): string | undefined =>
      options.resourceOf === undefined
        ? presentityOf(request.uri, (domain) => domains.has(domain))
        : options.resourceOf(request);
    const contact = (request: SipRequest, peer: Peer): string =>
      options.contact?.(request, peer) ?? selfMadeGruu(this.addresses, peer);
    this.addresses = options.addresses ?? [];
    this.#package = options.package ?? presencePackage();
    const packages = [this.#package];
    this.#compositor = new EventStateCompositor({
      packages,
      random,
      resourceOf,
      policy,
      isPersistent,
      limits,
    });
    this.#notifier = new Notifier({
      packages,
      dialogs,
      random,
      contact,
      resourceOf,
      stateOf: (event, resource) => this.#compose(resource, this.#compositor.publications(event, resource)),
      policy,
      isPersistent,
      limits,
    });
  }

  /** How much there is, for metrics. */
  get counts(): { readonly subscriptions: number; readonly publications: number } {
    return { subscriptions: this.#notifier.size, publications: this.#compositor.size };
  }

  get deadline(): Instant | undefined {
    const notifier = this.#notifier.deadline;
    const compositor = this.#compositor.deadline;
    if (notifier === undefined || compositor === undefined) return notifier ?? compositor;
    return Math.min(notifier, compositor);
  }

  handle(input: PresenceAgentInput, now: Instant): readonly PresenceAgentAction[] {
    switch (input.type) {
      case 'request':
        return this.#request(input, now);
      case 'response':
      case 'failed':
        return this.#notifier.handle(input, now);
      case 'decision':
        return 'publication' in input ? this.#publish(input, now) : this.#notifier.handle(input, now);
      case 'restore': {
        const { type, key, record } = input;
        if (key.startsWith('pub/')) return this.#publish(input, now);
        return record === undefined ? [] : this.#notifier.handle({ type, key, record }, now);
      }
      case 'shutdown':
        return this.#notifier.handle({ type: 'terminate', reason: 'deactivated' }, now);
      case 'tick':
        return [...this.#publish(input, now), ...this.#notifier.handle(input, now)];
    }
  }

  #request(input: Request, now: Instant): readonly PresenceAgentAction[] {
    switch (input.request.method) {
      case 'SUBSCRIBE':
        return this.#notifier.handle(input, now);
      case 'PUBLISH':
        return this.#publish(input, now);
      case 'OPTIONS':
        return [respond(input, 200, this.#capabilities())];
      case 'NOTIFY':
        // RFC 6665 §4.1.3: nobody here has subscribed to anything
        return [respond(input, 481)];
      default:
        return [respond(input, 405, [set(allow, ...PresenceAgent.methods)])];
    }
  }

  /** Lets the compositor act, and tells the notifier of each resource whose publications have changed. */
  #publish(input: CompositorInput, now: Instant): PresenceAgentAction[] {
    const actions: PresenceAgentAction[] = [];
    for (const action of this.#compositor.handle(input, now)) {
      if (action.type !== 'published') actions.push(action);
      else for (const told of this.#tell(action, now)) actions.push(told);
    }
    return actions;
  }

  #tell({ event, resource, publications }: Published, now: Instant): readonly PresenceAgentAction[] {
    if (!this.#notifier.isWatched(event, resource)) return [];
    const state = this.#compose(resource, publications);
    return this.#notifier.handle({ type: 'state', event, resource, state }, now);
  }

  #compose(resource: string, publications: readonly Publication[]): unknown {
    return publications.length === 0 ? undefined : this.#package.compose(resource, publications);
  }

  /** RFC 3261 §11.2, RFC 3903 §7, RFC 6665 §4.4.4. */
  #capabilities(): readonly HeaderEdit[] {
    const types = this.#package.mediaTypes.map((type) => ({ type, params: noParams }));
    return [
      set(allow, ...PresenceAgent.methods),
      set(allowEvents, this.#package.name),
      set(accept, ...types),
      set('Accept-Encoding', 'identity'),
      set('Accept-Language', 'en'),
    ];
  }
}

function respond(
  { request, transaction }: Request,
  status: number,
  headers?: readonly HeaderEdit[],
): PresenceAgentAction {
  return { type: 'respond', transaction, response: createResponse(request, status, { headers }) };
}
