import type { XmlDocument } from '@sip-simple/xml';
import { type FormatValidateOptions, format, type ParseOptions } from '@sip-simple/xml/format';
import type { ElementSchema, Violation } from '@sip-simple/xml/schema';
import { constraintFailures, duplicates, type Home } from './constraints.ts';
import { anonymize, copyControl, count } from './copy-control.ts';
import { ResourceListsError } from './errors.ts';
import { type ResourceLists, type ResourceListsInit, resourceLists } from './lists.ts';
import { type RlsServices, type RlsServicesInit, rlsServices } from './services.ts';

const listsFormat = /* @__PURE__ */ formatOf(resourceLists, 'RFC 4826 §3.1');
const servicesFormat = /* @__PURE__ */ formatOf(rlsServices, 'RFC 4826 §4.1');

/**
 * Reads a resource lists document.
 *
 * Reading is lenient: what is not known is passed over and kept, a member without the URI that makes it one
 * stays in `extra`, and the order of display name, members and the rest does not matter. `validate` is exact.
 * Values remember what they were read from, so that `serialize` writes back all of it.
 *
 * @param input the body, in UTF-8 or UTF-16, or its text; bytes are kept for `serialize`, don't write to them
 * @throws {ResourceListsError} `not-well-formed`, `limit`, `charset`, `wrong-root`
 * @see RFC 4826 §3.1
 */
export function parse(input: Uint8Array | string, options?: ParseOptions): ResourceLists {
  return listsFormat.parse(input, options);
}

/**
 * Writes a resource lists document, in UTF-8 with an XML declaration: what was parsed and not changed, as the
 * bytes it came in; don't write to them. Where it was changed, only that is different from what was read.
 *
 * @throws {TypeError} when a required part is missing: `uri` of an entry, `ref`, `anchor`
 * @throws {RangeError} when a value is not of its type
 * @see RFC 4826 §3.1
 */
export function serialize(value: ResourceListsInit): Uint8Array {
  return listsFormat.serialize(value);
}

/** The XML tree of a resource lists document, as `serialize` writes it, and throwing as it does. */
export function toDocument(value: ResourceListsInit): XmlDocument {
  return listsFormat.toDocument(value);
}

/**
 * Checks a resource lists document exactly: against the schemas of RFC 4826 §3.2 and RFC 5364 §5, and what RFC
 * 4826 §3.1 asks beyond them: values that must be unique (rule `not-unique`, see `duplicates`), references of
 * their kind (see `constraintFailures`), XML 1.0 and UTF-8 (`wrong-version`, `wrong-encoding`).
 *
 * @param input the body, its text, or a parsed document
 * @param options.elements schemas of extensions, whose elements are to be validated where they are used
 * @returns what is wrong; nothing when the document is valid
 * @throws {ResourceListsError} `not-well-formed`, `limit`, `charset`
 */
export function validate(
  input: Uint8Array | string | XmlDocument,
  options?: FormatValidateOptions,
): readonly Violation[] {
  return [...encodingOf(input), ...listsFormat.validate(input, options)];
}

/** Reads an RLS services document, as `parse` reads resource lists. @see RFC 4826 §4.1 */
export function parseRlsServices(input: Uint8Array | string, options?: ParseOptions): RlsServices {
  return servicesFormat.parse(input, options);
}

/** Writes an RLS services document, as `serialize` writes resource lists. @see RFC 4826 §4.1 */
export function serializeRlsServices(value: RlsServicesInit): Uint8Array {
  return servicesFormat.serialize(value);
}

/** The XML tree of an RLS services document, as `serializeRlsServices` writes it. */
export function toRlsServicesDocument(value: RlsServicesInit): XmlDocument {
  return servicesFormat.toDocument(value);
}

/**
 * Checks an RLS services document exactly, as `validate` does resource lists, by RFC 4826 §4.
 *
 * @param options.home where the document is kept; without it, the roots and users of `<resource-list>` are not
 *   compared with it
 */
export function validateRlsServices(
  input: Uint8Array | string | XmlDocument,
  options: FormatValidateOptions & { readonly home?: Home | undefined } = {},
): readonly Violation[] {
  const { home } = options;
  const format = home === undefined ? servicesFormat : formatOf(rlsServices, 'RFC 4826 §4.1', home);
  return [...encodingOf(input), ...format.validate(input, options)];
}

function formatOf<Out, In>(root: ElementSchema<Out, In>, rfc: string, home?: Home) {
  return format(root, {
    rfc,
    failure: (code, section, message, cause) => new ResourceListsError(code, section, message, cause),
    elements: [resourceLists, rlsServices],
    attributes: [copyControl, anonymize, count],
    check: (document) => rulesOf(document, home),
  });
}

/** What RFC 4826 asks of a document in prose. */
function rulesOf(document: XmlDocument, home: Home | undefined): readonly Violation[] {
  const violations: Violation[] = [];
  const { version = '1.0', encoding = 'UTF-8' } = document.declaration ?? {};
  if (version !== '1.0') {
    violations.push({ path: '/', rule: 'wrong-version', message: 'must be XML 1.0 (RFC 4826 §3.1)' });
  }
  if (!/^utf-8$/i.test(encoding)) violations.push(WRONG_ENCODING);
  for (const { path, value } of duplicates(document)) {
    const message = `"${value.slice(0, 60)}" is there before, and must be unique (RFC 4826 §3.4.5, §4.4.5)`;
    violations.push({ path, rule: 'not-unique', message });
  }
  return [...violations, ...constraintFailures(document, home)];
}

/** The trees of documents in UTF-16 and UTF-8 are the same; the bytes tell. */
function encodingOf(input: Uint8Array | string | XmlDocument): readonly Violation[] {
  if (!(input instanceof Uint8Array)) return [];
  const isUtf16 = (input[0] === 0xfe && input[1] === 0xff) || (input[0] === 0xff && input[1] === 0xfe);
  return isUtf16 ? [WRONG_ENCODING] : [];
}

const WRONG_ENCODING: Violation = {
  path: '/',
  rule: 'wrong-encoding',
  message: 'must be encoded in UTF-8 (RFC 4826 §3.1)',
};
