import { type Presence, serialize } from '@sip-simple/pidf';
import type { EventPackage } from '@sip-simple/sip-events';
import { check, compose, neutral } from './compose.ts';

/** What a deployment may want otherwise; the defaults are those of RFC 3856 and RFC 3903. */
export interface PresencePackageOptions {
  /** Shortest subscription in seconds; default 60. */
  readonly minSubscriptionSeconds?: number | undefined;
  /** Longest subscription in seconds; default 86,400. */
  readonly maxSubscriptionSeconds?: number | undefined;
  /** Shortest publication in seconds; default 60. */
  readonly minPublicationSeconds?: number | undefined;
  /** Longest publication in seconds; default 86,400. */
  readonly maxPublicationSeconds?: number | undefined;
  /**
   * Least seconds between two NOTIFYs to a watcher because of changes; default 0. RFC 3856 §6.10 would have 5,
   * which makes every change after the first late; one NOTIFY at a time, and the newest state behind it, bounds
   * the rate by the speed of the watcher instead.
   */
  readonly notifyIntervalSeconds?: number | undefined;
}

/** "The default expiration time for subscriptions within this package is 3600 seconds" (RFC 3856 §6.4). */
const defaultSeconds = 3600;
const shortestSeconds = 60;
const longestSeconds = 86_400;

/**
 * The event package "presence" with PIDF bodies.
 * @throws RangeError when a shortest duration is longer than the longest
 * @see RFC 3856 §6, RFC 3903 §10
 */
export function presencePackage(options: PresencePackageOptions = {}): EventPackage<Presence, Presence> {
  return {
    name: 'presence',
    mediaTypes: ['application/pidf+xml'],
    expires: bounds(options.minSubscriptionSeconds, options.maxSubscriptionSeconds),
    // RFC 3856 §6.9: "only allows a single dialog to be constructed"
    forks: 'one',
    notifyInterval: options.notifyIntervalSeconds,
    publication: {
      mediaTypes: ['application/pidf+xml'],
      expires: bounds(options.minPublicationSeconds, options.maxPublicationSeconds),
      read: (body, _mediaType, charset) => check(body, charset),
    },
    compose: (resource, publications) => compose(resource, publications),
    neutral,
    render: (state) => serialize(state),
  };
}

function bounds(min: number = shortestSeconds, max: number = longestSeconds): EventPackage['expires'] {
  if (min > max) throw new RangeError(`shortest duration ${min} is longer than the longest, ${max}`);
  return { min, default: Math.min(Math.max(defaultSeconds, min), max), max };
}
