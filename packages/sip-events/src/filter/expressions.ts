import { parseFilterExpression, type Selector, SelectorError } from '@sip-simple/xml/select';
import { FilterError } from './errors.ts';
import type { FilterSet } from './schema.ts';

/** Reads expressions of one filter document, with the prefixes that it binds. */
export type ReadExpression = (expression: string) => Selector;

/**
 * Makes the reader of expressions of a filter document.
 *
 * @see RFC 4661 §3.3, §5
 */
export function expressionsOf({ nsBindings }: Pick<FilterSet, 'nsBindings'>): ReadExpression {
  const namespaces = new Map(nsBindings?.bindings.map(({ prefix, urn }) => [prefix.trim(), urn]));
  return (expression) => {
    try {
      return parseFilterExpression(expression, namespaces);
    } catch (error) {
      if (!(error instanceof SelectorError)) throw error;
      const shown = expression.trim().slice(0, 100);
      throw new FilterError('bad-expression', error.rfc, `${error.message} in "${shown}"`, error);
    }
  };
}

/** A number as `xs:decimal` writes it, or `undefined`. */
export function decimalOf(text: string): number | undefined {
  return /^\s*[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)\s*$/.test(text) ? Number(text) : undefined;
}
