import type { Operation } from '../operation.ts';
import { type Item, idOf, type Pair } from './align.ts';
import type { Fingerprints } from './fingerprint.ts';
import type { Siblings } from './siblings.ts';

/** Operations, and what they cost. */
export interface Changes {
  readonly operations: Operation[];
  /** About how many characters they take. */
  size: number;
  /** At most how much work it is to apply them. */
  work: number;
}

/** Where in the document operations are made. */
export interface Spot {
  /** The selector of the parent, with its slash; `''` for the document. */
  readonly path: string;
  /** At most how much work it is to get here. */
  readonly work: number;
}

/** About how many characters an operation takes. */
export function sizeOf({ value }: Operation, fingerprints: Fingerprints): number {
  let size = value.sel.length + OVERHEAD;
  const content = 'content' in value ? (value.content ?? []) : [];
  for (const node of content) {
    size += node.type === 'text' || node.type === 'cdata' ? node.value.length : fingerprints.of(node).size;
  }
  return size;
}

/**
 * The step that selects an item which goes on: by its id, where no other has that now or later, or by its
 * position, when all that is before the item at `index` of ours is as it was.
 */
export function placeOf(ours: Siblings, theirs: Siblings, { from, to }: Pair, index: number): string {
  const item = ours.items[from];
  const next = theirs.items[to];
  if (ours.isBesideRoot && item?.type === 'element') return '*';
  if (item?.type === 'element' && next?.type === 'element') {
    const id = idOf(item);
    const nextId = idOf(next);
    if (id !== undefined && id.attribute === nextId?.attribute && id.value === nextId.value) {
      const isUnique = ours.countOfId(id) === 1 && theirs.countOfId(id) === 1;
      const predicate = isUnique ? quoted(id) : undefined;
      if (predicate !== undefined) return predicate;
    }
  }
  return positionOf(ours, item, index);
}

/** The step that selects an item by position, when all that is before the item at `index` of ours is as it was. */
export function positionOf(ours: Siblings, item: Item | undefined, index: number): string {
  const type = item?.type ?? 'element';
  const position = ours.countBefore(type, index) + 1;
  if (type === 'comment') return `comment()[${position}]`;
  if (type === 'pi') return `processing-instruction()[${position}]`;
  return `*[${position}]`;
}

/** `*[@id='x']`, where the value can be in quotes. */
export function quoted({ attribute, value }: { attribute: string; value: string }): string | undefined {
  const quote = value.includes("'") ? '"' : "'";
  return value.includes(quote) || value.length > LONG_ID
    ? undefined
    : `*[@${attribute}=${quote}${value}${quote}]`;
}

/** `<p:replace sel=""></p:replace>` and a bit. */
export const OVERHEAD = 32;
const LONG_ID = 128;
