import { XMLNS, type XmlDocument, type XmlElement, type XmlNode } from '@sip-simple/xml';
import {
  type ElementPlace,
  type Place,
  parseFilterExpression,
  parseNodeSelector,
  parsePatchSelector,
  type Selector,
  select,
  selectNode,
} from '@sip-simple/xml/select';
import { DOMImplementation, type Document, type Element, type Node } from '@xmldom/xmldom';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import xpath from 'xpath';
import { anyDocument, runs } from './arbitrary.ts';

const NAMESPACES = { p: 'urn:a', q: 'urn:b' };
const bindings = new Map(Object.entries(NAMESPACES));

/** A W3C DOM of a tree, its texts joined, and the path of each node. */
function domOf(tree: XmlDocument): { readonly dom: Document; readonly paths: Map<unknown, string> } {
  const dom = new DOMImplementation().createDocument(null, '');
  const paths = new Map<unknown, string>();
  const append = (to: Node, nodes: readonly XmlNode[], path: string): void => {
    let text = '';
    let start = 0;
    const flush = (): void => {
      if (text !== '' && path !== '') paths.set(to.appendChild(dom.createTextNode(text)), `${path}/${start}`);
      text = '';
    };
    nodes.forEach((node, index) => {
      if (node.type === 'text' || node.type === 'cdata') {
        if (index === 0 || !isText(nodes[index - 1])) start = index;
        text += node.value;
        return;
      }
      flush();
      const made =
        node.type === 'element'
          ? elementOf(node, `${path}/${index}`)
          : node.type === 'comment'
            ? dom.createComment(node.value)
            : dom.createProcessingInstruction(node.target, node.data);
      paths.set(to.appendChild(made), `${path}/${index}`);
    });
    flush();
  };
  const elementOf = (element: XmlElement, path: string): Element => {
    const { namespace, prefix, local } = element;
    const made = dom.createElementNS(
      namespace === '' ? null : namespace,
      prefix === '' ? local : `${prefix}:${local}`,
    );
    element.attributes.forEach((attribute, index) => {
      const name = attribute.prefix === '' ? attribute.local : `${attribute.prefix}:${attribute.local}`;
      made.setAttributeNS(attribute.namespace === '' ? null : attribute.namespace, name, attribute.value);
      const set = made.getAttributeNode(name);
      if (attribute.namespace !== XMLNS) paths.set(set, `${path}/@${index}`);
    });
    append(made, element.children, path);
    return made;
  };
  append(dom, tree.children, '');
  return { dom, paths };
}

const isText = (node: XmlNode | undefined): boolean => node?.type === 'text' || node?.type === 'cdata';

function pathOf(place: Place): string {
  const inward = (element: ElementPlace | undefined): string =>
    element === undefined ? '' : `${inward(element.parent)}/${element.index}`;
  if (place.type === 'namespace') return `${inward(place.parent)}/${place.prefix}=${place.namespace}`;
  if (place.type === 'namespaces') return `${inward(place.parent)}/namespaces`;
  return place.type === 'attribute'
    ? `${inward(place.parent)}/@${place.index}`
    : `${inward(place.parent)}/${place.index}`;
}

const ask = xpath.useNamespaces(NAMESPACES);

function theirs({ dom, paths }: ReturnType<typeof domOf>, expression: string): string[] {
  // The types of xpath know another DOM, of the same interfaces.
  const found = ask(expression, dom as unknown as globalThis.Node);
  if (!Array.isArray(found)) throw new TypeError('not a node-set');
  return found.map((node) => paths.get(node) ?? namespacePath(node, paths));
}

function namespacePath(node: unknown, paths: Map<unknown, string>): string {
  // What else there is are namespace nodes, as xpath makes them.
  const { nodeName, nodeValue, ownerElement } = node as {
    readonly nodeName: string;
    readonly nodeValue: string;
    readonly ownerElement: unknown;
  };
  return `${paths.get(ownerElement)}/${nodeName}=${nodeValue}`;
}

const element = fc.constantFrom('a', 'b', 'p:a', 'q:b', 'p:status', 'q:status', '*', '*', '*');
const name = fc.constantFrom('a', 'b', 'p:a', 'q:b', 'status');
const attribute = fc.constantFrom('@id', '@n', '@p:n', '@q:m', '@p:id');
const literal = fc
  .constantFrom('1', '2', '3', 'x', 'y', ' ', '')
  .chain((value) => fc.constantFrom(`'${value}'`, `"${value}"`));
const position = fc.integer({ min: 0, max: 4 }).map((n) => `[${n}]`);
const equality = fc
  .tuple(fc.oneof(attribute, name, fc.constant('.')), literal)
  .map(([left, right]) => `[${left}=${right}]`);
const joined = (parts: fc.Arbitrary<string>[]): fc.Arbitrary<string> =>
  fc.tuple(...parts).map((all) => all.join(''));
const several = (part: fc.Arbitrary<string>, maxLength: number): fc.Arbitrary<string> =>
  fc.array(part, { maxLength }).map((all) => all.join(''));

const patchStep = joined([element, several(fc.oneof(position, equality), 2)]);
const leafStep = joined([
  fc.constantFrom('text()', 'comment()', 'processing-instruction()', "processing-instruction('t')"),
  fc.oneof(fc.constant(''), position),
]);
const patchSelector = joined([
  fc.constantFrom('', '/'),
  fc.array(patchStep, { maxLength: 3 }).map((steps) => steps.map((step) => `${step}/`).join('')),
  fc.oneof(patchStep, patchStep, leafStep, attribute),
]);

const slash = fc.constantFrom('/', '/', '//');
const elementPath = joined([
  fc.oneof(name, fc.constant('*')),
  several(joined([slash, fc.oneof(name, fc.constant('*'))]), 2),
]);
const operand = fc.oneof(
  fc.constantFrom('.', '..'),
  attribute,
  elementPath,
  joined([elementPath, fc.constant('/'), attribute]),
);
const comparison = fc
  .tuple(operand, fc.constantFrom('=', '<', '>'), fc.oneof(literal, fc.constantFrom('1', '2.0', '-1', '.5')))
  .map((parts) => parts.join(''));
const expression = fc
  .tuple(comparison, several(joined([fc.constantFrom(' and ', ' or '), comparison]), 2))
  .map(([first, rest]) => `[${first}${rest}]`);
const filterExpression = joined([
  fc
    .array(joined([slash, element, fc.oneof(fc.constant(''), expression)]), { minLength: 1, maxLength: 3 })
    .map((steps) => steps.join('')),
  fc.oneof(fc.constant(''), fc.constant(''), joined([slash, attribute])),
]);

const nodeStep = joined([
  element,
  fc.oneof(fc.constant(''), position),
  fc.oneof(
    fc.constant(''),
    fc.tuple(attribute, literal).map(([left, right]) => `[${left}=${right}]`),
  ),
]);

describe('selectors select what xpath selects on xmldom', () => {
  const check = (read: (source: string) => Selector, grammar: fc.Arbitrary<string>, count: number): void => {
    let some = 0;
    fc.assert(
      fc.property(anyDocument, fc.array(grammar, { minLength: 1, maxLength: 10 }), (tree, sources) => {
        const made = domOf(tree);
        for (const source of sources) {
          const ours = select(tree, read(source)).map(pathOf);
          if (ours.length > 0) some += 1;
          expect(ours, source).toEqual(theirs(made, source));
        }
      }),
      runs(count),
    );
    // Selectors of nothing alone would say little.
    expect(some).toBeGreaterThan(count / 10);
  };

  test('in the grammar of RFC 5261', () => {
    check((source) => parsePatchSelector(source, bindings), patchSelector, 300);
  });

  test('in the grammar of RFC 4661', () => {
    check((source) => parseFilterExpression(source, bindings), filterExpression, 300);
  });

  test('namespace nodes', () => {
    const selector = joined([
      patchStep,
      fc.constantFrom('/namespace::p', '/*/namespace::q', '/namespace::a1'),
    ]);
    check((source) => parsePatchSelector(source, bindings), selector, 200);
  });

  test('in the grammar of XCAP, where each step selects one', () => {
    fc.assert(
      fc.property(
        anyDocument,
        fc.array(nodeStep, { minLength: 1, maxLength: 3 }),
        fc.oneof(fc.constant([]), fc.tuple(attribute)),
        (tree, elements, last) => {
          const steps = [...elements, ...last];
          const made = domOf(tree);
          const selection = selectNode(tree, parseNodeSelector(steps.join('/'), bindings));
          for (let count = 1; count <= steps.length; count += 1) {
            const found = theirs(made, steps.slice(0, count).join('/'));
            if (found.length === 1 && count < steps.length) continue;
            if (found.length === 1) expect('index' in selection && [pathOf(selection)]).toEqual(found);
            else if (found.length === 0 && count === steps.length) expect(selection.type).toBe('no-match');
            else {
              const several = found.length === 0 ? 'none' : 'several';
              expect(selection).toEqual({ type: 'invalid', step: count - 1, found: several });
            }
            return;
          }
        },
      ),
      runs(500),
    );
  });
});
