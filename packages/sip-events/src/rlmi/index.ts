export {
  boundaryFor,
  headerOf,
  MultipartError,
  type MultipartErrorCode,
  type MultipartLimits,
  type Part,
  type PartHeader,
  parseMultipart,
  type ReadPart,
  serializeMultipart,
} from '@sip-simple/sip-core';
export { parse, serialize, toDocument, validate } from './document.ts';
export { RlmiError, type RlmiErrorCode } from './errors.ts';
export {
  type ContentType,
  type ListNotification,
  type NotificationInit,
  nestedOf,
  type ReadNotificationOptions,
  readNotification,
  type StatePart,
  stateOf,
  writeNotification,
} from './notification.ts';
export {
  type Instance,
  type InstanceInit,
  instance,
  type List,
  type ListInit,
  list,
  type Name,
  name,
  type Resource,
  type ResourceInit,
  RLMI,
  RLMI_TYPE,
  resource,
} from './schema.ts';
export { emptyTable, type ListTable, receive } from './table.ts';
