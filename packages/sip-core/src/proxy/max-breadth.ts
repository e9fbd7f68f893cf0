import type { HeaderType } from '../headers/index.ts';
import { number } from '../headers/syntax.ts';

/** RFC 5393 §5.3.1: how many branches a request may have at a time from here on. */
export const maxBreadth: HeaderType<number> = number('Max-Breadth', 'RFC 5393 §5.8', 4_294_967_295);

/**
 * Shares out breadth among branches that start together, as evenly as it goes.
 *
 * @param available what the request may have, without what its running branches have
 * @param wanted how many branches want to start
 * @returns the breadth of each that can start, at least 1: no more of them than there is breadth
 * @see RFC 5393 §5.3.3
 */
export function shareBreadth(available: number, wanted: number): readonly number[] {
  const count = Math.min(available, wanted);
  if (count <= 0) return [];
  const share = Math.floor(available / count);
  const more = available % count;
  return Array.from({ length: count }, (_, index) => share + (index < more ? 1 : 0));
}
