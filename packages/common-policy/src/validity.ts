import type { XmlElement } from '@sip-simple/xml';
import { collapse, instantOf, read } from '@sip-simple/xml/schema';
import { periodsOf, validity } from './ruleset.ts';

/** The times in which a rule is in force: instants in milliseconds, ascending, each from its first up to its second. */
export type Spans = readonly (readonly [from: number, until: number])[];

/**
 * The times of a `<validity>`. A time that can't be told exactly counts to the side of less: one without a zone
 * may be fourteen hours off either way (XML Schema Part 2 §3.2.7.3), so that it begins late and ends early; and
 * what is finer than a millisecond begins with the next.
 *
 * @param element one that is valid
 */
export function spansOf(element: XmlElement): Spans {
  const value = read(validity, element);
  const spans: [number, number][] = [];
  for (const { from, until } of value === undefined ? [] : periodsOf(value)) {
    const begin = (instantOf(from) ?? Number.NaN) + uncertainty(from) + (FINER.test(from) ? 1 : 0);
    const end = (instantOf(until) ?? Number.NaN) - uncertainty(until);
    if (begin < end) spans.push([begin, end]);
  }
  return spans.sort(([a], [b]) => a - b);
}

/** Whether an instant is within one of the spans: at its beginning or after, and before its end (RFC 4745 §7.4). */
export function isWithin(spans: Spans, now: number | undefined): boolean {
  return now !== undefined && spans.some(([from, until]) => from <= now && now < until);
}

/** The next instant after `now` at which a span begins or ends, or infinity. */
export function nextChange(spans: Spans, now: number): number {
  let next = Number.POSITIVE_INFINITY;
  for (const [from, until] of spans) {
    const at = now < from ? from : until;
    if (now < at && at < next) next = at;
  }
  return next;
}

function uncertainty(written: string): number {
  return ZONE.test(collapse(written)) ? 0 : 14 * 3_600_000;
}

const ZONE = /(?:Z|[+-][0-9]{2}:[0-9]{2})$/;
/** Digits beyond milliseconds that are not all zero. */
const FINER = /\.[0-9]{3}[0-9]*[1-9]/;
