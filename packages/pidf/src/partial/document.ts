import type { XmlDocument } from '@sip-simple/xml';
import {
  type Format,
  type FormatOptions,
  type FormatValidateOptions,
  format,
  open,
  type ParseOptions,
} from '@sip-simple/xml/format';
import { attribute, boolean, type Violation } from '@sip-simple/xml/schema';
import { PidfError } from '../errors.ts';
import { documentRules } from '../rules.ts';
import { device, deviceId, PIDF, person, presence } from '../schema.ts';
import {
  PIDF_DIFF,
  type PidfDiff,
  type PidfDiffInit,
  type PidfFull,
  type PidfFullInit,
  pidfDiff,
  pidfFull,
} from './schema.ts';

/** The media type of these documents (RFC 5262 §5.2). */
export const MEDIA_TYPE = 'application/pidf-diff+xml';

/** A document of this media type: full, or what has changed. */
export type PartialPidf =
  | { readonly type: 'pidf-full'; readonly value: PidfFull }
  | { readonly type: 'pidf-diff'; readonly value: PidfDiff };
/** What `serialize` takes: a `PartialPidf` whose empty lists may be left out. */
export type PartialPidfInit =
  | { readonly type: 'pidf-full'; readonly value: PidfFullInit }
  | { readonly type: 'pidf-diff'; readonly value: PidfDiffInit };

const options: FormatOptions = {
  rfc: 'RFC 5262 §3',
  failure: (code, rfc, message, cause) => new PidfError(code, rfc, message, cause),
  elements: [presence, person, device, deviceId],
  attributes: [attribute('mustUnderstand', boolean, PIDF)],
  check: documentRules,
};
const full: Format<PidfFull, PidfFullInit> = /* @__PURE__ */ format(pidfFull, options);
const diff: Format<PidfDiff, PidfDiffInit> = /* @__PURE__ */ format(pidfDiff, options);

/**
 * Reads a document of the media type `application/pidf-diff+xml`, leniently, as `parse` of `@sip-simple/pidf`
 * does. `<presence>` is no root of it, though its schema has that (RFC 5262 §3).
 *
 * @param input the body, in UTF-8 or UTF-16, or its text; bytes are kept for `serialize`, don't write to them
 * @throws {PidfError} `not-well-formed`, `limit`, `charset`, `wrong-root`
 * @see RFC 5262 §3
 */
export function parse(input: Uint8Array | string, how: ParseOptions = {}): PartialPidf {
  const document = open(input, how, options.rfc, options.failure);
  if (isDiff(document)) return { type: 'pidf-diff', value: diff.read(document) };
  return { type: 'pidf-full', value: full.read(document) };
}

/**
 * Writes a document in UTF-8 with an XML declaration; one that was parsed and not changed as the bytes it came in.
 *
 * @throws {TypeError} when a required part is missing
 * @throws {RangeError} when a value is not of its type: a version beyond 32 bits, a selector outside the grammar
 * @see RFC 5262 §3
 */
export function serialize(document: PartialPidfInit): Uint8Array {
  return document.type === 'pidf-full' ? full.serialize(document.value) : diff.serialize(document.value);
}

/** The tree that `serialize` writes. */
export function toDocument(document: PartialPidfInit): XmlDocument {
  return document.type === 'pidf-full' ? full.toDocument(document.value) : diff.toDocument(document.value);
}

/**
 * Checks a document exactly: against the schema of RFC 5262 §7 with those of RFC 5261 §8 and RFC 3863 §4.4, and
 * what `validate` of `@sip-simple/pidf` checks beside.
 *
 * @returns what is wrong; nothing when the document is valid
 * @throws {PidfError} `not-well-formed`, `limit`, `charset`
 */
export function validate(
  input: Uint8Array | string | XmlDocument,
  how: FormatValidateOptions = {},
): readonly Violation[] {
  const document =
    typeof input === 'string' || input instanceof Uint8Array
      ? open(input, how, options.rfc, options.failure)
      : input;
  return isDiff(document) ? diff.validate(document, how) : full.validate(document, how);
}

function isDiff({ root }: XmlDocument): boolean {
  return root.local === 'pidf-diff' && root.namespace === PIDF_DIFF;
}
