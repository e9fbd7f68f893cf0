import {
  createRequest,
  expires,
  type HeaderEdit,
  type Instant,
  type Machine,
  minExpires,
  type SipRequest,
  type SipResponse,
  set,
  sipETag,
  sipIfMatch,
  TimerWheel,
  Tokens,
} from '@sip-simple/sip-core';
import type { PublisherAction, PublisherInput, PublisherOptions } from './publisher-io.ts';
import { headerOf, refreshAt } from './refresh.ts';
import { type FinalAnswer, SentRequests } from './sent-requests.ts';

type Publish = Extract<PublisherInput, { type: 'publish' }>;

/** What is on its way or has still to be sent. */
type Operation = 'initial' | 'refresh' | 'modify' | 'remove';

interface OwnPublication {
  readonly name: string;
  readonly callId: string;
  readonly fromTag: string;
  sequence: number;
  content: Publish;
  entityTag: string | undefined;
  /** Asked of the compositor after it said 423; 0 before. */
  minimumSeconds: number;
  sent: Operation | undefined;
  /** What to do when the answer is there; a later wish takes the place of an earlier one. */
  next: Operation | undefined;
}

/**
 * The event publication agent of RFC 3903 §4: publishes, refreshes before expiry, modifies and removes.
 *
 * For one Request-URI only one PUBLISH is out at a time (§4); what is wanted meanwhile is sent after its answer,
 * the newest body only.
 */
export class Publisher implements Machine<PublisherInput, PublisherAction> {
  readonly #sent: SentRequests<OwnPublication>;
  readonly #tokens: Tokens;
  readonly #publications = new Map<string, OwnPublication>();
  /** For each Request-URI with a PUBLISH out: who waits for the answer. */
  readonly #busy = new Map<string, OwnPublication[]>();
  readonly #refreshes = new TimerWheel<OwnPublication>();
  #now: Instant = 0;
  #actions: PublisherAction[] = [];

  constructor(options: PublisherOptions) {
    this.#sent = new SentRequests(options.name ?? 'publisher', options.authenticator);
    this.#tokens = new Tokens(options.random);
  }

  get deadline(): Instant | undefined {
    return this.#refreshes.deadline;
  }

  handle(input: PublisherInput, now: Instant): readonly PublisherAction[] {
    this.#now = now;
    this.#actions = [];
    switch (input.type) {
      case 'publish':
        this.#publish(input);
        break;
      case 'remove':
        this.#takeBack(input.publication);
        break;
      case 'response':
      case 'failed':
        this.#answered(this.#sent.ended(input));
        break;
      case 'tick':
        for (const publication of this.#refreshes.expire(now)) this.#want(publication, 'refresh');
        break;
    }
    return this.#actions;
  }

  #publish(content: Publish): void {
    const known = this.#publications.get(content.publication);
    if (known !== undefined) {
      if (known.content.uri !== content.uri || known.content.event !== content.event) {
        throw new RangeError(`publication ${content.publication} is of another resource or event`);
      }
      known.content = content;
      this.#want(known, 'modify');
      return;
    }
    const publication: OwnPublication = {
      name: content.publication,
      callId: this.#tokens.next(),
      fromTag: this.#tokens.next(),
      sequence: 0,
      content,
      entityTag: content.entityTag,
      minimumSeconds: 0,
      sent: undefined,
      next: undefined,
    };
    this.#publications.set(publication.name, publication);
    this.#want(publication, 'initial');
  }

  #takeBack(name: string): void {
    const publication = this.#publications.get(name);
    if (publication !== undefined) this.#want(publication, 'remove');
  }

  /** Sends an operation, at once or when nothing else is out for the Request-URI. */
  #want(publication: OwnPublication, operation: Operation): void {
    const { uri } = publication.content;
    const queue = this.#busy.get(uri);
    // a refresh adds nothing to what is wanted already, and nothing comes after a removal
    const isNewer = publication.next === undefined || operation !== 'refresh';
    if (isNewer && publication.next !== 'remove') publication.next = operation;
    if (queue === undefined) {
      this.#busy.set(uri, []);
      this.#send(publication);
    } else if (!queue.includes(publication)) {
      queue.push(publication);
    }
  }

  #send(publication: OwnPublication): void {
    const wanted = publication.next ?? 'refresh';
    publication.next = undefined;
    if (wanted === 'remove' && publication.entityTag === undefined) {
      this.#end(publication, 'removed');
      this.#release(publication.content.uri);
      return;
    }
    // without an entity-tag there is nothing to be conditional on: start anew (§4.2)
    publication.sent =
      publication.entityTag === undefined ? 'initial' : wanted === 'initial' ? 'modify' : wanted;
    this.#refreshes.cancel(publication);
    this.#actions.push(this.#sent.send(buildPublish(publication, publication.sent), publication));
  }

  #answered(answer: FinalAnswer<OwnPublication> | undefined): void {
    if (answer === undefined) return;
    const { of: publication, status, response } = answer;
    if (answer.isChallenged) this.#want(publication, publication.sent ?? 'initial');
    else if (status < 300) this.#succeeded(publication, response);
    else this.#failed(publication, status, response);
    this.#release(publication.content.uri);
  }

  #succeeded(publication: OwnPublication, response: SipResponse | undefined): void {
    if (publication.sent === 'remove') {
      this.#end(publication, 'removed');
      return;
    }
    const entityTag = headerOf(response, sipETag);
    const seconds = headerOf(response, expires) ?? publication.content.expiresSeconds ?? 0;
    // §4.3: "The EPA MUST store this entity-tag, replacing any existing"
    publication.entityTag = entityTag;
    const expiresAt = this.#now + seconds * 1000;
    if (seconds > 0) this.#refreshes.set(publication, refreshAt(this.#now, seconds));
    this.#actions.push({
      type: 'publication',
      publication: publication.name,
      state: 'published',
      entityTag,
      expiresAt,
    });
    if (publication.next !== undefined) this.#want(publication, publication.next);
  }

  #failed(publication: OwnPublication, status: number, response: SipResponse | undefined): void {
    const minimum = headerOf(response, minExpires) ?? 0;
    if (status === 412) {
      // §5: the entity-tag is discarded, and the state published anew unless it was to go
      publication.entityTag = undefined;
      const isOver = publication.sent === 'remove' || publication.next === 'remove';
      if (isOver) this.#end(publication, 'removed');
      else this.#want(publication, 'initial');
    } else if (status === 423 && minimum > publication.minimumSeconds && publication.sent !== 'remove') {
      publication.minimumSeconds = minimum;
      this.#want(publication, publication.sent ?? 'initial');
    } else {
      this.#end(publication, 'failed', status);
    }
  }

  /** The Request-URI is free: whoever waits longest is next. */
  #release(uri: string): void {
    const queue = this.#busy.get(uri);
    const next = queue?.shift();
    if (next === undefined) this.#busy.delete(uri);
    else if (this.#publications.get(next.name) === next) this.#send(next);
    else this.#release(uri);
  }

  #end(publication: OwnPublication, state: 'removed' | 'failed', status?: number): void {
    this.#publications.delete(publication.name);
    this.#refreshes.cancel(publication);
    this.#actions.push({ type: 'publication', publication: publication.name, state, status });
  }
}

/** Table 1 of RFC 3903 §4.1: which operation has a body, a SIP-If-Match and which Expires. */
function buildPublish(publication: OwnPublication, operation: Operation): SipRequest {
  const { content, callId, fromTag, entityTag, minimumSeconds } = publication;
  publication.sequence += 1;
  const headers: HeaderEdit[] = [
    set('From', `<${content.from ?? content.uri}>;tag=${fromTag}`),
    set('To', `<${content.uri}>`),
    set('Call-ID', callId),
    set('CSeq', `${publication.sequence} PUBLISH`),
    set('Event', content.event),
  ];
  if (operation === 'remove') headers.push(set(expires, 0));
  else if (content.expiresSeconds !== undefined || minimumSeconds > 0) {
    headers.push(set(expires, Math.max(content.expiresSeconds ?? 0, minimumSeconds)));
  }
  if (operation !== 'initial' && entityTag !== undefined) headers.push(set(sipIfMatch, entityTag));
  const hasBody = operation === 'initial' || operation === 'modify';
  return createRequest({
    method: 'PUBLISH',
    uri: content.uri,
    headers,
    body: hasBody ? content.body : undefined,
    contentType: hasBody ? content.mediaType : undefined,
  });
}
