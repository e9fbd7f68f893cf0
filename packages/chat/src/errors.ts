import { DocumentError, type DocumentErrorCode } from '@sip-simple/xml/format';

/** What is wrong; the codes are part of the API and don't change. */
export type ConferenceErrorCode =
  | DocumentErrorCode
  /** More users, endpoints, media or sidebars than a view takes. */
  | 'too-many-rows';

/** A body that is no conference document, or too much of one. It is the fault of who sent it. */
export class ConferenceError extends DocumentError<ConferenceErrorCode> {
  override readonly name: string = 'ConferenceError';
}
