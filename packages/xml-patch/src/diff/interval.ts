import type { XmlNode } from '@sip-simple/xml';
import type { Operation, Remove } from '../operation.ts';
import { idOf, type Pair } from './align.ts';
import { type Changes, placeOf, positionOf, quoted, type Spot, sizeOf } from './changes.ts';
import type { Fingerprints } from './fingerprint.ts';
import type { Siblings } from './siblings.ts';

/**
 * What is between two items that go on, or at an end: text, items that are removed, and new ones. When it is
 * changed, what is before it is as it was, and what is behind it is as it will be.
 */
export class Interval {
  readonly #ours: Siblings;
  readonly #theirs: Siblings;
  readonly #left: Pair | undefined;
  readonly #right: Pair | undefined;
  readonly #spot: Spot;
  readonly #changes: Changes;
  readonly #fingerprints: Fingerprints;
  /** The first item of ours in it, or where it would be. */
  readonly #start: number;

  constructor(
    [ours, theirs]: readonly [Siblings, Siblings],
    [left, right]: readonly [Pair | undefined, Pair | undefined],
    spot: Spot,
    changes: Changes,
    fingerprints: Fingerprints,
  ) {
    this.#ours = ours;
    this.#theirs = theirs;
    this.#left = left;
    this.#right = right;
    this.#spot = spot;
    this.#changes = changes;
    this.#fingerprints = fingerprints;
    this.#start = (left?.from ?? -1) + 1;
  }

  change(): void {
    const theirs = this.#theirs;
    const start = (this.#left?.to ?? -1) + 1;
    const end = this.#right?.to ?? theirs.items.length;
    const first = theirs.texts[start] ?? '';
    const last = theirs.texts[end] ?? '';
    const text = this.#removeItems(first, last);
    if (start === end) {
      if (text !== first) this.#setText(text, first, theirs.textNodes(start));
      return;
    }
    const added = theirs.slice(start, end);
    const mustFollowLeft = theirs.isBesideRoot && this.#right === undefined;
    // The text that is there stays as the beginning of the first new one, or the end of the last, or is replaced.
    if (first.startsWith(text) && !mustFollowLeft) {
      const before = text === '' ? theirs.textNodes(start) : textNodes(first.slice(text.length));
      this.#addBehindText([...before, ...added, ...theirs.textNodes(end)]);
    } else if (last.endsWith(text)) {
      const behind =
        text === '' ? theirs.textNodes(end) : textNodes(last.slice(0, last.length - text.length));
      this.#addBeforeText([...theirs.textNodes(start), ...added, ...behind]);
    } else {
      this.#setText(text, first, theirs.textNodes(start));
      this.#addBehindText([...added, ...theirs.textNodes(end)]);
    }
  }

  /** Removes the items of ours, from the last to the first, and returns the text that is left. */
  #removeItems(first: string, last: string): string {
    const { texts, items } = this.#ours;
    const end = this.#right?.from ?? items.length;
    let behind = texts[end] ?? '';
    // Of the texts around, one that is wanted stays, and the others go as white space does.
    const keepsLast = behind === first || behind === last;
    for (let at = end - 1; at >= this.#start; at -= 1) {
      const ways = waysToRemove(texts[at] ?? '', behind);
      const preferred = ways.find(({ ws }) => ws === (keepsLast ? 'before' : 'after'));
      const way =
        at > this.#start
          ? (preferred ?? ways[0])
          : (ways.find(({ left }) => left === first) ?? ways.find(({ left }) => left === last) ?? ways[0]);
      if (way === undefined) continue;
      const sel = this.#spot.path + this.#removable(at);
      this.#push({ type: 'remove', value: way.ws === undefined ? { sel } : { sel, ws: way.ws } });
      behind = way.left;
    }
    return behind;
  }

  #removable(index: number): string {
    const item = this.#ours.items[index];
    const id = item?.type === 'element' ? idOf(item) : undefined;
    if (id !== undefined && this.#ours.countOfId(id) === 1 && this.#theirs.countOfId(id) === 0) {
      const byId = quoted(id);
      if (byId !== undefined) return byId;
    }
    return positionOf(this.#ours, item, index);
  }

  #setText(from: string, to: string, content: readonly XmlNode[]): void {
    if (from === to) return;
    if (from === '') {
      this.#addBehindText(content);
      return;
    }
    const isAlone = this.#ours.items.length === 0 && this.#theirs.items.length === 0;
    const position = isAlone ? '' : `[${this.#ours.countBefore('text', this.#start) + 1}]`;
    const sel = `${this.#spot.path}text()${position}`;
    if (to === '') this.#push({ type: 'remove', value: { sel } });
    else this.#push({ type: 'replace', value: { sel, content } });
  }

  #addBehindText(content: readonly XmlNode[]): void {
    if (this.#right === undefined) {
      this.#push({ type: 'add', value: { sel: this.#parent, content } });
    } else {
      const place = placeOf(this.#ours, this.#theirs, this.#right, this.#start);
      this.#push({ type: 'add', value: { sel: this.#spot.path + place, pos: 'before', content } });
    }
  }

  #addBeforeText(content: readonly XmlNode[]): void {
    if (this.#left === undefined) {
      this.#push({ type: 'add', value: { sel: this.#parent, pos: 'prepend', content } });
    } else {
      const place = placeOf(this.#ours, this.#theirs, this.#left, this.#left.from);
      this.#push({ type: 'add', value: { sel: this.#spot.path + place, pos: 'after', content } });
    }
  }

  get #parent(): string {
    return this.#spot.path.slice(0, -1);
  }

  #push(operation: Operation): void {
    this.#changes.operations.push(operation);
    this.#changes.size += sizeOf(operation, this.#fingerprints);
    this.#changes.work += this.#spot.work + this.#ours.work + this.#theirs.work;
  }
}

/** The ways to remove what stands between two texts, each with the text that is left. */
function waysToRemove(
  before: string,
  behind: string,
): readonly { readonly ws: Remove['ws']; readonly left: string }[] {
  const ways: { readonly ws: Remove['ws']; readonly left: string }[] = [
    { ws: undefined, left: before + behind },
  ];
  if (isWhiteSpace(behind)) ways.push({ ws: 'after', left: before });
  if (isWhiteSpace(before)) ways.push({ ws: 'before', left: behind });
  if (isWhiteSpace(before) && isWhiteSpace(behind)) ways.push({ ws: 'both', left: '' });
  return ways;
}

const isWhiteSpace = (text: string): boolean => /^[ \t\r\n]+$/.test(text);

const textNodes = (value: string): readonly XmlNode[] => (value === '' ? [] : [{ type: 'text', value }]);
