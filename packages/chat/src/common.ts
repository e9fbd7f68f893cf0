import {
  anyAttribute,
  anyOther,
  attribute,
  dateTime,
  enumeration,
  type Infer,
  type Input,
  integer,
  many,
  optional,
  sipOrAnyUri,
  string,
  vocabulary,
} from '@sip-simple/xml/schema';
import { isConsistent, uniqueUris } from './rules.ts';

/** The namespace of RFC 4575 (§4.2). */
export const CONFERENCE_INFO = 'urn:ietf:params:xml:ns:conference-info';

export const ns = vocabulary(CONFERENCE_INFO);

/** Whether an element is all there is, what has changed, or word that there is nothing any more (§4.4). */
export type PartialState = 'full' | 'partial' | 'deleted';

/** The state of an element as it counts: `full` where it says none. */
export function stateOf(element: { readonly state?: PartialState | undefined }): PartialState {
  return element.state ?? 'full';
}

/** The attribute `state`; see `stateOf`. */
export const stateAttribute = optional(attribute('state', enumeration('full', 'partial', 'deleted')));

/** `xs:unsignedInt` */
export const unsignedInt = integer({ min: 0, max: 2 ** 32 - 1 });

/** `<display-text>`: for people to read. */
export const displayText = optional(ns.leaf('display-text', string));

/** `<status>` of a medium (§5.8.5), as the participant sees it. */
export const mediaStatus = optional(
  ns.leaf('status', enumeration('recvonly', 'sendonly', 'sendrecv', 'inactive')),
);

const executionFields = {
  /** Attributes of other namespaces. */
  attributes: anyAttribute(),
  /** When, as written; UTC, as it should be. */
  when: optional(ns.leaf('when', dateTime)),
  /** Why, best in the format of RFC 3326. */
  reason: optional(ns.leaf('reason', string)),
  /** The URI of whose doing it was. */
  by: optional(ns.leaf('by', sipOrAnyUri)),
};

/** An element that tells of something done (§5.7.2, §5.7.5, §5.7.7). */
export const execution = <const L extends string>(local: L) => ns.element(local, executionFields);

const execution_ = execution('modified');
/** When something was done, why, and by whom. */
export type Execution = Infer<typeof execution_>;

/** `<entry>` of URIs (§5.3.1). */
export const uriEntry = ns.element('entry', {
  attributes: anyAttribute(),
  uri: ns.leaf('uri', sipOrAnyUri),
  displayText,
  /** What happens when one accesses the URI: `participation`, `streaming`, `web-page`, `recording`, `event`. */
  purpose: optional(ns.leaf('purpose', string)),
  modified: optional(execution_),
  extra: anyOther(),
});

/** A URI, and what it is for. */
export type UriEntry = Infer<typeof uriEntry>;

/** An element that holds URIs (`uris-type`). */
export const uris = <const L extends string>(local: L) =>
  ns.element(
    local,
    { state: stateAttribute, attributes: anyAttribute(), entries: many(uriEntry, { min: 1 }) },
    { check: (element) => [...isConsistent(element), ...uniqueUris(element)] },
  );

const uris_ = uris('uris');
/** URIs. */
export type Uris = Infer<typeof uris_>;
export type UrisInit = Input<typeof uris_>;
