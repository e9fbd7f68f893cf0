import { DocumentError, type DocumentErrorCode } from '@sip-simple/xml/format';

/** What is wrong; the codes are part of the API and don't change. */
export type WatcherinfoErrorCode =
  | DocumentErrorCode
  /** More watchers than `WatcherTables` are to hold. */
  | 'too-many-watchers';

/** A body that is no watcher information, or more of it than is wanted. `status` is the SIP response to give. */
export class WatcherinfoError extends DocumentError<WatcherinfoErrorCode> {
  override readonly name: string = 'WatcherinfoError';
}
