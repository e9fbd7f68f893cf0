import { attributeOf, XML, type XmlComment, type XmlElement, type XmlPi } from '@sip-simple/xml';
import type { Fingerprints } from './fingerprint.ts';

/** What stands among children beside text. */
export type Item = XmlElement | XmlComment | XmlPi;

/** An item that goes on as another, by their indices; how, is seen from the two. */
export interface Pair {
  readonly from: number;
  readonly to: number;
}

/**
 * Finds which items of a list go on as which of another, in order; the rest is removed or new. Both ends that
 * are equal are left out first, then items that are recognised by an id or by being equal and the only ones of
 * their kind hold the lists together, and what is between those is compared, if it is not too much.
 *
 * Takes time proportional to the length of the lists, but for sorting.
 */
export function align(a: readonly Item[], b: readonly Item[], fingerprints: Fingerprints): readonly Pair[] {
  const pairs: Pair[] = [];
  alignRange(a, b, { from: 0, fromEnd: a.length, to: 0, toEnd: b.length }, fingerprints, pairs, true);
  return pairs;
}

interface Range {
  readonly from: number;
  readonly fromEnd: number;
  readonly to: number;
  readonly toEnd: number;
}

function alignRange(
  a: readonly Item[],
  b: readonly Item[],
  range: Range,
  fingerprints: Fingerprints,
  pairs: Pair[],
  mayAnchor: boolean,
): void {
  let { from, fromEnd, to, toEnd } = range;
  const areEqual = (x: number, y: number): boolean => {
    const left = a[x];
    const right = b[y];
    return left !== undefined && right !== undefined && fingerprints.areEqual(left, right);
  };
  for (; from < fromEnd && to < toEnd && areEqual(from, to); from += 1, to += 1) pairs.push({ from, to });
  let equalEnd = 0;
  while (from < fromEnd && to < toEnd && areEqual(fromEnd - 1, toEnd - 1)) {
    fromEnd -= 1;
    toEnd -= 1;
    equalEnd += 1;
  }
  const anchors = mayAnchor ? anchorsOf(a, b, { from, fromEnd, to, toEnd }, fingerprints) : [];
  for (const anchor of [...anchors, { from: fromEnd, to: toEnd }]) {
    const gap = { from, fromEnd: anchor.from, to, toEnd: anchor.to };
    if (anchors.length > 0) alignRange(a, b, gap, fingerprints, pairs, false);
    else alignGap(a, b, gap, fingerprints, pairs);
    if (anchor.from < fromEnd) pairs.push(anchor);
    from = anchor.from + 1;
    to = anchor.to + 1;
  }
  for (let index = 0; index < equalEnd; index += 1) pairs.push({ from: fromEnd + index, to: toEnd + index });
}

/** Items with a key that only they have, in both lists, as far as they come in the same order. */
function anchorsOf(a: readonly Item[], b: readonly Item[], range: Range, fingerprints: Fingerprints): Pair[] {
  if (range.from >= range.fromEnd || range.to >= range.toEnd) return [];
  const ours = uniqueKeys(a, range.from, range.fromEnd, fingerprints);
  const theirs = uniqueKeys(b, range.to, range.toEnd, fingerprints);
  const common: Pair[] = [];
  for (const [key, from] of ours) {
    const to = theirs.get(key);
    if (from === SEVERAL || to === undefined || to === SEVERAL) continue;
    // Hashes of different things may be equal, if seldom.
    if (a[from]?.type === b[to]?.type) common.push({ from, to });
  }
  // A map keeps the order of first insertion, so that they come by `from`.
  return longestAscending(common);
}

function uniqueKeys(
  items: readonly Item[],
  start: number,
  end: number,
  fingerprints: Fingerprints,
): Map<string | number, number> {
  const places = new Map<string | number, number>();
  for (let index = start; index < end; index += 1) {
    const item = items[index];
    if (item === undefined) continue;
    const key = keyOf(item, fingerprints);
    places.set(key, places.has(key) ? SEVERAL : index);
  }
  return places;
}

/** What an item is recognised by: its id and name, or all it says. */
function keyOf(item: Item, fingerprints: Fingerprints): string | number {
  const id = item.type === 'element' ? idOf(item) : undefined;
  if (item.type !== 'element' || id === undefined) return fingerprints.of(item).hash;
  return `${id.attribute} ${id.value} ${item.local} ${item.namespace}`;
}

/** The attribute that identifies an element by custom, and its value. */
export function idOf(
  element: XmlElement,
): { readonly attribute: 'id' | 'xml:id'; readonly value: string } | undefined {
  const value = attributeOf(element, 'id');
  if (value !== undefined) return { attribute: 'id', value };
  const xmlId = attributeOf(element, 'id', XML);
  return xmlId === undefined ? undefined : { attribute: 'xml:id', value: xmlId };
}

/** The longest subsequence whose `to` ascend too, by patience sorting. */
function longestAscending(pairs: readonly Pair[]): Pair[] {
  const ends: number[] = [];
  const before: number[] = [];
  pairs.forEach((pair, index) => {
    let low = 0;
    let high = ends.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const end = pairs[ends[middle] ?? 0];
      if (end !== undefined && end.to < pair.to) low = middle + 1;
      else high = middle;
    }
    before[index] = low === 0 ? -1 : (ends[low - 1] ?? -1);
    ends[low] = index;
  });
  const longest: Pair[] = [];
  for (let at = ends.at(-1) ?? -1; at >= 0; at = before[at] ?? -1) {
    const pair = pairs[at];
    if (pair !== undefined) longest.push(pair);
  }
  return longest.reverse();
}

/** Aligns what has no anchors: the best way where that is found soon, otherwise one after the other. */
function alignGap(
  a: readonly Item[],
  b: readonly Item[],
  { from, fromEnd, to, toEnd }: Range,
  fingerprints: Fingerprints,
  pairs: Pair[],
): void {
  const rows = fromEnd - from;
  const columns = toEnd - to;
  if (rows <= 0 || columns <= 0) return;
  const likeness = (x: number, y: number): number => {
    const left = a[from + x];
    const right = b[to + y];
    return left === undefined || right === undefined ? 0 : likenessOf(left, right, fingerprints);
  };
  if (rows * columns > MOST_COMPARED) {
    for (let index = 0; index < Math.min(rows, columns); index += 1) {
      if (likeness(index, index) > 0) pairs.push({ from: from + index, to: to + index });
    }
    return;
  }
  // best[x][y]: the most likeness in what is left from x and y on.
  const width = columns + 1;
  const best = new Int32Array((rows + 1) * width);
  for (let x = rows - 1; x >= 0; x -= 1) {
    for (let y = columns - 1; y >= 0; y -= 1) {
      const like = likeness(x, y);
      const both = like === 0 ? 0 : like + (best[(x + 1) * width + y + 1] ?? 0);
      const one = Math.max(best[(x + 1) * width + y] ?? 0, best[x * width + y + 1] ?? 0);
      best[x * width + y] = Math.max(both, one);
    }
  }
  for (let x = 0, y = 0; x < rows && y < columns; ) {
    const now = best[x * width + y] ?? 0;
    if (now === (best[(x + 1) * width + y] ?? 0)) x += 1;
    else if (now === (best[x * width + y + 1] ?? 0)) y += 1;
    else {
      pairs.push({ from: from + x, to: to + y });
      x += 1;
      y += 1;
    }
  }
}

/** How much two items have in common; 0 where one can't take the other's place. */
function likenessOf(a: Item, b: Item, fingerprints: Fingerprints): number {
  if (a.type !== b.type) return 0;
  if (fingerprints.of(a).hash === fingerprints.of(b).hash) return 8;
  if (a.type !== 'element' || b.type !== 'element') return 1;
  if (a.local !== b.local || a.namespace !== b.namespace) return 1;
  return idOf(a)?.value === idOf(b)?.value ? 4 : 2;
}

const SEVERAL = -1;
const MOST_COMPARED = 10_000;
