export type { DocumentErrorCode, FormatValidateOptions, ParseOptions } from '@sip-simple/xml/format';
export type { Violation } from '@sip-simple/xml/schema';
export { canonicalizeUri } from './canonical.ts';
export {
  constraintFailures,
  type Duplicate,
  type DuplicateOptions,
  duplicates,
  type Home,
} from './constraints.ts';
export { COPY_CONTROL, type CopyControl } from './copy-control.ts';
export {
  parse,
  parseRlsServices,
  serialize,
  serializeRlsServices,
  toDocument,
  toRlsServicesDocument,
  validate,
  validateRlsServices,
} from './document.ts';
export { ResourceListsError } from './errors.ts';
export {
  type DisplayName,
  displayName,
  type Entry,
  type EntryInit,
  type EntryRef,
  type EntryRefInit,
  type External,
  type ExternalInit,
  entry,
  entryRef,
  external,
  type List,
  type ListInit,
  list,
  type Member,
  type MemberInit,
  RESOURCE_LISTS,
  RESOURCE_LISTS_TYPE,
  type ResourceLists,
  type ResourceListsInit,
  resourceLists,
} from './lists.ts';
export { lookupIn } from './lookup.ts';
export {
  ANONYMOUS,
  copyControlOf,
  mayReplyToAll,
  type Recipient,
  recipientHistory,
  recipientsOf,
} from './recipients.ts';
export {
  type Fetched,
  flatten,
  type Reference,
  type Resolved,
  type ResolveLimits,
  type ResolveOptions,
  type ResolveProblem,
  type Resource,
  resolve,
} from './resolve.ts';
export {
  type ListSource,
  type Packages,
  packages,
  RLS_SERVICES,
  RLS_SERVICES_TYPE,
  type RlsServices,
  type RlsServicesInit,
  rlsServices,
  type Service,
  type ServiceInit,
  service,
} from './services.ts';
export { globalIndex, INDEX, serviceAt, takesPackage } from './services-index.ts';
