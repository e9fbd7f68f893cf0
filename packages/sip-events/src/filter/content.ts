import {
  XML,
  XMLNS,
  type XmlAttribute,
  type XmlDocument,
  type XmlElement,
  type XmlNode,
} from '@sip-simple/xml';
import type { ChildDemands, Demands } from '@sip-simple/xml/schema';
import { type Budget, type Selector, select } from '@sip-simple/xml/select';
import type { ReadExpression } from './expressions.ts';
import { childMarks, type Marks, mark, noMarks } from './marks.ts';
import type { Selection, What } from './schema.ts';

/** Leaves out of a document what is not asked for; `undefined` when nothing is left. */
export type ContentFilter = (document: XmlDocument, work: Budget) => XmlDocument | undefined;

/**
 * Compiles `<what>`. Of a document remains
 *
 * - what an `<include>` selects, elements with all that is in them, and the elements around it; everything, when
 *   there is no `<include>`;
 * - without what an `<exclude>` selects;
 * - and whatever the description of the format demands, with its values, so that the result is valid.
 *
 * Of elements that no description is known for, all attributes remain, since any might be needed.
 *
 * @param demands what the description of the format demands of the root of documents
 * @see RFC 4661 §3.5, RFC 4660 §5.3.1
 */
export function compileWhat(
  { include, exclude }: Pick<What, 'include' | 'exclude'>,
  expression: ReadExpression,
  demands: Demands | undefined,
): ContentFilter {
  const included = include.map((selection) => compile(selection, expression));
  const excluded = exclude.map((selection) => compile(selection, expression));
  return (document, work) => {
    const keep = noMarks();
    keep.isWhole = included.length === 0;
    for (const one of included) markIncluded(one, document, keep, work);
    if (isBlank(keep)) return undefined;
    const drop = noMarks();
    for (const one of excluded) markExcluded(one, document, drop, work);
    const root = prune(document.root, keep, drop, demands);
    if (root === document.root) return document;
    const { type, declaration, children } = document;
    return {
      type,
      declaration,
      root,
      children: children.flatMap((child) =>
        child === document.root ? [root] : isSpace(child) ? [child] : [],
      ),
    };
  };
}

type Compiled =
  | { readonly type: 'xpath'; readonly selector: Selector }
  | { readonly type: 'namespace'; readonly namespace: string };

function compile({ type, value }: Selection, expression: ReadExpression): Compiled {
  if (type === 'namespace') return { type, namespace: value.trim() };
  return { type: 'xpath', selector: expression(value) };
}

function markIncluded(selection: Compiled, document: XmlDocument, keep: Marks, work: Budget): void {
  if (selection.type === 'xpath') {
    for (const place of select(document, selection.selector, { work })) mark(keep, place);
  } else {
    // "the elements defined within the namespace" (RFC 4661 §3.5.3), not what others put into them
    eachElement(document.root, selection.namespace, keep, (marks) => {
      marks.isOwn = true;
    });
  }
}

function markExcluded(selection: Compiled, document: XmlDocument, drop: Marks, work: Budget): void {
  if (selection.type === 'xpath') {
    for (const place of select(document, selection.selector, { work })) mark(drop, place);
  } else {
    eachElement(document.root, selection.namespace, drop, (marks) => {
      marks.isWhole = true;
    });
  }
}

/** Marks all elements of a namespace; marks are made only on the way to them. */
function eachElement(root: XmlElement, namespace: string, marks: Marks, set: (marks: Marks) => void): void {
  interface At {
    readonly element: XmlElement;
    readonly index: number;
    readonly up: At | undefined;
    marks: Marks | undefined;
  }
  const marksAt = (at: At): Marks => {
    const missing: At[] = [];
    let known: At | undefined = at;
    for (; known !== undefined && known.marks === undefined; known = known.up) missing.push(known);
    let found = known?.marks ?? marks;
    for (let step = missing.pop(); step !== undefined; step = missing.pop()) {
      found = childMarks(found, step.index);
      step.marks = found;
    }
    return found;
  };
  const pending: At[] = [{ element: root, index: 0, up: undefined, marks }];
  for (let at = pending.pop(); at !== undefined; at = pending.pop()) {
    if (at.element.namespace === namespace) set(marksAt(at));
    for (const [index, child] of at.element.children.entries()) {
      if (child.type === 'element') pending.push({ element: child, index, up: at, marks: undefined });
    }
  }
}

/** The element with what is to be kept and not dropped, and what it can't do without. */
function prune(
  element: XmlElement,
  keep: Marks,
  drop: Marks | undefined,
  demands: Demands | undefined,
): XmlElement {
  if (keep.isWhole && (drop === undefined || isBlank(drop))) return element;
  const attributes = element.attributes.filter((attribute, index) => {
    if (attribute.namespace === XMLNS || demands?.needs(attribute) === true) return true;
    if (drop?.attributes.has(index) === true) return false;
    if (keep.isWhole || keep.attributes.has(index)) return true;
    if (keep.isOwn) return isOwnAttribute(attribute, element);
    return demands === undefined;
  });
  return { ...element, attributes, children: pruneChildren(element, keep, drop, demands) };
}

function pruneChildren(
  { children }: XmlElement,
  keep: Marks,
  drop: Marks | undefined,
  demands: Demands | undefined,
): readonly XmlNode[] {
  const fates = fatesOf(children, keep, drop, demands);
  const hasText = keep.isWhole || keep.isOwn || demands?.hasText === true;
  const kept: XmlNode[] = [];
  let space: XmlNode | undefined;
  for (const [index, child] of children.entries()) {
    if (child.type === 'element') {
      const fate = fates.get(index);
      if (fate === undefined) {
        space = undefined;
        continue;
      }
      if (space !== undefined) kept.push(space);
      space = undefined;
      kept.push(prune(child, fate.keep, drop?.children.get(index), fate.demands));
    } else if (isSpace(child)) space = child;
    else if (hasText) {
      if (space !== undefined) kept.push(space);
      space = undefined;
      kept.push(child);
    }
  }
  if (space !== undefined && kept.length > 0) kept.push(space);
  return kept;
}

interface Fate {
  readonly keep: Marks;
  readonly demands: Demands | undefined;
}

/** Which child elements stay, by their places: those marked, and as many others as are demanded. */
function fatesOf(
  children: readonly XmlNode[],
  keep: Marks,
  drop: Marks | undefined,
  demands: Demands | undefined,
): ReadonlyMap<number, Fate> {
  const fates = new Map<number, Fate>();
  const spare = new Map<object, { readonly least: number; kept: number; readonly left: [number, Fate][] }>();
  for (const [index, child] of children.entries()) {
    if (child.type !== 'element') continue;
    const demanded: ChildDemands | undefined = demands?.ofChild(child);
    const marks = keep.isWhole ? WHOLE : keep.children.get(index);
    const stays = marks !== undefined && drop?.children.get(index)?.isWhole !== true;
    if (stays) fates.set(index, { keep: marks, demands: demanded?.demands });
    if (demanded === undefined || demanded.least === 0) continue;
    const kind = spare.get(demanded.kind) ?? { least: demanded.least, kept: 0, left: [] };
    spare.set(demanded.kind, kind);
    if (stays) kind.kept += 1;
    else kind.left.push([index, { keep: WHOLE, demands: demanded.demands }]);
  }
  for (const { least, kept, left } of spare.values()) {
    for (const [index, fate] of left.slice(0, Math.max(0, least - kept))) fates.set(index, fate);
  }
  return fates;
}

function isOwnAttribute({ namespace }: XmlAttribute, element: XmlElement): boolean {
  return namespace === '' || namespace === element.namespace || namespace === XML;
}

function isBlank({ isWhole, isOwn, attributes, children }: Marks): boolean {
  return !isWhole && !isOwn && attributes.size === 0 && children.size === 0;
}

function isSpace(node: XmlNode): boolean {
  return node.type === 'text' && !/[^ \t\r\n]/.test(node.value);
}

const WHOLE: Marks = { ...noMarks(), isWhole: true };
