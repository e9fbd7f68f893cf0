import {
  document,
  namespaceDeclaration,
  type XmlAttribute,
  type XmlDocument,
  type XmlElement,
  type XmlNode,
} from '../tree.ts';
import type { ElementSchema } from './describe.ts';
import { originOf } from './origin.ts';
import { patch, patchText } from './patch.ts';
import { declareMissing, prefixFor, type Scope } from './scope.ts';
import { writeSimple } from './simple.ts';
import {
  type AnySchema,
  type ContentField,
  NONE,
  type Option,
  type RawField,
  type Tables,
  tablesOf,
} from './tables.ts';

/**
 * Writes a value as an element. A value that was read is written by patching what has changed into the
 * element it came from: unchanged subtrees are reused as they are, and comments, white space, prefixes and
 * all that the schema does not know stay in place.
 *
 * @throws {TypeError} when a required part is missing
 * @throws {RangeError} when a value is not of its type
 */
export function write<Out, In>(schema: ElementSchema<Out, In>, value: In): XmlElement {
  return declareMissing(writeElement(schema, value, undefined, schema.local));
}

/**
 * Writes a value as a document, as `write`: of a value read by `readDocument`, with the declaration, comments
 * and processing instructions that stood around the root.
 *
 * @throws {TypeError} when a required part is missing
 * @throws {RangeError} when a value is not of its type
 */
export function writeDocument<Out, In>(schema: ElementSchema<Out, In>, value: In): XmlDocument {
  const around = originOf(value, schema)?.document;
  const element = writeElement(schema, value, undefined, schema.local);
  if (around === undefined) return document(declareMissing(element));
  if (around.root === element) return around;
  const root = declareMissing(element, around.root);
  // Not spread: what a caller keeps on a document is true of that document only.
  const { type, declaration } = around;
  return {
    type,
    declaration,
    root,
    children: around.children.map((child) => (child === around.root ? root : child)),
  };
}

/** Writes without types. `where` names the value in errors. */
export function writeElement(
  schema: AnySchema,
  value: unknown,
  scope: Scope | undefined,
  where: string,
): XmlElement {
  if (schema.leaf !== undefined) {
    return elementOf(schema, scope, [], textNodes(writeSimple(schema.leaf, value, where)));
  }
  const origin = originOf(value, schema);
  if (origin !== undefined) {
    if (origin.value === value) return origin.element;
    return patch(schema, fieldsOf(value, where), origin, scope, where);
  }
  return build(schema, fieldsOf(value, where), scope, where);
}

/** Writes one item of a field; `old` is the element in whose place it comes, if any. */
export function writeItem(
  field: ContentField,
  item: unknown,
  old: { element: XmlElement; option: Option | undefined } | undefined,
  scope: Scope | undefined,
  where: string,
): XmlElement {
  // What a point of extension holds are elements, by its type.
  if (field.kind === 'any') return item as XmlElement;
  const { schema, value } = chosen(field, item, where);
  const at = `${where}.${schema.local}`;
  if (schema.leaf !== undefined && old?.option?.schema === schema) {
    return patchText(old.element, writeSimple(schema.leaf, value, at));
  }
  return writeElement(schema, value, scope, at);
}

/** The items of a field in a value, one or a list, as a list. */
export function itemsOf(
  field: { key: string; list: boolean },
  value: Readonly<Record<string, unknown>>,
): readonly unknown[] {
  const items = value[field.key];
  if (items === undefined) return NONE;
  if (!field.list) return [items];
  if (!Array.isArray(items)) throw new TypeError(`${field.key} must be a list`);
  return items;
}

/** The items of a field as they are to be written: where the schema has an order of its own, in that, each once. */
export function itemsToWrite(
  field: ContentField,
  value: Readonly<Record<string, unknown>>,
): readonly unknown[] {
  const items = itemsOf(field, value);
  if (!field.isOrdered || items.length < 2) return items;
  const placeOf = (item: unknown): number => field.options.findIndex(({ type }) => type === typeOf(item));
  return [...new Map(items.map((item) => [typeOf(item), item])).values()].sort(
    (a, b) => placeOf(a) - placeOf(b),
  );
}

function typeOf(item: unknown): unknown {
  return typeof item === 'object' && item !== null && 'type' in item ? item.type : item;
}

/** The value of an item without the wrapper that a choice puts around it. */
export function unwrapped(field: ContentField, item: unknown): unknown {
  const isChoice = field.options.some(({ type }) => type !== undefined);
  return isChoice && typeof item === 'object' && item !== null && 'value' in item ? item.value : item;
}

/** The error for a required part that is not in a value. */
export function missing(where: string, key: string): TypeError {
  return new TypeError(`${where}: ${key} is required`);
}

/** What a value has for content that is kept as it is. */
export function contentOf(field: RawField, value: Readonly<Record<string, unknown>>): readonly XmlNode[] {
  // The type of the field says what it holds.
  return (value[field.key] ?? NONE) as readonly XmlNode[];
}

/** The namespace declarations that a value has a field for. */
export function declarationsOf(
  tables: Tables,
  value: Readonly<Record<string, unknown>>,
): readonly XmlAttribute[] {
  const declared = tables.declarations === undefined ? undefined : value[tables.declarations.key];
  if (!(declared instanceof Map)) return NONE;
  return Array.from(declared, ([prefix, namespace]) => namespaceDeclaration(prefix, namespace));
}

/** Text as the children of an element. */
export function textNodes(value: string): readonly XmlNode[] {
  return value === '' ? NONE : [{ type: 'text', value }];
}

function build(
  schema: AnySchema,
  value: Readonly<Record<string, unknown>>,
  scope: Scope | undefined,
  where: string,
): XmlElement {
  const tables = tablesOf(schema);
  const attributes: XmlAttribute[] = [...declarationsOf(tables, value)];
  for (const { key, namespace, prefix, local, type, required } of tables.attributes) {
    const part = value[key];
    if (part !== undefined) {
      attributes.push({ namespace, prefix, local, value: writeSimple(type, part, `${where}.${key}`) });
    } else if (required) throw missing(where, key);
  }
  if (tables.anyAttributes !== undefined) {
    // The type of the field says what it holds.
    attributes.push(...((value[tables.anyAttributes.key] ?? NONE) as readonly XmlAttribute[]));
  }
  if (tables.raw !== undefined) return elementOf(schema, scope, attributes, contentOf(tables.raw, value));
  if (tables.text !== undefined) {
    const { key, type, required } = tables.text;
    const part = value[key];
    if (part === undefined && required) throw missing(where, key);
    const written = part === undefined ? '' : writeSimple(type, part, where);
    return elementOf(schema, scope, attributes, textNodes(written));
  }
  const children: XmlNode[] = [];
  const within: Scope = { element: elementOf(schema, scope, attributes, NONE), up: scope };
  for (const field of tables.content) {
    const items = itemsToWrite(field, value);
    if (items.length < field.min) throw missing(where, field.key);
    for (const item of items) children.push(writeItem(field, item, undefined, within, where));
  }
  return elementOf(schema, scope, attributes, children);
}

function elementOf(
  { namespace, prefix, local }: AnySchema,
  scope: Scope | undefined,
  attributes: readonly XmlAttribute[],
  children: readonly XmlNode[],
): XmlElement {
  const chosen = prefixFor(namespace, prefix, scope);
  return { type: 'element', namespace, prefix: chosen, local, attributes, children };
}

function chosen(field: ContentField, item: unknown, where: string): { schema: AnySchema; value: unknown } {
  for (const { type, isBare, schema } of field.options) {
    if (type === undefined) return { schema, value: item };
    if (isBare) {
      if (item === type) return { schema, value: '' };
      continue;
    }
    if (
      typeof item === 'object' &&
      item !== null &&
      'type' in item &&
      item.type === type &&
      'value' in item
    ) {
      return { schema, value: item.value };
    }
  }
  const types = field.options.map(({ type }) => type).join(', ');
  const form = field.options[0]?.isBare ? 'one of' : '{ type, value } with one of the types';
  throw new TypeError(`${where}: ${field.key} must be ${form} ${types}`);
}

function fieldsOf(value: unknown, where: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) throw new TypeError(`${where} must be an object`);
  // Any object can be looked at by key; what is found is checked where it is used.
  return value as Readonly<Record<string, unknown>>;
}
