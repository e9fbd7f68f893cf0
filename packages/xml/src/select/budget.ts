import { SelectorError } from './errors.ts';

/** The work an evaluation may do, in nodes looked at. */
export class Budget {
  readonly #rfc: string;
  readonly #work: number;
  #left: number;

  constructor(work: number = DEFAULT_WORK, rfc: string) {
    this.#rfc = rfc;
    this.#work = work;
    this.#left = work;
  }

  spend(work: number): void {
    this.#left -= work;
    if (this.#left >= 0) return;
    throw new SelectorError(
      'limit-work',
      this.#rfc,
      `the selector takes more than ${this.#work} units of work`,
    );
  }
}

const DEFAULT_WORK = 1_000_000;
