import type { ElementPlace, Place } from '@sip-simple/xml/select';

/**
 * Which parts of a document are marked: a tree along the document's, by the places of children. Nodes are not
 * known by identity, since one node may stand in a document twice.
 */
export interface Marks {
  /** The element with all that is in it. */
  isWhole: boolean;
  /** The element as such: its attributes and text, not its children. */
  isOwn: boolean;
  /** Attributes by their places. */
  readonly attributes: Set<number>;
  /** Children that are marked, or have something marked in them, by their places. */
  readonly children: Map<number, Marks>;
}

export function noMarks(): Marks {
  return { isWhole: false, isOwn: false, attributes: new Set(), children: new Map() };
}

/** The marks of an element, made as needed. `root` are those of the root element. */
export function marksOf(root: Marks, place: ElementPlace): Marks {
  const path: number[] = [];
  for (let at = place; at.parent !== undefined; at = at.parent) path.push(at.index);
  let marks = root;
  for (let step = path.length - 1; step >= 0; step -= 1) marks = childMarks(marks, path[step] ?? 0);
  return marks;
}

export function childMarks(marks: Marks, index: number): Marks {
  let child = marks.children.get(index);
  if (child === undefined) {
    child = noMarks();
    marks.children.set(index, child);
  }
  return child;
}

/** Marks what a selector found: an element whole, or an attribute. */
export function mark(root: Marks, place: Place): void {
  if (place.type === 'element') marksOf(root, place).isWhole = true;
  else if (place.type === 'attribute') marksOf(root, place.parent).attributes.add(place.index);
}
