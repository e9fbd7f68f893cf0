import type { XmlDocument, XmlElement } from '../tree.ts';

/**
 * The key under which a value remembers what it was read from. It is enumerable, so that `{ ...value, changed }`
 * carries it over: by it the writer knows which element to patch and what in it has changed. JSON,
 * `Object.keys` and `for in` don't see it.
 */
export const ORIGIN: unique symbol = Symbol('origin');

/** What a value was read from. Its fields are private so that printing a value does not print a tree. */
export class Origin {
  readonly #schema: object;
  readonly #element: XmlElement;
  readonly #value: object;
  readonly #isMandatory: ((element: XmlElement) => boolean) | undefined;
  #document: XmlDocument | undefined;

  constructor(
    schema: object,
    element: XmlElement,
    value: object,
    isMandatory: ((element: XmlElement) => boolean) | undefined,
  ) {
    this.#schema = schema;
    this.#element = element;
    this.#value = value;
    this.#isMandatory = isMandatory;
  }

  get schema(): object {
    return this.#schema;
  }

  get element(): XmlElement {
    return this.#element;
  }

  /** The value as it was read. */
  get value(): object {
    return this.#value;
  }

  /** The rule it was read under, for reading it the same way again. */
  get isMandatory(): ((element: XmlElement) => boolean) | undefined {
    return this.#isMandatory;
  }

  /** The document around the element, when the value is a document's. */
  get document(): XmlDocument | undefined {
    return this.#document;
  }

  /** Remembers the document; once, by who reads it. */
  set document(document: XmlDocument | undefined) {
    this.#document = document;
  }
}

/** What a value was read from under a schema, or `undefined` for one made otherwise. */
export function originOf(value: unknown, schema?: object): Origin | undefined {
  if (typeof value !== 'object' || value === null || !(ORIGIN in value)) return undefined;
  const origin = value[ORIGIN];
  if (!(origin instanceof Origin)) return undefined;
  return schema === undefined || origin.schema === schema ? origin : undefined;
}
