export {
  type ListMessage,
  readListMessage,
  recipientListMessage,
  replyToAll,
  toRecipients,
} from './list-message.ts';
export { MessageListService } from './list-service.ts';
export {
  defaultListServiceLimits,
  type ListDecision,
  type ListServiceAction,
  type ListServiceInput,
  type ListServiceLimits,
  type ListServiceOptions,
} from './list-service-io.ts';
export { permissionMissing } from './permission-missing.ts';
export type { ListedRecipient } from './recipient-list.ts';
