import type { XmlAttribute, XmlNode } from '@sip-simple/xml';
import type { ElementPlace, Place, Selector } from '@sip-simple/xml/select';

/** A document that operations change, one after the other: the draft of a tree, or a DOM. */
export interface Editor {
  /**
   * What a selector selects, two places at most; they are good until the next change.
   *
   * @throws {SelectorError} `limit-work`
   */
  find(selector: Selector): readonly Place[];
  /** Puts nodes in the place of those from `start` to `end`, and joins the texts that come to stand side by side. */
  splice(parent: ElementPlace | undefined, start: number, end: number, nodes: readonly XmlNode[]): void;
  setAttributes(place: ElementPlace, attributes: readonly XmlAttribute[]): void;
}
