import { attributeOf, qualifiedName, textOf, XMLNS, type XmlAttribute, type XmlElement } from '../tree.ts';
import type { AttributeItem } from './describe.ts';
import { collapse, isValidSimple, present, type SimpleType } from './simple.ts';
import {
  type AnySchema,
  type ContentField,
  claimantOf,
  isAccepted,
  type Tables,
  tablesOf,
} from './tables.ts';

/** What a validator found wrong. */
export interface Violation {
  /** Where, as an XPath over the names as written: `/presence/tuple[2]/contact/@priority`. */
  readonly path: string;
  /** The rule that failed; a format's own checks add rules of their own. */
  readonly rule:
    | 'wrong-element'
    | 'unexpected-element'
    | 'missing-element'
    | 'too-many-elements'
    | 'wrong-order'
    | 'unexpected-attribute'
    | 'missing-attribute'
    | 'invalid-value'
    | 'duplicate-id'
    | 'unexpected-text'
    | (string & {});
  /** The rule in a sentence, for people: fit for the phrase of an XCAP 409 (RFC 4825 §11.2). */
  readonly message: string;
}

export interface ValidateOptions {
  /** Elements validated wherever a point of extension holds them, as a schema processor knows them globally. */
  readonly elements?: readonly AnySchema[] | undefined;
  /** Attributes validated wherever a point of extension holds them. */
  readonly attributes?: readonly AnyAttribute[] | undefined;
  /** The most violations reported, 100 by default. */
  readonly limit?: number | undefined;
}

/**
 * Validates an element exactly as described: names, order, occurrence, text and uniqueness of ids, as a
 * processor of the format's XML Schema would, and the format's own checks. What points of extension hold is
 * treated laxly: validated where `options` knows its name, accepted where not.
 *
 * @returns what is wrong, in document order; nothing when the element is valid
 */
export function validate(
  schema: AnySchema,
  element: XmlElement,
  options: ValidateOptions = {},
): readonly Violation[] {
  const run = new Run(options);
  const at: Place = { element, up: undefined };
  if (element.local !== schema.local || element.namespace !== schema.namespace) {
    run.report(at, 'wrong-element', `expected <${schema.local}> of namespace ${schema.namespace}`);
  } else {
    run.element(schema, at);
  }
  return run.violations;
}

type AnyAttribute = Pick<AttributeItem<unknown>, 'namespace' | 'local' | 'type'>;

interface Place {
  readonly element: XmlElement;
  readonly up: Place | undefined;
}

class Run {
  readonly violations: Violation[] = [];
  readonly #ids = new Set<string>();
  readonly #elements = new Map<string, AnySchema>();
  readonly #attributes = new Map<string, AnyAttribute>();
  readonly #limit: number;

  constructor({ elements = [], attributes = [], limit = 100 }: ValidateOptions) {
    for (const schema of elements) this.#elements.set(`${schema.namespace} ${schema.local}`, schema);
    for (const item of attributes) this.#attributes.set(`${item.namespace} ${item.local}`, item);
    this.#limit = limit;
  }

  report(at: Place, rule: Violation['rule'], message: string, attribute?: XmlAttribute): void {
    if (this.violations.length >= this.#limit) return;
    const path = attribute === undefined ? pathOf(at) : `${pathOf(at)}/@${qualifiedName(attribute)}`;
    this.violations.push({ path, rule, message });
  }

  element(schema: AnySchema, at: Place): void {
    if (schema.leaf !== undefined) {
      this.#attributesOf(undefined, at);
      this.#textIs(schema.leaf, at);
    } else {
      const tables = tablesOf(schema);
      this.#attributesOf(tables, at);
      if (tables.text !== undefined) this.#textIs(tables.text.type, at);
      else if (tables.raw !== undefined) this.#raw(tables.raw.max, at);
      else this.#content(tables, at);
    }
    for (const { rule, message } of schema.check?.(at.element) ?? []) this.report(at, rule, message);
  }

  /** Elements of any name among text. */
  #raw(max: number, at: Place): void {
    let count = 0;
    for (const child of at.element.children) {
      if (child.type !== 'element') continue;
      count += 1;
      const place: Place = { element: child, up: at };
      if (count === max + 1) {
        this.report(place, 'too-many-elements', `<${at.element.local}> holds at most ${max} elements`);
      }
      this.#lax(place);
    }
  }

  #textIs(type: SimpleType<unknown>, at: Place): void {
    for (const child of at.element.children) {
      if (child.type !== 'element') continue;
      this.report({ element: child, up: at }, 'unexpected-element', `<${at.element.local}> holds text only`);
    }
    const text = textOf(at.element);
    if (type === present && at.element.children.some((child) => child.type === 'cdata')) {
      this.report(at, 'unexpected-text', `<${at.element.local}> is empty`);
    } else if (!isValidSimple(type, text))
      this.report(at, 'invalid-value', `"${shown(text)}" is not ${type.name}`);
    else if (type.unique) this.#unique(text, at);
  }

  #attributesOf(tables: Tables | undefined, at: Place): void {
    for (const attribute of at.element.attributes) {
      if (attribute.namespace === XMLNS || isSchemaHint(attribute)) continue;
      const field = tables?.attributes.find(
        ({ local, namespace }) => local === attribute.local && namespace === attribute.namespace,
      );
      if (field !== undefined) this.#value(field.type, attribute, at);
      else if (
        tables?.anyAttributes &&
        isAccepted(tables.anyAttributes.accepts, attribute, at.element.namespace)
      ) {
        this.#laxAttribute(attribute, at);
      } else {
        this.report(at, 'unexpected-attribute', `<${at.element.local}> has no such attribute`, attribute);
      }
    }
    for (const { required, fallback, local, namespace } of tables?.attributes ?? []) {
      if (!required && fallback === undefined) continue;
      if (attributeOf(at.element, local, namespace) === undefined) {
        this.report(at, 'missing-attribute', `<${at.element.local}> must have the attribute ${local}`);
      }
    }
  }

  #value(type: SimpleType<unknown>, attribute: XmlAttribute, at: Place): void {
    if (!isValidSimple(type, attribute.value)) {
      this.report(at, 'invalid-value', `"${shown(attribute.value)}" is not ${type.name}`, attribute);
    } else if (type.unique) this.#unique(attribute.value, at, attribute);
  }

  #unique(written: string, at: Place, attribute?: XmlAttribute): void {
    const value = collapse(written);
    if (this.#ids.has(value)) {
      this.report(at, 'duplicate-id', `the id "${shown(value)}" is used before`, attribute);
    }
    this.#ids.add(value);
  }

  /** Content is a sequence of fields by rank; within a rank fields mix. */
  #content(tables: Tables, at: Place): void {
    const counts = new Map<ContentField, number>();
    let rank = 0;
    let option = -1;
    for (const child of at.element.children) {
      if (child.type === 'text' || child.type === 'cdata') {
        if (tables.content.length === 0) {
          this.report(at, 'unexpected-text', `<${at.element.local}> holds nothing, not even white space`);
        } else if (child.type === 'cdata' || !/^[ \t\r\n]*$/.test(child.value)) {
          this.report(at, 'unexpected-text', `<${at.element.local}> holds elements only`);
        }
      }
      if (child.type !== 'element') continue;
      const place: Place = { element: child, up: at };
      const claimant = claimantOf(tables, child);
      const { any } = tables;
      const accepts = any?.accepts;
      const field =
        claimant?.field ?? (accepts && isAccepted(accepts, child, at.element.namespace) ? any : undefined);
      if (field === undefined) {
        this.report(place, 'unexpected-element', `<${at.element.local}> has no such child here`);
        continue;
      }
      if (field.rank < rank) this.#disorder(false, place);
      if (field.isOrdered && claimant !== undefined) {
        const index = field.options.indexOf(claimant.option);
        if (field.rank > rank) option = -1;
        if (index <= option) this.#disorder(index === option, place);
        option = Math.max(option, index);
      }
      rank = Math.max(rank, field.rank);
      const count = (counts.get(field) ?? 0) + 1;
      counts.set(field, count);
      if (count === field.max + 1) {
        this.report(place, 'too-many-elements', `<${at.element.local}> holds at most ${field.max} of these`);
      }
      if (claimant !== undefined) this.element(claimant.option.schema, place);
      else this.#lax(place);
    }
    for (const field of tables.content) {
      if ((counts.get(field) ?? 0) >= field.min) continue;
      const names = field.options.map(({ schema }) => `<${schema.local}>`).join(' or ');
      this.report(at, 'missing-element', `<${at.element.local}> must hold ${names}`);
    }
  }

  #disorder(isRepeated: boolean, at: Place): void {
    const within = at.up?.element.local ?? '';
    if (isRepeated)
      this.report(at, 'too-many-elements', `<${within}> holds <${at.element.local}> at most once`);
    else this.report(at, 'wrong-order', `<${at.element.local}> must stand earlier in <${within}>`);
  }

  #lax(at: Place): void {
    const { element } = at;
    const known = this.#elements.get(`${element.namespace} ${element.local}`);
    if (known !== undefined) {
      this.element(known, at);
      return;
    }
    for (const attribute of element.attributes) {
      if (attribute.namespace !== XMLNS) this.#laxAttribute(attribute, at);
    }
    for (const child of element.children) {
      if (child.type === 'element') this.#lax({ element: child, up: at });
    }
  }

  #laxAttribute(attribute: XmlAttribute, at: Place): void {
    const known = this.#attributes.get(`${attribute.namespace} ${attribute.local}`);
    if (known !== undefined) this.#value(known.type, attribute, at);
  }
}

function pathOf(at: Place): string {
  const name = qualifiedName(at.element);
  if (at.up === undefined) return `/${name}`;
  let position = 0;
  for (const sibling of at.up.element.children) {
    if (sibling.type === 'element' && qualifiedName(sibling) === name) position += 1;
    if (sibling === at.element) break;
  }
  return `${pathOf(at.up)}/${name}[${position}]`;
}

/** `xsi:schemaLocation` and its like, which any element may carry (XML Schema Part 1 §2.6). */
function isSchemaHint({ namespace, local }: XmlAttribute): boolean {
  return namespace === XSI && (local === 'schemaLocation' || local === 'noNamespaceSchemaLocation');
}

function shown(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

const XSI = 'http://www.w3.org/2001/XMLSchema-instance';
