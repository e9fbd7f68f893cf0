import { XML, XMLNS, type XmlAttribute, type XmlDocument, type XmlElement, type XmlNode } from '../tree.ts';
import { Budget } from './budget.ts';
import {
  type ElementPlace,
  namespaceInScope,
  namespacesInScope,
  type Place,
  type TextPlace,
} from './place.ts';
import type { Comparison, Condition, Predicate, Selector, Step } from './selector.ts';
import { numberOf, stringValue } from './values.ts';

export interface SelectOptions {
  /** Stops after so many places, in document order. Default all. */
  readonly max?: number | undefined;
  /** The most nodes looked at, counted each time, or what is left for that. Default one million. */
  readonly work?: number | Budget | undefined;
  /**
   * Says which attributes are of type ID, for `id()`. An `xml:id` always is; what others are is said by the
   * schema of the document.
   */
  readonly isId?: ((attribute: XmlAttribute, element: XmlElement) => boolean) | undefined;
}

/**
 * Evaluates a selector on a document.
 *
 * The document is walked once, with all steps at once, so that the time is at most its size times the number
 * of steps, plus what conditions look at; `work` bounds it all.
 *
 * @returns what is selected, in document order, nothing twice
 * @throws {SelectorError} `limit-work`
 * @see XPath 1.0 §2
 */
export function select(document: XmlDocument, selector: Selector, options: SelectOptions = {}): Place[] {
  return selectFrom(undefined, document, selector.steps, new Evaluation(options), options.max);
}

/** Evaluates steps from an element, or from the root node of the document. */
export function selectFrom(
  from: ElementPlace | undefined,
  document: XmlDocument,
  steps: readonly Step[],
  evaluation: Evaluation,
  max: number = Number.POSITIVE_INFINITY,
): Place[] {
  const found: Place[] = [];
  evaluation.walk(from, (from?.node ?? document).children, steps, (place) => found.push(place) >= max);
  return found;
}

/** What is told of each place found; true ends the walk. */
type Visit = (place: Place) => boolean;

/** The children of one parent, how far they are, and the steps that look at them. */
interface Level {
  readonly parent: ElementPlace | undefined;
  readonly children: readonly XmlNode[];
  readonly active: readonly number[];
  /** For each active step and each of its predicates, how many nodes came to it. */
  readonly counts: readonly (number[] | undefined)[] | undefined;
  /** True when a step is about text. */
  readonly hasText: boolean;
  next: number;
}

/** One evaluation, with the work left to it. */
export class Evaluation {
  readonly #budget: Budget;
  readonly #isId: NonNullable<SelectOptions['isId']>;

  constructor({ work, isId = isNoId }: SelectOptions) {
    this.#budget = work instanceof Budget ? work : new Budget(work);
    this.#isId = isId;
  }

  walk(
    from: ElementPlace | undefined,
    children: readonly XmlNode[],
    steps: readonly Step[],
    visit: Visit,
  ): boolean {
    if (from !== undefined && this.#selectOn(from, FIRST, steps, visit)) return true;
    const outer: Level[] = [];
    let level: Level | undefined = levelOf(from, children, FIRST, steps);
    while (level !== undefined) {
      const { parent, active, counts } = level;
      const index = level.next;
      const node = level.children[index];
      if (node === undefined) {
        level = outer.pop();
        continue;
      }
      level.next += 1;
      let place: Place | undefined;
      if (node.type === 'text' || node.type === 'cdata') {
        if (!level.hasText) {
          this.#budget.spend(1);
          continue;
        }
        const text = textAt(level.children, index, parent);
        level.next = text.end;
        if (text.place === undefined) continue;
        place = text.place;
      }
      let within: number[] | undefined;
      for (let slot = 0; slot < active.length; slot += 1) {
        this.#budget.spend(1);
        const at = active[slot] ?? 0;
        const step = steps[at];
        if (step === undefined) continue;
        if (step.deep && node.type === 'element') within = adding(within, at);
        if (!isTested(step, node)) continue;
        if (step.predicates.length > 0) {
          if (!this.#passes(step.predicates, node, parent, counts?.[slot])) continue;
          // Behind the one at a position there is no other.
          if (counts !== undefined && active.length === 1 && !step.deep) level.next = level.children.length;
        }
        if (at < steps.length - 1) {
          within = adding(within, at + 1);
        } else {
          place ??= placeOf(node, parent, index);
          if (place !== undefined && visit(place)) return true;
        }
      }
      if (within === undefined || node.type !== 'element') continue;
      const inner: ElementPlace =
        place?.type === 'element' ? place : { type: 'element', node, parent, index };
      if (this.#selectOn(inner, within, steps, visit)) return true;
      outer.push(level);
      level = levelOf(inner, node.children, within, steps);
    }
    return false;
  }

  /** Selects attributes and namespaces of an element, for those of the steps that are about these. */
  #selectOn(place: ElementPlace, active: readonly number[], steps: readonly Step[], visit: Visit): boolean {
    const last = active[active.length - 1];
    const step = last === steps.length - 1 ? steps[last] : undefined;
    if (step === undefined) return false;
    const { test } = step;
    const { attributes } = place.node;
    if (test.type === 'attribute') {
      this.#budget.spend(attributes.length);
      for (let index = 0; index < attributes.length; index += 1) {
        const node = attributes[index];
        if (node?.local !== test.name.local || node.namespace !== test.name.namespace) continue;
        if (node.namespace === XMLNS || !this.#passes(step.predicates, node, place, undefined)) continue;
        if (visit({ type: 'attribute', node, parent: place, index })) return true;
      }
    } else if (test.type === 'namespace') {
      this.#budget.spend(attributes.length);
      const namespace = namespaceInScope(place, test.prefix);
      if (namespace !== undefined) return visit(namespace);
    } else if (test.type === 'namespaces') {
      return visit({ type: 'namespaces', namespaces: namespacesInScope(place), parent: place });
    }
    return false;
  }

  #passes(
    predicates: readonly Predicate[],
    node: XmlNode | XmlAttribute,
    parent: ElementPlace | undefined,
    counts: number[] | undefined,
  ): boolean {
    for (let at = 0; at < predicates.length; at += 1) {
      const predicate = predicates[at];
      if (predicate === undefined) continue;
      if (predicate.type === 'position') {
        const position = (counts?.[at] ?? 0) + 1;
        if (counts !== undefined) counts[at] = position;
        if (position !== predicate.position) return false;
      } else if (predicate.type === 'id') {
        if (!this.#hasId(node, predicate.id)) return false;
      } else if (!this.#holds(predicate, node, parent)) return false;
    }
    return true;
  }

  #hasId(node: XmlNode | XmlAttribute, id: string): boolean {
    if (!('type' in node) || node.type !== 'element') return false;
    this.#budget.spend(node.attributes.length);
    return node.attributes.some((attribute) => {
      if (attribute.value !== id && attribute.value.trim() !== id) return false;
      return (attribute.local === 'id' && attribute.namespace === XML) || this.#isId(attribute, node);
    });
  }

  #holds(condition: Condition, node: XmlNode | XmlAttribute, parent: ElementPlace | undefined): boolean {
    if (condition.type !== 'compare') {
      const holds = (each: Condition): boolean => this.#holds(each, node, parent);
      return condition.type === 'and' ? condition.of.every(holds) : condition.of.some(holds);
    }
    const { path } = condition;
    // The parent of the root element is the root node, whose text is that of the root element.
    if (condition.from === 'parent') return this.#compares(condition, parent?.node ?? node);
    const [first] = path;
    if (first === undefined) return this.#compares(condition, node);
    if (!('type' in node) || node.type !== 'element') return false;
    if (path.length === 1 && !first.deep && first.test.type === 'attribute') {
      const { local, namespace } = first.test.name;
      const { attributes } = node;
      this.#budget.spend(attributes.length);
      for (let index = 0; index < attributes.length; index += 1) {
        const attribute = attributes[index];
        if (attribute?.local !== local || attribute.namespace !== namespace) continue;
        if (namespace !== XMLNS && this.#compares(condition, attribute)) return true;
      }
      return false;
    }
    const from: ElementPlace = { type: 'element', node, parent, index: 0 };
    return this.walk(from, node.children, path, (place) => {
      return 'node' in place && this.#compares(condition, place.node);
    });
  }

  /** Compares the string-value of a node (XPath 1.0 §3.4). */
  #compares({ operator, value }: Comparison, node: XmlNode | XmlAttribute): boolean {
    const written = stringValue(node, this.#budget);
    if (operator === '=') return typeof value === 'string' ? written === value : numberOf(written) === value;
    const bound = typeof value === 'string' ? numberOf(value) : value;
    return operator === '<' ? numberOf(written) < bound : numberOf(written) > bound;
  }
}

function levelOf(
  parent: ElementPlace | undefined,
  children: readonly XmlNode[],
  active: readonly number[],
  steps: readonly Step[],
): Level {
  let counts: (number[] | undefined)[] | undefined;
  let hasText = false;
  for (let slot = 0; slot < active.length; slot += 1) {
    const step = steps[active[slot] ?? 0];
    if (step?.test.type === 'text') hasText = true;
    if (!step?.predicates.some(isPosition)) continue;
    counts ??= [];
    counts[slot] = [];
  }
  return { parent, children, active, counts, hasText, next: 0 };
}

const isPosition = ({ type }: Predicate): boolean => type === 'position';
const isNoId = (): boolean => false;

function adding(steps: number[] | undefined, step: number): number[] {
  if (steps === undefined) return [step];
  // Steps come in ascending order, so that an equal one is the last.
  if (steps[steps.length - 1] !== step) steps.push(step);
  return steps;
}

function isTested({ test }: Step, node: XmlNode): boolean {
  switch (test.type) {
    case 'element':
      return (
        node.type === 'element' &&
        (test.name === undefined ||
          (test.name.local === node.local && test.name.namespace === node.namespace))
      );
    case 'text':
      return node.type === 'text' || node.type === 'cdata';
    case 'comment':
      return node.type === 'comment';
    case 'pi':
      return node.type === 'pi' && (test.target === undefined || test.target === node.target);
    default:
      return false;
  }
}

/** The text that begins with this node. XPath sees none beside the root, and none without characters. */
function textAt(
  children: readonly XmlNode[],
  index: number,
  parent: ElementPlace | undefined,
): { readonly end: number; readonly place: TextPlace | undefined } {
  let value = '';
  let end = index;
  for (let node = children[end]; node?.type === 'text' || node?.type === 'cdata'; node = children[++end]) {
    value += node.value;
  }
  const isText = parent !== undefined && value !== '';
  return { end, place: isText ? { type: 'text', value, parent, index, end } : undefined };
}

function placeOf(node: XmlNode, parent: ElementPlace | undefined, index: number): Place | undefined {
  if (node.type === 'element') return { type: 'element', node, parent, index };
  if (node.type === 'comment' || node.type === 'pi') return { type: node.type, node, parent, index };
  return undefined;
}

const FIRST: readonly number[] = [0];
