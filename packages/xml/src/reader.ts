import { placeAt, XmlError, type XmlErrorCode } from './errors.ts';
import type { XmlLimits } from './limits.ts';
import { endOfName, isNameCharacter, type QualifiedName, splitName } from './names.ts';
import { declarationFault, duplicateOf, NamespaceScope } from './namespaces.ts';
import { ParsedElement, type SourceText } from './parsed.ts';
import { normalizeAttribute, normalizeLines, type RefuseReference, resolveReferences } from './references.ts';
import { XMLNS, type XmlAttribute, type XmlElement, type XmlNode } from './tree.ts';

/** What stands in and around the root, in order. */
export interface Content {
  readonly children: readonly XmlNode[];
  readonly root: XmlElement;
}

/**
 * Reads the content of a document in one pass over its text, in which every character is a Char: tags by their
 * characters, all else by searching for what ends it.
 *
 * @see XML 1.0 §2.1 document, §3.1, §2.4 to §2.7; Namespaces in XML 1.0
 */
export class Reader {
  readonly #source: string;
  readonly #text: SourceText;
  readonly #limits: XmlLimits;
  readonly #scope = new NamespaceScope();
  #at: number;
  /** The children of the innermost open element, and those of the elements around it, the document's first. */
  #nodes: XmlNode[] = [];
  readonly #outer: XmlNode[][] = [];
  readonly #open: ParsedElement[] = [];
  /** The names of the open elements as written. */
  readonly #names: string[] = [];
  #root: XmlElement | undefined = undefined;
  #elements = 0;
  #declarations = 0;
  // What a document does not hold at all needs no looking for in its parts.
  readonly #hasReferences: boolean;
  readonly #hasReturns: boolean;
  readonly #hasSectionEnds: boolean;
  readonly #refuse: RefuseReference = (offset) => {
    throw this.#fault(
      'reference',
      XML('4.1'),
      'a reference to nothing that a document without DTD has',
      offset,
    );
  };

  /** @param start where the content begins, after the XML declaration */
  constructor(source: string, start: number, limits: XmlLimits) {
    this.#source = source;
    this.#text = { text: source };
    this.#at = start;
    this.#limits = limits;
    this.#hasReferences = source.includes('&');
    this.#hasReturns = source.includes('\r');
    this.#hasSectionEnds = source.includes(']]>');
  }

  read(): Content {
    const source = this.#source;
    const end = source.length;
    while (this.#at < end) {
      const at = this.#at;
      if (source.charCodeAt(at) !== LESS) this.#readText(at);
      else {
        switch (source.charCodeAt(at + 1)) {
          case SLASH:
            this.#readEndTag(at);
            break;
          case EXCLAMATION:
            this.#readDeclared(at);
            break;
          case QUESTION:
            this.#readInstruction(at);
            break;
          default:
            this.#readStartTag(at);
        }
      }
    }
    if (this.#open.length > 0) {
      throw this.#fault('unclosed-element', XML('3'), `<${this.#names.at(-1)}> is not closed`, end);
    }
    if (this.#root === undefined) throw this.#fault('no-root', XML('2.1'), 'no root element', end);
    return { children: this.#nodes, root: this.#root };
  }

  /** `CharData ::= [^<&]* - ([^<&]* ']]>' [^<&]*)`, and references. */
  #readText(start: number): void {
    const source = this.#source;
    const less = source.indexOf('<', start);
    const end = less < 0 ? source.length : less;
    let value = source.slice(start, end);
    if (this.#open.length === 0) {
      const other = value.search(/[^ \t\r\n]/);
      if (other >= 0) {
        throw this.#fault('content-outside-root', XML('2.1'), 'text outside of the root', start + other);
      }
    }
    if (this.#hasSectionEnds) {
      const section = value.indexOf(']]>');
      if (section >= 0) throw this.#fault('cdata-end-in-text', XML('2.4'), '"]]>" in text', start + section);
    }
    if (this.#hasReturns) value = normalizeLines(value);
    if (this.#hasReferences && value.includes('&')) value = resolveReferences(value, start, this.#refuse);
    this.#nodes.push({ type: 'text', value });
    this.#at = end;
  }

  /** `STag ::= '<' Name (S Attribute)* S? '>'`, or `EmptyElemTag` with `'/>'`. */
  #readStartTag(start: number): void {
    const source = this.#source;
    let at = endOfName(source, start + 1);
    if (at === start + 1) {
      const code = start + 1 === source.length ? 'unexpected-end' : 'tag-syntax';
      throw this.#fault(code, XML('3.1'), 'a tag without a name', start);
    }
    if (this.#open.length === 0 && this.#root !== undefined) {
      throw this.#fault('content-outside-root', XML('2.1'), 'a second root', start);
    }
    if (this.#open.length === this.#limits.depth)
      throw this.#limit('limit-depth', 'elements are nested too deeply', start);
    if (++this.#elements > this.#limits.elements)
      throw this.#limit('limit-elements', 'too many elements', start);
    const written = source.slice(start + 1, at);
    let attributes = NO_ATTRIBUTES;
    let isPrefixed = false;
    let code: number;
    for (;;) {
      const before = at;
      code = source.charCodeAt(at);
      while (isSpace(code)) code = source.charCodeAt(++at);
      if (code === GREATER || code === SLASH) break;
      if (at >= source.length) throw this.#fault('unexpected-end', XML('3.1'), 'the end within a tag', at);
      if (at === before) {
        const isTag = attributes === NO_ATTRIBUTES;
        const what = isTag ? 'a character that no name has' : 'no white space between attributes';
        throw this.#fault(isTag ? 'tag-syntax' : 'attribute-syntax', XML('3.1'), what, at);
      }
      if (attributes === NO_ATTRIBUTES) attributes = [];
      else if (attributes.length === this.#limits.attributes) {
        throw this.#limit('limit-attributes', 'too many attributes', start);
      }
      const attribute = this.#readAttribute(at, start);
      attributes.push(attribute);
      isPrefixed ||= attribute.prefix !== '' && attribute.namespace === '';
      at = this.#at;
    }
    const isEmpty = code === SLASH;
    if (isEmpty && source.charCodeAt(++at) !== GREATER) {
      const atEnd = at >= source.length;
      throw this.#fault(atEnd ? 'unexpected-end' : 'tag-syntax', XML('3.1'), '"/" within a tag', at);
    }
    this.#at = at + 1;
    this.#begin(written, attributes, isPrefixed, start);
    if (isEmpty) this.#finish();
  }

  #begin(written: string, attributes: Mutable<XmlAttribute>[], isPrefixed: boolean, start: number): void {
    const { prefix, local, declares } = this.#nameOf(written, start);
    if (declares !== undefined && prefix !== '') {
      throw this.#fault('prefix-reserved', NAMESPACES('3'), 'an element has the prefix xmlns', start);
    }
    const namespace = this.#resolve(prefix, start);
    if (isPrefixed) {
      // Declarations may stand behind what they are for.
      for (const attribute of attributes) {
        if (attribute.prefix !== '' && attribute.namespace === '')
          attribute.namespace = this.#resolve(attribute.prefix, start);
      }
    }
    const duplicate = attributes.length > 1 ? duplicateOf(attributes) : undefined;
    if (duplicate !== undefined) {
      const rule = duplicate.prefix === '' ? XML('3.1') : NAMESPACES('6.3');
      throw this.#fault('attribute-duplicate', rule, `the attribute ${duplicate.local} occurs twice`, start);
    }
    const children: XmlNode[] = [];
    const outside = this.#scope.outside(this.#open.length + 1);
    const element = new ParsedElement(
      namespace,
      prefix,
      local,
      attributes,
      children,
      this.#text,
      start,
      outside,
    );
    this.#root ??= element;
    this.#nodes.push(element);
    this.#outer.push(this.#nodes);
    this.#open.push(element);
    this.#names.push(written);
    this.#nodes = children;
  }

  #finish(): void {
    this.#scope.leave(this.#open.length);
    this.#nodes = this.#outer.pop() ?? this.#nodes;
    this.#names.pop();
    const element = this.#open.pop();
    if (element !== undefined) ParsedElement.close(element, this.#at);
  }

  /** `Attribute ::= Name Eq AttValue`; a declaration takes effect at once. Leaves `#at` behind it. */
  #readAttribute(start: number, tag: number): Mutable<XmlAttribute> {
    const source = this.#source;
    const nameEnd = endOfName(source, start);
    if (nameEnd === start) throw this.#fault('attribute-syntax', XML('3.1'), 'no attribute name', start);
    let at = this.#skipSpace(nameEnd);
    if (source.charCodeAt(at) !== EQUALS) throw this.#noValue(at, 'an attribute without value');
    at = this.#skipSpace(at + 1);
    const quote = source.charCodeAt(at);
    if (quote !== DOUBLE && quote !== SINGLE) throw this.#noValue(at, 'an attribute value without quotes');
    const valueStart = at + 1;
    const end = source.indexOf(quote === DOUBLE ? '"' : "'", valueStart);
    if (end < 0) {
      throw this.#fault('unexpected-end', XML('2.3'), 'an attribute value is not closed', source.length);
    }
    this.#at = end + 1;
    let value = source.slice(valueStart, end);
    const less = value.indexOf('<');
    if (less >= 0)
      throw this.#fault('attribute-syntax', XML('3.1'), '"<" in an attribute value', valueStart + less);
    if (NOT_PLAIN.test(value)) value = normalizeAttribute(value, valueStart, this.#refuse);
    const { prefix, local, declares } = this.#nameOf(source.slice(start, nameEnd), tag);
    if (declares === undefined) return { namespace: '', prefix, local, value };
    this.#declare(declares, value, tag);
    return { namespace: XMLNS, prefix, local, value };
  }

  #noValue(at: number, message: string): XmlError {
    const isEnd = at >= this.#source.length;
    return this.#fault(isEnd ? 'unexpected-end' : 'attribute-syntax', XML('3.1'), message, at);
  }

  /** `ETag ::= '</' Name S? '>'` */
  #readEndTag(start: number): void {
    const source = this.#source;
    const name = this.#names.at(-1);
    let at = start + 2;
    if (
      name !== undefined &&
      source.startsWith(name, at) &&
      !isNameCharacter(source.charCodeAt(at + name.length))
    ) {
      at = this.#skipSpace(at + name.length);
    } else {
      const end = endOfName(source, at);
      if (end === at) throw this.#fault('tag-syntax', XML('3.1'), 'an end tag without a name', at);
      at = this.#skipSpace(end);
      if (source.charCodeAt(at) === GREATER) {
        const expected = name === undefined ? 'none is open' : `expected </${name}>`;
        throw this.#fault('tag-mismatch', XML('3'), `</${source.slice(start + 2, end)}>: ${expected}`, start);
      }
    }
    if (source.charCodeAt(at) !== GREATER) {
      const isEnd = at >= source.length;
      throw this.#fault(isEnd ? 'unexpected-end' : 'tag-syntax', XML('3.1'), 'an end tag that goes on', at);
    }
    this.#at = at + 1;
    this.#finish();
  }

  /** Comments, CDATA sections, and what a document here does not have. */
  #readDeclared(start: number): void {
    const source = this.#source;
    if (source.startsWith('--', start + 2)) {
      // Comment ::= '<!--' ((Char - '-') | ('-' (Char - '-')))* '-->'
      const end = this.#find('--', start + 4, 'a comment');
      if (source.charCodeAt(end + 2) !== GREATER) {
        throw this.#fault('comment-syntax', XML('2.5'), '"--" in a comment', end);
      }
      this.#nodes.push({ type: 'comment', value: this.#lines(start + 4, end) });
      this.#at = end + 3;
    } else if (source.startsWith('[CDATA[', start + 2)) {
      if (this.#open.length === 0) {
        throw this.#fault('content-outside-root', XML('2.1'), 'a CDATA section outside of the root', start);
      }
      const end = this.#find(']]>', start + 9, 'a CDATA section');
      this.#nodes.push({ type: 'cdata', value: this.#lines(start + 9, end) });
      this.#at = end + 3;
    } else if (source.startsWith('DOCTYPE', start + 2)) {
      throw this.#fault('doctype', XML('2.8'), 'document types are refused', start);
    } else throw this.#fault('markup-syntax', XML('2.1'), '"<!" that begins nothing', start);
  }

  /** `PI ::= '<?' PITarget (S (Char* - (Char* '?>' Char*)))? '?>'` */
  #readInstruction(start: number): void {
    const source = this.#source;
    const end = endOfName(source, start + 2);
    const target = source.slice(start + 2, end);
    if (target === '') throw this.#fault('pi-syntax', XML('2.6'), 'an instruction without target', start);
    if (/^xml$/i.test(target)) {
      throw this.#fault(
        'declaration-syntax',
        XML('2.8'),
        'an XML declaration must begin the document',
        start,
      );
    }
    if (target.includes(':')) {
      throw this.#fault('name', NAMESPACES('7'), `the target "${target}" has a colon`, start);
    }
    const close = this.#find('?>', end, 'a processing instruction');
    const data = this.#skipSpace(end);
    if (data === end && close !== end) {
      throw this.#fault('pi-syntax', XML('2.6'), 'no white space after the target of an instruction', end);
    }
    this.#nodes.push({ type: 'pi', target, data: this.#lines(Math.min(data, close), close) });
    this.#at = close + 2;
  }

  #find(what: string, from: number, of: string): number {
    const found = this.#source.indexOf(what, from);
    if (found >= 0) return found;
    throw this.#fault('unexpected-end', XML('2.1'), `${of} is not closed`, this.#source.length);
  }

  #lines(start: number, end: number): string {
    const value = this.#source.slice(start, end);
    return this.#hasReturns ? normalizeLines(value) : value;
  }

  #skipSpace(start: number): number {
    let at = start;
    while (isSpace(this.#source.charCodeAt(at))) at++;
    return at;
  }

  #nameOf(written: string, tag: number): QualifiedName {
    if (written.length > this.#limits.nameLength) {
      throw this.#limit('limit-name-length', 'a name is too long', tag);
    }
    const name = splitName(written);
    if (name !== undefined) return name;
    throw this.#fault('name', NAMESPACES('4'), `"${written}" is no qualified name`, tag);
  }

  #declare(prefix: string, namespace: string, tag: number): void {
    if (++this.#declarations > this.#limits.namespaces) {
      throw this.#limit('limit-namespaces', 'too many namespace declarations', tag);
    }
    const fault = declarationFault(prefix, namespace);
    if (fault !== undefined) throw this.#fault(fault.code, fault.rfc, fault.message, tag);
    this.#scope.declare(prefix, namespace, this.#open.length + 1);
  }

  #resolve(prefix: string, tag: number): string {
    const namespace = this.#scope.resolve(prefix);
    if (namespace !== undefined) return namespace;
    throw this.#fault('prefix-undeclared', NAMESPACES('5'), `the prefix "${prefix}" is not declared`, tag);
  }

  #limit(code: XmlErrorCode, message: string, offset: number): XmlError {
    return this.#fault(code, 'limit of this reader', message, offset);
  }

  #fault(code: XmlErrorCode, rfc: string, message: string, offset: number): XmlError {
    return new XmlError(code, rfc, message, placeAt(this.#source, offset));
  }
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

// Shared by all elements without any, and told apart from an element's own array by identity.
const NO_ATTRIBUTES: Mutable<XmlAttribute>[] = [];
Object.freeze(NO_ATTRIBUTES);

const XML = (section: string): string => `XML 1.0 §${section}`;
const NAMESPACES = (section: string): string => `Namespaces in XML 1.0 §${section}`;
/** What is left as it stands in attribute values has none of these (§3.3.3). */
const NOT_PLAIN = /[&\t\n\r]/;

const LESS = 0x3c;
const GREATER = 0x3e;
const SLASH = 0x2f;
const EXCLAMATION = 0x21;
const QUESTION = 0x3f;
const EQUALS = 0x3d;
const DOUBLE = 0x22;
const SINGLE = 0x27;

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}
