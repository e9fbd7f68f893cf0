import { XML, type XmlAttribute, type XmlElement, type XmlNode } from '../tree.ts';
import { languageOrNone } from './datatypes.ts';
import { present, type SimpleType } from './simple.ts';
import type { Violation } from './validate.ts';

/** How often an item occurs: once, at most once, or any number of times. */
export type Occurs = 'one' | 'maybe' | 'many';

/** Exists in types only: what an item reads as and what may be given to write it. */
declare const TYPES: unique symbol;

/** A part of a description: an attribute, the text, an element, a choice, or one of these with its occurrence. */
export interface Item<Out, In = Out, O extends Occurs = Occurs> {
  readonly occurs: O;
  readonly [TYPES]?: { readonly out: Out; readonly in: (value: In) => void };
}

/** Any part of a description, its types left aside. */
export type AnyItem<O extends Occurs = Occurs> = Item<unknown, never, O>;

/** The value a description reads. */
export type Infer<S extends AnyItem> = NonNullable<S[typeof TYPES]>['out'];
/** What may be given to write a description: as `Infer`, with lists left out where they are empty. */
export type Input<S extends AnyItem> = Parameters<NonNullable<S[typeof TYPES]>['in']>[0];

/** The parts of an element by the name each has in the value; their order is the order of the content. */
export interface Fields {
  readonly [key: string]: AnyItem;
}

/** An element described: its name and what is in it. */
export interface ElementSchema<Out, In = Out> extends Item<Out, In, 'one'> {
  readonly kind: 'element';
  readonly namespace: string;
  /** The prefix proposed where the document has none for the namespace; `''` is the default namespace. */
  readonly prefix: string;
  readonly local: string;
  /** The type of the text of an element whose value is its text alone. */
  readonly leaf: SimpleType<unknown> | undefined;
  readonly fields: Fields;
  readonly check: ElementCheck | undefined;
}

/** A rule that the combinators can't say. Returns what is broken, with paths relative to the element. */
export type ElementCheck = (element: XmlElement) => readonly Omit<Violation, 'path'>[];

/** A namespace in which to describe elements. */
export interface Vocabulary {
  /** An element with attributes or child elements, or both. */
  element<const F extends Fields>(
    local: string,
    fields: F,
    options?: { check?: ElementCheck | undefined },
  ): ElementSchema<Value<F>, Given<F>>;
  /** An element whose value is its text. */
  leaf<T>(local: string, type: SimpleType<T>): ElementSchema<T>;
  /**
   * One of several elements that say all by their name, which is the value: `<away/>` reads as `'away'`.
   *
   * @param type what may stand in them and is passed over; by default they are empty
   */
  names<const N extends string>(locals: readonly N[], type?: SimpleType<unknown>): ChoiceItem<N, N>;
}

/**
 * Begins the description of the elements of one namespace.
 *
 * @param prefix the prefix proposed for elements written into documents that have none for the namespace
 */
export function vocabulary(namespace: string, prefix = ''): Vocabulary {
  const leaf = <T>(local: string, type: SimpleType<T>): ElementSchema<T> => ({
    kind: 'element',
    occurs: 'one',
    namespace,
    prefix,
    local,
    leaf: type,
    fields: {},
    check: undefined,
  });
  return {
    leaf,
    names: (locals, type = present) => ({
      kind: 'choice',
      occurs: 'one',
      of: Object.fromEntries(locals.map((local) => [local, leaf(local, type)])),
      isBare: true,
    }),
    element: (local, fields, options) => ({
      kind: 'element',
      occurs: 'one',
      namespace,
      prefix,
      local,
      leaf: undefined,
      fields,
      check: options?.check,
    }),
  };
}

export interface AttributeItem<T> extends Item<T, T, 'one'> {
  readonly kind: 'attribute';
  readonly namespace: string;
  readonly prefix: string;
  readonly local: string;
  readonly type: SimpleType<T>;
}

/**
 * An attribute. Required unless wrapped in `optional`; an element without a required part can't be read,
 * and stays among what its parent does not know.
 *
 * @param name the local name, or `prefix:local` with its namespace
 */
export function attribute<T>(name: string, type: SimpleType<T>, namespace = ''): AttributeItem<T> {
  const colon = name.indexOf(':');
  const prefix = colon < 0 ? '' : name.slice(0, colon);
  return { kind: 'attribute', occurs: 'one', namespace, prefix, local: name.slice(colon + 1), type };
}

/** `xml:lang`. */
export const xmlLang: AttributeItem<string> = attribute('xml:lang', languageOrNone, XML);

export interface TextItem<T> extends Item<T, T, 'one'> {
  readonly kind: 'text';
  readonly type: SimpleType<T>;
}

/** The text of an element that has attributes too. Elements of nothing but text are a `leaf`. */
export function text<T>(type: SimpleType<T>): TextItem<T> {
  return { kind: 'text', occurs: 'one', type };
}

export interface ChoiceItem<Out, In> extends Item<Out, In, 'one'> {
  readonly kind: 'choice';
  readonly of: { readonly [type: string]: AnyItem<'one'> };
  /** True when the value is the key alone. */
  readonly isBare: boolean;
}

/** One of several elements: its value is `{ type, value }`, the type being the key in `of`. */
export function choice<const C extends { readonly [type: string]: AnyItem<'one'> }>(
  of: C,
): ChoiceItem<
  { [K in keyof C]: { readonly type: K; readonly value: Infer<C[K]> } }[keyof C],
  { [K in keyof C]: { readonly type: K; readonly value: Input<C[K]> } }[keyof C]
> {
  return { kind: 'choice', occurs: 'one', of, isBare: false };
}

export interface LazyItem<Out, In> extends Item<Out, In, 'one'> {
  readonly kind: 'lazy';
  readonly of: () => ElementSchema<Out, In>;
}

/** An element described further down, or the one being described: recursion. */
export function lazy<Out, In = Out>(of: () => ElementSchema<Out, In>): LazyItem<Out, In> {
  return { kind: 'lazy', occurs: 'one', of };
}

export interface WrappedItem<Out, In, O extends Occurs> extends Item<Out, In, O> {
  readonly kind: 'wrapped';
  readonly of: AnyItem;
  readonly min: number;
  readonly max: number;
  readonly otherwise: unknown;
  readonly group: object | undefined;
  /** True for a list whose elements stand in the order described, each once. */
  readonly isOrdered: boolean;
}

/** At most once. What can't be read counts as absent. */
export function optional<Out, In>(of: Item<Out, In, 'one'>): WrappedItem<Out, In, 'maybe'> {
  return {
    kind: 'wrapped',
    occurs: 'maybe',
    of,
    min: 0,
    max: 1,
    otherwise: undefined,
    group: undefined,
    isOrdered: false,
  };
}

/**
 * Exactly once, but readers take `value` when it is missing or can't be read; validators complain.
 * For the parts of documents that are wrong often and whose absence should not hide the rest.
 */
export function otherwise<Out, In>(of: Item<Out, In, 'one'>, value: Out): WrappedItem<Out, In, 'one'> {
  return {
    kind: 'wrapped',
    occurs: 'one',
    of,
    min: 1,
    max: 1,
    otherwise: value,
    group: undefined,
    isOrdered: false,
  };
}

/** A list of elements, read in document order. */
export function many<Out, In>(
  of: Item<Out, In, 'one'>,
  bounds: { min?: number; max?: number } = {},
): WrappedItem<readonly Out[], readonly In[], 'many'> {
  const { min = 0, max = Number.POSITIVE_INFINITY } = bounds;
  return {
    kind: 'wrapped',
    occurs: 'many',
    of,
    min,
    max,
    otherwise: undefined,
    group: undefined,
    isOrdered: false,
  };
}

/**
 * Some of several elements, each at most once, in the order they are listed in. Readers take them in any order
 * and number; writers put them in order.
 */
export function inOrder<Out, In>(
  of: ChoiceItem<Out, In>,
): WrappedItem<readonly Out[], readonly In[], 'many'> {
  return { ...many(of), isOrdered: true };
}

/**
 * `other` is `##other`: any namespace but the element's own, and not none. `any` is `##any`. `{ than }` is
 * `##other` of a type that comes from another schema than the element: any namespace but that schema's.
 */
export type Accepted = 'other' | 'any' | { readonly than: string };

export interface AnyElementItem extends Item<readonly XmlElement[], readonly XmlElement[], 'many'> {
  readonly kind: 'any-elements';
  readonly accepts: Accepted;
}

export interface AnyAttributeItem extends Item<readonly XmlAttribute[], readonly XmlAttribute[], 'many'> {
  readonly kind: 'any-attributes';
  readonly accepts: Accepted;
}

/**
 * A point of extension: elements of other namespaces (`##other`, lax). Its key in the value is `extra` by
 * habit, which lenses rely on. It reads every child element that no other part of the description knows.
 *
 * @param than the namespace that is not other, where it isn't the element's own
 */
export function anyOther(than?: string): AnyElementItem {
  return { kind: 'any-elements', occurs: 'many', accepts: than === undefined ? 'other' : { than } };
}

/** A point of extension for elements of any namespace or none (`##any`, lax). */
export function anyElement(): AnyElementItem {
  return { kind: 'any-elements', occurs: 'many', accepts: 'any' };
}

/** Attributes that no other part of the description knows: of other namespaces, or of any. */
export function anyAttribute(accepts: Accepted = 'other'): AnyAttributeItem {
  return { kind: 'any-attributes', occurs: 'many', accepts };
}

export interface ContentItem extends Item<readonly XmlNode[], readonly XmlNode[], 'many'> {
  readonly kind: 'content';
  readonly max: number;
}

/**
 * All that is in an element, as it is: text, comments, instructions and elements of any name (mixed `##any`,
 * lax). Beside attributes it is the only part of its element.
 *
 * @param max the most elements in it
 */
export function content(max: number = Number.POSITIVE_INFINITY): ContentItem {
  return { kind: 'content', occurs: 'many', max };
}

export interface DeclarationsItem
  extends Item<ReadonlyMap<string, string>, ReadonlyMap<string, string>, 'maybe'> {
  readonly kind: 'declarations';
}

/**
 * The namespaces that an element itself declares, by prefix, the default under `''`: for formats with prefixes
 * in their values. Absent where there are none.
 */
export function declarations(): DeclarationsItem {
  return { kind: 'declarations', occurs: 'maybe' };
}

/**
 * Parts that may stand in any order among each other, at this place in the content: spread the result into
 * the fields. An `xs:all` is one `interleave` around everything; elements that a later standard put into an
 * older one's point of extension are interleaved with it.
 */
export function interleave<const F extends Fields>(fields: F): F {
  const group = {};
  const marked: { [key: string]: AnyItem } = {};
  for (const [key, item] of Object.entries(fields)) marked[key] = { ...item, group } as AnyItem;
  // The same keys with the same items: the mark is not part of the type.
  return marked as unknown as F;
}

type OptionalOut<F extends Fields> = {
  [K in keyof F]: F[K] extends AnyItem<'maybe'> ? K : never;
}[keyof F];
type OptionalIn<F extends Fields> = {
  [K in keyof F]: F[K] extends AnyItem<'maybe' | 'many'> ? K : never;
}[keyof F];

/** The value read from fields. */
export type Value<F extends Fields> = Simplify<
  { readonly [K in keyof F as Exclude<K, OptionalOut<F>>]: Infer<F[K]> } & {
    readonly [K in keyof F as Extract<K, OptionalOut<F>>]?: Infer<F[K]> | undefined;
  }
>;
/** What may be given to write fields. */
export type Given<F extends Fields> = Simplify<
  { readonly [K in keyof F as Exclude<K, OptionalIn<F>>]: Input<F[K]> } & {
    readonly [K in keyof F as Extract<K, OptionalIn<F>>]?: Input<F[K]> | undefined;
  }
>;
type Simplify<T> = { [K in keyof T]: T[K] };
