import {
  attribute,
  element,
  XML,
  XMLNS,
  type XmlDocument,
  type XmlElement,
  type XmlNode,
} from '@sip-simple/xml';
import { DATA_MODEL, PIDF } from '../src/index.ts';

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
export function mutate(document: XmlDocument, random: () => number): XmlDocument {
  const count = countElements(document.root);
  let target = Math.floor(random() * count);
  const visit = (at: XmlElement): XmlElement => {
    if (target-- === 0) return change(at, random);
    return { ...at, children: at.children.map((child) => (child.type === 'element' ? visit(child) : child)) };
  };
  const root = visit(document.root);
  return {
    ...document,
    root,
    children: document.children.map((node) => (node === document.root ? root : node)),
  };
}

type Change = (at: XmlElement, random: () => number) => XmlElement;

function change(at: XmlElement, random: () => number): XmlElement {
  return pick(CHANGES, random)(at, random);
}

const CHANGES: readonly Change[] = [
  // A child removed, doubled, renamed, moved, wrapped.
  (at, random) => onChild(at, random, () => []),
  (at, random) => onChild(at, random, (child) => [child, child]),
  (at, random) => onChild(at, random, (child) => [{ ...child, local: pick(LOCALS, random) }]),
  (at, random) => onChild(at, random, (child) => [{ ...child, ...pick(NAMES, random) }]),
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
  (at, random) => {
    const own = at.attributes.filter(({ namespace }) => namespace !== XMLNS);
    if (own.length === 0) return at;
    const chosen = pick(own, random);
    const value = pick(VALUES, random);
    return { ...at, attributes: at.attributes.map((each) => (each === chosen ? { ...each, value } : each)) };
  },
  (at, random) => {
    const own = at.attributes.filter(({ namespace }) => namespace !== XMLNS);
    const gone = own.length === 0 ? undefined : pick(own, random);
    return { ...at, attributes: at.attributes.filter((each) => each !== gone) };
  },
  (at, random) => {
    const added = pick(ATTRIBUTES, random)(pick(VALUES, random));
    const has = at.attributes.some(
      ({ local, namespace }) => local === added.local && namespace === added.namespace,
    );
    return has ? at : { ...at, attributes: [...at.attributes, added] };
  },
  // Other text.
  (at, random) => ({ ...at, children: [{ type: 'text', value: pick(VALUES, random) }] }),
  (at, random) => {
    const value = pick(VALUES, random);
    return {
      ...at,
      children: at.children.map((child) => (child.type === 'text' ? { type: 'text', value } : child)),
    };
  },
  // Something inserted.
  (at, random) => {
    const to = Math.floor(random() * (at.children.length + 1));
    return { ...at, children: [...at.children.slice(0, to), pick(NODES, random), ...at.children.slice(to)] };
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

const LOCALS = [
  'tuple',
  'status',
  'basic',
  'contact',
  'note',
  'timestamp',
  'person',
  'device',
  'deviceID',
  'x',
];
const NAMES = [
  { namespace: PIDF, prefix: 'p' },
  { namespace: DATA_MODEL, prefix: 'dm' },
  { namespace: 'urn:foreign', prefix: 'f' },
  { namespace: '', prefix: '' },
];
const VALUES = [
  '',
  ' ',
  'open',
  'closed',
  ' open ',
  'OPEN',
  'a',
  'a1',
  '1a',
  'a b',
  'a:b',
  'bs35r9',
  ' p1 ',
  'ünïcode',
  'true',
  '0',
  '1',
  '0.5',
  '1.0',
  '1.000',
  '0.',
  '1.',
  '0.1234',
  '1.0000',
  '1.001',
  '-0.1',
  '+1',
  '.5',
  '00.5',
  '2',
  '01',
  '0123',
  '10',
  '1000',
  ' 0.5 ',
  'NaN',
  '1e0',
  'en',
  'de-CH',
  'i-default',
  'toolonglanguage',
  'en_US',
  'x-a-b-c',
  '2001-10-27T16:49:29Z',
  '2001-10-27T16:49:29',
  '2001-10-27T16:49:29.123+05:30',
  '2001-10-27t16:49:29z',
  '2001-02-29T00:00:00Z',
  '2000-02-29T00:00:00Z',
  '2001-10-27T24:00:00Z',
  '2001-10-27T24:00:01Z',
  '2001-10-27T16:49:60Z',
  '2001-10-27',
  '12001-10-27T16:49:29Z',
  '02001-10-27T16:49:29Z',
  '0000-01-01T00:00:00Z',
  '-0001-01-01T00:00:00Z',
  '2001-13-01T00:00:00Z',
  '2001-10-27T16:49:29+14:00',
  '2001-10-27T16:49:29+14:01',
  '2001-10-27T16:49:29-15:00',
  ' 2001-10-27T16:49:29Z\n',
  'sip:alice@example.com',
  'tel:+1201555',
  '//host/path',
  'http://[::1]:80/?q#f',
  'http://host:port/',
  ':nope',
  'a%20b',
  'a%zz',
  'a#b#c',
  'urn:x y',
  'mailto:a|b',
  '1:2',
  'a/b:c',
];
const ATTRIBUTES: readonly ((value: string) => ReturnType<typeof attribute>)[] = [
  (value) => attribute('id', value),
  (value) => attribute('unknown', value),
  (value) => attribute('priority', value),
  (value) => attribute('f:foreign', value, 'urn:foreign'),
  (value) => attribute('xml:lang', value, XML),
  (value) => attribute('p:mustUnderstand', value, PIDF),
];
const NODES: readonly XmlNode[] = [
  element('urn:foreign', 'f:empty'),
  element(
    'urn:foreign',
    'f:deep',
    [attribute('id', 'bs35r9')],
    [element('urn:other', 'o:er', [], [{ type: 'text', value: 't' }])],
  ),
  element('urn:foreign', 'f:tuple', [], [element(PIDF, 'p:note'), element(DATA_MODEL, 'dm:deviceID')]),
  element('urn:foreign', 'f:person', [], [element(DATA_MODEL, 'dm:person')]),
  element('urn:foreign', 'f:device', [], [element(DATA_MODEL, 'dm:device', [attribute('id', 'd9')])]),
  element('', 'bare'),
  element(PIDF, 'p:unknown'),
  element(DATA_MODEL, 'dm:unknown'),
  element(DATA_MODEL, 'dm:person', [attribute('id', 'p9')]),
  element(DATA_MODEL, 'dm:deviceID', [], [{ type: 'text', value: 'urn:x' }]),
  element(PIDF, 'p:note', [], [{ type: 'text', value: 'inserted' }]),
  { type: 'comment', value: ' comment ' },
  { type: 'pi', target: 'pi', data: 'data' },
  { type: 'text', value: 'text' },
  { type: 'text', value: '\n\t ' },
  { type: 'cdata', value: 'open' },
  { type: 'cdata', value: '' },
];
