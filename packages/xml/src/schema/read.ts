import { attributeOf, textOf, XMLNS, type XmlAttribute, type XmlDocument, type XmlElement } from '../tree.ts';
import type { ElementSchema } from './describe.ts';
import { ORIGIN, Origin, originOf } from './origin.ts';
import { readSimple } from './simple.ts';
import {
  type AnySchema,
  type ContentField,
  claimantOf,
  NONE,
  type Option,
  type Tables,
  tablesOf,
} from './tables.ts';

export interface ReadOptions {
  /**
   * True for an element that must be understood: where a schema does not know such a child, the element
   * around it can't be read.
   */
  readonly isMandatory?: ((element: XmlElement) => boolean) | undefined;
}

/**
 * Reads the value of an element, leniently: what the schema does not know, or can't read, is passed over and
 * kept for writing. The value remembers the element.
 *
 * @returns `undefined` when the element has another name, or lacks a required part
 */
export function read<Out, In>(
  schema: ElementSchema<Out, In>,
  element: XmlElement,
  options?: ReadOptions,
): Out | undefined {
  if (element.local !== schema.local || element.namespace !== schema.namespace) return undefined;
  // What `readElement` makes by the description has the type that was computed from the same description.
  return readElement(schema, element, options?.isMandatory) as Out | undefined;
}

/** Reads the value of a document's root, as `read`; written back, what stands around the root is kept too. */
export function readDocument<Out, In>(
  schema: ElementSchema<Out, In>,
  document: XmlDocument,
  options?: ReadOptions,
): Out | undefined {
  const value = read(schema, document.root, options);
  const origin = originOf(value);
  if (origin !== undefined) origin.document = document;
  return value;
}

/** Which field took a child element of an element that was read. */
export interface Claim {
  readonly field: ContentField;
  readonly option: Option | undefined;
}

/** Reads without types. */
export function readElement(
  schema: AnySchema,
  element: XmlElement,
  isMandatory: ((element: XmlElement) => boolean) | undefined,
): unknown {
  if (schema.leaf !== undefined) {
    if (isMandatory !== undefined && hasMandatory(element, isMandatory)) return undefined;
    return readSimple(schema.leaf, onlyText(element));
  }
  const tables = tablesOf(schema);
  const value = tables.clone(tables.blank);
  if (!readAttributes(tables, element, value)) return undefined;
  if (tables.text !== undefined) {
    const { key, type, required, fallback } = tables.text;
    const read = readSimple(type, onlyText(element)) ?? fallback;
    if (read === undefined && required) return undefined;
    value[key] = read;
  }
  const { children } = element;
  if (tables.raw !== undefined) {
    if (children.length > 0) value[tables.raw.key] = children;
    value[ORIGIN] = new Origin(schema, element, value, isMandatory);
    return value;
  }
  for (let index = 0; index < children.length; index += 1) {
    const child = children[index];
    if (child === undefined || child.type !== 'element') continue;
    const claim = readChild(tables, child, value, isMandatory);
    if (
      isMandatory !== undefined &&
      (claim === undefined || claim.option === undefined) &&
      isMandatory(child)
    ) {
      return undefined;
    }
  }
  for (const { key, required, fallback } of tables.content) {
    if (!required || value[key] !== undefined) continue;
    if (fallback === undefined) return undefined;
    value[key] = fallback;
  }
  value[ORIGIN] = new Origin(schema, element, value, isMandatory);
  return value;
}

function readChild(
  tables: Tables,
  child: XmlElement,
  value: Record<string | symbol, unknown>,
  isMandatory: ((element: XmlElement) => boolean) | undefined,
): Claim | undefined {
  const claimant = claimantOf(tables, child);
  if (claimant !== undefined) {
    const { field, option } = claimant;
    if (field.list || value[field.key] === undefined) {
      const read = readElement(option.schema, child, isMandatory);
      if (read !== undefined) {
        const { type } = option;
        add(value, field, type === undefined ? read : option.isBare ? type : { type, value: read });
        return claimant;
      }
    }
  }
  if (tables.any === undefined) return undefined;
  add(value, tables.any, child);
  return { field: tables.any, option: undefined };
}

function add(value: Record<string | symbol, unknown>, field: ContentField, item: unknown): void {
  if (!field.list) {
    value[field.key] = item;
    return;
  }
  const items = value[field.key];
  // A list field holds NONE or the array made here for its first item.
  if (items === NONE) value[field.key] = [item];
  else (items as unknown[]).push(item);
}

function readAttributes(
  tables: Tables,
  element: XmlElement,
  value: Record<string | symbol, unknown>,
): boolean {
  for (const { key, local, namespace, type, required, fallback } of tables.attributes) {
    const written = attributeOf(element, local, namespace);
    const read = written === undefined ? fallback : (readSimple(type, written) ?? fallback);
    if (read !== undefined) value[key] = read;
    else if (required) return false;
  }
  if (tables.declarations !== undefined) {
    const declared = element.attributes.filter(({ namespace }) => namespace === XMLNS);
    if (declared.length > 0) {
      value[tables.declarations.key] = new Map(
        declared.map(({ prefix, local, value }) => [prefix === '' ? '' : local, value]),
      );
    }
  }
  if (tables.anyAttributes !== undefined) {
    const others = element.attributes.filter((attribute) => !isKnownAttribute(tables, attribute));
    if (others.length > 0) value[tables.anyAttributes.key] = others;
  }
  return true;
}

/** True for namespace declarations and attributes that have a field of their own. */
export function isKnownAttribute(tables: Tables, attribute: XmlAttribute): boolean {
  if (attribute.namespace === XMLNS) return true;
  for (const field of tables.attributes) {
    if (field.local === attribute.local && field.namespace === attribute.namespace) return true;
  }
  return false;
}

function onlyText(element: XmlElement): string {
  const { children } = element;
  if (children.length === 1) {
    const child = children[0];
    if (child !== undefined && child.type === 'text') return child.value;
  }
  return textOf(element);
}

function hasMandatory(element: XmlElement, isMandatory: (element: XmlElement) => boolean): boolean {
  return element.children.some((child) => child.type === 'element' && isMandatory(child));
}
