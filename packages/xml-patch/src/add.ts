import { XMLNS, type XmlNode } from '@sip-simple/xml';
import type { ElementPlace } from '@sip-simple/xml/select';
import { mangle, mangleAttribute } from './mangle.ts';
import { addDeclaration } from './namespace-nodes.ts';
import type { Add } from './operation.ts';
import type { Step } from './step.ts';

/** @see RFC 5261 §4.3 */
export function add(step: Step, { sel, pos, type, content = NOTHING }: Add): void {
  const place = step.locate(sel);
  if (place.type === 'attribute' || place.type === 'namespace' || place.type === 'namespaces') {
    step.fail('invalid-attribute-value', RFC, `sel: nothing can be added to an attribute or a declaration`);
  }
  if (type !== undefined) {
    if (place.type !== 'element')
      step.fail('invalid-patch-directive', RFC, `only an element can have ${type}`);
    addToTag(step, place, type, step.valueOf(content, 'invalid-attribute-value', RFC));
  } else if (pos === 'before' || pos === 'after') {
    if (place.parent === undefined) checkBesideRoot(step, content);
    const end = place.type === 'text' ? place.end : place.index + 1;
    const at = pos === 'before' ? place.index : end;
    step.draft.splice(place.parent, at, at, mangle(content, place.parent));
  } else {
    if (pos !== undefined && pos !== 'prepend') {
      step.fail('invalid-attribute-value', RFC, `there is no pos="${pos}"`);
    }
    if (place.type !== 'element') {
      step.fail('invalid-patch-directive', RFC, `nothing can be put into a node ${place.type}`);
    }
    const at = pos === 'prepend' ? 0 : place.node.children.length;
    step.draft.splice(place, at, at, mangle(content, place));
  }
}

/** Adds what `type` says: `@name` or `namespace::prefix`. */
function addToTag(step: Step, place: ElementPlace, type: string, value: string): void {
  const [part, another] = step.read(type, 'type').steps;
  if (part === undefined || another !== undefined || part.offset !== 0) {
    step.fail('invalid-attribute-value', RFC, `type: ${type} is no attribute or declaration`);
  }
  if (part.test.type === 'namespace') {
    const fault = addDeclaration(step.draft, place, part.test.prefix, value);
    if (fault !== undefined) step.fail(fault.code, `${RFC}.3`, fault.message);
    return;
  }
  if (part.test.type !== 'attribute') {
    step.fail('invalid-attribute-value', RFC, `type: ${type} is no attribute or declaration`);
  }
  const { local, namespace } = part.test.name;
  const { attributes } = place.node;
  if (namespace === XMLNS || (namespace === '' && local === 'xmlns')) {
    step.fail('invalid-attribute-value', `${RFC}.2`, 'type: a namespace declaration is no attribute');
  }
  if (attributes.some((other) => other.local === local && other.namespace === namespace)) {
    step.fail('invalid-attribute-value', `${RFC}.2`, `type: the element has ${type} already`);
  }
  const colon = type.indexOf(':');
  const prefix = colon < 0 ? '' : type.slice(1, colon);
  const added = mangleAttribute({ namespace, prefix, local, value }, place);
  step.draft.setAttributes(place, [...attributes, ...added]);
}

/** Comments, instructions and white space can stand beside the root, and nothing else. */
function checkBesideRoot(step: Step, content: readonly XmlNode[]): void {
  for (const node of content) {
    if (node.type === 'element') {
      step.fail('invalid-root-element-operation', 'RFC 5261 §3', 'there can’t be a second root element');
    }
    if (node.type === 'cdata' || (node.type === 'text' && /[^ \t\r\n]/.test(node.value))) {
      step.fail('invalid-xml-prolog-operation', 'RFC 5261 §3', 'there can’t be text beside the root element');
    }
  }
}

const RFC = 'RFC 5261 §4.3';
const NOTHING: readonly never[] = [];
