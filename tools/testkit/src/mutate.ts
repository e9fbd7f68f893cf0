import {
  attribute,
  element,
  XML,
  XMLNS,
  type XmlAttribute,
  type XmlDocument,
  type XmlElement,
  type XmlNode,
} from '@sip-simple/xml';

/** What mutations of a kind of document are made from: names, values and nodes that matter to its schema. */
export interface MutationVocabulary {
  /** Local names that children are renamed to. */
  readonly locals: readonly string[];
  /** Namespaces that children are moved to, beside a foreign one and none. */
  readonly names: readonly { readonly namespace: string; readonly prefix: string }[];
  /** Texts and attribute values near the edges of the format's simple types. */
  readonly values: readonly string[];
  /** Attributes added with such a value. */
  readonly attributes: readonly ((value: string) => XmlAttribute)[];
  /** Nodes inserted, beside foreign elements, comments, instructions and text. */
  readonly nodes: readonly XmlNode[];
}

/** Numbers from 0 up to 1 that are the same for the same seed. */
export function randomFrom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The document with one thing in it changed at random, as a careless or hostile sender might have it. */
export function mutate(
  document: XmlDocument,
  random: () => number,
  vocabulary: MutationVocabulary,
): XmlDocument {
  const words: Words = {
    locals: vocabulary.locals,
    names: [...vocabulary.names, ...NAMES],
    values: [...vocabulary.values, ...VALUES],
    attributes: [...vocabulary.attributes, ...ATTRIBUTES],
    nodes: [...vocabulary.nodes, ...NODES],
  };
  const count = countElements(document.root);
  let target = Math.floor(random() * count);
  const visit = (at: XmlElement): XmlElement => {
    if (target-- === 0) return pick(CHANGES, random)(at, random, words);
    return { ...at, children: at.children.map((child) => (child.type === 'element' ? visit(child) : child)) };
  };
  const root = visit(document.root);
  return {
    ...document,
    root,
    children: document.children.map((node) => (node === document.root ? root : node)),
  };
}

type Words = Required<MutationVocabulary>;
type Change = (at: XmlElement, random: () => number, words: Words) => XmlElement;

const CHANGES: readonly Change[] = [
  // A child removed, doubled, renamed, moved, wrapped.
  (at, random) => onChild(at, random, () => []),
  (at, random) => onChild(at, random, (child) => [child, child]),
  (at, random, words) => onChild(at, random, (child) => [{ ...child, local: pick(words.locals, random) }]),
  (at, random, words) => onChild(at, random, (child) => [{ ...child, ...pick(words.names, random) }]),
  (at, random) => onChild(at, random, (child) => [element('urn:foreign', 'f:wrap', [], [child])]),
  (at, random) => {
    const from = Math.floor(random() * at.children.length);
    const left = at.children.filter((_, index) => index !== from);
    const to = Math.floor(random() * (left.length + 1));
    return {
      ...at,
      children: [...left.slice(0, to), ...at.children.slice(from, from + 1), ...left.slice(to)],
    };
  },
  // An attribute with another value, removed, added.
  (at, random, words) => {
    const own = at.attributes.filter(({ namespace }) => namespace !== XMLNS);
    if (own.length === 0) return at;
    const chosen = pick(own, random);
    const value = pick(words.values, random);
    return { ...at, attributes: at.attributes.map((each) => (each === chosen ? { ...each, value } : each)) };
  },
  (at, random) => {
    const own = at.attributes.filter(({ namespace }) => namespace !== XMLNS);
    const gone = own.length === 0 ? undefined : pick(own, random);
    return { ...at, attributes: at.attributes.filter((each) => each !== gone) };
  },
  (at, random, words) => {
    const added = pick(words.attributes, random)(pick(words.values, random));
    const has = at.attributes.some(
      ({ local, namespace }) => local === added.local && namespace === added.namespace,
    );
    return has ? at : { ...at, attributes: [...at.attributes, added] };
  },
  // Other text.
  (at, random, words) => ({ ...at, children: [{ type: 'text', value: pick(words.values, random) }] }),
  (at, random, words) => {
    const value = pick(words.values, random);
    return {
      ...at,
      children: at.children.map((child) => (child.type === 'text' ? { type: 'text', value } : child)),
    };
  },
  // Something inserted.
  (at, random, words) => {
    const to = Math.floor(random() * (at.children.length + 1));
    return {
      ...at,
      children: [...at.children.slice(0, to), pick(words.nodes, random), ...at.children.slice(to)],
    };
  },
];

function onChild(
  at: XmlElement,
  random: () => number,
  by: (child: XmlElement) => readonly XmlNode[],
): XmlElement {
  const elements = at.children.filter((child) => child.type === 'element');
  if (elements.length === 0) return at;
  const chosen = pick(elements, random);
  return { ...at, children: at.children.flatMap((child) => (child === chosen ? by(chosen) : [child])) };
}

function countElements(at: XmlElement): number {
  return at.children.reduce((sum, child) => sum + (child.type === 'element' ? countElements(child) : 0), 1);
}

function pick<T>(values: readonly T[], random: () => number): T {
  const value = values[Math.floor(random() * values.length)];
  if (value === undefined) throw new RangeError('nothing to pick from');
  return value;
}

const NAMES = [
  { namespace: 'urn:foreign', prefix: 'f' },
  { namespace: '', prefix: '' },
];
const VALUES = [
  '',
  ' ',
  'a',
  'a1',
  '1a',
  'a b',
  'a:b',
  'ünïcode',
  'true',
  '0',
  '1',
  'en',
  'de-CH',
  'sip:a@example.com',
];
const ATTRIBUTES: MutationVocabulary['attributes'] = [
  (value) => attribute('unknown', value),
  (value) => attribute('f:foreign', value, 'urn:foreign'),
  (value) => attribute('xml:lang', value, XML),
];
const NODES: readonly XmlNode[] = [
  element('urn:foreign', 'f:empty'),
  element(
    'urn:foreign',
    'f:deep',
    [attribute('id', 'bs35r9')],
    [element('urn:other', 'o:er', [], [{ type: 'text', value: 't' }])],
  ),
  element('', 'bare'),
  { type: 'comment', value: ' comment ' },
  { type: 'pi', target: 'pi', data: 'data' },
  { type: 'text', value: 'text' },
  { type: 'text', value: '\n\t ' },
  { type: 'cdata', value: 'cdata' },
  { type: 'cdata', value: '' },
];
