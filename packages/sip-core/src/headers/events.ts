import { SipError } from '../errors.ts';
import { type Params, serializeParams } from '../params.ts';
import { readNumber, readText, type Source } from '../source.ts';
import type { HeaderType } from './header-type.ts';
import { headerType, maxDeltaSeconds, readTokenAndParams, token, tokens } from './syntax.ts';

/** An Event value (RFC 6665 §8.4). */
export interface EventType {
  /** The package with its templates, e.g. `presence.winfo`. */
  readonly package: string;
  /** `id` and what the package defines. */
  readonly params: Params;
}

/** A Subscription-State value (RFC 6665 §8.4). */
export interface SubscriptionState {
  /** `active`, `pending`, `terminated`, or an extension's. */
  readonly state: string;
  /** Why it ended: `deactivated`, `probation`, `rejected`, `timeout`, `giveup`, `noresource`, `invariant`, ... */
  readonly reason?: string | undefined;
  /** Seconds left. */
  readonly expires?: number | undefined;
  /** Seconds to wait before trying again. */
  readonly retryAfter?: number | undefined;
  /** Parameters beyond these three. */
  readonly params: Params;
}

/** RFC 6665 §8.2.1. */
export const event: HeaderType<EventType> = headerType({
  name: 'Event',
  compact: 'o',
  read: (source, start, end) => {
    const { token: name, params } = readTokenAndParams(source, start, end, 'RFC 6665 §8.2.1');
    return { package: name, params };
  },
  serialize: (value) => value.package + serializeParams(value.params),
});
/** RFC 6665 §8.2.2. */
export const allowEvents: HeaderType<string> = tokens('Allow-Events', 'RFC 6665 §8.2.2', 'u');
/** RFC 6665 §8.2.3. */
export const subscriptionState: HeaderType<SubscriptionState> = headerType({
  name: 'Subscription-State',
  read: readSubscriptionState,
  serialize: serializeSubscriptionState,
});
/** RFC 3903 §11.3.1. */
export const sipETag: HeaderType<string> = token('SIP-ETag', 'RFC 3903 §11.3.1');
/** RFC 3903 §11.3.2. */
export const sipIfMatch: HeaderType<string> = token('SIP-If-Match', 'RFC 3903 §11.3.2');

const rfc = 'RFC 6665 §8.2.3';

function readSubscriptionState(source: Source, start: number, end: number): SubscriptionState {
  const { token: state, params } = readTokenAndParams(source, start, end, rfc);
  const others = new Map(params);
  const take = (name: string): string | undefined => {
    const value = params.get(name);
    if (value === undefined && params.has(name)) throw new SipError('value', `${name} has no value`, { rfc });
    others.delete(name);
    return value;
  };
  const reason = take('reason');
  const expires = take('expires');
  const retryAfter = take('retry-after');
  return {
    state: state.toLowerCase(),
    reason: reason?.toLowerCase(),
    expires: expires === undefined ? undefined : seconds(expires),
    retryAfter: retryAfter === undefined ? undefined : seconds(retryAfter),
    params: others,
  };
}

function seconds(text: string): number {
  return readText(text, (source, start, end) => readNumber(source.bytes, start, end, maxDeltaSeconds, rfc));
}

function serializeSubscriptionState(value: SubscriptionState): string {
  const reason = value.reason === undefined ? '' : `;reason=${value.reason}`;
  const expires = value.expires === undefined ? '' : `;expires=${value.expires}`;
  const retryAfter = value.retryAfter === undefined ? '' : `;retry-after=${value.retryAfter}`;
  return `${value.state}${reason}${expires}${retryAfter}${serializeParams(value.params)}`;
}
