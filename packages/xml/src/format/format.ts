import { anyUri, id } from '../schema/datatypes.ts';
import { attribute, type ElementSchema, xmlLang } from '../schema/describe.ts';
import { readDocument } from '../schema/read.ts';
import { enumeration } from '../schema/simple.ts';
import { type ValidateOptions, type Violation, validate } from '../schema/validate.ts';
import { writeDocument } from '../schema/write.ts';
import { serialize } from '../serialize.ts';
import { XML, type XmlDocument } from '../tree.ts';
import { BYTES, type Failure, open, type ParseOptions } from './open.ts';

/**
 * What a format is beside its root. `elements` and `attributes` are its global ones, validated wherever a point
 * of extension has them.
 */
export interface FormatOptions extends Pick<ValidateOptions, 'elements' | 'attributes'> {
  /** The section that defines the root, for errors: `RFC 3863 §4.1.1`. */
  readonly rfc: string;
  /** Makes the format's own error. */
  readonly failure: Failure;
  /** Rules about the whole document that the description can't say. */
  readonly check?: ((document: XmlDocument) => readonly Violation[]) | undefined;
}

/** A document format: what to do with documents whose root is as described. */
export interface Format<Out, In> {
  /**
   * Reads a body, leniently: what is unknown is passed over and kept, what says nothing valid is absent. The
   * value remembers what it was read from, bytes included, so don't write to them.
   *
   * @throws what `failure` makes, with the code `not-well-formed`, `limit`, `charset` or `wrong-root`
   */
  parse(input: Uint8Array | string, options?: ParseOptions): Out;
  /** The same of a tree that is parsed already. */
  read(document: XmlDocument): Out;
  /**
   * Writes a value in UTF-8 with an XML declaration; what was parsed and not changed, as the bytes it came in.
   *
   * @throws {TypeError} when a required part is missing
   * @throws {RangeError} when a value is not of its type
   */
  serialize(value: In): Uint8Array;
  /** The tree that `serialize` writes. */
  toDocument(value: In): XmlDocument;
  /**
   * What is wrong with a document, exactly, in document order; nothing when it is valid.
   *
   * @throws what `failure` makes, with the code `not-well-formed`, `limit` or `charset`
   */
  validate(input: Uint8Array | string | XmlDocument, options?: FormatValidateOptions): readonly Violation[];
}

/**
 * How to validate: as to parse, with the schemas of further standards where their elements are used, and their
 * rules about the whole document.
 */
export type FormatValidateOptions = ParseOptions &
  Pick<ValidateOptions, 'elements' | 'limit'> &
  Pick<FormatOptions, 'check'>;

/** Makes the functions of a document format from the description of its root. */
export function format<Out, In>(root: ElementSchema<Out, In>, options: FormatOptions): Format<Out, In> {
  const { rfc, failure, elements = [], attributes = [], check } = options;

  const read = (document: XmlDocument): Out => {
    const value = readDocument(root, document);
    if (value !== undefined) return value;
    const { local, namespace } = document.root;
    const found =
      local === root.local && namespace === root.namespace
        ? 'one that lacks a required part'
        : `<${local}> of ${namespace === '' ? 'no namespace' : namespace}`;
    throw failure('wrong-root', rfc, `expected <${root.local}> of ${root.namespace}, found ${found}`);
  };

  const toDocument = (value: In): XmlDocument & { readonly [BYTES]?: Uint8Array } => {
    const document: XmlDocument & { readonly [BYTES]?: Uint8Array } = writeDocument(root, value);
    if (document[BYTES] !== undefined) return document;
    const declaration = { version: '1.0', encoding: 'UTF-8', standalone: document.declaration?.standalone };
    return { type: 'document', declaration, children: document.children, root: document.root };
  };

  return {
    read,
    toDocument,
    parse: (input, how = {}) => read(open(input, how, rfc, failure)),
    serialize(value) {
      const document = toDocument(value);
      return document[BYTES] ?? serialize(document);
    },
    validate(input, how = {}) {
      const document =
        typeof input === 'string' || input instanceof Uint8Array ? open(input, how, rfc, failure) : input;
      const violations = validate(root, document.root, {
        elements: [...elements, ...(how.elements ?? [])],
        attributes: [...XML_ATTRIBUTES, ...attributes],
        limit: how.limit,
      });
      return [...(check?.(document) ?? []), ...violations, ...(how.check?.(document) ?? [])];
    },
  };
}

/** The attributes of the namespace `xml`, which any point of extension may have. */
const XML_ATTRIBUTES = [
  xmlLang,
  attribute('xml:space', enumeration('default', 'preserve'), XML),
  attribute('xml:base', anyUri, XML),
  attribute('xml:id', id, XML),
];
