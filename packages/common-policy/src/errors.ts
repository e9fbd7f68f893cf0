import { DocumentError } from '@sip-simple/xml/format';

/**
 * A body that is no rule document; see `DocumentErrorCode` for its codes. It is the fault of who sent it:
 * `status` is the response to give.
 */
export class PolicyError extends DocumentError {
  override readonly name: string = 'PolicyError';
}
