import type { XmlAttribute, XmlElement } from '@sip-simple/xml';
import {
  anyAttribute,
  anyOther,
  attribute,
  type ElementSchema,
  type Infer,
  type Input,
  lazy,
  many,
  optional,
  otherwise,
  sipOrAnyUri,
} from '@sip-simple/xml/schema';
import {
  ns,
  type PartialState,
  stateAttribute,
  type Uris,
  type UrisInit,
  unsignedInt,
  uris,
} from './common.ts';
import {
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
import { hasWhatFullNeeds, isConsistent, uniqueKeys } from './rules.ts';
import { type Users, type UsersInit, users } from './users.ts';

/** What is told of a conference, or of one of its sidebars (`conference-type`). */
export interface Conference {
  /** The conference URI; the key, among sidebars. */
  readonly entity: string;
  readonly state?: PartialState | undefined;
  readonly attributes: readonly XmlAttribute[];
  readonly conferenceDescription?: ConferenceDescription | undefined;
  readonly hostInfo?: HostInfo | undefined;
  readonly conferenceState?: ConferenceState | undefined;
  readonly users?: Users | undefined;
  readonly sidebarsByRef?: Uris | undefined;
  readonly sidebarsByVal?: Sidebars | undefined;
  readonly extra: readonly XmlElement[];
}

/** A sidebar: a conference within one. Its version says nothing (§4.3). */
export interface Sidebar extends Conference {
  readonly version?: number | undefined;
}

/** Sidebars, each with what is told of it (§5.9.2). */
export interface Sidebars {
  readonly state?: PartialState | undefined;
  readonly attributes: readonly XmlAttribute[];
  readonly entries: readonly Sidebar[];
}

/** What may be given to write a sidebar: lists may be left out where they are empty. */
export interface SidebarInit {
  readonly entity: string;
  readonly version?: number | undefined;
  readonly state?: PartialState | undefined;
  readonly attributes?: readonly XmlAttribute[] | undefined;
  readonly conferenceDescription?: ConferenceDescriptionInit | undefined;
  readonly hostInfo?: HostInfoInit | undefined;
  readonly conferenceState?: ConferenceStateInit | undefined;
  readonly users?: UsersInit | undefined;
  readonly sidebarsByRef?: UrisInit | undefined;
  readonly sidebarsByVal?: SidebarsInit | undefined;
  readonly extra?: readonly XmlElement[] | undefined;
}

export interface SidebarsInit {
  readonly state?: PartialState | undefined;
  readonly attributes?: readonly XmlAttribute[] | undefined;
  readonly entries?: readonly SidebarInit[] | undefined;
}

const conferenceFields = {
  entity: attribute('entity', sipOrAnyUri),
  state: stateAttribute,
  /** Attributes of other namespaces. */
  attributes: anyAttribute(),
  conferenceDescription: optional(conferenceDescription),
  hostInfo: optional(hostInfo),
  conferenceState: optional(conferenceState),
  users: optional(users),
  /** The URIs of sidebars, to be subscribed to. */
  sidebarsByRef: optional(uris('sidebars-by-ref')),
  sidebarsByVal: optional(lazy<Sidebars, SidebarsInit>(() => sidebarsByVal)),
  /** Elements of other namespaces. */
  extra: anyOther(),
};

/** `<entry>` of `<sidebars-by-val>` (§5.9.2). */
export const sidebar: ElementSchema<Sidebar, SidebarInit> = ns.element(
  'entry',
  { version: optional(attribute('version', unsignedInt)), ...conferenceFields },
  { check: isConsistent },
);

/** `<sidebars-by-val>` (§5.9.2). */
export const sidebarsByVal: ElementSchema<Sidebars, SidebarsInit> = ns.element(
  'sidebars-by-val',
  { state: stateAttribute, attributes: anyAttribute(), entries: many(sidebar) },
  { check: (element) => [...isConsistent(element), ...uniqueKeys(element, 'entry', 'entity')] },
);

/** `<conference-info>` (§5.2). */
export const conferenceInfo = ns.element(
  'conference-info',
  {
    /** The place of the document in its subscription. Without one, which §5.2 forbids, it reads as 0. */
    version: otherwise(attribute('version', unsignedInt), 0),
    ...conferenceFields,
  },
  { check: (root) => [...isConsistent(root), ...hasWhatFullNeeds(root)] },
);

/** A conference information document, full or partial. */
export type ConferenceInfo = Infer<typeof conferenceInfo>;
/** What `serialize` takes: a `ConferenceInfo` whose empty lists may be left out, everywhere in it. */
export type ConferenceInfoInit = Input<typeof conferenceInfo>;
