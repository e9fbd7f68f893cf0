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
  const file = new URL(`../rfc/rfc${rfc}.txt`, oracles);
  if (!existsSync(file)) return undefined;
  const pages = readFileSync(file, 'utf8').replace(
    /\n+[^\n]*\[Page [0-9]+\]\n\f?\n?RFC [0-9]+[^\n]*\n+/g,
    '\n',
  );
  return /<grammar[\s\S]*?<\/grammar>/.exec(pages)?.[0];
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
 */
export function schemaOracle(files: readonly string[]): SchemaOracle {
  const directory = new URL('xsd/', oracles);
  const sources = readdirSync(directory).map(
    (name) => [name, readFileSync(new URL(name, directory))] as const,
  );
  register(sources);
  const [first = ''] = files;
  const schema = first.endsWith('.rng')
    ? RelaxNGValidator.fromDoc(XmlDocument.fromBuffer(readFileSync(new URL(first, directory))))
    : XsdValidator.fromDoc(XmlDocument.fromString(importing(files, new Map(sources))));
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
    const [, namespace] = /targetNamespace\s*=\s*["']([^"']*)["']/.exec(source) ?? [];
    if (namespace === undefined) throw new RangeError(`no schema with a target namespace in ${file}`);
    return `<xs:import namespace="${namespace}" schemaLocation="${file}"/>`;
  });
  return `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:all">${imports.join('')}</xs:schema>`;
}
