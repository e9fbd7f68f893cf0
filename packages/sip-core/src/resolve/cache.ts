import type { Instant } from '../machine.ts';
import type { Answer, Question } from './records.ts';

interface Entry {
  readonly answer: Answer;
  readonly until: Instant;
}

/** Answers for as long as they may be kept; the least recently used give way to new ones. */
export class Cache {
  readonly #entries: Map<string, Entry> = new Map();
  readonly #most: number;

  constructor(most: number) {
    this.#most = most;
  }

  /** Gives what is known; `undefined` when nothing is. */
  get(question: Question, now: Instant): { readonly answer: Answer } | undefined {
    const key = keyOf(question);
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    this.#entries.delete(key);
    if (entry.until <= now) return undefined;
    this.#entries.set(key, entry);
    return entry;
  }

  set(question: Question, answer: Answer, until: Instant): void {
    const key = keyOf(question);
    this.#entries.delete(key);
    this.#entries.set(key, { answer, until });
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= this.#most) break;
      this.#entries.delete(oldest);
    }
  }

  get size(): number {
    return this.#entries.size;
  }
}

export function keyOf({ type, name }: Question): string {
  return `${type} ${name}`;
}
