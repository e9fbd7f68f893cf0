import { DocumentError } from '@sip-simple/xml/format';

/**
 * A body that is no presence document; see `DocumentErrorCode` for its codes. It is the fault of who sent it:
 * `status` is the SIP response to give.
 */
export class PidfError extends DocumentError {
  override readonly name: string = 'PidfError';
}
