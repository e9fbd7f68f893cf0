import type { EventPackage } from './event-package.ts';
import type { Subscription } from './subscription.ts';

/** What a class of watchers sees: the state, the neutral one shown instead of it, or the one while pending. */
export type Shown = 'state' | 'hidden' | 'pending';

interface Rendered {
  readonly shown: Shown;
  readonly mediaType: string;
  readonly view: string;
  readonly bytes: Uint8Array;
}

/**
 * A resource that somebody watches for one event package: its watchers, and the bodies rendered for them.
 *
 * A body is rendered once for each class of watchers (same view, same media type) and version of the state;
 * all watchers of the class share its bytes. The state itself is not kept: its owner is asked when a new class
 * needs it.
 */
export class Watched {
  readonly package: EventPackage;
  readonly resource: string;
  first: Subscription | undefined;
  count = 0;
  #rendered: readonly Rendered[] = none;
  /** Kept only while the watchers are told of it. */
  #state: unknown = undefined;

  constructor(eventPackage: EventPackage, resource: string) {
    this.package = eventPackage;
    this.resource = resource;
  }

  /** Adds a watcher. */
  add(subscription: Subscription): void {
    subscription.previousWatcher = undefined;
    subscription.nextWatcher = this.first;
    if (this.first !== undefined) this.first.previousWatcher = subscription;
    this.first = subscription;
    this.count += 1;
  }

  /** Removes a watcher that was added. */
  remove(subscription: Subscription): void {
    const { previousWatcher, nextWatcher } = subscription;
    if (previousWatcher === undefined) this.first = nextWatcher;
    else previousWatcher.nextWatcher = nextWatcher;
    if (nextWatcher !== undefined) nextWatcher.previousWatcher = previousWatcher;
    subscription.previousWatcher = undefined;
    subscription.nextWatcher = undefined;
    this.count -= 1;
  }

  /** Takes a new state: forgets the bodies that show the old one; those that hide it stay true. */
  changed(state: unknown): void {
    this.#state = state;
    if (this.#rendered.length > 0) this.#rendered = this.#rendered.filter(isNeutral);
  }

  /**
   * Lets go of the state once the watchers have been told, and of the bodies where nobody shares them: they are
   * the larger part of what a resource with one watcher costs.
   */
  settle(): void {
    this.#state = undefined;
    if (this.count < 2) this.#rendered = none;
  }

  /**
   * The body for one class of watchers.
   * @param stateOf gives the state now, `undefined` when nothing is known
   */
  body(shown: Shown, mediaType: string, view: string, stateOf: () => unknown): Uint8Array {
    for (const one of this.#rendered) {
      if (one.shown === shown && one.mediaType === mediaType && one.view === view) return one.bytes;
    }
    const state =
      shown === 'state'
        ? (this.#state ?? stateOf() ?? this.package.neutral(this.resource, 'unknown'))
        : this.package.neutral(this.resource, shown);
    const bytes = this.package.render(state, { mediaType, key: view });
    this.#rendered = [...this.#rendered, { shown, mediaType, view, bytes }];
    return bytes;
  }
}

const none: readonly Rendered[] = [];

function isNeutral(one: Rendered): boolean {
  return one.shown !== 'state';
}
