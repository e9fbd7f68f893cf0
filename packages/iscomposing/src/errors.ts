import { DocumentError, type DocumentErrorCode } from '@sip-simple/xml/format';

/** What is wrong; the codes are part of the API and don't change. */
export type IsComposingErrorCode = DocumentErrorCode;

/** A body that is no isComposing document. It is the fault of who sent it: `status` is the SIP response to give. */
export class IsComposingError extends DocumentError<IsComposingErrorCode> {
  override readonly name: string = 'IsComposingError';
}
