import {
  document,
  element as elementOf,
  namespaceDeclaration,
  parse,
  serialize,
  type XmlAttribute,
  type XmlDocument,
  type XmlElement,
  type XmlNode,
} from '@sip-simple/xml';
import * as fc from 'fast-check';

/** How many runs a property gets; the environment variable FUZZ_RUNS multiplies. */
export const runs = (count: number): { numRuns: number } => ({
  numRuns: count * Number(process.env['FUZZ_RUNS'] ?? 1),
});

// Few of everything, so that much is alike and can be taken for another.
const namespaces = ['', 'urn:a', 'urn:b'] as const;
const prefixes = ['', 'p', 'q', 'a1'] as const;
const locals = ['a', 'b', 'status'] as const;
const ids = ['1', '2', '3', `it's "x"`, 'x\ny'] as const;
// Much text makes small changes worth more than replacing what they are in.
const long = 'much text '.repeat(30);
const texts = ['x', 'y', ' ', ' ', '\n  ', '\n', '&<', long, `${long}.`, `${long} `, "'", ''] as const;

const attribute: fc.Arbitrary<XmlAttribute> = fc.oneof(
  fc.record({
    namespace: fc.constant(''),
    prefix: fc.constant(''),
    local: fc.constant('id'),
    value: fc.constantFrom(...ids),
  }),
  fc.record({
    namespace: fc.constantFrom(...namespaces),
    prefix: fc.constantFrom(...prefixes),
    local: fc.constantFrom('id', 'n', 'm'),
    value: fc.constantFrom(...ids, ''),
  }),
);
const attributes = fc.uniqueArray(attribute, {
  selector: ({ namespace, local }) => `${namespace} ${local}`,
  maxLength: 3,
});
const leaf: fc.Arbitrary<XmlNode> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ type: fc.constant('text' as const), value: fc.constantFrom(...texts) }),
  },
  fc.record({ type: fc.constant('cdata' as const), value: fc.constantFrom('x', ' ', '<', '') }),
  fc.record({ type: fc.constant('comment' as const), value: fc.constantFrom('c', 'd') }),
  fc.record({
    type: fc.constant('pi' as const),
    target: fc.constantFrom('t', 'u'),
    data: fc.constantFrom('', 'v'),
  }),
);
const { element: anyElement, node: anyNode } = fc.letrec<{ element: XmlElement; node: XmlNode }>((tie) => ({
  element: fc.record({
    type: fc.constant('element' as const),
    namespace: fc.constantFrom(...namespaces),
    prefix: fc.constantFrom(...prefixes),
    local: fc.constantFrom(...locals),
    attributes,
    children: fc.array(tie('node'), { maxLength: 6, depthIdentifier: 'tree' }),
  }),
  node: fc.oneof({ maxDepth: 4, depthIdentifier: 'tree' }, leaf, tie('element')),
}));
const beside = fc.array(
  fc.oneof(
    fc.record({ type: fc.constant('comment' as const), value: fc.constantFrom('c', 'd') }),
    fc.record({ type: fc.constant('pi' as const), target: fc.constantFrom('t', 'u'), data: fc.constant('') }),
    fc.record({ type: fc.constant('text' as const), value: fc.constant('\n') }),
  ),
  { maxLength: 3 },
);

/** A document as it is read: all prefixes declared. */
const asRead = (
  root: XmlElement,
  before: readonly XmlNode[] = [],
  after: readonly XmlNode[] = [],
): XmlDocument => {
  // Both lists come from `beside`, which has no other nodes.
  const children = [...before, root, ...after] as XmlDocument['children'];
  return parse(serialize({ ...document(root), children }));
};

/** Any document. */
export const anyDocument: fc.Arbitrary<XmlDocument> = fc
  .tuple(anyElement, beside, beside)
  .map(([root, before, after]) => asRead(root, before, after));

/** An element with much in it, in which a few edits are few. */
const bigElement: fc.Arbitrary<XmlElement> = fc.record({
  type: fc.constant('element' as const),
  namespace: fc.constantFrom(...namespaces),
  prefix: fc.constantFrom(...prefixes),
  local: fc.constant('doc'),
  attributes,
  children: fc.array(fc.oneof(anyElement, anyElement, leaf), { minLength: 4, maxLength: 14, size: 'max' }),
});

/** Content as it is read from within a patch, which declares `p` and `q`, and maybe a default namespace. */
export const anyNodes: fc.Arbitrary<readonly XmlNode[]> = fc
  .tuple(fc.array(anyNode, { maxLength: 3 }), fc.constantFrom('', 'urn:a', 'urn:b'))
  .map(([nodes, byDefault]) => {
    const declarations = [
      namespaceDeclaration('p', 'urn:a'),
      namespaceDeclaration('q', 'urn:b'),
      namespaceDeclaration('', byDefault),
    ];
    return parse(serialize(elementOf('urn:around', 'around:patch', declarations, nodes))).root.children;
  });

interface Edit {
  readonly at: number;
  readonly kind: 'remove' | 'insert' | 'replace' | 'move' | 'attributes' | 'rename' | 'copy';
  readonly node: XmlNode;
  readonly attributes: readonly XmlAttribute[];
}
const edit: fc.Arbitrary<Edit> = fc.record({
  at: fc.nat(1000),
  kind: fc.constantFrom('remove', 'insert', 'replace', 'move', 'attributes', 'rename', 'copy'),
  node: anyNode,
  attributes,
});

/** Two documents: the second the first after some edits, or anything. */
export const twoDocuments: fc.Arbitrary<readonly [XmlDocument, XmlDocument]> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc
      .tuple(fc.oneof(anyElement, bigElement, bigElement), fc.array(edit, { maxLength: 5 }), beside, beside)
      .map(([root, edits, before, after]): readonly [XmlDocument, XmlDocument] => {
        const from = asRead(root, before);
        const changed = edits.reduce((now, one) => edited(now, one), from.root);
        // Half of them share what is equal, the others are read anew.
        if (edits.length % 2 === 0) {
          const children = from.children.map((child) => (child === from.root ? changed : child));
          return [from, { ...from, children, root: changed }];
        }
        return [from, asRead(changed, before, after)];
      }),
  },
  fc.tuple(anyDocument, anyDocument),
);

function edited(root: XmlElement, { at, kind, node, attributes: given }: Edit): XmlElement {
  let count = 0;
  const total = sizeOf(root);
  const place = at % total;
  const change = (element: XmlElement): XmlElement => {
    const mine = count;
    count += 1;
    if (mine !== place) {
      return {
        ...element,
        children: element.children.map((child) => (child.type === 'element' ? change(child) : child)),
      };
    }
    const children = [...element.children];
    const index = children.length === 0 ? 0 : at % children.length;
    const [child] = children.slice(index, index + 1);
    if (kind === 'attributes') return { ...element, attributes: [...given] };
    if (kind === 'rename') return { ...element, local: 'renamed' };
    if (kind === 'insert') children.splice(index, 0, node);
    else if (kind === 'replace') children.splice(index, 1, node);
    else if (kind === 'remove') children.splice(index, 1);
    else if (child !== undefined) {
      if (kind === 'move') children.splice(index, 1);
      children.splice((index + 3) % (children.length + 1), 0, child);
    }
    return { ...element, children };
  };
  return change(root);
}

function sizeOf(element: XmlElement): number {
  return element.children.reduce((sum, child) => sum + (child.type === 'element' ? sizeOf(child) : 0), 1);
}
