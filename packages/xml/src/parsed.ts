import type { Binding } from './namespaces.ts';
import type { XmlAttribute, XmlElement, XmlNode } from './tree.ts';

/** The text of a document, one object for each parsing. */
export interface SourceText {
  readonly text: string;
}

/**
 * An element as the parser makes it. It knows its place in the text, so that it can be written as it stood there;
 * copies of it, as `{ ...element, children }`, don't: what is private is not copied.
 */
export class ParsedElement implements XmlElement {
  readonly type: 'element' = 'element';
  readonly namespace: string;
  readonly prefix: string;
  readonly local: string;
  readonly attributes: readonly XmlAttribute[];
  readonly children: readonly XmlNode[];
  readonly #source: SourceText;
  readonly #outside: Binding | undefined;
  readonly #start: number;
  #end = 0;

  /** @param outside the latest of the bindings that are in force around it */
  constructor(
    namespace: string,
    prefix: string,
    local: string,
    attributes: readonly XmlAttribute[],
    children: readonly XmlNode[],
    source: SourceText,
    start: number,
    outside: Binding | undefined,
  ) {
    this.namespace = namespace;
    this.prefix = prefix;
    this.local = local;
    this.attributes = attributes;
    this.children = children;
    this.#source = source;
    this.#start = start;
    this.#outside = outside;
  }

  /** Once its end tag is read. */
  static close(element: ParsedElement, end: number): void {
    element.#end = end;
  }

  /** The bindings that were in force around it. */
  static outside(element: ParsedElement): Binding | undefined {
    return element.#outside;
  }

  /** What stood in the text, from `<` to `>`. */
  static written(element: ParsedElement): string {
    return element.#source.text.slice(element.#start, element.#end);
  }

  /** True for two elements that were parsed from the same text. */
  static areOfOneText(a: XmlElement, b: XmlElement): boolean {
    return a instanceof ParsedElement && b instanceof ParsedElement && a.#source === b.#source;
  }
}
