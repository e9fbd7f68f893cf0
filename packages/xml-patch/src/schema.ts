import {
  type AnyAttributeItem,
  anyAttribute,
  attribute,
  type ChoiceItem,
  choice,
  content,
  type DeclarationsItem,
  declarations,
  type ElementCheck,
  type ElementSchema,
  many,
  optional,
  otherwise,
  type SimpleType,
  string,
  vocabulary,
  type WrappedItem,
} from '@sip-simple/xml/schema';
import { type Namespaces, parsePatchSelector, SelectorError, type Step } from '@sip-simple/xml/select';
import type { Add, Operation, Remove, Replace } from './operation.ts';

/** The fields that a format embeds to hold a patch. */
export interface PatchFields {
  /** The namespaces declared by the element around the operations. */
  readonly namespaces: DeclarationsItem;
  readonly operations: WrappedItem<readonly Operation[], readonly Operation[], 'many'>;
}

export interface OperationsOptions {
  /** The prefix proposed for the operations' elements. */
  readonly prefix?: string | undefined;
  /** The operations may have attributes of anybody's, as RFC 5874 §3.2 lets them. Default false. */
  readonly isExtensible?: boolean | undefined;
}

/**
 * The elements `<add>`, `<replace>` and `<remove>` in the namespace of a format, by the types of RFC 5261.
 *
 * Reading takes any values, so that nothing of a patch gets lost on the way to `apply`, which refuses what is
 * not valid. Validators are exact.
 *
 * @see RFC 5261 §8
 */
export function operations(
  namespace: string,
  options: OperationsOptions = {},
): ChoiceItem<Operation, Operation> {
  const { element } = vocabulary(namespace, options.prefix ?? '');
  const extra: { readonly extensions?: AnyAttributeItem } = options.isExtensible
    ? { extensions: anyAttribute('any') }
    : {};
  const add = element('add', {
    sel: otherwise(attribute('sel', addSelector), ''),
    pos: optional(attribute('pos', oneOf('pos', 'before', 'after', 'prepend'))),
    type: optional(attribute('type', addType)),
    namespaces: declarations(),
    ...extra,
    content: content(),
  });
  const replace = element('replace', {
    sel: otherwise(attribute('sel', selector), ''),
    namespaces: declarations(),
    ...extra,
    content: content(1),
  });
  const remove = element(
    'remove',
    {
      sel: otherwise(attribute('sel', selector), ''),
      ws: optional(attribute('ws', oneOf('ws', 'before', 'after', 'both'))),
      namespaces: declarations(),
      ...extra,
    },
    { check: isEmpty },
  );
  // The three read what the interfaces of the operations say, and attributes of others beside that.
  const of: {
    readonly add: ElementSchema<Add>;
    readonly replace: ElementSchema<Replace>;
    readonly remove: ElementSchema<Remove>;
  } = { add, replace, remove };
  return choice(of);
}

/**
 * The fields of a patch, to be spread into the fields of an element: its value is a `Patch` then.
 *
 * @see RFC 5261 §8
 */
export function patchFields(namespace: string, options: OperationsOptions = {}): PatchFields {
  return { namespaces: declarations(), operations: many(operations(namespace, options)) };
}

/** A text read as it is, and valid where a selector can be read from it. */
const selector: SimpleType<string> = {
  ...string,
  name: 'xpath of RFC 5261 §8',
  isValid: (text) => lastStepOf(text) !== undefined,
};

const addSelector: SimpleType<string> = {
  ...string,
  name: 'xpath-add of RFC 5261 §8',
  isValid(text) {
    const last = lastStepOf(text);
    return last !== undefined && last.test.type !== 'attribute' && last.test.type !== 'namespace';
  },
};

const addType: SimpleType<string> = {
  ...string,
  name: 'type of RFC 5261 §8',
  isValid(text) {
    const last = lastStepOf(text);
    return last?.offset === 0 && (last.test.type === 'attribute' || last.test.type === 'namespace');
  },
};

/** The last step of a selector, whatever its prefixes stand for; `undefined` when it is none. */
function lastStepOf(text: string): Step | undefined {
  try {
    return parsePatchSelector(text, ANY_PREFIX).steps.at(-1);
  } catch (error) {
    if (error instanceof SelectorError) return undefined;
    throw error;
  }
}

const ANY_PREFIX: Namespaces = { get: (prefix) => (prefix === '' ? '' : 'urn:any') };

/** A text read as it is, and valid where it is one of those listed. */
function oneOf(name: string, ...values: readonly string[]): SimpleType<string> {
  return { ...string, name: `${name} of RFC 5261 §8`, isValid: (text) => values.includes(text) };
}

/** The content of `<remove>` is empty: without even white space. */
const isEmpty: ElementCheck = ({ children }) =>
  children.some((node) => node.type === 'text' && !/[^ \t\r\n]/.test(node.value))
    ? [{ rule: 'unexpected-text', message: '<remove> must be empty, of white space too' }]
    : [];
