import { existsSync, readdirSync, readFileSync } from 'node:fs';
import {
  XmlBufferInputProvider,
  XmlDocument,
  XmlValidateError,
  XsdValidator,
  xmlRegisterInputProvider,
} from 'libxml2-wasm';

const oracles = new URL('../../../../shared/oracles/', import.meta.url);

/** Why the schemas can't be asked, or `undefined` when they can. */
export const oracleAbsent: string | undefined = existsSync(new URL('xsd/pidf.xsd', oracles))
  ? undefined
  : `no XML Schemas at ${oracles.pathname}xsd`;

/** The sample documents printed in RFCs that hold PIDF, by file name. */
export function samples(): readonly (readonly [name: string, bytes: Uint8Array])[] {
  if (oracleAbsent !== undefined) return [];
  const directory = new URL('samples/', oracles);
  return readdirSync(directory)
    .filter((name) => /presence.*\.xml$|^gen-rich-pidf/.test(name))
    .map((name) => [name, new Uint8Array(readFileSync(new URL(name, directory)))]);
}

/** Asks libxml2 what RFC 3863's and RFC 4479's schemas say of a document: all that is wrong. */
export function oracle(): (bytes: Uint8Array) => readonly string[] {
  const directory = new URL('xsd/', oracles);
  const files = readdirSync(directory).map((name) => [name, readFileSync(new URL(name, directory))] as const);
  xmlRegisterInputProvider(new XmlBufferInputProvider(Object.fromEntries(files)));
  const schema = XsdValidator.fromDoc(XmlDocument.fromString(BOTH));
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

const BOTH = `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:both">
  <xs:import namespace="urn:ietf:params:xml:ns:pidf" schemaLocation="pidf.xsd"/>
  <xs:import namespace="urn:ietf:params:xml:ns:pidf:data-model" schemaLocation="data-model.xsd"/>
</xs:schema>`;
