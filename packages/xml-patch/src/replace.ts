import { mangle } from './mangle.ts';
import { replaceDeclaration } from './namespace-nodes.ts';
import type { Replace } from './operation.ts';
import type { Step } from './step.ts';

/** @see RFC 5261 §4.4 */
export function replace(step: Step, { sel, content = NOTHING }: Replace): void {
  const place = step.locate(sel);
  switch (place.type) {
    case 'element':
    case 'comment':
    case 'pi': {
      const [node, another] = content;
      if (node?.type !== place.type || another !== undefined) {
        step.fail('invalid-node-types', RFC, `<replace> must hold one node ${place.type} and nothing else`);
      }
      step.draft.splice(place.parent, place.index, place.index + 1, mangle(content, place.parent));
      break;
    }
    case 'text': {
      if (content.some(({ type }) => type !== 'text' && type !== 'cdata')) {
        step.fail('invalid-node-types', RFC, 'only text can replace text');
      }
      // A text has at least one character: without any, it goes (§4.4.6).
      const texts = content.filter((node) => 'value' in node && node.value !== '');
      step.draft.splice(place.parent, place.index, place.end, texts);
      break;
    }
    case 'attribute': {
      const value = step.valueOf(content, 'invalid-node-types', RFC);
      const attributes = place.parent.node.attributes.map((attribute, index) =>
        index === place.index ? { ...attribute, value } : attribute,
      );
      step.draft.setAttributes(place.parent, attributes);
      break;
    }
    case 'namespace': {
      const namespace = step.valueOf(content, 'invalid-node-types', RFC);
      const fault = replaceDeclaration(step.draft, place, namespace);
      if (fault !== undefined) step.fail(fault.code, `${RFC}.3`, fault.message);
    }
  }
}

const RFC = 'RFC 5261 §4.4';
const NOTHING: readonly never[] = [];
