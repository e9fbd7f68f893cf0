import { type ComposingState, type IsComposing, stateOf } from './schema.ts';
import { OBSERVER, type ObserverEvent } from './transitions.ts';

export type ObserverInput =
  /** A status message came. */
  | { readonly type: 'status'; readonly status: IsComposing }
  /** A content message came. */
  | { readonly type: 'content' }
  /** The deadline is reached. */
  | { readonly type: 'tick' };

/** What is known of the other has changed. */
export interface ObserverAction {
  readonly type: 'changed';
  readonly state: ComposingState;
  /** What the other composes, if it says so; a hint for the user. */
  readonly contentType: string | undefined;
}

/**
 * Knows whether another composes a message: one machine for each of those who may.
 *
 * @see RFC 3994 §3.3
 */
export class Observer {
  #state: ComposingState = 'idle';
  #contentType: string | undefined;
  #refreshAt: number | undefined;

  /** Whether the other composes. */
  get state(): ComposingState {
    return this.#state;
  }

  /** When to call again with `{ type: 'tick' }`; `undefined` while no timer runs. */
  get deadline(): number | undefined {
    return this.#refreshAt;
  }

  /**
   * Takes what came, or the time, and says what has changed.
   *
   * @param now milliseconds
   */
  handle(input: ObserverInput, now: number): readonly ObserverAction[] {
    const before = this.#state;
    const contentBefore = this.#contentType;
    if (input.type === 'content') this.#change('content-received', now);
    else if (input.type === 'status') {
      const { status } = input;
      this.#contentType = status.contentType;
      const isActive = stateOf(status) === 'active';
      this.#change(isActive ? 'active-received' : 'idle-received', now, status.refreshSeconds);
    }
    if (this.#refreshAt !== undefined && now >= this.#refreshAt) this.#change('refresh-timeout', now);
    if (this.#state === 'idle') this.#contentType = undefined;
    if (this.#state === before && this.#contentType === contentBefore) return [];
    return [{ type: 'changed', state: this.#state, contentType: this.#contentType }];
  }

  #change(event: ObserverEvent, now: number, refreshSeconds = DEFAULT_REFRESH_SECONDS): void {
    const transition = OBSERVER[this.#state][event];
    if (transition === undefined) return;
    this.#state = transition.next;
    this.#refreshAt = undefined;
    if (transition.starts?.includes('refresh')) {
      this.#refreshAt = now + Math.min(refreshSeconds, LONGEST_REFRESH_SECONDS) * 1000;
    }
  }
}

/** What an observer waits where no interval is given (§3.3). */
const DEFAULT_REFRESH_SECONDS = 120;
/** A day: nobody composes longer without a word, and timers have their limits. */
const LONGEST_REFRESH_SECONDS = 86_400;
