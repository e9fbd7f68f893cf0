import type { XmlDocument } from '../tree.ts';
import { Evaluation, type SelectOptions, selectFrom } from './evaluate.ts';
import type { AttributePlace, ElementPlace, NamespacesPlace } from './place.ts';
import type { Selector } from './selector.ts';

/** What an XCAP node selector comes to. */
export type NodeSelection =
  | ElementPlace
  | AttributePlace
  | NamespacesPlace
  /** Every step but the last found its element, and the last found nothing: the place is free. */
  | { readonly type: 'no-match'; readonly parent: ElementPlace | undefined }
  /** A step that must find one element found none or several. */
  | { readonly type: 'invalid'; readonly step: number; readonly found: 'none' | 'several' };

/**
 * Evaluates an XCAP node selector: each step must find one node, which the next one starts from.
 *
 * @throws {SelectorError} `limit-work`
 * @see RFC 4825 §6.3
 */
export function selectNode(
  document: XmlDocument,
  selector: Selector,
  options: Pick<SelectOptions, 'work'> = {},
): NodeSelection {
  const evaluation = new Evaluation(options);
  let place: ElementPlace | undefined;
  for (let at = 0; at < selector.steps.length; at += 1) {
    const [found, another] = selectFrom(place, document, selector.steps.slice(at, at + 1), evaluation, 2);
    const isLast = at === selector.steps.length - 1;
    if (found === undefined && isLast) return { type: 'no-match', parent: place };
    if (found === undefined || another !== undefined) {
      return { type: 'invalid', step: at, found: found === undefined ? 'none' : 'several' };
    }
    if (found.type === 'attribute' || found.type === 'namespaces') return found;
    if (found.type !== 'element') return { type: 'invalid', step: at, found: 'none' };
    place = found;
  }
  return place ?? { type: 'no-match', parent: undefined };
}

/**
 * The selector without its last step, which is of the parent of what it selects; `undefined` when that is the
 * document.
 *
 * @see RFC 4825 §8.2.1
 */
export function parentSelector(selector: Selector): Selector | undefined {
  const last = selector.steps.at(-1);
  if (last === undefined || selector.steps.length < 2) return undefined;
  const source = selector.source.slice(0, last.offset - 1);
  return { ...selector, source, steps: selector.steps.slice(0, -1) };
}
