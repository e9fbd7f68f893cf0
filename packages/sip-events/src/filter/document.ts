import type { XmlDocument } from '@sip-simple/xml';
import { type FormatValidateOptions, format, type ParseOptions } from '@sip-simple/xml/format';
import { read, type Violation } from '@sip-simple/xml/schema';
import { FilterError } from './errors.ts';
import { decimalOf, expressionsOf } from './expressions.ts';
import { type Filter, type FilterSet, type FilterSetInit, filterSet } from './schema.ts';

const filterFormat = /* @__PURE__ */ format(filterSet, {
  rfc: 'RFC 4661 §3.2',
  failure: (code, rfc, message, cause) => new FilterError(code, rfc, message, cause),
  elements: [filterSet],
  check: rulesOf,
});

/**
 * Reads a filter document.
 *
 * Reading is lenient: what is not known is passed over and kept, and a filter without `id` is left out.
 * Expressions are text here; `installFilters` reads them.
 *
 * @param input the body, in UTF-8 or UTF-16, or its text; bytes are kept for `serialize`, don't write to them
 * @throws {FilterError} `not-well-formed`, `limit`, `charset`, `wrong-root`
 * @see RFC 4661 §3
 */
export function parse(input: Uint8Array | string, options?: ParseOptions): FilterSet {
  return filterFormat.parse(input, options);
}

/**
 * Writes a filter document, in UTF-8 with an XML declaration: what was parsed and not changed, as the bytes it
 * came in; don't write to them. Where it was changed, only that is different from what was read.
 *
 * @throws {TypeError} when a required part is missing: `id` of a filter, a filter
 * @throws {RangeError} when a value is not of its type
 * @see RFC 4661 §3
 */
export function serialize(value: FilterSetInit): Uint8Array {
  return filterFormat.serialize(value);
}

/** The XML tree of a filter document, as `serialize` writes it, and throwing as it does. */
export function toDocument(value: FilterSetInit): XmlDocument {
  return filterFormat.toDocument(value);
}

/**
 * Checks a filter document exactly: against the schema of RFC 4661 §7, and what RFC 4661 asks beyond it: unique
 * ids (`not-unique`), one target (`uri-and-domain`), something in a trigger (`empty-trigger`), expressions in the
 * syntax of §5 (`bad-expression`), numbers to compare with numbers (`not-a-number`), XML 1.0 and UTF-8
 * (`wrong-version`, `wrong-encoding`).
 *
 * @param input the body, its text, or a parsed document
 * @returns what is wrong; nothing when the document is valid
 * @throws {FilterError} `not-well-formed`, `limit`, `charset`
 */
export function validate(
  input: Uint8Array | string | XmlDocument,
  options?: FormatValidateOptions,
): readonly Violation[] {
  return filterFormat.validate(input, options);
}

function rulesOf(document: XmlDocument): readonly Violation[] {
  const violations: Violation[] = [];
  const { version = '1.0', encoding = 'UTF-8' } = document.declaration ?? {};
  if (version !== '1.0') {
    violations.push({ path: '/', rule: 'wrong-version', message: 'must be XML 1.0 (RFC 4661 §3)' });
  }
  if (!/^utf-8$/i.test(encoding)) {
    violations.push({ path: '/', rule: 'wrong-encoding', message: 'must be encoded in UTF-8 (RFC 4661 §3)' });
  }
  const set = read(filterSet, document.root);
  if (set === undefined) return violations;
  const expression = expressionsOf(set);
  const path = `/${document.root.prefix === '' ? '' : `${document.root.prefix}:`}filter-set`;
  for (const filter of set.filters) {
    const report = (rule: string, message: string): void => {
      if (violations.length < 100)
        violations.push({ path, rule, message: `filter ${filter.id}: ${message}` });
    };
    for (const source of sourcesOf(filter)) {
      try {
        expression(source);
      } catch (error) {
        if (!(error instanceof FilterError)) throw error;
        report('bad-expression', `${error.message} (${error.rfc})`);
      }
    }
    for (const { from, to, by } of filter.triggers.flatMap(({ changed }) => changed)) {
      const isNumber = (value: string | undefined): boolean =>
        value === undefined || decimalOf(value) !== undefined;
      if (by !== undefined && !(isNumber(from) && isNumber(to))) {
        report('not-a-number', 'from and to must be decimal where there is a by (RFC 4661 §3.6.1.4)');
      }
    }
  }
  return violations;
}

/** All expressions of a filter. */
function* sourcesOf({ what, triggers }: Filter): Generator<string> {
  for (const { type, value } of [...(what?.include ?? []), ...(what?.exclude ?? [])]) {
    if (type !== 'namespace') yield value;
  }
  for (const { changed, added, removed } of triggers) {
    for (const { value } of changed) yield value;
    yield* added;
    yield* removed;
  }
}
