import type { XmlElement } from '@sip-simple/xml';
import { type ElementSchema, read, validate } from '@sip-simple/xml/schema';

/** An element that grants a permission, and how much of it. */
export interface Grant<T> {
  readonly namespace: string;
  readonly local: string;
  /** What the element grants, or `undefined` when it is not valid, which grants nothing. */
  of(element: XmlElement): T | undefined;
}

/** A kind of permission and how it is combined over all rules that match (RFC 4745 §10.2). */
export interface Permission<T> {
  readonly part: 'actions' | 'transformations';
  /** What is granted where no rule says anything. */
  readonly lowest: T;
  readonly grants: readonly Grant<T>[];
  /** No less than both. Combining must not depend on order or repetition. */
  combine(a: T, b: T): T;
}

/** Permissions by the name each has in a decision. */
export interface Permissions {
  readonly [key: string]: Permission<unknown>;
}

/** What is granted of each permission. */
export type Granted<P extends Permissions> = {
  readonly [K in keyof P]: P[K] extends { readonly lowest: infer T } ? T : never;
};

/** The grant of an element described by a schema. */
export function grant<T, Out, In>(schema: ElementSchema<Out, In>, of: (value: Out) => T): Grant<T> {
  return {
    namespace: schema.namespace,
    local: schema.local,
    of(element) {
      const value = validate(schema, element, { limit: 1 }).length === 0 ? read(schema, element) : undefined;
      return value === undefined ? undefined : of(value);
    },
  };
}

/** A Boolean permission: granted when any rule grants it. */
export function booleanPermission(
  part: Permission<boolean>['part'],
  ...grants: readonly Grant<boolean>[]
): Permission<boolean> {
  return { part, lowest: false, grants, combine: (a, b) => a || b };
}

/**
 * A permission whose values have an order, as integers have: the greatest of any rule is granted.
 *
 * @param ascending the values from the lowest on, where they are names
 */
export function maximumPermission<const T extends string>(
  part: Permission<T>['part'],
  ascending: readonly [T, ...T[]],
  ...grants: readonly Grant<T>[]
): Permission<T> {
  const [lowest] = ascending;
  const rank = (value: T): number => ascending.indexOf(value);
  return { part, lowest, grants, combine: (a, b) => (rank(a) < rank(b) ? b : a) };
}

/** An integer, real-valued or date-time permission: the greatest of any rule is granted. */
export function numberPermission(
  part: Permission<number>['part'],
  lowest: number,
  ...grants: readonly Grant<number>[]
): Permission<number> {
  return { part, lowest, grants, combine: Math.max };
}

/** A set permission: the members of all rules are granted. */
export function setPermission(
  part: Permission<ReadonlySet<string>>['part'],
  ...grants: readonly Grant<ReadonlySet<string>>[]
): Permission<ReadonlySet<string>> {
  return { part, lowest: new Set(), grants, combine: union };
}

/** The members of two sets; one of the two where it has them all. */
export function union(a: ReadonlySet<string>, b: ReadonlySet<string>): ReadonlySet<string> {
  if (a.size < b.size) return union(b, a);
  let all: Set<string> | undefined;
  for (const member of b) {
    if (a.has(member)) continue;
    all ??= new Set(a);
    all.add(member);
  }
  return all ?? a;
}
