import { dateTimeOf } from '@sip-simple/xml/schema';
import type { ComposingState, IsComposingInit } from './schema.ts';
import { COMPOSER, type ComposerEvent, type ComposerState } from './transitions.ts';

/** How a composer behaves. */
export interface ComposerOptions {
  /** How long after the last activity the user counts as idle, in milliseconds; 15 seconds by default. */
  readonly idleTimeoutMilliseconds?: number | undefined;
  /** How often `active` is repeated, in seconds; `'never'` by default, whereupon observers wait 120 seconds. */
  readonly refreshSeconds?: number | 'never' | undefined;
  /**
   * `page` tells nothing before the other has written, so that nobody learns of a message that is not an answer
   * and may never be sent (RFC 3994 §7); `session`, the default, always tells.
   */
  readonly mode?: 'page' | 'session' | undefined;
}

export type ComposerInput =
  /** The user has added or edited content of that media type. */
  | { readonly type: 'composing'; readonly contentType?: string | undefined }
  /** The content message was sent. */
  | { readonly type: 'content-sent' }
  /** A content message of the other came. */
  | { readonly type: 'content-received' }
  /** A status message was refused: with 415, where it went by SIP. */
  | { readonly type: 'refused' }
  /** The deadline is reached. */
  | { readonly type: 'tick' };

/** Send this status message to the recipient of the content message. */
export interface ComposerAction {
  readonly type: 'send';
  readonly status: IsComposingInit;
}

/**
 * Tells the recipient of a message while it is composed: one machine for each conversation.
 *
 * @see RFC 3994 §3.2
 */
export class Composer {
  readonly #idleTimeout: number;
  readonly #refreshSeconds: number | undefined;
  #state: ComposerState = 'idle';
  #mayTell: boolean;
  #contentType: string | undefined;
  #activeAt = 0;
  #idleAt: number | undefined;
  #refreshAt: number | undefined;

  /**
   * @throws {RangeError} for a refresh interval that is no whole number of seconds, or shorter than the 60 seconds
   *   of RFC 3994 §3.2
   */
  constructor(options: ComposerOptions = {}) {
    const { idleTimeoutMilliseconds = 15_000, refreshSeconds = 'never', mode = 'session' } = options;
    if (refreshSeconds !== 'never' && !(Number.isInteger(refreshSeconds) && refreshSeconds >= 60)) {
      throw new RangeError('the refresh interval is a whole number of at least 60 seconds');
    }
    this.#idleTimeout = idleTimeoutMilliseconds;
    this.#refreshSeconds = refreshSeconds === 'never' ? undefined : refreshSeconds;
    this.#mayTell = mode === 'session';
  }

  /** Whether the user composes, and whether the other wants to know. */
  get state(): ComposerState {
    return this.#state;
  }

  /** When to call again with `{ type: 'tick' }`; `undefined` while no timer runs. */
  get deadline(): number | undefined {
    if (this.#idleAt === undefined || this.#refreshAt === undefined) return this.#idleAt;
    return Math.min(this.#idleAt, this.#refreshAt);
  }

  /**
   * Takes what the user does, or the time, and says what to send.
   *
   * @param now milliseconds since 1970-01-01T00:00:00Z
   */
  handle(input: ComposerInput, now: number): readonly ComposerAction[] {
    const actions: ComposerAction[] = [];
    if (input.type === 'content-received') this.#mayTell = true;
    else if (input.type !== 'tick') {
      if (input.type === 'composing') {
        if (!this.#mayTell) return actions;
        this.#activeAt = now;
        this.#contentType = input.contentType;
      }
      this.#change(input.type, now, actions);
    }
    // One timer is enough: who is idle refreshes nothing.
    if (this.#idleAt !== undefined && now >= this.#idleAt) this.#change('idle-timeout', now, actions);
    else if (this.#refreshAt !== undefined && now >= this.#refreshAt) {
      this.#change('refresh-timeout', now, actions);
    }
    return actions;
  }

  #change(event: ComposerEvent, now: number, actions: ComposerAction[]): void {
    const transition = COMPOSER[this.#state][event];
    if (transition === undefined) return;
    const { next, send, starts = [] } = transition;
    this.#state = next;
    if (next !== 'active') this.#idleAt = this.#refreshAt = undefined;
    if (starts.includes('idle')) this.#idleAt = now + this.#idleTimeout;
    if (starts.includes('refresh') && this.#refreshSeconds !== undefined) {
      this.#refreshAt = now + this.#refreshSeconds * 1000;
    }
    if (send !== undefined) actions.push({ type: 'send', status: this.#status(send) });
  }

  #status(state: ComposingState): IsComposingInit {
    const contentType = this.#contentType;
    // §3.2: no refresh messages are sent in idle state.
    return state === 'active'
      ? { state, contentType, refreshSeconds: this.#refreshSeconds }
      : { state, contentType, lastActive: dateTimeOf(this.#activeAt) };
  }
}
