import {
  anyOther,
  anyUri,
  attribute,
  dateTime,
  decimal,
  type ElementCheck,
  enumeration,
  type Infer,
  type Input,
  id,
  interleave,
  internetDateTime,
  many,
  optional,
  otherwise,
  string,
  text,
  vocabulary,
  xmlLang,
} from '@sip-simple/xml/schema';

/** The namespace of RFC 3863. */
export const PIDF = 'urn:ietf:params:xml:ns:pidf';
/** The namespace of RFC 4479. */
export const DATA_MODEL = 'urn:ietf:params:xml:ns:pidf:data-model';

const pidf = vocabulary(PIDF);
const dataModel = vocabulary(DATA_MODEL, 'dm');

// RFC 3863 §4.1.3: "at least one child element appears in the <status> element", which its schema can't say.
const hasStatusValue: ElementCheck = (status) =>
  status.children.some((child) => child.type === 'element')
    ? []
    : [{ rule: 'empty-status', message: '<status> must hold at least one status value (RFC 3863 §4.1.3)' }];

// RFC 3863 §4.4: the patterns of qvalue, their "." meant as a point.
const qvalue = decimal({ min: 0, max: 1, fractionDigits: 3 }, /^(?:0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)$/);

const noteFields = {
  /** The text as written. */
  text: text(string),
  /** The language of the text (`xml:lang`), a tag of RFC 3066. */
  language: optional(xmlLang),
};

/** `<note>` of a tuple or a presence document (RFC 3863 §4.1.6). */
export const note = pidf.element('note', noteFields);

/** `<note>` of a person or device (RFC 4479 §5). */
const dataModelNote = dataModel.element('note', noteFields);

/** `<status>` (RFC 3863 §4.1.3). */
export const status = pidf.element(
  'status',
  {
    /** Whether the contact accepts instant messages, or communication of another kind (§4.1.4). */
    basic: optional(pidf.leaf('basic', enumeration('open', 'closed'))),
    /** Other status values. */
    extra: anyOther(),
  },
  { check: hasStatusValue },
);

/** `<contact>` (RFC 3863 §4.1.5), the service URI of RFC 4479. */
export const contact = pidf.element('contact', {
  /** The address. */
  uri: text(anyUri),
  /** The preference of this address over others, from 0 to 1 in thousandths; see `priorityOf`. */
  priority: optional(attribute('priority', qvalue)),
});

/** `<deviceID>` (RFC 4479 §5). */
export const deviceId = dataModel.leaf('deviceID', anyUri);

/** `<tuple>` (RFC 3863 §4.1.2), the service of RFC 4479. */
export const tuple = pidf.element('tuple', {
  /** What tells the tuple from others of the presentity; the occurrence identifier of RFC 4479 §3.5. */
  id: otherwise(attribute('id', id), ''),
  status: otherwise(status, { extra: [] }),
  ...interleave({
    /** The devices the service runs on (RFC 4479 §3.3.1). */
    deviceIds: many(deviceId),
    /** Other presence attributes. */
    extra: anyOther(),
  }),
  contact: optional(contact),
  notes: many(note),
  /** When the status changed, as written; see `instantOf`. */
  timestamp: optional(pidf.leaf('timestamp', internetDateTime)),
});

const componentFields = {
  /** The occurrence identifier (RFC 4479 §3.5). */
  id: otherwise(attribute('id', id), ''),
  /** Status and characteristics. */
  extra: anyOther(),
};
const changeFields = {
  notes: many(dataModelNote),
  /** When the component changed, as written; see `instantOf`. */
  timestamp: optional(dataModel.leaf('timestamp', dateTime)),
};

/** `<person>` (RFC 4479 §3.2). */
export const person = dataModel.element('person', { ...componentFields, ...changeFields });

/** `<device>` (RFC 4479 §3.4). */
export const device = dataModel.element('device', {
  ...componentFields,
  /** The URN that identifies the device. */
  deviceId: otherwise(deviceId, ''),
  ...changeFields,
});

/** What a presence document holds, under whatever root (RFC 3863 §4.1.1, RFC 4479 §5). */
export const presenceFields = {
  /** The URI of the presentity. */
  entity: otherwise(attribute('entity', anyUri), ''),
  tuples: many(tuple),
  notes: many(note),
  ...interleave({
    persons: many(person),
    devices: many(device),
    /** Other elements. */
    extra: anyOther(PIDF),
  }),
};

/** `<presence>` (RFC 3863 §4.1.1, RFC 4479 §5). */
export const presence = pidf.element('presence', presenceFields);

/** A presence document: what is known of a presentity. */
export type Presence = Infer<typeof presence>;
/** A service: a way to reach the presentity, and the status of it. */
export type Tuple = Infer<typeof tuple>;
export type Status = Infer<typeof status>;
export type Contact = Infer<typeof contact>;
export type Note = Infer<typeof note>;
/** The human, or what acts like one. */
export type Person = Infer<typeof person>;
/** A device that services run on. */
export type Device = Infer<typeof device>;

/** What `serialize` takes: a `Presence` whose empty lists may be left out, everywhere in it. */
export type PresenceInit = Input<typeof presence>;
export type TupleInit = Input<typeof tuple>;
export type StatusInit = Input<typeof status>;
export type PersonInit = Input<typeof person>;
export type DeviceInit = Input<typeof device>;
