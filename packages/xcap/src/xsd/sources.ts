import {
  attribute,
  attributeOf,
  document,
  element,
  parse,
  serialize,
  XML,
  type XmlAttribute,
  type XmlDocument,
  type XmlElement,
  XmlError,
} from '@sip-simple/xml';

/** An XML Schema. */
export interface SchemaSource {
  /** What others call it to include it: the `schemaLocation` in `xs:include` and `xs:redefine`. */
  readonly location: string;
  readonly content: Uint8Array | string;
}

/** A schema to compile, and by name the files that it and they refer to; nothing refers to anything else. */
export interface ResolvedSchemas {
  readonly main: Uint8Array;
  readonly files: ReadonlyMap<string, Uint8Array>;
}

/**
 * Makes schemas refer to each other by names that only they have.
 *
 * @throws {RangeError} when one is no schema, is given twice, or refers to one that is not given
 */
export function resolveSchemas(sources: readonly SchemaSource[]): ResolvedSchemas {
  const schemas = new Map<string, Schema>();
  for (const { location, content } of sources) {
    const key = plainLocation(location);
    if (schemas.has(key)) throw new RangeError(`two schemas at ${location}`);
    schemas.set(key, readSchema(location, content, `${NAME}file-${schemas.size}`));
  }
  if (schemas.size === 0) throw new RangeError('no schemas');
  const namespaces = new Map<string, Namespace>();
  for (const schema of schemas.values()) join(namespaces, schema);
  if (!namespaces.has(XML)) join(namespaces, readSchema('xml.xsd', XML_SCHEMA, `${NAME}xml`));

  const files = new Map<string, Uint8Array>();
  const included = new Set<string>();
  const refer = (from: Schema, child: XmlElement): XmlElement => {
    if (child.local === 'import') {
      const namespace = attributeOf(child, 'namespace') ?? '';
      const target = namespaces.get(namespace);
      if (target === undefined) {
        const name = namespace === '' ? 'no namespace' : `the namespace ${namespace}`;
        throw new RangeError(`${from.location} imports ${name}, which no schema is given for`);
      }
      return located(child, target.name);
    }
    const location = attributeOf(child, 'schemaLocation') ?? '';
    const target = schemas.get(plainLocation(location));
    if (target === undefined)
      throw new RangeError(`${from.location} includes ${location}, which is not given`);
    if (target !== from) included.add(target.name);
    return located(child, target.name);
  };
  for (const schema of [...namespaces.values()].flatMap((namespace) => namespace.schemas)) {
    const children = schema.tree.root.children.map((child) =>
      child.type === 'element' && child.namespace === XSD && REFERENCES.has(child.local)
        ? refer(schema, child)
        : child,
    );
    files.set(schema.name, serialize({ ...schema.tree.root, children }));
  }

  // libxml2 takes the first import of a namespace for all: so there is one schema for each, which includes
  // all that are given for it, save those that others include.
  const imports: XmlElement[] = [];
  for (const [namespace, { name, schemas }] of namespaces) {
    const tops = schemas.filter((schema) => !included.has(schema.name));
    // Schemas that include each other in a ring are all included.
    const includes = (tops.length === 0 ? schemas : tops).map((schema) =>
      element(XSD, 'xs:include', [attribute('schemaLocation', schema.name)]),
    );
    files.set(name, schemaOf(namespace === '' ? [] : [attribute('targetNamespace', namespace)], includes));
    // A schema without namespace that others include becomes theirs; on its own it may not be complete.
    if (namespace === '' && tops.length === 0) continue;
    const attributes = namespace === '' ? [] : [attribute('namespace', namespace)];
    imports.push(element(XSD, 'xs:import', [...attributes, attribute('schemaLocation', name)]));
  }
  return { main: schemaOf([attribute('targetNamespace', `${NAME}main`)], imports), files };
}

interface Schema {
  readonly location: string;
  readonly name: string;
  readonly tree: XmlDocument;
}

/** All schemas for a namespace. */
interface Namespace {
  readonly name: string;
  readonly schemas: Schema[];
}

function join(namespaces: Map<string, Namespace>, schema: Schema): void {
  const target = attributeOf(schema.tree.root, 'targetNamespace') ?? '';
  const namespace = namespaces.get(target);
  if (namespace !== undefined) namespace.schemas.push(schema);
  else namespaces.set(target, { name: `${NAME}namespace-${namespaces.size}`, schemas: [schema] });
}

function readSchema(location: string, content: Uint8Array | string, name: string): Schema {
  let tree: XmlDocument;
  try {
    tree = parse(content);
  } catch (error) {
    if (!(error instanceof XmlError)) throw error;
    throw new RangeError(`${location}: ${error.message}`, { cause: error });
  }
  const { namespace, local } = tree.root;
  if (namespace !== XSD || local !== 'schema') throw new RangeError(`${location} is no XML Schema`);
  return { location, name, tree };
}

function located(child: XmlElement, name: string): XmlElement {
  const others = child.attributes.filter(({ local }) => local !== 'schemaLocation');
  return { ...child, attributes: [...others, attribute('schemaLocation', name)] };
}

function schemaOf(attributes: readonly XmlAttribute[], children: readonly XmlElement[]): Uint8Array {
  return serialize(document(element(XSD, 'xs:schema', attributes, children)));
}

const plainLocation = (location: string): string => location.trim().replace(/^(?:\.\/)+/, '');

const XSD = 'http://www.w3.org/2001/XMLSchema';
const NAME = 'sip-simple-xsd:';
const REFERENCES: ReadonlySet<string> = new Set(['import', 'include', 'redefine']);

/** XML 1.0 §2.10 and §2.12, XML Base, xml:id. */
const XML_SCHEMA = `<xs:schema xmlns:xs="${XSD}" targetNamespace="${XML}">
  <xs:attribute name="lang">
    <xs:simpleType>
      <xs:union memberTypes="xs:language">
        <xs:simpleType><xs:restriction base="xs:string"><xs:enumeration value=""/></xs:restriction></xs:simpleType>
      </xs:union>
    </xs:simpleType>
  </xs:attribute>
  <xs:attribute name="space">
    <xs:simpleType>
      <xs:restriction base="xs:NCName">
        <xs:enumeration value="default"/>
        <xs:enumeration value="preserve"/>
      </xs:restriction>
    </xs:simpleType>
  </xs:attribute>
  <xs:attribute name="base" type="xs:anyURI"/>
  <xs:attribute name="id" type="xs:ID"/>
  <xs:attributeGroup name="specialAttrs">
    <xs:attribute ref="xml:base"/>
    <xs:attribute ref="xml:lang"/>
    <xs:attribute ref="xml:space"/>
    <xs:attribute ref="xml:id"/>
  </xs:attributeGroup>
</xs:schema>`;
