export { type Lens, lens as extension, type Violation } from '@sip-simple/xml/schema';
export {
  CONFERENCE_INFO,
  type Execution,
  type PartialState,
  stateOf,
  type UriEntry,
  type Uris,
  type UrisInit,
  uriEntry,
} from './common.ts';
export {
  type Conference,
  type ConferenceInfo,
  type ConferenceInfoInit,
  conferenceInfo,
  type Sidebar,
  type SidebarInit,
  type Sidebars,
  type SidebarsInit,
  sidebar,
} from './conference.ts';
export {
  type AvailableMedium,
  type ConferenceDescription,
  type ConferenceDescriptionInit,
  type ConferenceState,
  type ConferenceStateInit,
  conferenceDescription,
  conferenceState,
  type HostInfo,
  type HostInfoInit,
  hostInfo,
} from './description.ts';
export { MEDIA_TYPE, parse, serialize, toDocument, validate } from './document.ts';
export { ConferenceError, type ConferenceErrorCode } from './errors.ts';
export { type Folded, type FoldOptions, type FoldOutcome, fold } from './fold.ts';
export {
  type CallInfo,
  callInfo,
  type Endpoint,
  type EndpointInit,
  endpoint,
  type Media,
  type MediaInit,
  media,
  type User,
  type UserInit,
  type Users,
  type UsersInit,
  user,
  users,
} from './users.ts';
