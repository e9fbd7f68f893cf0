import type { XmlDocument } from '@sip-simple/xml';
import { type Format, type FormatValidateOptions, format, type ParseOptions } from '@sip-simple/xml/format';
import type { Violation } from '@sip-simple/xml/schema';
import { WatcherinfoError } from './errors.ts';
import { type Watcherinfo, type WatcherinfoInit, watcher, watcherinfo, watcherList } from './schema.ts';

/** The media type of these documents (RFC 3858 §8.1). */
export const MEDIA_TYPE = 'application/watcherinfo+xml';

/**
 * Reads a watcherinfo document, leniently: elements and attributes that are not known are passed over and
 * kept, and so is a watcher that lacks its id, status or event, or has a status that RFC 3857 does not have.
 *
 * @param input the body; its bytes are kept for `serialize`, don't write to them
 * @param options.limits defaults are those of `@sip-simple/xml`
 * @throws {WatcherinfoError} `not-well-formed`, `limit`, `charset`, and `wrong-root`: another document, or one
 *   without version or state, which says nothing
 * @see RFC 3858 §3
 */
export function parse(input: Uint8Array | string, options?: ParseOptions): Watcherinfo {
  return documents.parse(input, options);
}

/**
 * Writes a watcherinfo document in UTF-8 with an XML declaration; one that was parsed and not changed as the
 * bytes it came in.
 *
 * @throws {TypeError} when a required part is missing
 * @throws {RangeError} when a value is not of its type: an id that is no token, a version beyond 32 bits
 * @see RFC 3858 §3
 */
export function serialize(value: WatcherinfoInit): Uint8Array {
  return documents.serialize(value);
}

/** The tree that `serialize` writes. */
export function toDocument(value: WatcherinfoInit): XmlDocument {
  return documents.toDocument(value);
}

/**
 * Checks a watcherinfo document exactly: against the schema of RFC 3858 §6 and what §3 says beside it.
 *
 * @returns what is wrong, in document order; nothing when the document is valid
 * @throws {WatcherinfoError} `not-well-formed`, `limit`, `charset`
 */
export function validate(
  input: Uint8Array | string | XmlDocument,
  options?: FormatValidateOptions,
): readonly Violation[] {
  return documents.validate(input, options);
}

const documents: Format<Watcherinfo, WatcherinfoInit> = format(watcherinfo, {
  rfc: 'RFC 3858 §3',
  failure: (code, rfc, message, cause) => new WatcherinfoError(code, rfc, message, cause),
  elements: [watcherinfo, watcherList, watcher],
  check: isAsSection3Says,
});

/** "MUST be based on XML 1.0 and MUST be encoded using UTF-8", which a schema can't see. */
function isAsSection3Says({ declaration }: XmlDocument): Violation[] {
  const violations: Violation[] = [];
  if (declaration !== undefined && declaration.version !== '1.0') {
    const message = 'the document must be XML 1.0 (RFC 3858 §3)';
    violations.push({ path: '/', rule: 'not-xml-1.0', message });
  }
  if (declaration?.encoding !== undefined && !/^utf-8$/i.test(declaration.encoding)) {
    const message = 'the document must be in UTF-8 (RFC 3858 §3)';
    violations.push({ path: '/', rule: 'not-utf-8', message });
  }
  return violations;
}
