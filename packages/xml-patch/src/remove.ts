import type { XmlNode } from '@sip-simple/xml';
import type { ElementPlace, LeafPlace } from '@sip-simple/xml/select';
import { removeDeclaration } from './namespace-nodes.ts';
import type { Remove } from './operation.ts';
import type { Step } from './step.ts';

/** @see RFC 5261 §4.5 */
export function remove(step: Step, { sel, ws }: Remove): void {
  const place = step.locate(sel);
  const isBefore = ws === 'before' || ws === 'both';
  const isAfter = ws === 'after' || ws === 'both';
  if (ws !== undefined && !isBefore && !isAfter) {
    step.fail('invalid-attribute-value', RFC, `there is no ws="${ws}"`);
  }
  if (place.type === 'element' || place.type === 'comment' || place.type === 'pi') {
    removeNode(step, place, isBefore, isAfter);
    return;
  }
  if (ws !== undefined) {
    step.fail('invalid-whitespace-directive', RFC, `no white space stands beside a node ${place.type}`);
  }
  if (place.type === 'text') {
    step.draft.splice(place.parent, place.index, place.end, NOTHING);
  } else if (place.type === 'attribute') {
    const others = place.parent.node.attributes.filter((_, index) => index !== place.index);
    step.draft.setAttributes(place.parent, others);
  } else if (place.type === 'namespace') {
    const fault = removeDeclaration(step.draft, place);
    if (fault !== undefined) step.fail(fault.code, `${RFC}.3`, fault.message);
  }
}

function removeNode(step: Step, place: ElementPlace | LeafPlace, isBefore: boolean, isAfter: boolean): void {
  if (place.type === 'element' && place.parent === undefined) {
    step.fail('invalid-root-element-operation', 'RFC 5261 §3', 'the root element can’t be removed');
  }
  // White space beside the root is no node of the XPath data model.
  const siblings = place.parent?.node.children ?? NOTHING;
  let start = place.index;
  let end = place.index + 1;
  if (isBefore) start = behindWhiteSpace(step, siblings, start - 1, -1) + 1;
  if (isAfter) end = behindWhiteSpace(step, siblings, end, 1);
  step.draft.splice(place.parent, start, end, NOTHING);
}

/** The first index, in a direction, behind the text of nothing but white space that must be there. */
function behindWhiteSpace(
  step: Step,
  siblings: readonly XmlNode[],
  start: number,
  direction: 1 | -1,
): number {
  let at = start;
  let text = '';
  for (let node = siblings[at]; node?.type === 'text' || node?.type === 'cdata'; node = siblings[at]) {
    text += node.value;
    at += direction;
  }
  if (text === '' || /[^ \t\r\n]/.test(text)) {
    const where = direction === 1 ? 'behind' : 'before';
    step.fail('invalid-whitespace-directive', RFC, `no white space stands ${where} the node`);
  }
  return at;
}

const RFC = 'RFC 5261 §4.5';
const NOTHING: readonly never[] = [];
