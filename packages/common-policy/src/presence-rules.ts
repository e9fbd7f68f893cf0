import { attributeOf } from '@sip-simple/xml';
import {
  anyOther,
  anyUri,
  attribute,
  boolean,
  type ElementCheck,
  type ElementSchema,
  enumeration,
  type Infer,
  type Input,
  interleave,
  type Lens,
  lens,
  many,
  ncName,
  optional,
  present,
  type SimpleType,
  string,
  text,
  token,
  vocabulary,
} from '@sip-simple/xml/schema';
import { holdsNothing } from './ruleset.ts';

/** The namespace of RFC 5025. */
export const PRES_RULES = 'urn:ietf:params:xml:ns:pres-rules';

const pr = vocabulary(PRES_RULES, 'pr');

// xs:restriction of xs:token collapses white space before it is compared.
const subHandlingValue: SimpleType<'block' | 'confirm' | 'polite-block' | 'allow'> = {
  ...enumeration('block', 'confirm', 'polite-block', 'allow'),
  whiteSpace: 'collapse',
};

const classElement = pr.leaf('class', token);
const occurrenceId = pr.leaf('occurrence-id', token);
const deviceId = pr.leaf('deviceID', anyUri);
const serviceUri = pr.leaf('service-uri', anyUri);
const serviceUriScheme = pr.leaf('service-uri-scheme', token);

/** RFC 5025 §7: `<all-…>` stands alone. */
const isAllOrMembers: ElementCheck = ({ local, children }) => {
  const elements = children.filter((child) => child.type === 'element');
  const hasAll = elements.some((child) => child.namespace === PRES_RULES && child.local.startsWith('all-'));
  return hasAll && elements.length > 1
    ? [{ rule: 'unexpected-element', message: `in <${local}> all excludes single members` }]
    : [];
};

/** What identifies occurrences, beside what `extra` holds. */
const memberFields = {
  /** Occurrences with one of these `<class>`. */
  classes: many(classElement),
  /** Occurrences with one of these `id`. */
  occurrenceIds: many(occurrenceId),
  /** Identifiers that others define. */
  extra: anyOther(),
};

const provideDevicesElement = pr.element(
  'provide-devices',
  interleave({
    /** All devices, whatever else is given. */
    allDevices: optional(all('all-devices')),
    deviceIds: many(deviceId),
    ...memberFields,
  }),
  { check: isAllOrMembers },
);

const providePersonsElement = pr.element(
  'provide-persons',
  interleave({ allPersons: optional(all('all-persons')), ...memberFields }),
  { check: isAllOrMembers },
);

const provideServicesElement = pr.element(
  'provide-services',
  interleave({
    allServices: optional(all('all-services')),
    /** Services with one of these contact URIs. */
    serviceUris: many(serviceUri),
    /** Services whose contact URI has one of these schemes. */
    serviceUriSchemes: many(serviceUriScheme),
    ...memberFields,
  }),
  { check: isAllOrMembers },
);

// RFC 5025 §3.3.2.14: the name "MUST be an unqualified element name", the namespace "MUST be a namespace URI".
const namesAttribute: ElementCheck = (element) => {
  const name = attributeOf(element, 'name');
  const namespace = attributeOf(element, 'ns');
  const broken: { rule: string; message: string }[] = [];
  if (name !== undefined && ncName.read(name) === undefined) {
    broken.push({ rule: 'qualified-name', message: `"${name}" is no unqualified name (RFC 5025 §3.3.2.14)` });
  }
  if (namespace !== undefined && !NAMESPACE_URI.test(namespace)) {
    broken.push({ rule: 'no-namespace-uri', message: `"${namespace}" is no URI (RFC 5025 §3.3.2.14)` });
  }
  return broken;
};
const NAMESPACE_URI = /^[A-Za-z][A-Za-z0-9+.-]*:\S+$/;

const provideUnknownAttributeElement = pr.element(
  'provide-unknown-attribute',
  {
    /** The local name of the element. */
    name: attribute('name', string),
    /** Its namespace. */
    namespace: attribute('ns', string),
    isProvided: text(boolean),
  },
  { check: namesAttribute },
);

/** What the server decides about a subscription (§3.2.1), to be found in `actions`. */
export const subHandling = lens(pr.leaf('sub-handling', subHandlingValue));

/** Which devices are shown (§3.3.1.1). This permission and all further ones are found in `transformations`. */
export const provideDevices = lens(provideDevicesElement);
/** Which persons are shown (§3.3.1.2). */
export const providePersons = lens(providePersonsElement);
/** Which services are shown (§3.3.1.3). */
export const provideServices = lens(provideServicesElement);

/** RPID's `<activities>` of persons (§3.3.2.1). */
export const provideActivities = flag('provide-activities');
/** RPID's `<class>`, everywhere (§3.3.2.2). */
export const provideClass = flag('provide-class');
/** The `<deviceID>` of services (§3.3.2.3). */
export const provideDeviceId = flag('provide-deviceID');
/** RPID's `<mood>` of persons (§3.3.2.4). */
export const provideMood = flag('provide-mood');
/** RPID's `<place-is>` of persons (§3.3.2.5). */
export const providePlaceIs = flag('provide-place-is');
/** RPID's `<place-type>` of persons (§3.3.2.6). */
export const providePlaceType = flag('provide-place-type');
/** RPID's `<privacy>` of persons and services (§3.3.2.7). */
export const providePrivacy = flag('provide-privacy');
/** RPID's `<relationship>` of services (§3.3.2.8). */
export const provideRelationship = flag('provide-relationship');
/** RPID's `<sphere>` of persons (§3.3.2.9). */
export const provideSphere = flag('provide-sphere');
/** RPID's `<status-icon>` of persons and services (§3.3.2.10). */
export const provideStatusIcon = flag('provide-status-icon');
/** RPID's `<time-offset>` of persons (§3.3.2.11). */
export const provideTimeOffset = flag('provide-time-offset');
/** How much of RPID's `<user-input>` is shown, everywhere (§3.3.2.12). */
export const provideUserInput = lens(
  pr.leaf('provide-user-input', enumeration('false', 'bare', 'thresholds', 'full')),
);
/** The `<note>` of persons, services and devices (§3.3.2.13). */
export const provideNote = flag('provide-note');
/** An element that the server knows no permission for (§3.3.2.14). */
export const provideUnknownAttribute = lens(provideUnknownAttributeElement);
/** All attributes of all that is shown (§3.3.2.15). */
export const provideAllAttributes = lens(all('provide-all-attributes'));

export type SubHandling = Infer<typeof subHandling.schema>;
export type ProvideDevices = Infer<typeof provideDevicesElement>;
export type ProvideDevicesInit = Input<typeof provideDevicesElement>;
export type ProvidePersons = Infer<typeof providePersonsElement>;
export type ProvidePersonsInit = Input<typeof providePersonsElement>;
export type ProvideServices = Infer<typeof provideServicesElement>;
export type ProvideServicesInit = Input<typeof provideServicesElement>;
export type UserInputLevel = Infer<typeof provideUserInput.schema>;
export type ProvideUnknownAttribute = Infer<typeof provideUnknownAttributeElement>;

/** All elements of RFC 5025's schema that may stand wherever another schema has a point of extension. */
export const PRES_RULES_ELEMENTS: readonly ElementSchema<unknown, never>[] = [
  classElement,
  occurrenceId,
  deviceId,
  serviceUri,
  serviceUriScheme,
  subHandling.schema,
  provideDevicesElement,
  providePersonsElement,
  provideServicesElement,
  provideActivities.schema,
  provideClass.schema,
  provideDeviceId.schema,
  provideMood.schema,
  providePlaceIs.schema,
  providePlaceType.schema,
  providePrivacy.schema,
  provideRelationship.schema,
  provideSphere.schema,
  provideStatusIcon.schema,
  provideTimeOffset.schema,
  provideUserInput.schema,
  provideNote.schema,
  provideUnknownAttributeElement,
  provideAllAttributes.schema,
];

/** An element that says all by being there. */
function all(local: string): ElementSchema<true> {
  return { ...pr.leaf(local, present), check: holdsNothing };
}

function flag(local: string): Lens<boolean> {
  return lens(pr.leaf(local, boolean));
}
