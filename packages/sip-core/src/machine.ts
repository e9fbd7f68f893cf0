/** A moment: milliseconds since the Unix epoch. Machines are told it; they never read a clock. */
export type Instant = number;

/**
 * The one shape of every protocol machine here: an input and the time go in, what to do comes out.
 *
 * A machine does no I/O and calls nobody. Whoever drives it carries out the actions in their order, and
 * calls again with `{ type: 'tick' }` when `deadline` is reached.
 */
export interface Machine<Input, Action> {
  /** Takes one input at `now`, changes state, and says what has to be done, in order. */
  handle(input: Input, now: Instant): readonly Action[];
  /** When to call again with `{ type: 'tick' }`; `undefined` while no timer runs. */
  readonly deadline: Instant | undefined;
}

/** Gives `length` random bytes. Machines get it from outside; adapters pass the platform's secure source. */
export type Random = (length: number) => Uint8Array;
