export { type Invocation, readCommand } from './config/command.ts';
export { ConfigError, type ConfigErrorCode } from './config/errors.ts';
export type { Config, LogLevel } from './config/options.ts';
export { ServerError, type ServerErrorCode } from './errors.ts';
export { type Server, type ServerOptions, startServer } from './server.ts';
export type { Authorize, Question } from './sip/authorize.ts';
export { type LmdbStoreOptions, lmdbStore } from './store/lmdb.ts';
export { memoryStore } from './store/memory.ts';
export {
  type Change,
  type Entry,
  type Queued,
  type RemoveOptions,
  type Revision,
  type Store,
  StoreError,
  type StoreErrorCode,
  type Survives,
  type WriteOptions,
} from './store/store.ts';
