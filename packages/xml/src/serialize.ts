import { writeDeclaration } from './declaration.ts';
import { XmlError } from './errors.ts';
import { escapeText, writeCData, writeComment, writePi } from './escape.ts';
import type { Binding } from './namespaces.ts';
import { ParsedElement } from './parsed.ts';
import { StartTags } from './start-tag.ts';
import type { XmlDocument, XmlElement, XmlNode } from './tree.ts';

/**
 * Writes a document, or an element as one without declaration, in UTF-8.
 *
 * What parsing keeps is written back: prefixes, white space, comments, instructions, CDATA sections, order.
 * Namespace declarations are added where a node moved away from them. A declared encoding other than UTF-8
 * becomes `UTF-8`.
 *
 * @throws XmlError for what XML can't say: `character`, `name`, `comment-syntax`, `pi-syntax`,
 *   `attribute-duplicate`, `prefix-reserved`, `prefix-unbound`, `declaration-syntax`, `content-outside-root`
 * @throws TypeError when the root of a document isn't its only element
 * @see XML 1.0, Namespaces in XML 1.0
 */
export function serialize(node: XmlDocument | XmlElement): Uint8Array<ArrayBuffer> {
  return encoder.encode(serializeToString(node));
}

/** `serialize` before encoding: the same text, for where a string is wanted. */
export function serializeToString(node: XmlDocument | XmlElement): string {
  if (node.type === 'element') return write([node]);
  const elements = node.children.filter((child) => child.type === 'element');
  if (elements.length !== 1 || elements[0] !== node.root) {
    throw new TypeError('the root must be the one element among the children of a document');
  }
  for (const child of node.children) {
    if (child.type === 'text' && /[^ \t\n]/.test(child.value)) {
      throw new XmlError(
        'content-outside-root',
        'XML 1.0 §2.1',
        'not only spaces, tabs and line feeds beside the root',
      );
    }
  }
  return (node.declaration === undefined ? '' : writeDeclaration(node.declaration)) + write(node.children);
}

const encoder: TextEncoder = new TextEncoder();

/** An element whose start tag is written, and how far its content is. */
interface Open {
  readonly name: string;
  readonly children: readonly XmlNode[];
  next: number;
  /** The bindings around parsed children, last looked at, and whether they are in force here too. */
  around: Binding | undefined;
  isCovered: boolean | undefined;
}

function write(top: readonly XmlNode[]): string {
  const tags = new StartTags();
  const open: Open[] = [];
  let level: Open = { name: '', children: top, next: 0, around: undefined, isCovered: undefined };
  let written = '';
  // A start tag waits for its '>' until something follows: an element without content is written <name/>.
  let waiting = false;
  for (;;) {
    const node = level.children[level.next++];
    if (node === undefined) {
      const outer = open.pop();
      if (outer === undefined) return written;
      written += waiting ? '/>' : `</${level.name}>`;
      waiting = false;
      tags.leave(open.length + 1);
      level = outer;
      continue;
    }
    if (node.type !== 'element') {
      const piece = writeLeaf(node);
      if (piece === '') continue;
      written += waiting ? `>${piece}` : piece;
      waiting = false;
      continue;
    }
    if (node instanceof ParsedElement && stands(node, level, tags)) {
      const piece = ParsedElement.written(node);
      written += waiting ? `>${piece}` : piece;
      waiting = false;
      continue;
    }
    const { name, text } = tags.write(node, open.length + 1);
    written += waiting ? `>${text}` : text;
    waiting = true;
    open.push(level);
    level = { name, children: node.children, next: 0, around: undefined, isCovered: undefined };
  }
}

/** True when an element can be written as it stood in the text it was parsed from: its prefixes mean the same here. */
function stands(element: ParsedElement, level: Open, tags: StartTags): boolean {
  const around = ParsedElement.outside(element);
  if (level.isCovered === undefined || level.around !== around) {
    level.around = around;
    level.isCovered = tags.covers(around);
  }
  return level.isCovered;
}

function writeLeaf(node: Exclude<XmlNode, XmlElement>): string {
  switch (node.type) {
    case 'text':
      return escapeText(node.value);
    case 'cdata':
      return writeCData(node);
    case 'comment':
      return writeComment(node);
    case 'pi':
      return writePi(node);
  }
}
