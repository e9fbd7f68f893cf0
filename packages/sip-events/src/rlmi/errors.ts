import { DocumentError, type DocumentErrorCode } from '@sip-simple/xml/format';

/** What is wrong with an RLMI document or a list notification; the codes are part of the API and don't change. */
export type RlmiErrorCode =
  | DocumentErrorCode
  /** The body is no multipart/related of RLMI, or its type doesn't say how to read it. */
  | 'wrong-type'
  /** The parts can't be told apart; `cause` is the `MultipartError`. */
  | 'multipart'
  /** No part is the root, or the root is of another type. */
  | 'no-root';

/** A body that is no RLMI document or no list notification. `status` is the response to give. */
export class RlmiError extends DocumentError<RlmiErrorCode> {
  override readonly name: string = 'RlmiError';
}
