import { getRandomValues } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import type { Instant, Machine, Random } from '../machine.ts';

/** The platform's secure random source. */
export const random: Random = (length) => getRandomValues(new Uint8Array(length));

/** The time in whole milliseconds since the epoch, by a clock that is never set back while the process runs. */
export function now(): Instant {
  return Math.floor(performance.timeOrigin + performance.now());
}

/** How a {@link Driver} runs its machine. */
export interface DriverOptions<Action> {
  /** Carries out one action; it may call {@link Driver.handle}, which then happens after the actions at hand. */
  readonly perform: (action: Action) => void;
  /** Where the time comes from; default {@link now}. */
  readonly now?: (() => Instant) | undefined;
  /** Ends the driver when aborted. */
  readonly signal?: AbortSignal | undefined;
}

/** What every machine understands: its deadline has come. */
export interface Tick {
  readonly type: 'tick';
}

const LONGEST_TIMEOUT = 2 ** 31 - 1;

/**
 * Runs a machine on real time: carries out its actions in order, and wakes it at its deadline with one timer.
 *
 * @example
 * const driver = new Driver(endpoint, { perform: (action) => { ... } });
 * driver.handle({ type: 'received', peer, bytes });
 */
export class Driver<Input, Action> implements AsyncDisposable {
  readonly #machine: Machine<Input | Tick, Action>;
  readonly #perform: (action: Action) => void;
  readonly #now: () => Instant;
  readonly #signal: AbortSignal | undefined;
  readonly #inputs: (Input | Tick)[] = [];
  readonly #end: () => void;
  #isBusy = false;
  #isEnded = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #wakeAt: Instant = Number.POSITIVE_INFINITY;

  constructor(machine: Machine<Input | Tick, Action>, options: DriverOptions<Action>) {
    this.#machine = machine;
    this.#perform = options.perform;
    this.#now = options.now ?? now;
    this.#signal = options.signal;
    this.#end = () => this.#stop();
    this.#signal?.addEventListener('abort', this.#end, { once: true });
    if (this.#signal?.aborted === true) this.#stop();
    else this.#sleep();
  }

  /** Gives the machine an input; its actions are carried out before this returns, unless one is under way. */
  handle(input: Input | Tick): void {
    if (this.#isEnded) return;
    this.#inputs.push(input);
    if (this.#isBusy) return;
    this.#isBusy = true;
    try {
      this.#drain();
    } finally {
      this.#isBusy = false;
      this.#sleep();
    }
  }

  /** Stops waking the machine; inputs after this are ignored. */
  [Symbol.asyncDispose](): Promise<void> {
    this.#stop();
    return Promise.resolve();
  }

  #drain(): void {
    for (let input = this.#inputs.shift(); input !== undefined; input = this.#inputs.shift()) {
      for (const action of this.#machine.handle(input, this.#now())) {
        if (this.#isEnded) return;
        this.#perform(action);
      }
    }
  }

  /** Keeps a timer that fires too early: it costs one idle tick, resetting it at every input costs more. */
  #sleep(): void {
    const { deadline } = this.#machine;
    if (this.#isEnded || deadline === undefined || deadline >= this.#wakeAt) return;
    clearTimeout(this.#timer);
    this.#wakeAt = deadline;
    const wait = Math.min(Math.max(deadline - this.#now(), 0), LONGEST_TIMEOUT);
    this.#timer = setTimeout(() => {
      this.#wakeAt = Number.POSITIVE_INFINITY;
      this.handle({ type: 'tick' });
    }, wait);
  }

  #stop(): void {
    this.#isEnded = true;
    this.#inputs.length = 0;
    clearTimeout(this.#timer);
    this.#signal?.removeEventListener('abort', this.#end);
  }
}
