import { SaxesParser } from 'saxes';
import { decode, fromText, type Source } from './decode.ts';
import { placeAt, XmlError, type XmlErrorCode } from './errors.ts';
import { DEFAULT_LIMITS, type XmlLimits } from './limits.ts';
import { isNCNameStart } from './names.ts';
import { declarationFault, duplicateOf, NamespaceScope } from './namespaces.ts';
import { ParsedElement, type SourceText } from './parsed.ts';
import { leadingSpace, refuseDoctype, separatesData } from './prolog.ts';
import { fromTokenizer } from './tokenizer-errors.ts';
import {
  XMLNS,
  type XmlAttribute,
  type XmlCData,
  type XmlDocument,
  type XmlElement,
  type XmlNode,
} from './tree.ts';

/**
 * Parses a namespace-well-formed XML 1.0 document without document type into its tree.
 *
 * @param input bytes in UTF-8, or in UTF-16 with its byte order mark; or text, whose encoding declaration is
 *   then not looked at
 * @param options `limits` replaces single limits, see `XmlLimits` for the defaults
 * @throws XmlError whenever the input is anything else; the codes are those of `XmlErrorCode`
 * @see XML 1.0 (fifth edition), Namespaces in XML 1.0 (third edition)
 */
export function parse(
  input: Uint8Array | string,
  options: { readonly limits?: Partial<XmlLimits> | undefined } = {},
): XmlDocument {
  const limits: XmlLimits = { ...DEFAULT_LIMITS, ...options.limits };
  if (input.length > limits.bytes) throw new XmlError('limit-bytes', LIMIT, `over ${limits.bytes} bytes`);
  const source = typeof input === 'string' ? fromText(input) : decode(input);
  refuseDoctype(source.text);
  return build(source, limits);
}

function build({ text: source, declaration }: Source, limits: XmlLimits): XmlDocument {
  // At most seven handlers, and not the tokenizer's own namespaces: beyond either it gets several times slower.
  const tokenizer = new SaxesParser({ position: false, forceXMLVersion: true, defaultXMLVersion: '1.0' });
  const scope = new NamespaceScope();
  /** The children of the innermost open element, and those of the elements around it, the document's first. */
  let nodes: XmlNode[] = [];
  const open: XmlNode[][] = [];
  const text: SourceText = { text: source };
  const elementsOpen: ParsedElement[] = [];
  let attributes = NO_ATTRIBUTES;
  let prefixed = 0;
  let elements = 0;
  let declarations = 0;
  let root: XmlElement | undefined;

  function fail(code: XmlErrorCode, rfc: string, message: string): never {
    // Names and values hold no '<', so that the last one begins the tag or instruction just read.
    const offset = Math.max(0, source.lastIndexOf('<', tokenizer.position - 1));
    throw new XmlError(code, rfc, message, placeAt(source, offset));
  }

  function readName(written: string): Name {
    if (written.length > limits.nameLength) fail('limit-name-length', LIMIT, 'a name is too long');
    return splitName(written) ?? fail('name', `${NAMESPACES} §4`, `"${written}" is no qualified name`);
  }

  function resolve(prefix: string): string {
    const namespace = scope.resolve(prefix);
    if (namespace === undefined) {
      return fail('prefix-undeclared', `${NAMESPACES} §5`, `the prefix "${prefix}" is not declared`);
    }
    return namespace;
  }

  function declare(prefix: string, namespace: string): void {
    if (++declarations > limits.namespaces)
      fail('limit-namespaces', LIMIT, 'too many namespace declarations');
    const fault = declarationFault(prefix, namespace);
    if (fault !== undefined) fail(fault.code, fault.rfc, fault.message);
    scope.declare(prefix, namespace, open.length + 1);
  }

  tokenizer.on('attribute', ({ name: written, value }) => {
    if (attributes.length === limits.attributes) fail('limit-attributes', LIMIT, 'too many attributes');
    const { prefix, local, declares } = readName(written);
    let namespace = '';
    if (declares !== undefined) {
      declare(declares, value);
      namespace = XMLNS;
    } else if (prefix !== '') {
      // Its declaration may come later in the tag.
      prefixed++;
    }
    if (attributes === NO_ATTRIBUTES) attributes = [{ namespace, prefix, local, value }];
    else attributes.push({ namespace, prefix, local, value });
  });

  tokenizer.on('opentag', ({ name: written }) => {
    if (open.length === limits.depth) fail('limit-depth', LIMIT, 'elements are nested too deeply');
    if (++elements > limits.elements) fail('limit-elements', LIMIT, 'too many elements');
    const { prefix, local, declares } = readName(written);
    if (declares !== undefined && prefix !== '') {
      fail('prefix-reserved', `${NAMESPACES} §3`, 'an element has the prefix xmlns');
    }
    const namespace = resolve(prefix);
    if (prefixed > 0) {
      for (const attribute of attributes) {
        if (attribute.prefix !== '' && attribute.namespace === '')
          attribute.namespace = resolve(attribute.prefix);
      }
      // The tokenizer has compared the names as written: only two prefixes for one namespace are left.
      const duplicate = prefixed > 1 ? duplicateOf(attributes) : undefined;
      if (duplicate !== undefined) {
        fail('attribute-duplicate', `${NAMESPACES} §6.3`, `the attribute ${duplicate.local} occurs twice`);
      }
      prefixed = 0;
    }
    const children: XmlNode[] = [];
    // Names and values hold no '<', so that the last one begins the tag.
    const start = source.lastIndexOf('<', tokenizer.position - 1);
    const outside = scope.outside(open.length + 1);
    const element = new ParsedElement(namespace, prefix, local, attributes, children, text, start, outside);
    attributes = NO_ATTRIBUTES;
    if (open.length === 0) root = element;
    nodes.push(element);
    open.push(nodes);
    elementsOpen.push(element);
    nodes = children;
  });

  tokenizer.on('closetag', () => {
    scope.leave(open.length);
    nodes = open.pop() ?? nodes;
    const element = elementsOpen.pop();
    if (element !== undefined) ParsedElement.close(element, tokenizer.position);
  });

  tokenizer.on('text', (value) => nodes.push({ type: 'text', value }));
  tokenizer.on('cdata', (value) => nodes.push({ type: 'cdata', value }));
  tokenizer.on('comment', (value) => nodes.push({ type: 'comment', value }));
  tokenizer.on('processinginstruction', ({ target, body }) => {
    if (target.includes(':')) fail('name', `${NAMESPACES} §7`, `the target "${target}" has a colon`);
    if (!separatesData(source, tokenizer.position, body)) {
      fail('pi-syntax', 'XML 1.0 §2.6', 'no white space after the target of a processing instruction');
    }
    nodes.push({ type: 'pi', target, data: body });
  });

  const space = leadingSpace(source);
  // The tokenizer drops white space at the very start, and a second byte order mark, which is no mark.
  if (space !== '') nodes.push({ type: 'text', value: space });
  if (source.charCodeAt(0) === BYTE_ORDER_MARK)
    fail('content-outside-root', 'XML 1.0 §2.1', 'U+FEFF before root');
  try {
    tokenizer.write(source).close();
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'Error') throw error;
    throw fromTokenizer(error.message, source, tokenizer.position);
  }
  if (root === undefined) return fail('no-root', 'XML 1.0 §2.1', 'no root element');
  // The tokenizer refuses CDATA sections outside the root, so that none is among these.
  return { type: 'document', declaration, children: nodes as Exclude<XmlNode, XmlCData>[], root };
}

/** A name as written, taken apart. */
interface Name {
  readonly prefix: string;
  readonly local: string;
  /** The prefix that an attribute of this name declares; `undefined` when it is no namespace declaration. */
  readonly declares: string | undefined;
}

/** Takes a Name apart; `undefined` when it is none of PrefixedName and UnprefixedName (Namespaces in XML 1.0 §4). */
function splitName(written: string): Name | undefined {
  const colon = written.indexOf(':');
  if (colon < 0) return { prefix: '', local: written, declares: written === 'xmlns' ? '' : undefined };
  const prefix = written.slice(0, colon);
  const local = written.slice(colon + 1);
  // The tokenizer has seen to it that the whole is a Name.
  if (prefix === '' || local.includes(':') || !isNCNameStart(local)) return undefined;
  return { prefix, local, declares: prefix === 'xmlns' ? local : undefined };
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

// Shared by all elements without any, and told apart from an element's own array by identity.
const NO_ATTRIBUTES: Mutable<XmlAttribute>[] = [];
Object.freeze(NO_ATTRIBUTES);
const NAMESPACES = 'Namespaces in XML 1.0';
const LIMIT = 'limit of this reader';
const BYTE_ORDER_MARK = 0xfeff;
