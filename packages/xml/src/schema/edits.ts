import type { XmlElement, XmlNode } from '../tree.ts';

/**
 * Changes to a list of child nodes, collected by the index each node had and then made at once. Elements
 * come and go with the white space in front of them, so that an indented document stays indented.
 */
export class Edits {
  readonly #nodes: readonly XmlNode[];
  readonly #replaced = new Map<number, XmlElement | undefined>();
  readonly #before = new Map<number, XmlElement[]>();
  readonly #after = new Map<number, XmlElement[]>();
  readonly #appended: XmlElement[] = [];

  constructor(nodes: readonly XmlNode[]) {
    this.#nodes = nodes;
  }

  elementAt(index: number): XmlElement | undefined {
    const node = this.#nodes[index];
    return node?.type === 'element' ? node : undefined;
  }

  replace(index: number, element: XmlElement): void {
    this.#replaced.set(index, element);
  }

  remove(index: number): void {
    this.#replaced.set(index, undefined);
  }

  insertBefore(index: number, element: XmlElement): void {
    push(this.#before, index, element);
  }

  insertAfter(index: number, element: XmlElement): void {
    push(this.#after, index, element);
  }

  append(element: XmlElement): void {
    this.#appended.push(element);
  }

  /** The nodes with the changes made. */
  apply(): readonly XmlNode[] {
    if (this.#isReplacing) return this.#nodes.map((node, index) => this.#replaced.get(index) ?? node);
    const nodes: XmlNode[] = [];
    for (const [index, node] of this.#nodes.entries()) {
      const indent = this.#indentOf(index);
      for (const element of this.#before.get(index) ?? []) nodes.push(element, ...indent);
      const isReplaced = this.#replaced.has(index);
      const replacement = this.#replaced.get(index);
      if (!isReplaced) nodes.push(node);
      else if (replacement !== undefined) nodes.push(replacement);
      else if (indent.length > 0 && nodes.at(-1) === indent[0]) nodes.pop();
      for (const element of this.#after.get(index) ?? []) nodes.push(...indent, element);
    }
    return [...nodes, ...this.#appended];
  }

  /** True when no node comes or goes. */
  get #isReplacing(): boolean {
    if (this.#before.size > 0 || this.#after.size > 0 || this.#appended.length > 0) return false;
    for (const element of this.#replaced.values()) if (element === undefined) return false;
    return true;
  }

  /** The white space in front of a node, if that is all there is between it and the node before. */
  #indentOf(index: number): readonly XmlNode[] {
    const node = this.#nodes[index - 1];
    return node?.type === 'text' && /^[ \t\r\n]*$/.test(node.value) ? [node] : [];
  }
}

function push(map: Map<number, XmlElement[]>, index: number, element: XmlElement): void {
  const elements = map.get(index);
  if (elements === undefined) map.set(index, [element]);
  else elements.push(element);
}
