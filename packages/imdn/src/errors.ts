import { DocumentError, type DocumentErrorCode } from '@sip-simple/xml/format';

/** What is wrong; the codes are part of the API and don't change. */
export type ImdnErrorCode = DocumentErrorCode;

/** A body that is no IMDN document. It is the fault of who sent it: `status` is the SIP response to give. */
export class ImdnError extends DocumentError<ImdnErrorCode> {
  override readonly name: string = 'ImdnError';
}
