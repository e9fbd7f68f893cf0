import type { XmlDocument } from '@sip-simple/xml';
import { type FormatValidateOptions, format, type ParseOptions } from '@sip-simple/xml/format';
import type { Violation } from '@sip-simple/xml/schema';
import { PolicyError } from './errors.ts';
import { PRES_RULES_ELEMENTS } from './presence-rules.ts';
import { type Ruleset, type RulesetInit, ruleset } from './ruleset.ts';

const rulesetFormat = /* @__PURE__ */ format(ruleset, {
  rfc: 'RFC 4745 §13',
  failure: (code, rfc, message, cause) => new PolicyError(code, rfc, message, cause),
  elements: [ruleset, ...PRES_RULES_ELEMENTS],
});

/**
 * Reads a rule document (`application/auth-policy+xml`).
 *
 * Reading is lenient and loses nothing: extensions stay in `extra`, whatever can't be read is written back.
 * What of it counts is for `compile` to say, which is exact where this is lenient.
 *
 * @param input the body, in UTF-8 or UTF-16, or its text; bytes are kept for `serialize`, don't write to them
 * @throws {PolicyError} `not-well-formed`, `limit`, `charset`, `wrong-root`
 * @see RFC 4745 §6, RFC 5025 §3
 */
export function parse(input: Uint8Array | string, options?: ParseOptions): Ruleset {
  return rulesetFormat.parse(input, options);
}

/**
 * Writes a rule document, in UTF-8 with an XML declaration. One that was parsed and not changed is returned as
 * the bytes it came in; don't write to them. Of one that was changed, all else stays as it was.
 *
 * @throws {TypeError} when a required part is missing, as the `id` of a rule or of `<one>`
 * @throws {RangeError} when a value is not of its type
 * @see RFC 4745 §13
 */
export function serialize(value: RulesetInit): Uint8Array {
  return rulesetFormat.serialize(value);
}

/**
 * The XML tree of a rule document, as `serialize` writes it.
 *
 * @throws {TypeError} and {RangeError} as `serialize`
 */
export function toDocument(value: RulesetInit): XmlDocument {
  return rulesetFormat.toDocument(value);
}

/**
 * Checks a rule document exactly: against the schemas of RFC 4745 §13 and RFC 5025 §7, and the rules that RFC
 * 5025 states in prose.
 *
 * @param input the body, its text, or a parsed document
 * @param options.elements schemas of further standards, whose elements are to be validated where they are used
 * @returns what is wrong; nothing when the document is valid
 * @throws {PolicyError} `not-well-formed`, `limit`, `charset`
 */
export function validate(
  input: Uint8Array | string | XmlDocument,
  options?: FormatValidateOptions,
): readonly Violation[] {
  return rulesetFormat.validate(input, options);
}
