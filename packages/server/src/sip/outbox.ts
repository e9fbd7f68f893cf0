import type { StoreAction } from '@sip-simple/sip-events';
import type { Store } from '../store/store.ts';

/** What machines want kept. */
export type Durable = StoreAction;

export interface OutboxOptions<Action> {
  readonly store: Store;
  /**
   * Carries out one action. `isStored` is false when something that had to be stored before it could not be:
   * nothing may be acknowledged then.
   */
  perform(action: Action, isStored: boolean): void;
  /** Told how long the writes of one batch took. */
  onStored(seconds: number): void;
  onFailed(error: unknown, action: Durable): void;
}

interface Batch {
  /** Writes that are under way. */
  writing: number;
  isStored: boolean;
  startedAt: number;
}

/**
 * Carries out the actions of machines in their order, each once what was to be saved before it is saved.
 *
 * Writes start at once and go on side by side, so the store can take many with one turn of the disk; only
 * the actions wait. They wait in one line: what belongs to one dialog or transaction stays in order without
 * anyone having to know what belongs together, and nobody waits longer than one write takes.
 */
export class Outbox<Action extends { readonly type: string }> {
  readonly #options: OutboxOptions<Action>;
  /** Actions with the batch they came in; `undefined` marks where a batch waits for its writes. */
  #line: { readonly batch: Batch; readonly action: Action | undefined }[] = [];
  #head = 0;
  #isDraining = false;
  #whenEmpty: (() => void)[] = [];

  constructor(options: OutboxOptions<Action>) {
    this.#options = options;
  }

  /** Actions that wait. */
  get held(): number {
    return this.#line.length - this.#head;
  }

  push(actions: readonly (Durable | Action)[]): void {
    if (actions.length === 0) return;
    if (this.#head === this.#line.length && !this.#isDraining && !actions.some(isDurable)) {
      // What these bring about lines up behind them.
      this.#isDraining = true;
      // Nothing in it is durable: some() has looked.
      for (const action of actions as readonly Action[]) this.#options.perform(action, true);
      this.#isDraining = false;
      this.#drain();
      return;
    }
    const batch: Batch = { writing: 0, isStored: true, startedAt: 0 };
    let isBehindWrite = false;
    for (const action of actions) {
      if (isDurable(action)) {
        this.#write(action, batch);
        isBehindWrite = true;
      } else {
        if (isBehindWrite) this.#line.push({ batch, action: undefined });
        isBehindWrite = false;
        this.#line.push({ batch, action });
      }
    }
    this.#drain();
  }

  /** Fulfilled when nothing waits any more. */
  settled(): Promise<void> {
    if (this.held === 0) return Promise.resolve();
    return new Promise((resolve) => this.#whenEmpty.push(resolve));
  }

  #write(action: Durable, batch: Batch): void {
    const { store, onFailed, onStored } = this.#options;
    if (batch.writing++ === 0) batch.startedAt = performance.now();
    const done = () => {
      if (--batch.writing > 0) return;
      onStored((performance.now() - batch.startedAt) / 1000);
      this.#drain();
    };
    const write =
      action.type === 'save'
        ? store.write(action.key, action.record, { expiresAt: action.expiresAt, survives: 'process-crash' })
        : store.remove(action.key, { survives: 'process-crash' });
    write.then(done, (error) => {
      batch.isStored = false;
      onFailed(error, action);
      done();
    });
  }

  #drain(): void {
    if (this.#isDraining) return;
    this.#isDraining = true;
    for (;;) {
      const next = this.#line[this.#head];
      if (next === undefined || (next.action === undefined && next.batch.writing > 0)) break;
      this.#head++;
      if (next.action !== undefined) this.#options.perform(next.action, next.batch.isStored);
    }
    this.#isDraining = false;
    if (this.#head === this.#line.length) {
      this.#line = [];
      this.#head = 0;
      for (const resolve of this.#whenEmpty.splice(0)) resolve();
    } else if (this.#head > 1024) {
      this.#line = this.#line.slice(this.#head);
      this.#head = 0;
    }
  }
}

function isDurable(action: { readonly type: string }): action is Durable {
  return action.type === 'save' || action.type === 'forget';
}
