import type { XmlNode } from '@sip-simple/xml';
import { type Item, idOf } from './align.ts';

/** The children of an element, or of a document, as items with a text before, between and after them. */
export class Siblings {
  readonly isBesideRoot: boolean;
  readonly nodes: readonly XmlNode[];
  readonly items: readonly Item[];
  /** The text before each item, and the one after the last; `''` where there is none. */
  readonly texts: readonly string[];
  /** About how much work it is to look for one of them. */
  readonly work: number;
  /** Where each item is among the nodes. */
  readonly #places: readonly number[];
  #counts: Readonly<Record<Kind, readonly number[]>> | undefined;
  #ids: ReadonlyMap<string, number> | undefined;

  /** @param isBesideRoot white space beside the root says nothing */
  constructor(nodes: readonly XmlNode[], isBesideRoot: boolean) {
    const items: Item[] = [];
    const places: number[] = [];
    const texts: string[] = [];
    let text = '';
    let work = nodes.length;
    for (let index = 0; index < nodes.length; index += 1) {
      const node = nodes[index];
      if (node === undefined) continue;
      if (node.type === 'text' || node.type === 'cdata') {
        if (!isBesideRoot) text += node.value;
        continue;
      }
      items.push(node);
      if (node.type === 'element')
        work += 2 + node.attributes.length + ((idOf(node)?.value.length ?? 0) >>> 6);
      places.push(index);
      texts.push(text);
      text = '';
    }
    texts.push(text);
    this.isBesideRoot = isBesideRoot;
    this.nodes = nodes;
    this.items = items;
    this.work = work;
    this.texts = texts;
    this.#places = places;
  }

  /** How many of a kind stand before the item at `index`; texts before it count too. */
  countBefore(kind: Kind, index: number): number {
    this.#counts ??= this.#count();
    return this.#counts[kind][index] ?? 0;
  }

  /** The nodes from one item up to the one before another, and what is between them. */
  slice(start: number, end: number): readonly XmlNode[] {
    const [first, last] = [this.#places[start], this.#places[end - 1]];
    return first === undefined || last === undefined ? [] : this.nodes.slice(first, last + 1);
  }

  /** The nodes of the text before the item at `index`. */
  textNodes(index: number): readonly XmlNode[] {
    if (this.texts[index] === '') return [];
    const start = index === 0 ? 0 : (this.#places[index - 1] ?? 0) + 1;
    return this.nodes.slice(start, this.#places[index]);
  }

  /** How many of the elements have an id. */
  countOfId(id: { readonly attribute: string; readonly value: string }): number {
    this.#ids ??= this.#countIds();
    return this.#ids.get(`${id.attribute} ${id.value}`) ?? 0;
  }

  #count(): Record<Kind, number[]> {
    const counts: Record<Kind, number[]> = { element: [0], comment: [0], pi: [0], text: [0] };
    const now = { element: 0, comment: 0, pi: 0, text: 0 };
    this.texts.forEach((text, index) => {
      if (text !== '') now.text += 1;
      const item = this.items[index];
      if (item !== undefined) now[item.type] += 1;
      for (const kind of KINDS) counts[kind].push(now[kind]);
    });
    return counts;
  }

  #countIds(): Map<string, number> {
    const ids = new Map<string, number>();
    for (const item of this.items) {
      const id = item.type === 'element' ? idOf(item) : undefined;
      if (id === undefined) continue;
      const key = `${id.attribute} ${id.value}`;
      ids.set(key, (ids.get(key) ?? 0) + 1);
    }
    return ids;
  }
}

type Kind = Item['type'] | 'text';

const KINDS: readonly Kind[] = ['element', 'comment', 'pi', 'text'];
