import { serialize, type XmlDocument } from '@sip-simple/xml';
import { open, type ParseOptions } from '@sip-simple/xml/format';
import type { Violation } from '@sip-simple/xml/schema';
import type * as Libxml2 from 'libxml2-wasm';
import { XcapError } from '../errors.ts';
import { pathOf } from './path.ts';
import { resolveSchemas, type SchemaSource } from './sources.ts';

export interface XsdOptions extends ParseOptions {
  /** The most violations reported, 100 by default. */
  readonly limit?: number | undefined;
}

/** Validates documents against XML Schemas. It holds memory of WebAssembly until it is disposed of. */
export interface XsdValidator {
  /**
   * Validates a document. Its root may be any element that the schemas declare globally.
   *
   * @returns what is wrong, in the order libxml2 finds it, each with the rule `schema`; nothing when it is valid
   * @throws {XcapError} `not-well-formed`, `limit`, `charset`
   * @throws {TypeError} after `dispose`
   */
  validate(input: Uint8Array | string | XmlDocument, options?: XsdOptions): readonly Violation[];
  /** Frees the memory. */
  dispose(): void;
}

/**
 * Makes a validator of XML Schemas (1.0), by libxml2, which is loaded on first use from the optional package
 * `libxml2-wasm`.
 *
 * Schemas import and include each other only: an import means all schemas given for its namespace, whatever
 * location it hints at, an include the one given for its location. Nothing is ever fetched or read from a
 * file. A small schema for `xml:lang`, `xml:space`, `xml:base` and `xml:id` is there when none is given.
 *
 * @param schemas all that are needed; in UTF-8 or UTF-16 and without document type
 * @throws {RangeError} when a schema is no schema, or needs one that is not given
 * @see RFC 4825 §5.3
 */
export async function compile(schemas: readonly SchemaSource[]): Promise<XsdValidator> {
  const libxml2 = await import('libxml2-wasm');
  const compiled = compileResolved(libxml2, schemas);
  let isDisposed = false;
  return {
    validate(input, options = {}) {
      if (isDisposed) throw new TypeError('the validator is disposed of');
      const tree = typeof input === 'string' || input instanceof Uint8Array ? parse(input, options) : input;
      return validate(libxml2, compiled, tree, options.limit ?? 100);
    },
    dispose() {
      if (!isDisposed) compiled.dispose();
      isDisposed = true;
    },
  };
}

function compileResolved(libxml2: typeof Libxml2, schemas: readonly SchemaSource[]): Libxml2.XsdValidator {
  const { main, files } = resolveSchemas(schemas);
  const provider = providerOf(libxml2);
  const document = libxml2.XmlDocument.fromBuffer(main, OPTIONS);
  for (const [name, bytes] of files) provider.addBuffer(name, bytes);
  try {
    return libxml2.XsdValidator.fromDoc(document);
  } catch (error) {
    if (!(error instanceof libxml2.XmlLibError)) throw error;
    throw new RangeError(`the schemas are not valid: ${error.message.trim()}`, { cause: error });
  } finally {
    for (const name of files.keys()) provider.removeBuffer(name);
    document.dispose();
  }
}

/** The provider of files for libxml2; it has some only while schemas are being compiled. */
function providerOf(libxml2: typeof Libxml2): Libxml2.XmlBufferInputProvider {
  if (provider === undefined) {
    const added = new libxml2.XmlBufferInputProvider({});
    if (!libxml2.xmlRegisterInputProvider(added)) throw new Error('libxml2 takes no more input providers');
    provider = added;
  }
  return provider;
}

let provider: Libxml2.XmlBufferInputProvider | undefined;

function parse(input: Uint8Array | string, options: XsdOptions): XmlDocument {
  return open(
    input,
    options,
    'RFC 4825 §5.3',
    (code, rfc, message, cause) => new XcapError(code, rfc, message, cause),
  );
}

function validate(
  libxml2: typeof Libxml2,
  compiled: Libxml2.XsdValidator,
  tree: XmlDocument,
  limit: number,
): readonly Violation[] {
  // Written anew, so that libxml2 sees what our parser saw, and no document type or encoding of its own taste.
  const document = libxml2.XmlDocument.fromBuffer(serialize(tree), OPTIONS);
  try {
    compiled.validate(document);
    return [];
  } catch (error) {
    if (!(error instanceof libxml2.XmlValidateError)) throw error;
    return error.details.slice(0, limit).map(({ message, xpath }) => ({
      path: pathOf(tree.root, xpath ?? '/*'),
      rule: 'schema',
      message: message.trim(),
    }));
  } finally {
    document.dispose();
  }
}

// XML_PARSE_NONET, XML_PARSE_HUGE (our parser has applied its own limits), XML_PARSE_NO_XXE.
const OPTIONS = { option: 2048 | 524288 | 8388608 };
