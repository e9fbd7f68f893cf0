/** What is wrong with a selector; the codes are part of the API and don't change. */
export type SelectorErrorCode =
  /** Not in the grammar. */
  | 'selector-syntax'
  /** A step of an XCAP node selector that only an extension could know (`extension-selector`). */
  | 'selector-extension'
  /** A prefix without a namespace. */
  | 'prefix-undeclared'
  /** The selector is longer than allowed. */
  | 'limit-length'
  /** Evaluating takes more work than allowed. */
  | 'limit-work';

/** A selector that can't be read, or whose evaluation takes too much work. */
export class SelectorError extends Error {
  override readonly name: string = 'SelectorError';
  readonly code: SelectorErrorCode;
  /** The section that is violated, such as `RFC 4825 §6.3`. */
  readonly rfc: string;
  /** Where in the selector, in UTF-16 code units from 0; 0 for `limit-work`. */
  readonly offset: number;

  constructor(code: SelectorErrorCode, rfc: string, message: string, offset = 0) {
    super(message);
    this.code = code;
    this.rfc = rfc;
    this.offset = offset;
  }
}
