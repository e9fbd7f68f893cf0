import { XMLNS, type XmlAttribute, type XmlElement, type XmlNode } from '../tree.ts';
import { Edits } from './edits.ts';
import { type Origin, originOf } from './origin.ts';
import { type Claim, isKnownAttribute, readElement } from './read.ts';
import type { Scope } from './scope.ts';
import { writeSimple } from './simple.ts';
import { type AnySchema, type ContentField, claimantOf, NONE, type Tables, tablesOf } from './tables.ts';
import {
  contentOf,
  declarationsOf,
  itemsOf,
  itemsToWrite,
  missing,
  textNodes,
  unwrapped,
  writeItem,
} from './write.ts';

type Value = Readonly<Record<string, unknown>>;

/** The element a value was read from, with what has changed in the value changed in it, and nothing else. */
export function patch(
  schema: AnySchema,
  value: Value,
  origin: Origin,
  scope: Scope | undefined,
  where: string,
): XmlElement {
  const { element } = origin;
  const tables = tablesOf(schema);
  // What was read has string keys only, as any value of fields.
  const before = origin.value as Value;
  const attributes = patchAttributes(tables, value, before, element.attributes, where);
  if (tables.raw !== undefined) return { ...element, attributes, children: contentOf(tables.raw, value) };
  if (tables.text !== undefined) {
    const { key, type, required } = tables.text;
    const part = value[key];
    if (part === before[key]) return { ...element, attributes };
    if (part === undefined && required) throw missing(where, key);
    return { ...patchText(element, part === undefined ? '' : writeSimple(type, part, where)), attributes };
  }
  if (tables.content.every(({ key }) => value[key] === before[key])) return { ...element, attributes };
  const claims = claimsOf(tables, origin, before);
  const edits = new Edits(element.children);
  const within: Scope = { element, up: scope };
  for (const field of tables.content) {
    if (value[field.key] !== before[field.key])
      patchField(field, value, before, claims, edits, within, where);
  }
  return { ...element, attributes, children: edits.apply() };
}

/** Which field took each child node when the element was read, found again from the values that it gave. */
function claimsOf(tables: Tables, origin: Origin, before: Value): readonly (Claim | undefined)[] {
  const { element, isMandatory } = origin;
  const taken = new Map<ContentField, number>();
  return element.children.map((child) => {
    if (child.type !== 'element') return undefined;
    const claimant = claimantOf(tables, child);
    if (claimant !== undefined) {
      const { field, option } = claimant;
      const count = taken.get(field) ?? 0;
      const isItem =
        option.schema.leaf !== undefined || option.isBare
          ? (field.list || count === 0) && readElement(option.schema, child, isMandatory) !== undefined
          : originOf(unwrapped(field, itemsOf(field, before)[count]))?.element === child;
      if (isItem) {
        taken.set(field, count + 1);
        return claimant;
      }
    }
    return tables.any === undefined ? undefined : { field: tables.any, option: undefined };
  });
}

/** An element with other text; comments in it stay, and it stays as it is when it says the same already. */
export function patchText(element: XmlElement, text: string): XmlElement {
  if (element.children.length === 1 && element.children[0]?.type === 'text') {
    return { ...element, children: textNodes(text) };
  }
  const isText = (node: XmlNode): boolean => node.type === 'text' || node.type === 'cdata';
  const first = element.children.findIndex(isText);
  if (first < 0) return { ...element, children: [...textNodes(text), ...element.children] };
  const children = element.children.flatMap((child, index) =>
    index === first ? textNodes(text) : isText(child) ? NONE : [child],
  );
  return { ...element, children };
}

/**
 * Brings the elements of one field into line with its items. Items that were read keep their element and
 * its place; between those, new items take the places of old ones in order; what is left over is inserted
 * after, or removed.
 */
function patchField(
  field: ContentField,
  value: Value,
  before: Value,
  claims: readonly (Claim | undefined)[],
  edits: Edits,
  scope: Scope,
  where: string,
): void {
  const items = itemsToWrite(field, value);
  if (items.length < field.min) throw missing(where, field.key);
  const slots: number[] = [];
  claims.forEach((claim, index) => {
    if (claim?.field === field) slots.push(index);
  });
  const old = slots.length === 0 ? NONE : itemsOf(field, before);
  const kept = matchInOrder(
    old.map((item) => identityOf(field, item)),
    items.map((item) => identityOf(field, item)),
  );

  // For each item the old place that the next kept one holds: the places before it are free to be taken.
  const until: number[] = [];
  for (let next = items.length - 1; next >= 0; next -= 1) {
    until[next] = kept[next] ?? until[next + 1] ?? slots.length;
  }
  let free = 0;
  let last: number | undefined;
  for (let next = 0; next < items.length; next += 1) {
    const match = kept[next];
    let place = match;
    if (match === undefined) {
      if (free < (until[next] ?? 0)) place = free;
    } else {
      for (; free < match; free += 1) remove(edits, slots[free]);
    }
    const slot = place === undefined ? undefined : slots[place];
    const element = slot === undefined ? undefined : edits.elementAt(slot);
    if (slot === undefined || element === undefined) {
      const written = writeItem(field, items[next], undefined, scope, where);
      if (last !== undefined) edits.insertAfter(last, written);
      else insertFirst(field, written, slots[free], claims, edits);
      continue;
    }
    const option = claims[slot]?.option;
    const isSame = match !== undefined && option?.schema.leaf !== undefined;
    if (!isSame) edits.replace(slot, writeItem(field, items[next], { element, option }, scope, where));
    last = slot;
    free = (place ?? 0) + 1;
  }
  for (; free < slots.length; free += 1) remove(edits, slots[free]);
}

function remove(edits: Edits, slot: number | undefined): void {
  if (slot !== undefined) edits.remove(slot);
}

/** Places an element before the field's next one, or, in a field that had none, where the schema has it. */
function insertFirst(
  field: ContentField,
  element: XmlElement,
  nextSlot: number | undefined,
  claims: readonly (Claim | undefined)[],
  edits: Edits,
): void {
  if (nextSlot !== undefined) {
    edits.insertBefore(nextSlot, element);
    return;
  }
  let before: number | undefined;
  for (let index = claims.length - 1; index >= 0; index -= 1) {
    const rank = claims[index]?.field.rank;
    if (rank === undefined) continue;
    if (rank <= field.rank) {
      edits.insertAfter(index, element);
      return;
    }
    before = index;
  }
  if (before !== undefined) edits.insertBefore(before, element);
  else edits.append(element);
}

/** For each new key the index of the old one it goes on with, ascending, or `undefined`. */
function matchInOrder(old: readonly unknown[], now: readonly unknown[]): (number | undefined)[] {
  const places = new Map<unknown, number[]>();
  for (let index = old.length - 1; index >= 0; index -= 1) {
    const sameKey = places.get(old[index]);
    if (sameKey === undefined) places.set(old[index], [index]);
    else sameKey.push(index);
  }
  let last = -1;
  return now.map((key) => {
    const candidates = places.get(key);
    while (candidates !== undefined && candidates.length > 0) {
      const candidate = candidates.pop();
      if (candidate !== undefined && candidate > last) {
        last = candidate;
        return candidate;
      }
    }
    return undefined;
  });
}

/** By what an item is recognised: the element it came from, or itself. */
function identityOf(field: ContentField, item: unknown): unknown {
  return originOf(unwrapped(field, item))?.element ?? item;
}

function patchAttributes(
  tables: Tables,
  value: Value,
  before: Value,
  attributes: readonly XmlAttribute[],
  where: string,
): readonly XmlAttribute[] {
  let patched = attributes;
  for (const { key, namespace, prefix, local, type, required } of tables.attributes) {
    const part = value[key];
    if (part === before[key]) continue;
    if (part === undefined && required) throw missing(where, key);
    const isIt = (attribute: XmlAttribute): boolean =>
      attribute.local === local && attribute.namespace === namespace;
    if (part === undefined) {
      patched = patched.filter((attribute) => !isIt(attribute));
      continue;
    }
    const written = writeSimple(type, part, `${where}.${key}`);
    patched = patched.some(isIt)
      ? patched.map((attribute) => (isIt(attribute) ? { ...attribute, value: written } : attribute))
      : [...patched, { namespace, prefix, local, value: written }];
  }
  if (
    tables.declarations !== undefined &&
    value[tables.declarations.key] !== before[tables.declarations.key]
  ) {
    const rest = patched.filter(({ namespace }) => namespace !== XMLNS);
    patched = [...declarationsOf(tables, value), ...rest];
  }
  const others = tables.anyAttributes;
  if (others === undefined || value[others.key] === before[others.key]) return patched;
  // The type of the field says what it holds.
  const now = new Set((value[others.key] ?? NONE) as readonly XmlAttribute[]);
  const stays = patched.filter(
    (attribute) => attribute.namespace === XMLNS || isKnownAttribute(tables, attribute) || now.has(attribute),
  );
  return [...stays, ...[...now].filter((attribute) => !patched.includes(attribute))];
}
