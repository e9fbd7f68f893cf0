import type { XmlElement } from '../tree.ts';
import type { ElementSchema } from './describe.ts';
import { originOf } from './origin.ts';
import { patchText } from './patch.ts';
import { type ReadOptions, read } from './read.ts';
import { writeSimple } from './simple.ts';
import { NONE } from './tables.ts';
import { writeElement } from './write.ts';

/** A value with a point of extension. */
export interface Extensible {
  readonly extra?: readonly XmlElement[] | undefined;
}

/**
 * A view of an extension in the values it may stand in. Nothing is decoded until `of` is called, and nothing
 * else about the value changes when `set` is.
 */
export interface Lens<Out, In = Out> {
  readonly schema: ElementSchema<Out, In>;
  /** The extension in a value, or `undefined` when there is none that can be read. The first, of several. */
  of(value: Extensible): Out | undefined;
  /** All of them, in document order. */
  all(value: Extensible): readonly Out[];
  /** The value with this one extension of its kind, in the place of the old one; `undefined` removes it. */
  set<V extends Extensible>(value: V, extension: In | undefined): V;
  /** The value with these extensions of the kind. */
  setAll<V extends Extensible>(value: V, extensions: readonly In[]): V;
}

/** Makes the lens for an element that a later standard, or anybody, puts at a point of extension. */
export function lens<Out, In>(schema: ElementSchema<Out, In>, options?: ReadOptions): Lens<Out, In> {
  const isIt = (element: XmlElement): boolean =>
    element.local === schema.local && element.namespace === schema.namespace;

  const all = ({ extra = NONE }: Extensible): readonly Out[] => {
    const values: Out[] = [];
    for (const element of extra) {
      const value = isIt(element) ? read(schema, element, options) : undefined;
      if (value !== undefined) values.push(value);
    }
    return values;
  };

  const setAll = <V extends Extensible>(value: V, extensions: readonly In[]): V => {
    const before = value.extra ?? NONE;
    const left = extensions.map((extension) => {
      const element = originOf(extension, schema)?.element;
      return { extension, from: element !== undefined && before.includes(element) ? element : undefined };
    });
    const extra: XmlElement[] = [];
    for (const element of before) {
      if (!isIt(element)) {
        extra.push(element);
        continue;
      }
      const same = left.findIndex(({ from }) => from === element);
      const next = same < 0 ? left.findIndex(({ from }) => from === undefined) : same;
      const [taken] = next < 0 ? [] : left.splice(next, 1);
      if (taken !== undefined) extra.push(rewrite(schema, taken.extension, element));
    }
    for (const { extension } of left) extra.push(writeElement(schema, extension, undefined, schema.local));
    return { ...value, extra };
  };

  return {
    schema,
    all,
    setAll,
    of(value) {
      for (const element of value.extra ?? NONE) {
        const found = isIt(element) ? read(schema, element, options) : undefined;
        if (found !== undefined) return found;
      }
      return undefined;
    },
    set: (value, extension) => setAll(value, extension === undefined ? [] : [extension]),
  };
}

function rewrite<Out, In>(schema: ElementSchema<Out, In>, value: In, old: XmlElement): XmlElement {
  if (schema.leaf !== undefined) return patchText(old, writeSimple(schema.leaf, value, schema.local));
  return writeElement(schema, value, { element: old, up: undefined }, schema.local);
}
