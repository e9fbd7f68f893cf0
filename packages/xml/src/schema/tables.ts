import type { XmlAttribute, XmlElement } from '../tree.ts';
import { nextCloner } from './cloners.ts';
import type {
  Accepted,
  AnyAttributeItem,
  AnyElementItem,
  AnyItem,
  AttributeItem,
  ChoiceItem,
  ContentItem,
  DeclarationsItem,
  ElementSchema,
  Fields,
  LazyItem,
  Occurs,
  TextItem,
  WrappedItem,
} from './describe.ts';
import { ORIGIN } from './origin.ts';
import type { SimpleType } from './simple.ts';

/** Any element description, its types left aside. */
export type AnySchema = ElementSchema<unknown, never>;

interface Part {
  readonly key: string;
  /** True when a value must have it. */
  readonly required: boolean;
  /** What readers take for a required part that is missing. */
  readonly fallback: unknown;
}

export interface AttributeField extends Part {
  readonly kind: 'attribute';
  readonly namespace: string;
  readonly prefix: string;
  readonly local: string;
  readonly type: SimpleType<unknown>;
}

export interface TextField extends Part {
  readonly kind: 'text';
  readonly type: SimpleType<unknown>;
}

/** Child elements of one field, or the elements that no other field knows. */
export interface ContentField extends Part {
  readonly kind: 'child' | 'any';
  readonly options: readonly Option[];
  readonly list: boolean;
  readonly min: number;
  readonly max: number;
  readonly accepts: Accepted | undefined;
  /** True when the options stand in their order, each once. */
  readonly isOrdered: boolean;
  /** The place in the content: fields of equal rank may be mixed. */
  readonly rank: number;
}

export interface AnyAttributeField extends Part {
  readonly kind: 'any-attributes';
  readonly accepts: Accepted;
}

/** All that is in the element, as it is. */
export interface RawField extends Part {
  readonly kind: 'content';
  readonly max: number;
}

/** The namespaces that the element declares. */
export interface DeclarationsField extends Part {
  readonly kind: 'declarations';
}

/** A schema that a child may follow; `type` is its key in a choice, and all of its value when it is bare. */
export interface Option {
  readonly type: string | undefined;
  readonly isBare: boolean;
  readonly schema: AnySchema;
}

/** Who takes a child element of a name. */
export interface Claimant {
  readonly field: ContentField;
  readonly option: Option;
  /** The next one for the same local name, in another namespace. */
  readonly next: Claimant | undefined;
}

/** A description laid out for reading: what the names in a document lead to. */
export interface Tables {
  readonly attributes: readonly AttributeField[];
  readonly anyAttributes: AnyAttributeField | undefined;
  readonly declarations: DeclarationsField | undefined;
  readonly text: TextField | undefined;
  readonly raw: RawField | undefined;
  readonly content: readonly ContentField[];
  readonly any: ContentField | undefined;
  readonly claimants: ReadonlyMap<string, Claimant>;
  /** A value in which nothing has been read: all its keys, in order. */
  readonly blank: Readonly<Record<string | symbol, unknown>>;
  /** Copies `blank`. */
  readonly clone: (blank: Tables['blank']) => Record<string | symbol, unknown>;
}

/** The tables of a schema, laid out on first use, when the descriptions it refers to lazily are all there. */
export function tablesOf(schema: AnySchema): Tables {
  let tables = laidOut.get(schema);
  if (tables === undefined) {
    tables = layOut(schema.fields);
    laidOut.set(schema, tables);
  }
  return tables;
}

/** Who takes a child element, or `undefined`. */
export function claimantOf(tables: Tables, child: XmlElement): Claimant | undefined {
  let claimant = tables.claimants.get(child.local);
  while (claimant !== undefined && claimant.option.schema.namespace !== child.namespace)
    claimant = claimant.next;
  return claimant;
}

/** True for an element that a point of extension in an element of `namespace` accepts. */
export function isAccepted(accepts: Accepted, node: XmlElement | XmlAttribute, namespace: string): boolean {
  if (accepts === 'any') return true;
  return node.namespace !== '' && node.namespace !== (accepts === 'other' ? namespace : accepts.than);
}

/** The list of no items, shared: a reader makes an array only for the first item. */
export const NONE: readonly never[] = Object.freeze([]);

const ONCE = { min: 1, max: 1 };
const laidOut = new WeakMap<AnySchema, Tables>();

type KnownItem =
  | AnySchema
  | AttributeItem<unknown>
  | TextItem<unknown>
  | ChoiceItem<unknown, never>
  | LazyItem<unknown, never>
  | WrappedItem<unknown, never, Occurs>
  | AnyElementItem
  | AnyAttributeItem
  | ContentItem
  | DeclarationsItem;

function layOut(fields: Fields): Tables {
  const attributes: AttributeField[] = [];
  const content: ContentField[] = [];
  const claimants = new Map<string, Claimant>();
  const blank: Record<string | symbol, unknown> = {};
  let anyAttributes: AnyAttributeField | undefined;
  let text: TextField | undefined;
  let raw: RawField | undefined;
  let declarations: DeclarationsField | undefined;
  let any: ContentField | undefined;
  let group: object | undefined;
  let rank = 0;

  for (const [key, given] of Object.entries(fields)) {
    const item = itemOf(given);
    const wrapped = item.kind === 'wrapped' ? item : undefined;
    const inner = wrapped === undefined ? item : itemOf(wrapped.of);
    const part = { key, required: item.occurs === 'one', fallback: wrapped?.otherwise };
    blank[key] = undefined;
    if (inner.kind === 'attribute') {
      const { namespace, prefix, local, type } = inner;
      attributes.push({ kind: 'attribute', ...part, namespace, prefix, local, type });
    } else if (inner.kind === 'text') {
      text = { kind: 'text', ...part, type: inner.type };
    } else if (inner.kind === 'any-attributes') {
      anyAttributes = { kind: 'any-attributes', ...part, accepts: inner.accepts };
      blank[key] = NONE;
    } else if (inner.kind === 'content') {
      raw = { kind: 'content', ...part, max: inner.max };
      blank[key] = NONE;
    } else if (inner.kind === 'declarations') {
      declarations = { kind: 'declarations', ...part };
    } else if (inner.kind !== 'wrapped') {
      const itsGroup = groupOf(item);
      if (itsGroup === undefined || itsGroup !== group) rank += 1;
      group = itsGroup;
      const field = contentField(part, inner, wrapped, rank);
      if (field.list) blank[key] = NONE;
      content.push(field);
      if (field.kind === 'any') any = field;
      for (const option of field.options) {
        const { local } = option.schema;
        claimants.set(local, { field, option, next: claimants.get(local) });
      }
    }
  }
  blank[ORIGIN] = undefined;
  return {
    attributes,
    anyAttributes,
    declarations,
    text,
    raw,
    content,
    any,
    claimants,
    // An object that got more than some twenty keys one by one is a hash table to V8, and takes ten times as long to
    // copy as its own copy does.
    blank: { ...blank },
    clone: nextCloner(),
  };
}

function contentField(
  part: Part,
  item: Exclude<
    KnownItem,
    { kind: 'attribute' | 'any-attributes' | 'text' | 'wrapped' | 'content' | 'declarations' }
  >,
  wrapped: WrappedItem<unknown, never, Occurs> | undefined,
  rank: number,
): ContentField {
  if (item.kind === 'any-elements') {
    const max = Number.POSITIVE_INFINITY;
    return {
      kind: 'any',
      ...part,
      options: [],
      list: true,
      min: 0,
      max,
      accepts: item.accepts,
      isOrdered: false,
      rank,
    };
  }
  const { min, max } = wrapped ?? ONCE;
  const list = wrapped?.occurs === 'many';
  const isOrdered = wrapped?.isOrdered ?? false;
  const options = optionsOf(item);
  return { kind: 'child', ...part, options, list, min, max, accepts: undefined, isOrdered, rank };
}

function optionsOf(item: AnySchema | ChoiceItem<unknown, never> | LazyItem<unknown, never>): Option[] {
  if (item.kind === 'element') return [{ type: undefined, isBare: false, schema: item }];
  if (item.kind === 'lazy') return [{ type: undefined, isBare: false, schema: item.of() }];
  const { isBare } = item;
  return Object.entries(item.of).map(([type, of]) => {
    const inner = itemOf(of);
    if (inner.kind === 'lazy') return { type, isBare, schema: inner.of() };
    if (inner.kind !== 'element') throw new TypeError(`choice: ${type} is not an element`);
    return { type, isBare, schema: inner };
  });
}

function itemOf(item: AnyItem): KnownItem {
  // The combinators of describe.ts make no other items; Item itself hides their data from the types of values.
  return item as KnownItem;
}

function groupOf(item: object): object | undefined {
  return 'group' in item && typeof item.group === 'object' && item.group !== null ? item.group : undefined;
}
