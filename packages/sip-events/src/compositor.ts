import {
  canonicalAor,
  createResponse,
  expires,
  from,
  type Instant,
  type Machine,
  type SipRequest,
  set,
  sipETag,
  TimerWheel,
  Tokens,
  Wheel,
} from '@sip-simple/sip-core';
import {
  type CompositorAction,
  type CompositorInput,
  type CompositorLimits,
  type CompositorOptions,
  defaultCompositorLimits,
} from './compositor-io.ts';
import { busy, refusal, refused } from './errors.ts';
import type { Publication } from './event-package.ts';
import {
  asPublications,
  PublicationTable,
  type PublishedResource,
  readPublicationRecord,
  type StoredPublication,
} from './publication-table.ts';
import {
  grantedSeconds,
  type PublishablePackage,
  type PublishedBody,
  precondition,
  publishedBody,
  publishedPackage,
} from './publish-request.ts';

type Input<T extends CompositorInput['type']> = Extract<CompositorInput, { type: T }>;

/** A PUBLISH that waits for the decision about it, or behind one that does. */
interface WaitingPublish {
  readonly id: string;
  readonly transaction: string;
  readonly request: SipRequest;
  readonly publishable: PublishablePackage;
  readonly resource: string;
  verdict: 'allow' | 'block' | 'late' | undefined;
}

/**
 * The event state compositor of RFC 3903 §6: takes PUBLISH requests and keeps what they publish until it expires.
 *
 * PUBLISHes for one resource are processed in the order in which they came, each wholly or not at all. An action
 * list that acknowledges one says 'save', then 'respond', then 'published'. A driver that fails to store answers
 * 504 instead of what 'respond' says, and gives what is stored under that key back with 'restore'.
 */
export class EventStateCompositor implements Machine<CompositorInput, CompositorAction> {
  readonly #options: CompositorOptions;
  readonly #limits: CompositorLimits;
  readonly #packages: ReadonlyMap<string, PublishablePackage>;
  readonly #table = new PublicationTable();
  readonly #expiry = new Wheel<StoredPublication>();
  /** PUBLISHes that wait for a decision: by id, and in order for each resource. */
  readonly #waiting = new Map<string, WaitingPublish>();
  readonly #queues = new Map<string, WaitingPublish[]>();
  readonly #decisions = new TimerWheel<string>();
  readonly #tokens: Tokens;
  #issued = 0;
  #now: Instant = 0;
  #actions: CompositorAction[] = [];

  constructor(options: CompositorOptions) {
    this.#options = options;
    this.#limits = { ...defaultCompositorLimits, ...options.limits };
    const packages = new Map<string, PublishablePackage>();
    for (const each of options.packages) {
      if (each.publication !== undefined) packages.set(each.name, { package: each, rules: each.publication });
    }
    this.#packages = packages;
    this.#tokens = new Tokens(options.random);
  }

  /** How many publications there are. */
  get size(): number {
    return this.#table.size;
  }

  get deadline(): Instant | undefined {
    const expiry = this.#expiry.deadline;
    const decision = this.#decisions.deadline;
    if (expiry === undefined || decision === undefined) return expiry ?? decision;
    return Math.min(expiry, decision);
  }

  /** The publications of a resource, oldest first. */
  publications(event: string, resource: string): readonly Publication[] {
    const published = this.#table.resource(event, resource);
    return published === undefined ? [] : asPublications(published);
  }

  handle(input: CompositorInput, now: Instant): readonly CompositorAction[] {
    this.#now = now;
    this.#actions = [];
    switch (input.type) {
      case 'request':
        if (input.request.method === 'PUBLISH') this.#receive(input);
        break;
      case 'decision':
        this.#settle(input.publication, input.decision);
        break;
      case 'restore':
        this.#restore(input);
        break;
      case 'tick':
        for (const publication of this.#expiry.expire(now)) this.#remove(publication);
        for (const id of this.#decisions.expire(now)) this.#settle(id, 'late');
        break;
    }
    return this.#actions;
  }

  /** Steps 1 and 2, which need no permission; the rest when the policy has spoken. */
  #receive({ request, transaction }: Input<'request'>): void {
    try {
      const resource = this.#options.resourceOf(request);
      if (resource === undefined) throw refused(404, 'nothing is published under this URI', 'RFC 3903 §6');
      const publishable = publishedPackage(request, this.#packages);
      if (this.#options.policy === 'allow') {
        this.#publish({ request, transaction, publishable, resource });
      } else {
        this.#ask(request, transaction, publishable, resource);
      }
    } catch (error) {
      this.#actions.push(refusal({ request, transaction }, error, this.#tokens.next()));
    }
  }

  #ask(request: SipRequest, transaction: string, publishable: PublishablePackage, resource: string): void {
    if (this.#waiting.size >= this.#limits.waiting) throw this.#busy('too many publications wait');
    const publisher = this.#options.publisherOf?.(request) ?? canonicalAor(request.get(from)?.uri ?? '');
    const id = this.#tokens.next();
    const waiting = { id, transaction, request, publishable, resource, verdict: undefined };
    this.#waiting.set(id, waiting);
    const queue = this.#queues.get(resource);
    if (queue === undefined) this.#queues.set(resource, [waiting]);
    else queue.push(waiting);
    this.#decisions.set(id, this.#now + this.#limits.decisionSeconds * 1000);
    const event = publishable.package.name;
    this.#actions.push({ type: 'authorize', publication: id, publisher, resource, event, request });
  }

  /** Notes a verdict, then processes what is decided at the head of the resource's queue. */
  #settle(id: string, verdict: 'allow' | 'block' | 'late'): void {
    const settled = this.#waiting.get(id);
    if (settled === undefined) return;
    this.#waiting.delete(id);
    this.#decisions.cancel(id);
    settled.verdict = verdict;
    const queue = this.#queues.get(settled.resource) ?? [];
    while (queue[0]?.verdict !== undefined) {
      const head = queue.shift();
      if (head !== undefined) this.#carryOut(head);
    }
    if (queue.length === 0) this.#queues.delete(settled.resource);
  }

  #carryOut(waiting: WaitingPublish): void {
    const { verdict } = waiting;
    try {
      if (verdict === 'block') throw refused(403, 'the publisher is blocked', 'RFC 3903 §14.1');
      if (verdict === 'late') throw refused(504, 'the policy is silent', 'RFC 3903 §6');
      this.#publish(waiting);
    } catch (error) {
      this.#actions.push(refusal(waiting, error, this.#tokens.next()));
    }
  }

  /** Steps 3 to 6. Whatever is wrong throws before anything changes. */
  #publish(asked: Omit<WaitingPublish, 'id' | 'verdict'>): void {
    const { request, transaction, publishable, resource } = asked;
    const { rules } = publishable;
    const known = this.#matching(publishable, resource, precondition(request));
    const seconds = grantedSeconds(request, rules.expires);
    const body = publishedBody(request, rules, this.#limits.bodyBytes);
    if (known === undefined && body === undefined) {
      throw refused(400, 'an initial publication needs a body', 'RFC 3903 §6');
    }
    const entityTag = this.#nextEntityTag();
    const response = createResponse(request, 200, {
      toTag: this.#tokens.next(),
      headers: [set(sipETag, entityTag), set(expires, seconds)],
    });
    const respond: CompositorAction = { type: 'respond', transaction, response };
    if (seconds === 0) {
      if (known !== undefined) this.#remove(known, respond);
      else this.#actions.push(respond);
      return;
    }
    const publication = known ?? this.#add(publishable, resource);
    publication.entityTag = entityTag;
    publication.expiresAt = this.#now + seconds * 1000;
    if (body !== undefined) {
      publication.body = body.bytes;
      publication.mediaType = body.mediaType;
      publication.charset = body.charset;
      publication.receivedAt = this.#now;
    }
    this.#expiry.set(publication, publication.expiresAt);
    this.#save(publication);
    this.#actions.push(respond);
    if (body !== undefined) this.#published(publication.resource, { publication, document: body.document });
  }

  /** Step 3. @throws EventsError `refused` with status 412 when nothing has that entity-tag */
  #matching(
    publishable: PublishablePackage,
    resource: string,
    entityTag: string | undefined,
  ): StoredPublication | undefined {
    if (entityTag === undefined) return undefined;
    const published = this.#table.resource(publishable.package.name, resource);
    // one whose time is up is gone, even when the tick has not come yet
    const found = published?.publications.find(
      (each) => each.entityTag === entityTag && each.expiresAt > this.#now,
    );
    if (found === undefined) throw refused(412, 'no publication has this entity-tag', 'RFC 3903 §6');
    return found;
  }

  #add(publishable: PublishablePackage, resource: string): StoredPublication {
    const held = this.#table.resource(publishable.package.name, resource)?.publications.length ?? 0;
    if (held >= this.#limits.perResource || this.#table.size >= this.#limits.publications) {
      throw this.#busy('too many publications');
    }
    return this.#table.add(`pub/${this.#tokens.next()}`, publishable, resource);
  }

  /** Unique for ever (step 6): counted within this machine, random between machines and restarts. */
  #nextEntityTag(): string {
    this.#issued += 1;
    return `${this.#tokens.next()}.${this.#issued.toString(36)}`;
  }

  #remove(publication: StoredPublication, respond?: CompositorAction): void {
    this.#expiry.cancel(publication);
    this.#table.remove(publication);
    if (this.#options.isPersistent !== false) this.#actions.push({ type: 'forget', key: publication.key });
    if (respond !== undefined) this.#actions.push(respond);
    this.#published(publication.resource);
  }

  #published(
    resource: PublishedResource,
    read?: { readonly publication: StoredPublication; readonly document: PublishedBody['document'] },
  ): void {
    const publications = asPublications(resource, read);
    const event = resource.package.package.name;
    this.#actions.push({ type: 'published', event, resource: resource.name, publications });
  }

  #save(publication: StoredPublication): void {
    if (this.#options.isPersistent === false) return;
    const { key, expiresAt } = publication;
    this.#actions.push({ type: 'save', key, record: publication.toRecord(), expiresAt });
  }

  #busy(why: string): Error {
    return busy(why, 'RFC 3903 §9', this.#limits.retryAfterSeconds);
  }

  #restore({ key, record }: Input<'restore'>): void {
    const known = this.#table.byKey(key);
    if (record === undefined) {
      if (known !== undefined) this.#remove(known);
      return;
    }
    const stored = readPublicationRecord(record);
    const publishable = this.#packages.get(stored.event);
    if (publishable === undefined) {
      this.#actions.push({ type: 'forget', key });
      return;
    }
    const publication = known ?? this.#table.add(key, publishable, stored.resource);
    publication.entityTag = stored.entityTag;
    publication.mediaType = stored.mediaType;
    publication.charset = stored.charset;
    publication.receivedAt = stored.receivedAt;
    publication.body = stored.body;
    publication.expiresAt = stored.expiresAt;
    this.#expiry.set(publication, stored.expiresAt);
    if (known !== undefined) this.#published(known.resource);
  }
}
