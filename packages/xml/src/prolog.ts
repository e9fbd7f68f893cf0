import { placeAt, XmlError } from './errors.ts';

/**
 * Refuses a document type declaration before anything of it is read: with it go entities, their expansion,
 * default attributes and external subsets.
 *
 * @throws XmlError `doctype`
 * @see XML 1.0 §2.8
 */
export function refuseDoctype(source: string): void {
  // prolog ::= XMLDecl? Misc* (doctypedecl Misc*)? ; Misc ::= Comment | PI | S
  let at = 0;
  for (;;) {
    while (isSpace(source.charCodeAt(at))) at++;
    const comment = source.startsWith('<!--', at);
    if (!comment && !source.startsWith('<?', at)) break;
    const end = comment ? source.indexOf('-->', at + 4) : source.indexOf('?>', at + 2);
    if (end < 0) return;
    at = end + (comment ? 3 : 2);
  }
  if (source.startsWith('<!DOCTYPE', at)) {
    throw new XmlError('doctype', 'XML 1.0 §2.8', 'document types are refused', placeAt(source, at));
  }
}

/** The white space a document without declaration begins with, as it reads after line end normalization (§2.11). */
export function leadingSpace(source: string): string {
  let end = 0;
  while (isSpace(source.charCodeAt(end))) end++;
  return source.slice(0, end).replace(/\r\n?/g, '\n');
}

/**
 * True when white space stands between target and data of the processing instruction that ends before `end`.
 * The tokenizer takes `<?target?data?>` too; such data begins with a question mark, so only that is looked at.
 *
 * @see XML 1.0 §2.6: PI ::= '<?' PITarget (S (Char* - (Char* '?>' Char*)))? '?>'
 */
export function separatesData(source: string, end: number, data: string): boolean {
  if (data.charCodeAt(0) !== QUESTION) return true;
  let at = end - '?>'.length;
  // Backwards over the data; a line feed in it may be CR LF in the source.
  for (let index = data.length - 1; index >= 0; index--) {
    at -= data.charCodeAt(index) === LF && source.startsWith('\r\n', at - 2) ? 2 : 1;
  }
  return isSpace(source.charCodeAt(at - 1));
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === LF || code === 0x0d || code === 0x09;
}

const LF = 0x0a;
const QUESTION = 0x3f;
