/** How long something lasts: seconds. */
export interface ExpiryBounds {
  /** Shorter requests are answered 423 with this as Min-Expires (RFC 6665 §4.2.1.1, RFC 3903 §6 step 4). */
  readonly min: number;
  /** Taken when the request has no Expires header field. */
  readonly default: number;
  /** Longer requests are shortened to this. */
  readonly max: number;
}

/** What one class of watchers is shown: watchers with equal views share one rendered body. */
export interface View {
  /** The media type to render, one of the package's `mediaTypes`. */
  readonly mediaType: string;
  /** Which part of the state, as the policy that admitted the watcher named it; '' for all of it. */
  readonly key: string;
}

/** One publication of a resource, as the compositor keeps it. */
export interface Publication<Document = unknown> {
  /** Names the publication as long as it lives, also across changes of its entity-tag. */
  readonly id: string;
  /** The entity-tag now in force (RFC 3903 §8). */
  readonly entityTag: string;
  readonly mediaType: string;
  readonly body: Uint8Array;
  /** The body as the package's `read` gave it. */
  readonly document: Document;
  /** When the body came, in milliseconds since the epoch; a refresh does not change it. */
  readonly receivedAt: number;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

/**
 * An event package (RFC 6665 §5.4) as a value: handed to the machines that serve it, registered nowhere.
 *
 * `State` is what the package composes and renders; `Document` is what it reads from a publication.
 */
export interface EventPackage<State = unknown, Document = unknown> {
  /** The token in the Event header field (RFC 6665 §5.4.1), compared byte by byte. */
  readonly name: string;
  /** Body types for NOTIFY, lower case; the first is taken when SUBSCRIBE has no Accept (RFC 6665 §5.4.5). */
  readonly mediaTypes: readonly [string, ...string[]];
  /** Bounds of subscriptions (RFC 6665 §5.4.4). */
  readonly expires: ExpiryBounds;
  /** Whether one SUBSCRIBE that forks may install several subscriptions (RFC 6665 §5.4.9). */
  readonly forks: 'one' | 'many';
  /** Least seconds between two NOTIFYs of one subscription that a change of state causes (RFC 6665 §5.4.10); 0 for none. */
  readonly notifyInterval?: number | undefined;
  /** How the package is published (RFC 3903 §10.1); a package without it answers PUBLISH with 489. */
  readonly publication?: PublicationRules<Document> | undefined;
  /** Puts the publications of a resource together, oldest first, at least one (RFC 6665 §5.4.11). */
  compose(resource: string, publications: readonly Publication<Document>[]): State;
  /** The state of a resource that nothing is known of, or that a watcher may not see (RFC 6665 §5.4.7). */
  neutral(resource: string, why: 'unknown' | 'pending' | 'hidden'): State;
  /** Writes a state as the body of a NOTIFY. */
  render(state: State, view: View): Uint8Array;
}

/** What a package takes in PUBLISH requests. */
export interface PublicationRules<Document = unknown> {
  /** Body types for PUBLISH, lower case, default first. */
  readonly mediaTypes: readonly [string, ...string[]];
  /** Bounds of publications. */
  readonly expires: ExpiryBounds;
  /**
   * Reads and checks a body.
   * @param charset the parameter of the Content-Type, when it has one
   * @throws an Error with `status` (400, 415, ...) when it is refused
   */
  read(body: Uint8Array, mediaType: string, charset: string | undefined): Document;
}
