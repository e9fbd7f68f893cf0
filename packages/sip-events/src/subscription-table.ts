import type { EventPackage } from './event-package.ts';
import type { NotifierLimits } from './notifier-io.ts';
import { Subscription } from './subscription.ts';
import { Watched } from './watched.ts';

/** All subscriptions of a notifier: by key, by watched resource, and counted by watcher. */
export class SubscriptionTable {
  readonly #byKey: Map<string, Subscription> = new Map();
  /** By event package, then by resource. */
  readonly #watched: Map<string, Map<string, Watched>> = new Map();
  readonly #perWatcher: Map<string, number> = new Map();

  get size(): number {
    return this.#byKey.size;
  }

  get(key: string): Subscription | undefined {
    return this.#byKey.get(key);
  }

  /** The resource as watched for one event package; `undefined` when nobody does. */
  watched(event: string, resource: string): Watched | undefined {
    return this.#watched.get(event)?.get(resource);
  }

  /** All subscriptions, safe against removal of the one just given. */
  all(): IterableIterator<Subscription> {
    return this.#byKey.values();
  }

  /** Whether one more subscription would break a limit. */
  isFull(event: string, resource: string, watcher: string, limits: NotifierLimits): boolean {
    return (
      this.#byKey.size >= limits.subscriptions ||
      (this.watched(event, resource)?.count ?? 0) >= limits.perResource ||
      (this.#perWatcher.get(watcher) ?? 0) >= limits.perWatcher
    );
  }

  /** Makes a subscription and files it. */
  add(key: string, subscribed: SubscribedTo): Subscription {
    const { package: eventPackage, resource, watcher, eventId, mediaType } = subscribed;
    const ofPackage = this.#watched.get(eventPackage.name) ?? new Map<string, Watched>();
    this.#watched.set(eventPackage.name, ofPackage);
    const watched = ofPackage.get(resource) ?? new Watched(eventPackage, resource);
    ofPackage.set(resource, watched);
    const subscription = new Subscription(key, watched, eventId, watcher, mediaType);
    watched.add(subscription);
    this.#byKey.set(key, subscription);
    this.#perWatcher.set(watcher, (this.#perWatcher.get(watcher) ?? 0) + 1);
    return subscription;
  }

  remove(subscription: Subscription): void {
    const { watched, watcher } = subscription;
    this.#byKey.delete(subscription.key);
    watched.remove(subscription);
    if (watched.count === 0) this.#watched.get(watched.package.name)?.delete(watched.resource);
    const left = (this.#perWatcher.get(watcher) ?? 0) - 1;
    if (left > 0) this.#perWatcher.set(watcher, left);
    else this.#perWatcher.delete(watcher);
  }
}

/** What and whom a subscription is for. */
export interface SubscribedTo {
  readonly package: EventPackage;
  readonly eventId: string | undefined;
  readonly resource: string;
  readonly watcher: string;
  readonly mediaType: string;
}
