import { declarationEnd } from './declaration.ts';
import { decode, fromText } from './decode.ts';
import { placeAt, XmlError } from './errors.ts';
import { DEFAULT_LIMITS, type XmlLimits } from './limits.ts';
import { Reader } from './reader.ts';
import type { XmlCData, XmlDocument } from './tree.ts';

/**
 * Parses a namespace-well-formed XML 1.0 document without document type into its tree.
 *
 * @param input bytes in UTF-8, or in UTF-16 with its byte order mark; or text, whose encoding declaration is
 *   then not looked at
 * @param options `limits` replaces single limits, see `XmlLimits` for the defaults
 * @throws XmlError whenever the input is anything else; the codes are those of `XmlErrorCode`
 * @see XML 1.0 (fifth edition), Namespaces in XML 1.0 (third edition)
 */
export function parse(
  input: Uint8Array | string,
  options: { readonly limits?: Partial<XmlLimits> | undefined } = {},
): XmlDocument {
  const limits: XmlLimits = { ...DEFAULT_LIMITS, ...options.limits };
  if (input.length > limits.bytes)
    throw new XmlError('limit-bytes', 'limit of this reader', `over ${limits.bytes} bytes`);
  const { text, declaration } = typeof input === 'string' ? fromText(input) : decode(input);
  const bad = text.search(NOT_CHAR);
  if (bad >= 0) {
    throw new XmlError(
      'character',
      'XML 1.0 §2.2',
      'a character that XML does not allow',
      placeAt(text, bad),
    );
  }
  const start = declaration === undefined ? 0 : declarationEnd(text);
  const { children, root } = new Reader(text, start, limits).read();
  // CDATA sections outside the root are refused, so that none is among these.
  return {
    type: 'document',
    declaration,
    children: children as Exclude<(typeof children)[number], XmlCData>[],
    root,
  };
}

/** What no document holds; that there are no halves of surrogate pairs has been seen to by decoding. */
const NOT_CHAR = /[\x00-\x08\x0B\x0C\x0E-\x1F\uFFFE\uFFFF]/;
