import { attributeOf, firstElement, textOf, type XmlDocument } from '@sip-simple/xml';
import { type FormatValidateOptions, format, type ParseOptions } from '@sip-simple/xml/format';
import {
  anyElement,
  anyUri,
  attribute,
  choice,
  type ElementCheck,
  type Infer,
  type Input,
  many,
  optional,
  otherwise,
  string,
  type Violation,
  vocabulary,
} from '@sip-simple/xml/schema';
import { XcapError } from './errors.ts';

/** The namespace of RFC 4825 §11. */
export const XCAP_ERROR = 'urn:ietf:params:xml:ns:xcap-error';

const ns = vocabulary(XCAP_ERROR);

/** Text for people. */
const phrase = optional(attribute('phrase', string));
const plainError = <const Name extends string>(name: Name) => ns.element(name, { phrase });

// RFC 3986 §2: what a URI is made of. Square brackets belong to the host alone, never to a node selector.
const URI_TEXT = /^(?:[\w.~!$&'()*+,;=:@/?#-]|%[0-9A-Fa-f]{2})*$/;

// RFC 4825 §11.1: the ancestor's "node selector component MUST be percent-encoded".
const ancestorIsEncoded: ElementCheck = (element) => {
  const ancestor = firstElement(element, 'ancestor');
  const [, selector = ''] = ancestor === undefined ? [] : textOf(ancestor).split('/~~/');
  return URI_TEXT.test(selector) ? [] : [notEncoded('the node selector in <ancestor>')];
};

// RFC 4825 §11.1: the same of "field", which "will start with the root element"; "the query component of the
// URI MUST be present if the node selector portion of the URI contains namespace prefixes".
const fieldIsUri: ElementCheck = (element) => {
  const field = attributeOf(element, 'field') ?? '';
  if (!URI_TEXT.test(field)) return [notEncoded('the field')];
  const [selector = '', query] = field.split('?');
  if (query !== undefined || !hasPrefix(selector)) return [];
  const message = 'a field with namespace prefixes must have a query that binds them (RFC 4825 §11.1)';
  return [{ rule: 'missing-query', message }];
};

const notEncoded = (what: string) => ({
  rule: 'not-percent-encoded',
  message: `${what} must be percent-encoded (RFC 4825 §11.1)`,
});

/** True when a node selector, percent-encoded, has a name with a prefix outside of its quoted values. */
function hasPrefix(selector: string): boolean {
  const names = selector.replace(/%22.*?%22|%27.*?%27|'[^']*'/gi, '');
  return /[^/]:|%3A/i.test(names);
}

/** `<exists>` (RFC 4825 §11.1): a value that is not unique. */
export const exists = ns.element(
  'exists',
  {
    /** Where it is: a URI relative to the document, so a node selector that starts with the root element. */
    field: attribute('field', string),
    /** Values to take instead. */
    altValues: many(ns.leaf('alt-value', string)),
  },
  { check: fieldIsUri },
);

/** `<xcap-error>` (RFC 4825 §11). */
export const conflictReport = ns.element('xcap-error', {
  /**
   * The condition, by the name of its element. What is no condition of RFC 4825 counts as an `extension` that
   * nobody understands.
   */
  error: otherwise(
    choice({
      /** The body is no well-formed document. */
      'not-well-formed': plainError('not-well-formed'),
      /** The body is no element in XML. */
      'not-xml-frag': plainError('not-xml-frag'),
      /** What the insertion is to be into does not exist. */
      'no-parent': ns.element(
        'no-parent',
        {
          /** The closest parent that does exist: a URI, which may be relative to the document. */
          ancestor: optional(ns.leaf('ancestor', anyUri)),
          phrase,
        },
        { check: ancestorIsEncoded },
      ),
      /** The document would not comply with its schema. */
      'schema-validation-error': plainError('schema-validation-error'),
      /** The body is no attribute value. */
      'not-xml-att-value': plainError('not-xml-att-value'),
      /** A GET after the PUT would not give what was put. */
      'cannot-insert': plainError('cannot-insert'),
      /** The DELETE would not be idempotent. */
      'cannot-delete': plainError('cannot-delete'),
      /** Something in the document would not be unique that the application usage wants unique. */
      'uniqueness-failure': ns.element('uniqueness-failure', { exists: many(exists, { min: 1 }), phrase }),
      /** The document would break another rule of the application usage. */
      'constraint-failure': plainError('constraint-failure'),
      /** A condition that an extension of XCAP defines. */
      extension: ns.element('extension', { extra: anyElement() }),
      /** The document would not be in UTF-8. */
      'not-utf-8': plainError('not-utf-8'),
    }),
    { type: 'extension', value: { extra: [] } },
  ),
});

/** Why a request was answered by 409: the document `application/xcap-error+xml`. */
export type ConflictReport = Infer<typeof conflictReport>;
/** What `serializeConflictReport` takes: lists may be left out where they are empty. */
export type ConflictReportInit = Input<typeof conflictReport>;
export type Exists = Infer<typeof exists>;
export type ExistsInit = Input<typeof exists>;

const conflictFormat = /* @__PURE__ */ format(conflictReport, {
  rfc: 'RFC 4825 §11',
  failure: (code, rfc, message, cause) => new XcapError(code, rfc, message, cause),
});

/**
 * Reads a conflict report, leniently. A report without a condition of RFC 4825 reads as an `extension` without
 * content, which is to be taken as a 409 without a body, as any extension that is not understood (§11.1).
 *
 * @param input the body, or its text; bytes are kept for `serializeConflictReport`, don't write to them
 * @throws {XcapError} `not-well-formed`, `limit`, `charset`, `wrong-root`
 * @see RFC 4825 §11
 */
export function parseConflictReport(input: Uint8Array | string, options?: ParseOptions): ConflictReport {
  return conflictFormat.parse(input, options);
}

/**
 * Writes a conflict report in UTF-8; one that was parsed and not changed, as the bytes it came in.
 *
 * @throws {TypeError} when a required part is missing: `error`, the `field` of what exists
 * @throws {RangeError} when an ancestor is no URI
 * @see RFC 4825 §11
 */
export function serializeConflictReport(value: ConflictReportInit): Uint8Array {
  return conflictFormat.serialize(value);
}

/**
 * Checks a conflict report exactly: the schema of RFC 4825 §11.2, and the rules of §11.1 for its URIs
 * (`not-percent-encoded`, `missing-query`).
 *
 * @returns what is wrong; nothing when the document is valid
 * @throws {XcapError} `not-well-formed`, `limit`, `charset`
 */
export function validateConflictReport(
  input: Uint8Array | string | XmlDocument,
  options?: FormatValidateOptions,
): readonly Violation[] {
  return conflictFormat.validate(input, options);
}
