import { isWhiteSpace } from './names.ts';
import {
  XMLNS,
  type XmlAttribute,
  type XmlComment,
  type XmlDocument,
  type XmlElement,
  type XmlNode,
  type XmlPi,
} from './tree.ts';

/** What `equals` looks at. */
export interface EqualsOptions {
  /** Comments count. Default true. */
  readonly comments?: boolean | undefined;
  /** Processing instructions count. Default true. */
  readonly instructions?: boolean | undefined;
  /** Prefixes and namespace declarations count, not just the names they stand for. Default false. */
  readonly prefixes?: boolean | undefined;
}

/**
 * True when two trees carry the same information: names by namespace and local part, attributes as a set, the
 * same nodes in the same order. Adjacent text and CDATA sections count as one text. Of documents the XML
 * declaration and the white space outside the root don't count.
 *
 * @see XML Information Set §2
 */
export function equals(
  a: XmlDocument | XmlElement,
  b: XmlDocument | XmlElement,
  options: EqualsOptions = {},
): boolean {
  const pending: [XmlElement, XmlElement][] = [];
  const compare = (left: readonly XmlNode[], right: readonly XmlNode[], outside: boolean): boolean => {
    const ours = content(left, options, outside);
    const theirs = content(right, options, outside);
    if (ours.length !== theirs.length) return false;
    for (let index = 0; index < ours.length; index++) {
      const x = ours[index];
      const y = theirs[index];
      if (typeof x === 'object' && typeof y === 'object') {
        if (x.type === 'element' && y.type === 'element') pending.push([x, y]);
        else if (!sameLeaf(x, y)) return false;
      } else if (x !== y) return false;
    }
    return true;
  };
  if (a.type !== b.type || !compare(childrenOf(a), childrenOf(b), true)) return false;
  for (let pair = pending.pop(); pair !== undefined; pair = pending.pop()) {
    const [x, y] = pair;
    if (!sameTag(x, y, options) || !compare(x.children, y.children, false)) return false;
  }
  return true;
}

const childrenOf = (node: XmlDocument | XmlElement): readonly XmlNode[] =>
  node.type === 'document' ? node.children : [node];

type Item = string | XmlElement | XmlComment | XmlPi;

/** The nodes that count, with the text between them joined. */
function content(children: readonly XmlNode[], options: EqualsOptions, outside: boolean): Item[] {
  const items: Item[] = [];
  let text = '';
  for (const child of children) {
    if (child.type === 'text' || child.type === 'cdata') {
      text += child.value;
      continue;
    }
    if (child.type === 'comment' && options.comments === false) continue;
    if (child.type === 'pi' && options.instructions === false) continue;
    if (text !== '' && !(outside && isWhiteSpace(text))) items.push(text);
    text = '';
    items.push(child);
  }
  if (text !== '' && !(outside && isWhiteSpace(text))) items.push(text);
  return items;
}

function sameLeaf(x: XmlElement | XmlComment | XmlPi, y: XmlElement | XmlComment | XmlPi): boolean {
  if (x.type === 'comment' && y.type === 'comment') return x.value === y.value;
  return x.type === 'pi' && y.type === 'pi' && x.target === y.target && x.data === y.data;
}

function sameTag(x: XmlElement, y: XmlElement, { prefixes = false }: EqualsOptions): boolean {
  if (x.local !== y.local || x.namespace !== y.namespace || (prefixes && x.prefix !== y.prefix)) return false;
  const ours = prefixes ? x.attributes : x.attributes.filter(isNoDeclaration);
  const theirs = prefixes ? y.attributes : y.attributes.filter(isNoDeclaration);
  if (ours.length !== theirs.length) return false;
  // Two levels of maps rather than joined keys: joining a long namespace to each of many names is quadratic.
  const known = new Map<string, Map<string, XmlAttribute>>();
  for (const attribute of theirs) {
    const locals = known.get(attribute.namespace);
    if (locals === undefined) known.set(attribute.namespace, new Map([[attribute.local, attribute]]));
    else locals.set(attribute.local, attribute);
  }
  return ours.every((attribute) => {
    const other = known.get(attribute.namespace)?.get(attribute.local);
    return other?.value === attribute.value && (!prefixes || other.prefix === attribute.prefix);
  });
}

const isNoDeclaration = (attribute: XmlAttribute): boolean => attribute.namespace !== XMLNS;
