import { existsSync, readdirSync, readFileSync } from 'node:fs';
import {
  RelaxNGValidator,
  XmlBufferInputProvider,
  XmlDocument,
  XmlValidateError,
  XsdValidator,
  xmlRegisterInputProvider,
} from 'libxml2-wasm';

const oracles = new URL('../../../../shared/oracles/', import.meta.url);

/** Why the schemas and samples of the RFCs can't be asked, or `undefined` when they can. */
export const oracleAbsent: string | undefined = existsSync(new URL('xsd/', oracles))
  ? undefined
  : 'skipped: the XML Schemas of the RFCs are not at ../shared/oracles/xsd beside the repository';

/** The documents printed in RFCs, by file name; none where they are absent. */
export function samples(names: RegExp): readonly (readonly [name: string, bytes: Uint8Array])[] {
  if (oracleAbsent !== undefined) return [];
  const directory = new URL('samples/', oracles);
  return readdirSync(directory)
    .filter((name) => name.endsWith('.xml') && names.test(name))
    .map((name) => [name, new Uint8Array(readFileSync(new URL(name, directory)))]);
}

/**
 * The RELAX NG schema printed in an RFC, from ../shared/rfc: the first `<grammar>` there, without the page breaks
 * that run through it. `undefined` where the RFC's text is absent.
 */
export function printedGrammar(rfc: number): string | undefined {
  return /<grammar[\s\S]*?<\/grammar>/.exec(printed(rfc) ?? '')?.[0];
}

/**
 * The XML Schemas printed in RFCs, from ../shared/rfc, by their target namespaces, without page breaks; what they
 * import is looked for among them and beside `xml.xsd`. `undefined` where an RFC's text is absent.
 */
export function printedSchemas(...rfcs: readonly number[]): ReadonlyMap<string, string> | undefined {
  const schemas = new Map<string, string>();
  for (const rfc of rfcs) {
    const text = printed(rfc);
    if (text === undefined) return undefined;
    for (const [schema] of text.matchAll(/<xs:schema\s[\s\S]*?<\/xs:schema>/g)) {
      const [, namespace] = TARGET.exec(schema) ?? [];
      if (namespace !== undefined) schemas.set(namespace, schema);
    }
  }
  for (const [namespace, schema] of schemas) {
    const located = schema.replace(
      /<xs:import\s+namespace\s*=\s*"([^"]*)"[^>]*?\/>/g,
      (_, imported: string) =>
        `<xs:import namespace="${imported}" schemaLocation="${schemas.has(imported) ? imported : 'xml.xsd'}"/>`,
    );
    schemas.set(namespace, located);
  }
  return schemas;
}

/** The text of an RFC without its page breaks. */
function printed(rfc: number): string | undefined {
  const file = new URL(`../rfc/rfc${rfc}.txt`, oracles);
  if (!existsSync(file)) return undefined;
  return readFileSync(file, 'utf8').replace(/\n+[^\n]*\[Page [0-9]+\]\n\f?\n?RFC [0-9]+[^\n]*\n+/g, '\n');
}

/** Makes the oracle of a RELAX NG schema. */
export function grammarOracle(grammar: string): SchemaOracle {
  return asking(RelaxNGValidator.fromDoc(XmlDocument.fromString(grammar)));
}

/** Asks libxml2 what schemas say of a document: all that is wrong, nothing when it is valid. */
export type SchemaOracle = (bytes: Uint8Array) => readonly string[];

/**
 * Makes the oracle of schema files in ../shared/oracles/xsd: one RELAX NG file, or the XML Schemas whose global
 * elements are to be known, what they import included.
 *
 * @param more schemas by name that are not in those files, whose global elements are to be known too
 */
export function schemaOracle(
  files: readonly string[],
  more: ReadonlyMap<string, string> = new Map(),
): SchemaOracle {
  const directory = new URL('xsd/', oracles);
  const sources: (readonly [string, Uint8Array])[] = readdirSync(directory).map((name) => [
    name,
    readFileSync(new URL(name, directory)),
  ]);
  register(sources);
  const others = [...more].map(([name, text]) => [name, new TextEncoder().encode(text)] as const);
  if (others.length > 0) xmlRegisterInputProvider(new XmlBufferInputProvider(Object.fromEntries(others)));
  const [first = ''] = files;
  const schema = first.endsWith('.rng')
    ? RelaxNGValidator.fromDoc(XmlDocument.fromBuffer(readFileSync(new URL(first, directory))))
    : XsdValidator.fromDoc(
        XmlDocument.fromString(importing([...files, ...more.keys()], new Map([...sources, ...others]))),
      );
  return asking(schema);
}

function asking(schema: RelaxNGValidator | XsdValidator): SchemaOracle {
  return (bytes) => {
    const document = XmlDocument.fromBuffer(bytes);
    try {
      schema.validate(document);
      return [];
    } catch (error) {
      if (!(error instanceof XmlValidateError)) throw error;
      return error.details.map(({ message }) => message.trim());
    } finally {
      document.dispose();
    }
  };
}

let registered = false;

function register(sources: readonly (readonly [string, Uint8Array])[]): void {
  if (registered) return;
  xmlRegisterInputProvider(new XmlBufferInputProvider(Object.fromEntries(sources)));
  registered = true;
}

/** A schema that imports others by the namespace that each is for. */
function importing(files: readonly string[], sources: ReadonlyMap<string, Uint8Array>): string {
  const imports = files.map((file) => {
    const source = new TextDecoder().decode(sources.get(file) ?? new Uint8Array());
    const [, namespace] = TARGET.exec(source) ?? [];
    if (namespace === undefined) throw new RangeError(`no schema with a target namespace in ${file}`);
    return `<xs:import namespace="${namespace}" schemaLocation="${file}"/>`;
  });
  return `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:all">${imports.join('')}</xs:schema>`;
}

const TARGET = /targetNamespace\s*=\s*["']([^"']*)["']/;
