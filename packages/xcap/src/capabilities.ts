import { textOf, type XmlDocument } from '@sip-simple/xml';
import { type FormatValidateOptions, format, type ParseOptions } from '@sip-simple/xml/format';
import {
  anyOther,
  anyUri,
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

/** The namespace of RFC 4825 §12, which is the default document namespace of its application usage too. */
export const XCAP_CAPS = 'urn:ietf:params:xml:ns:xcap-caps';

const ns = vocabulary(XCAP_CAPS);

// RFC 4825 §12: what every server supports "MUST be listed"; its schema can't say which.
const lists = (child: string, needed: string): ElementCheck => {
  const rule = `missing-${child}`;
  const message = `<${child}> ${needed} must be listed (RFC 4825 §12)`;
  return ({ children }) =>
    children.some((node) => node.type === 'element' && node.local === child && textOf(node) === needed)
      ? []
      : [{ rule, message }];
};

/** `<xcap-caps>` (RFC 4825 §12). */
export const capabilities = ns.element('xcap-caps', {
  /** The application usages that the server has. */
  auids: otherwise(
    ns.element('auids', { auid: many(ns.leaf('auid', string)) }, { check: lists('auid', 'xcap-caps') }),
    { auid: [] },
  ),
  /** The extensions of XCAP that it has, by their tokens. */
  extensions: optional(ns.element('extensions', { extension: many(ns.leaf('extension', string)) })),
  /** The namespaces whose elements it can validate wherever they stand. */
  namespaces: otherwise(
    ns.element(
      'namespaces',
      { namespace: many(ns.leaf('namespace', anyUri)) },
      { check: lists('namespace', XCAP_CAPS) },
    ),
    { namespace: [] },
  ),
  /** Other elements. */
  extra: anyOther(),
});

/** What an XCAP server supports. */
export type Capabilities = Infer<typeof capabilities>;
/** What `serializeCapabilities` takes: lists may be left out where they are empty. */
export type CapabilitiesInit = Input<typeof capabilities>;

const capabilitiesFormat = /* @__PURE__ */ format(capabilities, {
  rfc: 'RFC 4825 §12',
  failure: (code, rfc, message, cause) => new XcapError(code, rfc, message, cause),
});

/**
 * Reads a capabilities document, leniently: a list that is missing is empty, what is unknown stays in `extra`.
 *
 * @param input the body, or its text; bytes are kept for `serializeCapabilities`, don't write to them
 * @throws {XcapError} `not-well-formed`, `limit`, `charset`, `wrong-root`
 * @see RFC 4825 §12
 */
export function parseCapabilities(input: Uint8Array | string, options?: ParseOptions): Capabilities {
  return capabilitiesFormat.parse(input, options);
}

/**
 * Writes a capabilities document in UTF-8; one that was parsed and not changed, as the bytes it came in.
 *
 * @throws {TypeError} when `auids` or `namespaces` is missing
 * @throws {RangeError} when a namespace is no URI
 * @see RFC 4825 §12
 */
export function serializeCapabilities(value: CapabilitiesInit): Uint8Array {
  return capabilitiesFormat.serialize(value);
}

/**
 * Checks a capabilities document exactly: the schema of RFC 4825 §12.2, and that what every server has is
 * listed (`missing-auid`, `missing-namespace`).
 *
 * @returns what is wrong; nothing when the document is valid
 * @throws {XcapError} `not-well-formed`, `limit`, `charset`
 */
export function validateCapabilities(
  input: Uint8Array | string | XmlDocument,
  options?: FormatValidateOptions,
): readonly Violation[] {
  return capabilitiesFormat.validate(input, options);
}
