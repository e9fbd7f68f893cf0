import {
  anyAttribute,
  anyOther,
  attribute,
  enumeration,
  type Infer,
  type Input,
  language,
  list,
  many,
  optional,
  sipOrAnyUri,
  string,
} from '@sip-simple/xml/schema';
import { displayText, execution, mediaStatus, ns, stateAttribute, uris } from './common.ts';
import { isConsistent, isOneCall, isRegisteredMedium, uniqueKeys } from './rules.ts';

/** `<media>` (§5.8). */
export const media = ns.element(
  'media',
  {
    /** The key: the identifier of the stream, unique in its endpoint. */
    id: attribute('id', string),
    attributes: anyAttribute(),
    displayText,
    type: optional(ns.leaf('type', string)),
    /** The label of the stream in `<available-media>`. */
    label: optional(ns.leaf('label', string)),
    /** What the source calls itself: the SSRC, for RTP. */
    srcId: optional(ns.leaf('src-id', string)),
    status: mediaStatus,
    extra: anyOther(),
  },
  { check: isRegisteredMedium },
);

/** `<sip>` (§5.7.9). */
export const sip = ns.element('sip', {
  attributes: anyAttribute(),
  displayText,
  callId: ns.leaf('call-id', string),
  fromTag: ns.leaf('from-tag', string),
  toTag: ns.leaf('to-tag', string),
  extra: anyOther(),
});

/** `<call-info>` (§5.7.9): SIP's, or that of other protocols in `extra`. */
export const callInfo = ns.element(
  'call-info',
  { attributes: anyAttribute(), sip: optional(sip), extra: anyOther() },
  { check: isOneCall },
);

/** `<endpoint>` (§5.7). */
export const endpoint = ns.element(
  'endpoint',
  {
    /** The key: unique in its user. */
    entity: optional(attribute('entity', string)),
    state: stateAttribute,
    attributes: anyAttribute(),
    displayText,
    /** Who brought the endpoint into the conference. */
    referred: optional(execution('referred')),
    status: optional(
      ns.leaf(
        'status',
        enumeration(
          'pending',
          'dialing-out',
          'dialing-in',
          'alerting',
          'on-hold',
          'connected',
          'muted-via-focus',
          'disconnecting',
          'disconnected',
        ),
      ),
    ),
    joiningMethod: optional(ns.leaf('joining-method', enumeration('dialed-in', 'dialed-out', 'focus-owner'))),
    joiningInfo: optional(execution('joining-info')),
    disconnectionMethod: optional(
      ns.leaf('disconnection-method', enumeration('departed', 'booted', 'failed', 'busy')),
    ),
    disconnectionInfo: optional(execution('disconnection-info')),
    media: many(media),
    callInfo: optional(callInfo),
    extra: anyOther(),
  },
  { check: (element) => uniqueKeys(element, 'media', 'id') },
);

/** `<roles>` (§5.6.3). */
export const roles = ns.element('roles', {
  attributes: anyAttribute(),
  entries: many(ns.leaf('entry', string), { min: 1 }),
});

/** `<user>` (§5.6). */
export const user = ns.element(
  'user',
  {
    /** The key: the URI of the user, unique in the conference. */
    entity: optional(attribute('entity', sipOrAnyUri)),
    state: stateAttribute,
    attributes: anyAttribute(),
    displayText,
    associatedAors: optional(uris('associated-aors')),
    roles: optional(roles),
    languages: optional(ns.leaf('languages', list(language))),
    /** The conference that the user stands for, where foci are cascaded. */
    cascadedFocus: optional(ns.leaf('cascaded-focus', sipOrAnyUri)),
    endpoints: many(endpoint),
    extra: anyOther(),
  },
  { check: (element) => [...isConsistent(element), ...uniqueKeys(element, 'endpoint', 'entity')] },
);

/** `<users>` (§5.6). */
export const users = ns.element(
  'users',
  { state: stateAttribute, attributes: anyAttribute(), users: many(user), extra: anyOther() },
  { check: (element) => [...isConsistent(element), ...uniqueKeys(element, 'user', 'entity')] },
);

/** The participants. */
export type Users = Infer<typeof users>;
export type UsersInit = Input<typeof users>;
/** A participant. */
export type User = Infer<typeof user>;
export type UserInit = Input<typeof user>;
/** A device, or a session, by which a user takes part. */
export type Endpoint = Infer<typeof endpoint>;
export type EndpointInit = Input<typeof endpoint>;
/** A stream between the focus and an endpoint. */
export type Media = Infer<typeof media>;
export type MediaInit = Input<typeof media>;
/** The calls of an endpoint with the focus. */
export type CallInfo = Infer<typeof callInfo>;
