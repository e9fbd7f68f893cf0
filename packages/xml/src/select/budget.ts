import { SelectorError } from './errors.ts';

/** The work that evaluations may do, in nodes looked at: one of them, or all that are given the same budget. */
export class Budget {
  readonly #work: number;
  #left: number;

  /** @param work by default one million */
  constructor(work: number = DEFAULT_WORK) {
    this.#work = work;
    this.#left = work;
  }

  /** @throws {SelectorError} `limit-work` */
  spend(work: number): void {
    this.#left -= work;
    if (this.#left >= 0) return;
    throw new SelectorError('limit-work', RFC, `evaluating takes more than ${this.#work} units of work`);
  }
}

const DEFAULT_WORK = 1_000_000;
const RFC = 'limit of this evaluator';
