import type { ElementSchema } from '@sip-simple/xml/schema';
import { type CompileOptions, compile, type Decide } from './compile.ts';
import {
  booleanPermission,
  type Grant,
  type Granted,
  grant,
  maximumPermission,
  type Permission,
  setPermission,
  union,
} from './permission.ts';
import {
  provideActivities,
  provideAllAttributes,
  provideClass,
  provideDeviceId,
  provideDevices,
  provideMood,
  provideNote,
  providePersons,
  providePlaceIs,
  providePlaceType,
  providePrivacy,
  provideRelationship,
  provideServices,
  provideSphere,
  provideStatusIcon,
  provideTimeOffset,
  provideUnknownAttribute,
  provideUserInput,
  subHandling,
} from './presence-rules.ts';
import type { RulesetInit } from './ruleset.ts';

/** Which occurrences of a component are shown: all, or those that one of the sets identifies. */
export interface ProvidedPersons {
  /** When true, the sets are empty. */
  readonly all: boolean;
  readonly classes: ReadonlySet<string>;
  readonly occurrenceIds: ReadonlySet<string>;
}

export interface ProvidedDevices extends ProvidedPersons {
  readonly deviceIds: ReadonlySet<string>;
}

export interface ProvidedServices extends ProvidedPersons {
  readonly uris: ReadonlySet<string>;
  readonly uriSchemes: ReadonlySet<string>;
}

const NONE: ReadonlySet<string> = new Set();
const ALL_PERSONS: ProvidedPersons = { all: true, classes: NONE, occurrenceIds: NONE };
const ALL_DEVICES: ProvidedDevices = { ...ALL_PERSONS, deviceIds: NONE };
const ALL_SERVICES: ProvidedServices = { ...ALL_PERSONS, uris: NONE, uriSchemes: NONE };

// RFC 5025 §3.3.2.15: a macro that expands to every permission for an attribute.
const all = provideAllAttributes.schema;

/** The permissions of RFC 5025, for `compile`. */
export const presencePermissions = {
  /** What becomes of the subscription (§3.2.1). */
  subHandling: maximumPermission(
    'actions',
    ['block', 'confirm', 'polite-block', 'allow'],
    grant(subHandling.schema, (value) => value),
  ),
  /** The devices shown (§3.3.1.1). */
  devices: occurrences<ProvidedDevices>(
    { ...ALL_DEVICES, all: false },
    ALL_DEVICES,
    grant(provideDevices.schema, ({ allDevices, classes, occurrenceIds, deviceIds }) =>
      allDevices
        ? ALL_DEVICES
        : {
            all: false,
            classes: new Set(classes),
            occurrenceIds: new Set(occurrenceIds),
            deviceIds: new Set(deviceIds),
          },
    ),
  ),
  /** The persons shown (§3.3.1.2). */
  persons: occurrences<ProvidedPersons>(
    { ...ALL_PERSONS, all: false },
    ALL_PERSONS,
    grant(providePersons.schema, ({ allPersons, classes, occurrenceIds }) =>
      allPersons
        ? ALL_PERSONS
        : { all: false, classes: new Set(classes), occurrenceIds: new Set(occurrenceIds) },
    ),
  ),
  /** The services shown (§3.3.1.3). */
  services: occurrences<ProvidedServices>(
    { ...ALL_SERVICES, all: false },
    ALL_SERVICES,
    grant(
      provideServices.schema,
      ({ allServices, classes, occurrenceIds, serviceUris, serviceUriSchemes }) =>
        allServices
          ? ALL_SERVICES
          : {
              all: false,
              classes: new Set(classes),
              occurrenceIds: new Set(occurrenceIds),
              uris: new Set(serviceUris),
              uriSchemes: new Set(serviceUriSchemes),
            },
    ),
  ),
  activities: attribute(provideActivities.schema),
  class: attribute(provideClass.schema),
  deviceId: attribute(provideDeviceId.schema),
  mood: attribute(provideMood.schema),
  placeIs: attribute(providePlaceIs.schema),
  placeType: attribute(providePlaceType.schema),
  privacy: attribute(providePrivacy.schema),
  relationship: attribute(provideRelationship.schema),
  sphere: attribute(provideSphere.schema),
  statusIcon: attribute(provideStatusIcon.schema),
  timeOffset: attribute(provideTimeOffset.schema),
  /** How much of `<user-input>` is shown (§3.3.2.12). */
  userInput: maximumPermission(
    'transformations',
    ['false', 'bare', 'thresholds', 'full'],
    grant(provideUserInput.schema, (value) => value),
    grant(all, () => 'full'),
  ),
  note: attribute(provideNote.schema),
  /** The elements without a permission of their own that are shown (§3.3.2.14), as `attributeName` has them. */
  unknownAttributes: setPermission(
    'transformations',
    grant(provideUnknownAttribute.schema, ({ name, namespace, isProvided }) =>
      isProvided ? new Set([attributeName(namespace, name)]) : NONE,
    ),
  ),
  /** Whether all attributes are shown, whatever they are (§3.3.2.15). */
  allAttributes: booleanPermission(
    'transformations',
    grant(all, () => true),
  ),
};

/** What a watcher may see of a presentity: the combined permissions of RFC 5025. */
export type PresencePermissions = Granted<typeof presencePermissions>;

/**
 * Compiles presence authorization documents into one function that decides who may see what.
 *
 * @param rulesets all documents of the presentity; what is not there, or can't be parsed, grants nothing
 * @throws {TypeError} and {RangeError} as `serialize`, for documents that were made and not parsed
 * @see RFC 5025 §3, RFC 4745 §10
 */
export function compilePresenceRules(
  rulesets: readonly RulesetInit[],
  options?: CompileOptions,
): Decide<PresencePermissions> {
  return compile(rulesets, presencePermissions, options);
}

/** A qualified name as one text, `{namespace}name`. */
export function attributeName(namespace: string, name: string): string {
  return `{${namespace}}${name}`;
}

function attribute(schema: ElementSchema<boolean>): Permission<boolean> {
  return booleanPermission(
    'transformations',
    grant(schema, (value) => value),
    grant(all, () => true),
  );
}

/** A set permission whose members are of several kinds, with a short-hand for all. */
function occurrences<T extends ProvidedPersons>(lowest: T, everything: T, given: Grant<T>): Permission<T> {
  return {
    part: 'transformations',
    lowest,
    grants: [given],
    combine: (a, b) => {
      if (a.all || b.all) return everything;
      const combined: Record<string, unknown> = { all: false };
      for (const key of KINDS) {
        const [ours, theirs] = [setIn(a, key), setIn(b, key)];
        if (ours !== undefined && theirs !== undefined) combined[key] = union(ours, theirs);
      }
      // All keys of T but `all` are among KINDS.
      return combined as unknown as T;
    },
  };
}

const KINDS = ['classes', 'occurrenceIds', 'deviceIds', 'uris', 'uriSchemes'];

function setIn(value: object, key: string): ReadonlySet<string> | undefined {
  const set: unknown = Object.entries(value).find(([name]) => name === key)?.[1];
  return set instanceof Set ? set : undefined;
}
