import type { ComposingState } from './schema.ts';

/** The states of a composer; once refused, it says nothing any more (RFC 3994 §4). */
export type ComposerState = ComposingState | 'refused';

/** What happens to a composer (RFC 3994 §3.2, figure 1; §4). */
export type ComposerEvent = 'composing' | 'content-sent' | 'idle-timeout' | 'refresh-timeout' | 'refused';

/** What happens to an observer (RFC 3994 §3.3, figure 2). */
export type ObserverEvent = 'active-received' | 'idle-received' | 'content-received' | 'refresh-timeout';

/** Where an event leads, which status message it sends, and which timers it starts; those not named go on. */
export interface Transition<State> {
  readonly next: State;
  readonly send?: ComposingState;
  readonly starts?: readonly ('idle' | 'refresh')[];
}

/** A state × event table. An event without an entry changes nothing. */
export type Transitions<State extends string, Event extends string> = Readonly<
  Record<State, Readonly<Partial<Record<Event, Transition<State>>>>>
>;

/**
 * Figure 1: the one who composes. Timers run in `active` only.
 *
 * @see RFC 3994 §3.2
 */
export const COMPOSER: Transitions<ComposerState, ComposerEvent> = {
  idle: {
    composing: { next: 'active', send: 'active', starts: ['idle', 'refresh'] },
    refused: { next: 'refused' },
  },
  active: {
    composing: { next: 'active', starts: ['idle'] },
    'content-sent': { next: 'idle' },
    'idle-timeout': { next: 'idle', send: 'idle' },
    'refresh-timeout': { next: 'active', send: 'active', starts: ['refresh'] },
    refused: { next: 'refused' },
  },
  refused: {},
};

/**
 * Figure 2: the one who is told.
 *
 * @see RFC 3994 §3.3
 */
export const OBSERVER: Transitions<ComposingState, ObserverEvent> = {
  idle: {
    'active-received': { next: 'active', starts: ['refresh'] },
  },
  active: {
    'active-received': { next: 'active', starts: ['refresh'] },
    'idle-received': { next: 'idle' },
    'content-received': { next: 'idle' },
    'refresh-timeout': { next: 'idle' },
  },
};
