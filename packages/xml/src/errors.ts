/** What is wrong; the codes are part of the API and don't change. */
export type XmlErrorCode =
  | 'encoding-unsupported'
  | 'encoding-mismatch'
  | 'encoding-invalid'
  | 'doctype'
  | 'no-root'
  | 'content-outside-root'
  | 'unclosed-element'
  | 'unexpected-end'
  | 'tag-mismatch'
  | 'tag-syntax'
  | 'attribute-syntax'
  | 'attribute-duplicate'
  | 'declaration-syntax'
  | 'pi-syntax'
  | 'comment-syntax'
  | 'cdata-end-in-text'
  | 'markup-syntax'
  | 'character'
  | 'reference'
  | 'name'
  | 'prefix-undeclared'
  | 'prefix-reserved'
  | 'prefix-unbound'
  | 'limit-bytes'
  | 'limit-depth'
  | 'limit-elements'
  | 'limit-attributes'
  | 'limit-namespaces'
  | 'limit-name-length';

/**
 * A document that is not namespace-well-formed XML 1.0, that exceeds a limit, or a tree that XML can't say.
 *
 * `offset` counts UTF-16 code units of the decoded text from 0, a byte order mark not counted, except for
 * `encoding-invalid`, where there is no text and it counts bytes. `line` and `column` start at 1. All three
 * are `undefined` when a tree is refused by the serializer.
 */
export class XmlError extends Error {
  override readonly name: string = 'XmlError';
  readonly code: XmlErrorCode;
  /** The section that is violated, such as `XML 1.0 §2.8`. */
  readonly rfc: string;
  readonly offset: number | undefined;
  readonly line: number | undefined;
  readonly column: number | undefined;

  constructor(code: XmlErrorCode, rfc: string, message: string, place?: XmlPlace) {
    super(place === undefined ? message : `${message} (line ${place.line}, column ${place.column})`);
    this.code = code;
    this.rfc = rfc;
    this.offset = place?.offset;
    this.line = place?.line;
    this.column = place?.column;
  }
}

/** A place in the text of a document, as errors tell it. */
export interface XmlPlace {
  readonly offset: number;
  readonly line: number;
  readonly column: number;
}

/** Finds line and column of an offset; CR LF, CR and LF each end a line. Only errors need it, so only they pay. */
export function placeAt(source: string, offset: number): XmlPlace {
  let line = 1;
  let lineStart = 0;
  for (const end of source.slice(0, offset).matchAll(/\r\n?|\n/g)) {
    line++;
    lineStart = end.index + end[0].length;
  }
  return { offset, line, column: offset - lineStart + 1 };
}
