import type { XmlDocument } from '@sip-simple/xml';
import { type FormatValidateOptions, format, type ParseOptions } from '@sip-simple/xml/format';
import {
  anyAttribute,
  anyOther,
  anyUri,
  attribute,
  boolean,
  choice,
  content,
  declarations,
  type Infer,
  type Input,
  interleave,
  many,
  optional,
  otherwise,
  present,
  string,
  text,
  type Violation,
  vocabulary,
} from '@sip-simple/xml/schema';
import { patchFields } from '@sip-simple/xml-patch';
import { documentChangeRules, encodingRules, isUtf16, nodesRules, notUtf8 } from './diff-rules.ts';
import { XcapError } from './errors.ts';
import { XCAP_DIFF } from './namespaces.ts';

const ns = vocabulary(XCAP_DIFF);

/** Attributes of anybody's. */
const extensions = anyAttribute('any');

/** `<document>` (RFC 5874 §3): what became of a document. Figure 1 of the RFC says which parts go together. */
export const documentChange = ns.element(
  'document',
  {
    /** The document: a path relative to the XCAP root. */
    sel: attribute('sel', anyUri),
    /** The entity tag it has now; none, if it was removed. */
    newEtag: optional(attribute('new-etag', string)),
    /** The entity tag it had; none, if it is new, or reported without regard to a change. */
    previousEtag: optional(attribute('previous-etag', string)),
    extensions,
    /** There is a new entity tag, for the same content. */
    bodyNotChanged: optional(ns.leaf('body-not-changed', present)),
    ...interleave({
      /** The changes of content, one after the other, with the namespaces for their selectors. */
      ...patchFields(XCAP_DIFF, { isExtensible: true }),
      /** Other elements. */
      extra: anyOther(),
    }),
  },
  { check: documentChangeRules },
);

/** `<element>` (RFC 5874 §3): whether an element exists, and what it is. */
export const elementState = ns.element(
  'element',
  {
    /** The element: a path relative to the XCAP root, percent-encoded; see `componentOf`. */
    sel: attribute('sel', string),
    /** Whether it exists; it does, when not said. */
    exists: optional(attribute('exists', boolean)),
    extensions,
    /** The element, perhaps among white space; nothing where it can't be shown. */
    content: content(1),
  },
  { check: nodesRules },
);

/** `<attribute>` (RFC 5874 §3): whether an attribute exists, and its value. */
export const attributeState = ns.element('attribute', {
  /** The attribute: a path relative to the XCAP root, percent-encoded; see `componentOf`. */
  sel: attribute('sel', string),
  /** Whether it exists; it does, when not said. */
  exists: optional(attribute('exists', boolean)),
  extensions,
  value: text(string),
});

/** `<xcap-diff>` (RFC 5874 §3). */
export const xcapDiff = ns.element('xcap-diff', {
  /** The XCAP root URI, which every `sel` of a child is relative to. */
  xcapRoot: otherwise(attribute('xcap-root', anyUri), ''),
  /** The namespaces declared around all changes. */
  namespaces: declarations(),
  extensions,
  /** What is reported, in order. */
  changes: many(choice({ document: documentChange, element: elementState, attribute: attributeState })),
  /** Other elements. */
  extra: anyOther(),
});

/** A report of changes of documents under one XCAP root. */
export type XcapDiff = Infer<typeof xcapDiff>;
export type DocumentChange = Infer<typeof documentChange>;
export type ElementState = Infer<typeof elementState>;
export type AttributeState = Infer<typeof attributeState>;
/** What `serializeXcapDiff` takes: lists may be left out where they are empty. */
export type XcapDiffInit = Input<typeof xcapDiff>;
export type DocumentChangeInit = Input<typeof documentChange>;
export type ElementStateInit = Input<typeof elementState>;
export type AttributeStateInit = Input<typeof attributeState>;

const diffFormat = /* @__PURE__ */ format(xcapDiff, {
  rfc: 'RFC 5874 §3',
  failure: (code, rfc, message, cause) => new XcapError(code, rfc, message, cause),
  check: encodingRules,
});

/**
 * Reads an XCAP diff document, leniently: what is unknown is passed over and kept, as §3 demands, a change
 * without `sel` is passed over.
 *
 * @param input the body, or its text; bytes are kept for `serializeXcapDiff`, don't write to them
 * @throws {XcapError} `not-well-formed`, `limit`, `charset`, `wrong-root`
 * @see RFC 5874 §3
 */
export function parseXcapDiff(input: Uint8Array | string, options?: ParseOptions): XcapDiff {
  return diffFormat.parse(input, options);
}

/**
 * Writes an XCAP diff document in UTF-8; one that was parsed and not changed, as the bytes it came in.
 *
 * @throws {TypeError} when a required part is missing: `xcapRoot`, the `sel` of a change
 * @throws {RangeError} when a value is not of its type
 * @see RFC 5874 §3
 */
export function serializeXcapDiff(value: XcapDiffInit): Uint8Array {
  return diffFormat.serialize(value);
}

/**
 * Checks an XCAP diff document exactly: the schema of RFC 5874 §4, and the rules of §3 that it can't state:
 * `not-utf-8`, `not-xml-1.0`, `not-relative` (a document's `sel`), `etag-missing` (changes of content without
 * both entity tags), `unexpected-nodes` (in an `<element>` that shows none).
 *
 * @returns what is wrong; nothing when the document is valid
 * @throws {XcapError} `not-well-formed`, `limit`, `charset`
 */
export function validateXcapDiff(
  input: Uint8Array | string | XmlDocument,
  options?: FormatValidateOptions,
): readonly Violation[] {
  const violations = diffFormat.validate(input, options);
  if (!(input instanceof Uint8Array) || !isUtf16(input)) return violations;
  return violations.some(({ rule }) => rule === 'not-utf-8')
    ? violations
    : [notUtf8('UTF-16'), ...violations];
}
