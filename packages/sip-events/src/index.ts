export { EventStateCompositor } from './compositor.ts';
export {
  type CompositorAction,
  type CompositorInput,
  type CompositorLimits,
  type CompositorOptions,
  defaultCompositorLimits,
} from './compositor-io.ts';
export { EventsError, type EventsErrorCode, type EventsErrorDetails } from './errors.ts';
export type { EventPackage, ExpiryBounds, Publication, PublicationRules, View } from './event-package.ts';
export type { EventServerOptions, StoreAction } from './event-server.ts';
export { Notifier } from './notifier.ts';
export {
  type Decision,
  defaultNotifierLimits,
  type NotifierAction,
  type NotifierInput,
  type NotifierLimits,
  type NotifierOptions,
} from './notifier-io.ts';
export { Publisher } from './publisher.ts';
export type { PublisherAction, PublisherInput, PublisherOptions } from './publisher-io.ts';
export type { Authenticator } from './sent-requests.ts';
export { Subscriber } from './subscriber.ts';
export type {
  SubscribedPackage,
  SubscriberAction,
  SubscriberInput,
  SubscriberOptions,
} from './subscriber-io.ts';
export {
  endsSubscription,
  type NotifierEvent,
  type NotifierState,
  notifierStates,
  type ResubscribeRule,
  resubscribeRule,
  type SubscriberEvent,
  type SubscriberState,
  subscriberStates,
  type TerminationReason,
} from './subscription-state.ts';
