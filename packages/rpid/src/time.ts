import { type Extensible, instantOf, type Lens } from '@sip-simple/xml/schema';

/** What holds for a time: from a moment on, until another, or without end. */
export interface Timed {
  readonly from?: string | undefined;
  readonly until?: string | undefined;
}

/**
 * True when an element holds at a moment: from its `from` on, up to its `until`, that not included. Without one
 * of them there is no end on that side.
 *
 * @param instant milliseconds since 1970-01-01T00:00:00Z
 * @see RFC 4480 §3.1, RFC 4481 §3
 */
export function holdsAt(element: Timed, instant: number): boolean {
  const { start, end } = rangeOf(element);
  return start <= instant && instant < end;
}

/**
 * The extensions of one kind that hold at a moment, in document order: of several `<activities>` those of now.
 *
 * @param instant milliseconds since 1970-01-01T00:00:00Z
 */
export function holdingAt<Out extends Timed, In>(
  lens: Lens<Out, In>,
  value: Extensible,
  instant: number,
): readonly Out[] {
  return lens.all(value).filter((element) => holdsAt(element, instant));
}

/**
 * True when there is a moment at which both hold. Elements of one kind should not overlap.
 *
 * @see RFC 4480 §3.1
 */
export function overlap(a: Timed, b: Timed): boolean {
  const first = rangeOf(a);
  const second = rangeOf(b);
  return Math.max(first.start, second.start) < Math.min(first.end, second.end);
}

/** The moments between which an element holds, the last not included. */
export function rangeOf({ from, until }: Timed): { readonly start: number; readonly end: number } {
  const start = from === undefined ? undefined : instantOf(from);
  const end = until === undefined ? undefined : instantOf(until);
  return { start: start ?? Number.NEGATIVE_INFINITY, end: end ?? Number.POSITIVE_INFINITY };
}
