export type { Violation } from '@sip-simple/xml/schema';
export { MEDIA_TYPE, parse, serialize, toDocument, validate } from './document.ts';
export { WatcherinfoError, type WatcherinfoErrorCode } from './errors.ts';
export { fullState, nextVersion, partialState } from './report.ts';
export {
  WATCHERINFO,
  type Watcher,
  type WatcherEvent,
  type WatcherInit,
  type Watcherinfo,
  type WatcherinfoInit,
  type WatcherList,
  type WatcherListInit,
  type WatcherStatus,
  watcher,
  watcherinfo,
  watcherList,
} from './schema.ts';
export {
  type Row,
  type WatcherChange,
  WatcherTables,
  type WatcherTablesOptions,
  type WatcherTablesUpdate,
} from './tables.ts';
