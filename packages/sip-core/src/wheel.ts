import type { Instant } from './machine.ts';

/** What a {@link Wheel} holds. The links belong to the wheel; give them `undefined` and -1 to begin with. */
export interface Timed {
  /** When it expires, in whole milliseconds; written by the wheel. */
  tick: number;
  /** Which slot it is in, -1 while it is not set; written by the wheel. */
  slot: number;
  previous: Timed | undefined;
  next: Timed | undefined;
}

/** A slot is a list; `earliest` is never later than any tick in it. */
interface Slot {
  first: Timed | undefined;
  last: Timed | undefined;
  earliest: number;
}

const BITS = 6;
const SLOTS = 1 << BITS;
/** Nine levels of six bits reach every millisecond a double can count. */
const LEVELS = 9;
/** Ticks are split so that bitwise operators, which see 32 bits, can compare them. */
const HALF_BITS = 30;
const HALF = 2 ** HALF_BITS;
const SPANS: readonly number[] = Array.from({ length: LEVELS + 1 }, (_, level) => 2 ** (BITS * level));

/**
 * A hierarchical timing wheel whose entries carry their own links: no allocation and no lookup to set or cancel.
 *
 * An entry lies at the level of the highest six-bit digit in which its tick differs from the current one, so
 * everything at a level expires before everything at the levels above, and a jump over empty years visits
 * only occupied slots. Entries of the same millisecond expire in the order in which they were set.
 */
export class Wheel<T extends Timed> {
  readonly #slots: (Slot | undefined)[] = new Array(LEVELS * SLOTS).fill(undefined);
  /** Which slots of a level are occupied, 32 to a word. */
  readonly #occupied: Int32Array = new Int32Array(LEVELS * 2);
  /** Everything before this moment has expired. */
  #current = 0;
  #size = 0;

  /** How many entries are set. */
  get size(): number {
    return this.#size;
  }

  /**
   * When to call {@link expire} again: never later than the earliest entry, and exactly then unless an
   * earlier one has been cancelled meanwhile.
   */
  get deadline(): Instant | undefined {
    const index = this.#firstSlot();
    if (index < 0) return undefined;
    return this.#slots[index]?.earliest;
  }

  /**
   * Sets or moves an entry. A moment already past expires at the next {@link expire}.
   *
   * @param at milliseconds; fractions are rounded up, so that nothing expires early
   * @throws RangeError when `at` is not a finite number
   */
  set(entry: T, at: Instant): void {
    if (!Number.isFinite(at)) throw new RangeError(`a timer needs a finite time, not ${at}`);
    if (entry.slot >= 0) this.cancel(entry);
    entry.tick = Math.max(Math.ceil(at), this.#current);
    this.#insert(entry);
    this.#size += 1;
  }

  /** Takes an entry out; nothing happens when it is not set. */
  cancel(entry: T): void {
    const { slot: index, previous, next } = entry;
    if (index < 0) return;
    const slot = this.#slots[index];
    if (slot === undefined) return;
    if (previous === undefined) slot.first = next;
    else previous.next = next;
    if (next === undefined) slot.last = previous;
    else next.previous = previous;
    entry.slot = -1;
    entry.previous = undefined;
    entry.next = undefined;
    this.#size -= 1;
    if (slot.first === undefined) this.#vacate(index);
  }

  /** Takes out and returns everything due at `now`, earliest first. */
  expire(now: Instant): T[] {
    const due: T[] = [];
    const tick = Math.floor(now);
    for (;;) {
      const index = this.#firstSlot();
      if (index < 0) break;
      const start = this.#startOf(index);
      if (start > tick) break;
      if (start > this.#current) this.#current = start;
      this.#empty(index, index < SLOTS ? due : undefined);
    }
    if (tick > this.#current) this.#current = tick;
    return due;
  }

  /** Moves a slot's entries to `due`, or, when its time has only begun, to the levels below. */
  #empty(index: number, due: T[] | undefined): void {
    const slot = this.#slots[index];
    if (slot === undefined) return;
    let entry = slot.first;
    this.#vacate(index);
    while (entry !== undefined) {
      const next = entry.next;
      entry.previous = undefined;
      entry.next = undefined;
      if (due === undefined) {
        this.#insert(entry);
      } else {
        entry.slot = -1;
        this.#size -= 1;
        // Only values of T are ever set, so what a slot holds is a T.
        due.push(entry as T);
      }
      entry = next;
    }
  }

  #insert(entry: Timed): void {
    const { tick } = entry;
    const level = levelOf(tick, this.#current);
    const digit = Math.floor(tick / (SPANS[level] ?? 1)) % SLOTS;
    const index = level * SLOTS + digit;
    let slot = this.#slots[index];
    if (slot === undefined) {
      slot = { first: undefined, last: undefined, earliest: tick };
      this.#slots[index] = slot;
    }
    const { last } = slot;
    if (last === undefined) {
      slot.first = entry;
      slot.earliest = tick;
      const word = index >> 5;
      this.#occupied[word] = (this.#occupied[word] ?? 0) | (1 << (index & 31));
    } else {
      last.next = entry;
      if (tick < slot.earliest) slot.earliest = tick;
    }
    entry.previous = last;
    entry.next = undefined;
    entry.slot = index;
    slot.last = entry;
  }

  #vacate(index: number): void {
    const slot = this.#slots[index];
    if (slot === undefined) return;
    slot.first = undefined;
    slot.last = undefined;
    const word = index >> 5;
    this.#occupied[word] = (this.#occupied[word] ?? 0) & ~(1 << (index & 31));
  }

  /** The occupied slot that comes first in time, or -1. */
  #firstSlot(): number {
    if (this.#size === 0) return -1;
    for (let word = 0; word < LEVELS * 2; word += 1) {
      const bits = this.#occupied[word] ?? 0;
      if (bits !== 0) return word * 32 + 31 - Math.clz32(bits & -bits);
    }
    return -1;
  }

  /** The first tick of a slot: the digits of the current tick above its level, its own, and zeros. */
  #startOf(index: number): number {
    const level = Math.floor(index / SLOTS);
    const above = SPANS[level + 1] ?? Number.POSITIVE_INFINITY;
    return Math.floor(this.#current / above) * above + (index % SLOTS) * (SPANS[level] ?? 1);
  }
}

function levelOf(tick: number, current: number): number {
  const high = Math.floor(tick / HALF) ^ Math.floor(current / HALF);
  if (high !== 0) return Math.floor((HALF_BITS + 31 - Math.clz32(high)) / BITS);
  const low = (tick % HALF) ^ (current % HALF);
  return low === 0 ? 0 : Math.floor((31 - Math.clz32(low)) / BITS);
}

class Keyed<K> implements Timed {
  readonly key: K;
  tick = 0;
  slot = -1;
  previous: Timed | undefined = undefined;
  next: Timed | undefined = undefined;

  constructor(key: K) {
    this.key = key;
  }
}

/** Timers by key over one {@link Wheel}: what a machine with many of them keeps instead of the runtime's timers. */
export class TimerWheel<K> {
  readonly #wheel: Wheel<Keyed<K>> = new Wheel();
  readonly #entries: Map<K, Keyed<K>> = new Map();

  /** How many timers run. */
  get size(): number {
    return this.#entries.size;
  }

  /** When to call {@link expire} again; never late, and early only when an earlier timer has been cancelled. */
  get deadline(): Instant | undefined {
    return this.#wheel.deadline;
  }

  /**
   * Starts the timer of a key, or moves it.
   *
   * @param at milliseconds; a moment already past expires at the next {@link expire}
   * @throws RangeError when `at` is not a finite number
   */
  set(key: K, at: Instant): void {
    let entry = this.#entries.get(key);
    if (entry === undefined) {
      entry = new Keyed(key);
      this.#wheel.set(entry, at);
      this.#entries.set(key, entry);
    } else {
      this.#wheel.set(entry, at);
    }
  }

  /** Stops the timer of a key; nothing happens when it does not run. */
  cancel(key: K): void {
    const entry = this.#entries.get(key);
    if (entry === undefined) return;
    this.#entries.delete(key);
    this.#wheel.cancel(entry);
  }

  /** Stops and returns the keys due at `now`, earliest first, the same millisecond in the order they were set. */
  expire(now: Instant): K[] {
    const due = this.#wheel.expire(now);
    for (const entry of due) this.#entries.delete(entry.key);
    return due.map((entry) => entry.key);
  }
}
