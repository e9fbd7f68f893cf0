import {
  anyAttribute,
  anyOther,
  attribute,
  boolean,
  type Infer,
  type Input,
  list,
  many,
  optional,
  sipOrAnyUri,
  string,
  token,
} from '@sip-simple/xml/schema';
import { displayText, mediaStatus, ns, unsignedInt, uris } from './common.ts';
import { isRegisteredMedium } from './rules.ts';

/** `<entry>` of `<available-media>` (§5.3.4). */
export const availableMedium = ns.element(
  'entry',
  {
    /** The identifier of the stream, unique in the conference. */
    label: attribute('label', string),
    attributes: anyAttribute(),
    displayText,
    /** A registered `media` of SDP: `audio`, `video`, `text`, `message`, ... */
    type: ns.leaf('type', string),
    status: mediaStatus,
    extra: anyOther(),
  },
  { check: isRegisteredMedium },
);

/** `<available-media>` (§5.3.4). */
export const availableMedia = ns.element('available-media', {
  attributes: anyAttribute(),
  entries: many(availableMedium, { min: 1 }),
});

/** `<conference-description>` (§5.3). */
export const conferenceDescription = ns.element('conference-description', {
  attributes: anyAttribute(),
  displayText,
  subject: optional(ns.leaf('subject', string)),
  freeText: optional(ns.leaf('free-text', string)),
  keywords: optional(ns.leaf('keywords', list(token))),
  /** How to get at the conference. */
  confUris: optional(uris('conf-uris')),
  /** Services beside it. */
  serviceUris: optional(uris('service-uris')),
  maximumUserCount: optional(ns.leaf('maximum-user-count', unsignedInt)),
  availableMedia: optional(availableMedia),
  extra: anyOther(),
});

/** `<host-info>` (§5.4). */
export const hostInfo = ns.element('host-info', {
  attributes: anyAttribute(),
  displayText,
  webPage: optional(ns.leaf('web-page', sipOrAnyUri)),
  uris: optional(uris('uris')),
  extra: anyOther(),
});

/** `<conference-state>` (§5.5). */
export const conferenceState = ns.element('conference-state', {
  attributes: anyAttribute(),
  /** How many users there are, listed or not. */
  userCount: optional(ns.leaf('user-count', unsignedInt)),
  active: optional(ns.leaf('active', boolean)),
  locked: optional(ns.leaf('locked', boolean)),
  extra: anyOther(),
});

/** The conference as a whole. */
export type ConferenceDescription = Infer<typeof conferenceDescription>;
export type ConferenceDescriptionInit = Input<typeof conferenceDescription>;
/** A stream that participants can have. */
export type AvailableMedium = Infer<typeof availableMedium>;
/** Who hosts the conference. */
export type HostInfo = Infer<typeof hostInfo>;
export type HostInfoInit = Input<typeof hostInfo>;
/** Where the conference stands. */
export type ConferenceState = Infer<typeof conferenceState>;
export type ConferenceStateInit = Input<typeof conferenceState>;
