import { attributeName, type PresencePermissions, type ProvidedPersons } from './presence-permissions.ts';
import { areEquivalent, uriOf } from './uri.ts';

/** What permissions look at in an occurrence of a person, device or service. */
export interface Occurrence {
  /** Its `id`. */
  readonly id?: string | undefined;
  /** Its `<class>` of RPID. */
  readonly class?: string | undefined;
}

/**
 * Whether a watcher may see a person.
 *
 * @see RFC 5025 §3.3.1.2
 */
export function providesPerson({ persons }: PresencePermissions, person: Occurrence): boolean {
  return isProvided(persons, person);
}

/**
 * Whether a watcher may see a device.
 *
 * @see RFC 5025 §3.3.1.1
 */
export function providesDevice(
  { devices }: PresencePermissions,
  device: Occurrence & { readonly deviceId?: string | undefined },
): boolean {
  return isProvided(devices, device) || hasUri(devices.deviceIds, device.deviceId);
}

/**
 * Whether a watcher may see a service.
 *
 * @param service its `uri` is that of its `<contact>`
 * @see RFC 5025 §3.3.1.3
 */
export function providesService(
  { services }: PresencePermissions,
  service: Occurrence & { readonly uri?: string | undefined },
): boolean {
  const { uri } = service;
  if (isProvided(services, service) || hasUri(services.uris, uri)) return true;
  const colon = uri?.indexOf(':') ?? -1;
  return uri !== undefined && colon > 0 && services.uriSchemes.has(uri.slice(0, colon));
}

/** What has attributes in a presence document; a status is that of a service. */
export type Component = 'person' | 'device' | 'service' | 'status';

/**
 * Whether a watcher may see an element of a person, device or service that may be seen itself. Of a
 * `<user-input>` that may be seen, `permissions.userInput` says how much; of a `<status>`, which always may, ask
 * for each child. An element with a permission beyond those of RFC 5025 is not to be asked for here, where it is
 * an unknown one (§3.3.2.14).
 *
 * @param component what the element is a child of
 * @see RFC 5025 §3.3.2
 */
export function providesAttribute(
  permissions: PresencePermissions,
  component: Component,
  { namespace, local }: { readonly namespace: string; readonly local: string },
): boolean {
  if (permissions.allAttributes) return true;
  const name = attributeName(namespace, local);
  // RFC 5025 §3.3.2.14: names of unknown attributes are those of children of tuples, devices and persons.
  if (!KNOWN.has(name)) return component !== 'status' && permissions.unknownAttributes.has(name);
  const by = GRANTED_BY.get(`${component} ${name}`);
  if (by === undefined) return false;
  if (by === 'always') return true;
  const granted = permissions[by];
  return granted === true || (by === 'userInput' && granted !== 'false');
}

type By = 'always' | keyof PresencePermissions;

const PIDF = 'urn:ietf:params:xml:ns:pidf';
const DATA_MODEL = 'urn:ietf:params:xml:ns:pidf:data-model';
const RPID = 'urn:ietf:params:xml:ns:pidf:rpid';

/** The attributes that RFC 5025 speaks of, each with the components in which it does. */
const ATTRIBUTES: readonly (readonly [by: By, namespace: string, local: string, ...Component[]])[] = [
  ['activities', RPID, 'activities', 'person'],
  ['class', RPID, 'class', 'person', 'device', 'service'],
  ['deviceId', DATA_MODEL, 'deviceID', 'service'],
  ['always', DATA_MODEL, 'deviceID', 'device'],
  ['mood', RPID, 'mood', 'person'],
  ['placeIs', RPID, 'place-is', 'person'],
  ['placeType', RPID, 'place-type', 'person'],
  ['privacy', RPID, 'privacy', 'person', 'service'],
  ['relationship', RPID, 'relationship', 'service'],
  ['sphere', RPID, 'sphere', 'person'],
  ['statusIcon', RPID, 'status-icon', 'person', 'service'],
  ['timeOffset', RPID, 'time-offset', 'person'],
  ['userInput', RPID, 'user-input', 'person', 'device', 'service'],
  ['note', PIDF, 'note', 'service'],
  ['note', DATA_MODEL, 'note', 'person', 'device'],
  ['always', RPID, 'service-class', 'service'],
  ['always', PIDF, 'status', 'service'],
  ['always', PIDF, 'basic', 'status'],
  ['always', PIDF, 'contact', 'service'],
  ['always', PIDF, 'timestamp', 'service'],
  ['always', DATA_MODEL, 'timestamp', 'person', 'device'],
];
const KNOWN: ReadonlySet<string> = /* @__PURE__ */ new Set(
  ATTRIBUTES.map(([, namespace, local]) => attributeName(namespace, local)),
);
const GRANTED_BY: ReadonlyMap<string, By> = /* @__PURE__ */ new Map(
  ATTRIBUTES.flatMap(([by, namespace, local, ...components]) =>
    components.map((component) => [`${component} ${attributeName(namespace, local)}`, by] as const),
  ),
);

function isProvided({ all, classes, occurrenceIds }: ProvidedPersons, occurrence: Occurrence): boolean {
  if (all) return true;
  const { id, class: itsClass } = occurrence;
  return (itsClass !== undefined && classes.has(itsClass)) || (id !== undefined && occurrenceIds.has(id));
}

function hasUri(uris: ReadonlySet<string>, uri: string | undefined): boolean {
  if (uri === undefined || uris.size === 0) return false;
  if (uris.has(uri)) return true;
  const ours = uriOf(uri);
  if (ours === undefined) return false;
  for (const each of uris) {
    const theirs = uriOf(each);
    if (theirs !== undefined && areEquivalent(ours, theirs)) return true;
  }
  return false;
}
