/**
 * What is to be sent, by where it goes: to each destination one at a time, in order.
 *
 * @see RFC 3428 §8
 */
export class Lanes<T> {
  /** The first of each is under way. */
  readonly #lanes: Map<string, T[]> = new Map();

  /** How many there are for a destination, with the one under way. */
  length(destination: string): number {
    return this.#lanes.get(destination)?.length ?? 0;
  }

  /** Puts one at the end. @returns true when it is the first, and to be sent now */
  add(destination: string, item: T): boolean {
    const lane = this.#lanes.get(destination);
    if (lane === undefined) this.#lanes.set(destination, [item]);
    else lane.push(item);
    return lane === undefined;
  }

  /** Takes the one out that was under way. @returns the one that is to be sent now */
  next(destination: string): T | undefined {
    const lane = this.#lanes.get(destination);
    if (lane === undefined) return undefined;
    lane.shift();
    if (lane.length === 0) this.#lanes.delete(destination);
    return lane[0];
  }
}
