import { readDeclaration } from './declaration.ts';
import { placeAt, XmlError, type XmlPlace } from './errors.ts';
import type { XmlDeclaration } from './tree.ts';

/** A document as text without byte order mark, and the declaration it begins with. */
export interface Source {
  readonly text: string;
  readonly declaration: XmlDeclaration | undefined;
}

/**
 * Decodes a document in UTF-8, or in UTF-16 with its byte order mark.
 *
 * @throws XmlError `encoding-invalid`, `encoding-mismatch`, `encoding-unsupported`, `declaration-syntax`, `character`
 * @see XML 1.0 §4.3.3 and appendix F
 */
export function decode(bytes: Uint8Array): Source {
  const [first, second, third, fourth] = bytes;
  if (first === 0xff && second === 0xfe && !(third === 0 && fourth === 0)) return decodeUtf16(bytes, 'LE');
  if (first === 0xfe && second === 0xff) return decodeUtf16(bytes, 'BE');
  if (first === 0 || second === 0 || first === 0xff) {
    throw new XmlError('encoding-unsupported', SECTION, 'UTF-16 without byte order mark, or UTF-32', START);
  }
  if (first === 0x4c && second === 0x6f && third === 0xa7) {
    throw new XmlError('encoding-unsupported', SECTION, 'EBCDIC', START);
  }
  return decodeUtf8(bytes, first === 0xef && second === 0xbb && third === 0xbf);
}

/**
 * Takes a document that is text already: whoever decoded it knew the encoding, so its declaration isn't compared.
 * Drops a byte order mark and refuses unpaired surrogates.
 *
 * @throws XmlError `character`, `declaration-syntax`
 */
export function fromText(input: string): Source {
  const text = input.charCodeAt(0) === BYTE_ORDER_MARK ? input.slice(1) : input;
  const unpaired = text.search(/[\uD800-\uDFFF]/u);
  if (unpaired >= 0) {
    throw new XmlError('character', 'XML 1.0 §2.2', 'an unpaired surrogate', placeAt(text, unpaired));
  }
  return { text, declaration: readDeclaration(text) };
}

function decodeUtf8(bytes: Uint8Array, marked: boolean): Source {
  const unmarked = marked ? bytes.subarray(3) : bytes;
  let text: string;
  try {
    text = STRICT_UTF_8.decode(unmarked);
  } catch {
    const lenient = LENIENT_UTF_8.decode(unmarked);
    requireUtf8(readDeclaration(lenient), marked);
    const place = placeOfInvalid(unmarked, lenient);
    throw new XmlError('encoding-invalid', SECTION, 'the bytes are not UTF-8', place);
  }
  const declaration = readDeclaration(text);
  requireUtf8(declaration, marked);
  return { text, declaration };
}

function requireUtf8(declaration: XmlDeclaration | undefined, marked: boolean): void {
  const declared = declaration?.encoding;
  if (declared === undefined || /^utf-8$/i.test(declared)) return;
  if (marked || /^(?:utf-16|utf-32|iso-10646-ucs)/i.test(declared)) throw mismatch(declared, 'UTF-8');
  throw new XmlError('encoding-unsupported', SECTION, `the encoding ${declared}`, START);
}

function decodeUtf16(bytes: Uint8Array, order: 'LE' | 'BE'): Source {
  if (bytes.length % 2 === 1) {
    const place = { offset: bytes.length - 1, line: 1, column: 1 };
    throw new XmlError('encoding-invalid', SECTION, 'half a UTF-16 code unit at the end', place);
  }
  const [high, low] = order === 'LE' ? [1, 0] : [0, 1];
  let text = '';
  for (let start = 0; start < bytes.length; start += CHUNK) {
    const units: number[] = [];
    for (let at = start; at < start + CHUNK && at < bytes.length; at += 2) {
      units.push(((bytes[at + high] ?? 0) << 8) | (bytes[at + low] ?? 0));
    }
    text += String.fromCharCode(...units);
  }
  const source = fromText(text);
  const declared = source.declaration?.encoding?.toUpperCase();
  if (declared !== undefined && declared !== 'UTF-16' && declared !== `UTF-16${order}`) {
    throw mismatch(declared, `UTF-16${order}`);
  }
  return source;
}

function mismatch(declared: string, found: string): XmlError {
  return new XmlError('encoding-mismatch', SECTION, `declared as ${declared}, but in ${found}`, START);
}

/** Where UTF-8 breaks: the first replacement character of a lenient decoder that the bytes don't spell. */
function placeOfInvalid(bytes: Uint8Array, lenient: string): XmlPlace {
  let index = 0;
  let offset = 0;
  for (const character of lenient) {
    const code = character.codePointAt(0) ?? 0;
    const spelt = bytes[offset] === 0xef && bytes[offset + 1] === 0xbf && bytes[offset + 2] === 0xbd;
    if (code === 0xfffd && !spelt) break;
    index += character.length;
    offset += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return { ...placeAt(lenient, index), offset };
}

// A second byte order mark is no mark but U+FEFF in the document, and out of place there: leave it to be seen.
const STRICT_UTF_8: TextDecoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const LENIENT_UTF_8: TextDecoder = new TextDecoder('utf-8', { ignoreBOM: true });
const BYTE_ORDER_MARK = 0xfeff;
const CHUNK = 16_384;
const SECTION = 'XML 1.0 §4.3.3';
const START: XmlPlace = { offset: 0, line: 1, column: 1 };
