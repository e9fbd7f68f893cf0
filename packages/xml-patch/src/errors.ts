import type { SelectorError } from '@sip-simple/xml/select';
import type { Operation } from './operation.ts';

/**
 * What is wrong with a patch: the names of the error elements; the codes are part of the API and don't change.
 *
 * @see RFC 5261 §5.1
 */
export type PatchErrorCode =
  /** `sel`, `type`, `ws` or `pos` say what they can't; or an attribute is given what it can't hold. */
  | 'invalid-attribute-value'
  /** Diff and document are in different character sets. Never thrown: trees have none. */
  | 'invalid-character-set'
  /** The diff is no well-formed XML, or not valid. */
  | 'invalid-diff-format'
  /** An entity without declaration. */
  | 'invalid-entity-declaration'
  /** A prefix without namespace, or one that can't be declared, or not be undeclared, where the patch says. */
  | 'invalid-namespace-prefix'
  /** A namespace that no prefix can be bound to; or a declaration that the element found does not have. */
  | 'invalid-namespace-uri'
  /** The content of `<replace>` is not one node of the type of what is replaced. */
  | 'invalid-node-types'
  /** The parts of an operation don't go together. */
  | 'invalid-patch-directive'
  /** The root element can't be removed, and no other be put beside it. */
  | 'invalid-root-element-operation'
  /** What can't stand beside the root element. */
  | 'invalid-xml-prolog-operation'
  /** `ws` where there is no white space to remove. */
  | 'invalid-whitespace-directive'
  /** `sel` does not select exactly one node. */
  | 'unlocated-node'
  /** `id()` finds nothing, and nobody said which attributes are of type ID. */
  | 'unsupported-id-function'
  /** Never thrown: `xml:id` is known. */
  | 'unsupported-xml-id';

/**
 * A patch that can't be applied. Nothing of it is applied then. It is the fault of who sent it, or of a
 * document that is not the one it was made for.
 */
export class PatchError extends Error {
  override readonly name: string = 'PatchError';
  readonly code: PatchErrorCode;
  /** The section that is violated, such as `RFC 5261 §4.5`. */
  readonly rfc: string;
  /** The operation that failed, where it is one's fault. */
  readonly operation: Operation | undefined;
  /** Which of the patch's operations that is, from 0. */
  readonly index: number | undefined;
  /** The response to give to who sent the patch. */
  readonly status: number = 400;
  override readonly cause: unknown;

  constructor(code: PatchErrorCode, rfc: string, message: string, at: PatchErrorPlace = {}) {
    super(message);
    this.code = code;
    this.rfc = rfc;
    this.operation = at.operation;
    this.index = at.index;
    this.cause = at.cause;
  }
}

/** Where a patch fails, and what was thrown there. */
export interface PatchErrorPlace {
  readonly operation?: Operation | undefined;
  readonly index?: number | undefined;
  readonly cause?: SelectorError | Error | undefined;
}
