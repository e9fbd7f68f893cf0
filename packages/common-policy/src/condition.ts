import type { XmlElement } from '@sip-simple/xml';
import { type ElementSchema, read, validate } from '@sip-simple/xml/schema';
import type { AccessRequest, Watcher } from './watcher.ts';

/** A condition that is ready to be asked. What throws, or answers anything but `true`, is false. */
export interface Test {
  /** Whether the condition is true. */
  holds(request: AccessRequest, watcher: Watcher): boolean;
  /**
   * Whether the condition speaks of this very watcher, true or not, for conditions that are about watchers no
   * rule speaks of.
   */
  names?(watcher: Watcher): boolean;
}

/** What a condition may know of the rules around it. */
export interface Surroundings {
  /** Whether any rule speaks of the watcher, in any part of any condition on identity. */
  isNamed(watcher: Watcher): boolean;
}

/** A condition beyond those of RFC 4745: a value to be passed to `compile`. */
export interface Condition {
  readonly namespace: string;
  readonly local: string;
  /** Makes an element ready, once per rule; `undefined` when it is not valid. */
  prepare(element: XmlElement, rules: Surroundings): Test | undefined;
}

/**
 * Defines a condition by its schema, and by what makes a valid value of it ready to be asked. It should depend
 * on what it is given only, and grow truer with more knowledge, never with less.
 */
export function condition<Out, In>(
  schema: ElementSchema<Out, In>,
  prepare: (value: Out, rules: Surroundings) => Test,
): Condition {
  return {
    namespace: schema.namespace,
    local: schema.local,
    prepare(element, rules) {
      const value = validate(schema, element, { limit: 1 }).length === 0 ? read(schema, element) : undefined;
      return value === undefined ? undefined : prepare(value, rules);
    },
  };
}
