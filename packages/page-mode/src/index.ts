export { destinationsOf } from './destinations.ts';
export { PageModeError, type PageModeErrorCode, type PageModeErrorDetails } from './errors.ts';
export {
  createMessage,
  type MessageContent,
  type OutgoingMessage,
  type RequestIdentity,
} from './message-request.ts';
export { MessageReceiver, messageId } from './receiver.ts';
export type { ReceiverAction, ReceiverInput, ReceiverOptions } from './receiver-io.ts';
export { MessageSender, outcomeOf } from './sender.ts';
export type {
  MessageCredentials,
  MessageOutcome,
  SenderAction,
  SenderInput,
  SenderOptions,
} from './sender-io.ts';
export { maxMessageBytes } from './size.ts';
export { StoreAndForward } from './store-and-forward.ts';
export {
  type Destination,
  defaultStoreAndForwardLimits,
  type KeptOutcome,
  type StoreAndForwardAction,
  type StoreAndForwardInput,
  type StoreAndForwardLimits,
  type StoreAndForwardOptions,
} from './store-and-forward-io.ts';
export { expirationOf } from './validity.ts';
