import {
  anyOther,
  attribute,
  type Infer,
  type Input,
  integer,
  lens,
  many,
  optional,
} from '@sip-simple/xml/schema';
import { caps } from './capability.ts';

const minValue = attribute('minvalue', integer());
const maxValue = attribute('maxvalue', integer());

const predicates = {
  /** Exactly these. */
  equals: many(caps.element('equals', { value: attribute('value', integer()) })),
  /** These and all above. The element is `<higherhan>`, as the schema has it and not the text. */
  higherThan: many(caps.element('higherhan', { minValue })),
  /** These and all below. */
  lowerThan: many(caps.element('lowerthan', { maxValue })),
  /** Both ends included. */
  ranges: many(caps.element('range', { minValue, maxValue })),
  /** Predicates of other vocabularies. */
  extra: anyOther(),
};

/** As §3.2.15.2 spells it, against the schema of §6. */
const higherThan = /* @__PURE__ */ lens(caps.element('higherthan', { minValue }));

/**
 * `<priority>`: which call priorities a service handles: numbers of RFC 3840 §10.18, where 10 is non-urgent, 20
 * normal, 30 urgent and 40 an emergency.
 *
 * @see RFC 5196 §3.2.15
 */
export const priority = caps.element('priority', {
  supported: optional(caps.element('supported', predicates)),
  notSupported: optional(caps.element('notsupported', predicates)),
});

export type Priority = Infer<typeof priority>;
export type PriorityInit = Input<typeof priority>;

/**
 * Whether a service handles calls of a priority: `undefined` when nothing is said of it. What is said to be both
 * supported and not is supported.
 *
 * @see RFC 5196 §3.2.15, §4.1
 */
export function supportsPriority(capability: Priority | undefined, value: number): boolean | undefined {
  if (includes(capability?.supported, value)) return true;
  return includes(capability?.notSupported, value) ? false : undefined;
}

function includes(predicates: Priority['supported'], value: number): boolean {
  if (predicates === undefined) return false;
  const above = [...predicates.higherThan, ...higherThan.all(predicates)];
  return (
    predicates.equals.some((exactly) => exactly.value === value) ||
    above.some(({ minValue }) => value >= minValue) ||
    predicates.lowerThan.some(({ maxValue }) => value <= maxValue) ||
    predicates.ranges.some(({ minValue, maxValue }) => minValue <= value && value <= maxValue)
  );
}
