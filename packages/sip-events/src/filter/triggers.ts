import { equals, textOf, type XmlDocument, type XmlElement, type XmlNode } from '@sip-simple/xml';
import { collapse } from '@sip-simple/xml/schema';
import { type Budget, type Selector, select } from '@sip-simple/xml/select';
import { FilterError } from './errors.ts';
import { decimalOf, type ReadExpression } from './expressions.ts';
import { type Instance, Instances } from './instances.ts';
import type { Changed, Trigger } from './schema.ts';

/** Tells whether what happened from one version of a document to the next is to be delivered. */
export type TriggerTest = (previous: XmlDocument, current: XmlDocument, work: Budget) => boolean;

/**
 * Compiles the triggers of a filter: one of them has to be met, by all that is in it. `undefined` when there are
 * none, or none that says anything (RFC 4660 §5.4).
 *
 * @throws {FilterError} `bad-expression`
 * @see RFC 4661 §3.6
 */
export function compileTriggers(
  triggers: readonly Pick<Trigger, 'changed' | 'added' | 'removed'>[],
  expression: ReadExpression,
): TriggerTest | undefined {
  const any = triggers
    .map((trigger) => conditionsOf(trigger, expression))
    .filter((conditions) => conditions.length > 0);
  if (any.length === 0) return undefined;
  return (previous, current, work) => {
    const versions: Versions = {
      previous: { document: previous, instances: new Instances(previous) },
      current: { document: current, instances: new Instances(current) },
    };
    return any.some((conditions) => conditions.every((condition) => condition(versions, work)));
  };
}

interface Version {
  readonly document: XmlDocument;
  readonly instances: Instances;
}
interface Versions {
  readonly previous: Version;
  readonly current: Version;
}
type Condition = (versions: Versions, work: Budget) => boolean;

function conditionsOf(
  { changed, added, removed }: Pick<Trigger, 'changed' | 'added' | 'removed'>,
  expression: ReadExpression,
): readonly Condition[] {
  return [
    ...changed.map((each) => whenChanged(each, expression)),
    ...added.map((source) => whenAdded(expression(source))),
    ...removed.map((source) => whenRemoved(expression(source))),
  ];
}

/** An instance in the current version, that was not in the previous one (RFC 4661 §3.6.2). */
function whenAdded(selector: Selector): Condition {
  return ({ previous, current }, work) => isNew(selector, current, previous, work);
}

/** An instance in the previous version, that is not in the current one (RFC 4661 §3.6.3). */
function whenRemoved(selector: Selector): Condition {
  return ({ previous, current }, work) => isNew(selector, previous, current, work);
}

function isNew(selector: Selector, version: Version, other: Version, work: Budget): boolean {
  return select(version.document, selector, { work }).some((place) => {
    work.spend(1);
    return other.instances.at(version.instances.pathOf(place)) === undefined;
  });
}

/** An instance in both versions, selected in either, with another value in each (RFC 4661 §3.6.1). */
function whenChanged(changed: Changed, expression: ReadExpression): Condition {
  const selector = expression(changed.value);
  const isMet = comparison(changed);
  return ({ previous, current }, work) => {
    for (const version of [current, previous]) {
      for (const place of select(version.document, selector, { work })) {
        const path = version.instances.pathOf(place);
        const before = previous.instances.at(path);
        const after = current.instances.at(path);
        if (before === undefined || after === undefined) continue;
        pay(before.element, work);
        pay(after.element, work);
        if (isMet(before, after)) return true;
      }
    }
    return false;
  };
}

type Comparison = (before: Instance, after: Instance) => boolean;

function comparison({ from, to, by }: Changed): Comparison {
  if (by === undefined) {
    const wanted = [from, to].map((value) => (value === undefined ? undefined : collapse(value)));
    const [old, now] = wanted;
    if (old === undefined && now === undefined) return (before, after) => !isSame(before, after);
    return (before, after) =>
      !isSame(before, after) &&
      (old === undefined || old === textIn(before)) &&
      (now === undefined || now === textIn(after));
  }
  // RFC 4661 §3.6.1.4: "the other attribute types MUST match the 'by' type of decimal".
  const old = numberIn(from);
  const now = numberIn(to);
  return (before, after) => {
    const was = decimalOf(textIn(before));
    const is = decimalOf(textIn(after));
    if (was === undefined || is === undefined || was === is) return false;
    return isAtLeast(Math.abs(is - was), by) && (old ?? was) === was && (now ?? is) === is;
  };
}

/** Of decimals that differ by 0.1, binary numbers differ by a little more or less. */
function isAtLeast(difference: number, by: number): boolean {
  return difference >= Math.abs(by) * (1 - 1e-12);
}

function numberIn(value: string | undefined): number | undefined {
  const number = value === undefined ? undefined : decimalOf(value);
  if (value !== undefined && number === undefined) {
    throw new FilterError(
      'bad-expression',
      'RFC 4661 §3.6.1.4',
      `"${value.slice(0, 60)}" is no number beside a by`,
    );
  }
  return number;
}

function textIn({ element, attribute }: Instance): string {
  return collapse(attribute ?? textOf(element));
}

/** The same value: the same text, or in elements that hold elements, the same of those. */
function isSame(before: Instance, after: Instance): boolean {
  const isSimple = [before, after].every(
    ({ element, attribute }) => attribute !== undefined || !hasElements(element),
  );
  if (isSimple) return textIn(before) === textIn(after);
  const options = { comments: false, instructions: false };
  return equals(
    { ...content(before.element), attributes: [] },
    { ...content(after.element), attributes: [] },
    options,
  );
}

function hasElements({ children }: XmlElement): boolean {
  return children.some((child) => child.type === 'element');
}

/** An element without the white space that lays elements out. */
function content(element: XmlElement): XmlElement {
  const isLayout = (child: XmlNode): boolean => child.type === 'text' && !/[^ \t\r\n]/.test(child.value);
  const nodes = hasElements(element)
    ? element.children.filter((child) => !isLayout(child))
    : element.children;
  return { ...element, children: nodes.map((child) => (child.type === 'element' ? content(child) : child)) };
}

/** Pays for looking at an element and all that is in it. */
function pay(root: XmlElement, work: Budget): void {
  const pending = [root];
  for (let element = pending.pop(); element !== undefined; element = pending.pop()) {
    work.spend(1 + element.children.length);
    for (const child of element.children) if (child.type === 'element') pending.push(child);
  }
}
