export {
  ACTIVITIES,
  type Activities,
  type ActivitiesInit,
  type Activity,
  activities,
  MOODS,
  type Mood,
  type MoodInit,
  type MoodName,
  mood,
} from './activities.ts';
export { CAPS, type Capability, supports } from './caps/capability.ts';
export { type DeviceCapabilities, type DeviceCapabilitiesInit, devcaps } from './caps/devcaps.ts';
export { type Priority, type PriorityInit, supportsPriority } from './caps/priority.ts';
export {
  ACTORS,
  EVENT_PACKAGES,
  EXTENSIONS,
  METHODS,
  type ServiceCapabilities,
  type ServiceCapabilitiesInit,
  servcaps,
} from './caps/servcaps.ts';
export { CIPID, card, type DisplayName, displayName, homepage, icon, map, sound } from './cipid.ts';
export { devicesOf } from './devices.ts';
export { elements } from './elements.ts';
export {
  LOCATION_TYPE,
  LOCATION_TYPES,
  type LocationType,
  otherPlace,
  type PlaceIs,
  type PlaceIsInit,
  type PlaceType,
  type PlaceTypeInit,
  type Privacy,
  type PrivacyInit,
  placeIs,
  placeType,
  privacy,
} from './place.ts';
export { advice } from './rules/advice.ts';
export { type RulesOptions, rules } from './rules/rules.ts';
export {
  classLabel,
  type Relationship,
  type RelationshipInit,
  relationship,
  relationshipOf,
  type ServiceClass,
  type ServiceClassInit,
  serviceClass,
  serviceClassOf,
} from './service.ts';
export {
  type Sphere,
  type SphereInit,
  type StatusIcon,
  type StatusIconInit,
  sphere,
  sphereNameOf,
  statusIcon,
  type TimeOffset,
  type TimeOffsetInit,
  timeOffset,
  type UserInput,
  type UserInputInit,
  type UserInputOptions,
  userInput,
  userInputAt,
} from './state.ts';
export { holdingAt, holdsAt, overlap, type Timed } from './time.ts';
export { TIMED_STATUS, type TimedStatus, type TimedStatusInit, timedStatus } from './timed-status.ts';
export { RPID, type Words } from './vocabulary.ts';
