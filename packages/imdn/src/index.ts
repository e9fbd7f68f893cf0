export type { Lens, Violation } from '@sip-simple/xml/schema';
export { lens as extension } from '@sip-simple/xml/schema';
export { aggregated, payloadsOf } from './aggregate.ts';
export {
  type AggregatorAction,
  type AggregatorInput,
  type AggregatorOptions,
  ImdnAggregator,
} from './aggregator.ts';
export { MEDIA_TYPE, parse, serialize, toDocument, validate } from './document.ts';
export { ImdnError, type ImdnErrorCode } from './errors.ts';
export {
  type DispositionRequest,
  dispositionNotification,
  IMDN_HEADERS,
  imdnRecordRoute,
  imdnRoute,
  messageId,
  originalTo,
  type RequestType,
} from './headers.ts';
export { isImdn, notificationsIn } from './identify.ts';
export {
  type ForwardedImdn,
  forward,
  type RetargetOptions,
  recordRoute,
  retarget,
  withoutRecipients,
} from './intermediary.ts';
export { type NotifyOptions, nextHop, notificationFor, type OutgoingImdn } from './notification.ts';
export { messageIdOf, type NotificationRequest, requestedBy, requestNotifications } from './request.ts';
export { type Disposition, type DispositionEvent, type Role, RULES, type Rule } from './rules.ts';
export {
  deliveryNotification,
  displayNotification,
  IMDN,
  type Imdn,
  type ImdnInit,
  imdn,
  type Notification,
  processingNotification,
  subject,
} from './schema.ts';
