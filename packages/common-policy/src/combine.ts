import type { XmlElement } from '@sip-simple/xml';
import type { Grant, Granted, Permission, Permissions } from './permission.ts';
import { COMMON_POLICY } from './ruleset.ts';

type Values = Readonly<Record<string, unknown>>;

/**
 * Combines what rules grant. Rules that grant the same share a number, and combinations made once are kept, so
 * that equal permissions are the same object.
 */
export class Combiner<P extends Permissions> {
  readonly #permissions: readonly (readonly [key: string, permission: Permission<unknown>])[];
  readonly #grants = new Map<
    string,
    { key: string; permission: Permission<unknown>; grant: Grant<unknown> }[]
  >();
  readonly #lowest: Values;
  readonly #nothing: string;
  readonly #numbers = new Map<string, number>();
  readonly #values: Values[] = [];
  readonly #combined = new Map<string, Values>();
  readonly #same = new Map<string, Values>();

  constructor(permissions: P) {
    this.#permissions = Object.entries(permissions);
    this.#lowest = Object.freeze(
      Object.fromEntries(this.#permissions.map(([key, { lowest }]) => [key, lowest])),
    );
    this.#nothing = contentOf(this.#lowest);
    for (const [key, permission] of this.#permissions) {
      for (const grant of permission.grants) {
        const name = `${permission.part} ${grant.namespace} ${grant.local}`;
        const list = this.#grants.get(name);
        if (list === undefined) this.#grants.set(name, [{ key, permission, grant }]);
        else list.push({ key, permission, grant });
      }
    }
  }

  /** The number of what a rule grants, or `undefined` when that is nothing. */
  add(rule: XmlElement): number | undefined {
    const values: Record<string, unknown> = { ...this.#lowest };
    for (const part of rule.children) {
      if (part.type !== 'element' || part.namespace !== COMMON_POLICY) continue;
      for (const child of part.children) {
        if (child.type !== 'element') continue;
        const name = `${part.local} ${child.namespace} ${child.local}`;
        for (const { key, permission, grant } of this.#grants.get(name) ?? []) {
          const value = grant.of(child);
          if (value !== undefined) values[key] = permission.combine(values[key], value);
        }
      }
    }
    const content = contentOf(values);
    if (content === this.#nothing) return undefined;
    let number = this.#numbers.get(content);
    if (number === undefined) {
      number = this.#values.length;
      this.#numbers.set(content, number);
      this.#values.push(Object.freeze(values));
      this.#same.set(content, Object.freeze(values));
    }
    return number;
  }

  /** What the rules of these numbers grant together (RFC 4745 §10.2). */
  combine(numbers: readonly number[]): Granted<P> {
    // The constructor and `add` fill in each key of P with a value of its permission.
    return this.#combine(numbers) as Granted<P>;
  }

  #combine(numbers: readonly number[]): Values {
    if (numbers.length === 0) return this.#lowest;
    const distinct = numbers.length === 1 ? numbers : [...new Set(numbers)].sort((a, b) => a - b);
    const [first] = distinct;
    if (distinct.length === 1 && first !== undefined) return this.#values[first] ?? this.#lowest;
    const key = distinct.join(' ');
    const kept = this.#combined.get(key);
    if (kept !== undefined) return kept;
    const values: Record<string, unknown> = { ...this.#lowest };
    for (const number of distinct) {
      const granted = this.#values[number] ?? this.#lowest;
      for (const [name, permission] of this.#permissions) {
        values[name] = permission.combine(values[name], granted[name]);
      }
    }
    const content = contentOf(values);
    const combined = this.#same.get(content) ?? Object.freeze(values);
    if (this.#combined.size >= KEPT) this.#combined.clear();
    this.#combined.set(key, combined);
    if (this.#same.size < this.#values.length + KEPT) this.#same.set(content, combined);
    return combined;
  }
}

/** How many combinations are kept; of rule documents in use there are a few dozen. */
const KEPT = 1_000;

function contentOf(values: Values): string {
  return JSON.stringify(values, (_, value: unknown) => (value instanceof Set ? [...value].sort() : value));
}
