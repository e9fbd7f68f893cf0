import {
  anyAttribute,
  anyOther,
  type Infer,
  type Input,
  optional,
  type SimpleType,
  text,
  token,
  vocabulary,
  xmlLang,
} from '@sip-simple/xml/schema';
import { CIVIC_ADDRESS } from './namespaces.ts';

const civic = vocabulary(CIVIC_ADDRESS, 'ca');

const COUNTRY = /^[A-Z]{2}$/;

/** The alpha-2 code of ISO 3166-1, any text in what others wrote (RFC 5139 §3.3). */
const country: SimpleType<string> = {
  name: 'a country code of two uppercase letters',
  whiteSpace: 'collapse',
  read: (written) => (written === '' ? undefined : written),
  isValid: (written) => COUNTRY.test(written),
  write: (value) => value,
};

const wordFields = {
  /** The text, its white space collapsed (RFC 5139 §3.6). */
  text: text(token),
  /** Its language and script (`xml:lang`), where they are not those of the address. */
  language: optional(xmlLang),
};

const word = <const Name extends string>(name: Name) => optional(civic.element(name, wordFields));

/** `<civicAddress>` (RFC 5139 §4). Elements are named as they are in RFC 5139 §3.1 and RFC 4119 §2.2.1. */
export const civicAddress = civic.element('civicAddress', {
  /** The language of the address, where an element does not say its own (`xml:lang`). */
  language: optional(xmlLang),
  country: optional(civic.leaf('country', country)),
  /** State, region, province, prefecture: the second part of the code of ISO 3166-2, mostly. */
  A1: word('A1'),
  /** County, parish, district. */
  A2: word('A2'),
  /** City, township. */
  A3: word('A3'),
  /** City division, borough, ward. */
  A4: word('A4'),
  /** Neighbourhood, block. */
  A5: word('A5'),
  /** A level below, in countries that need it; no street (RFC 5139 §3.2). */
  A6: word('A6'),
  /** Road pre-modifier: Old. */
  PRM: word('PRM'),
  /** Leading street direction: N. */
  PRD: word('PRD'),
  /** Primary road or street: Broadway. */
  RD: word('RD'),
  /** Street suffix: Avenue. */
  STS: word('STS'),
  /** Trailing street direction: SW. */
  POD: word('POD'),
  /** Road post-modifier: Extended. */
  POM: word('POM'),
  /** Road section. */
  RDSEC: word('RDSEC'),
  /** Road branch: Lane 7. */
  RDBR: word('RDBR'),
  /** Road sub-branch: Alley 8. */
  RDSUBBR: word('RDSUBBR'),
  /** House number, numeric part only; on the road that `numberedRoad` finds. */
  HNO: word('HNO'),
  /** House number suffix: A, 1/2. */
  HNS: word('HNS'),
  /** Landmark or vanity address. */
  LMK: word('LMK'),
  /** Additional location information. */
  LOC: word('LOC'),
  /** Floor. */
  FLR: word('FLR'),
  /** Name: residence, business or office occupant. */
  NAM: word('NAM'),
  /** Postal code. */
  PC: word('PC'),
  /** Building. */
  BLD: word('BLD'),
  /** Unit: apartment, suite. */
  UNIT: word('UNIT'),
  /** Room. */
  ROOM: word('ROOM'),
  /** Seat: desk, cubicle, workstation. */
  SEAT: word('SEAT'),
  /** Place type, of the registry of RFC 4589: in no language. */
  PLC: optional(civic.leaf('PLC', token)),
  /** Postal community name. */
  PCN: word('PCN'),
  /** Post office box. */
  POBOX: word('POBOX'),
  /** Additional code. */
  ADDCODE: word('ADDCODE'),
  /** Elements of other namespaces (RFC 6848). */
  extra: anyOther(),
  /** Attributes that are not known. */
  attributes: anyAttribute('any'),
});

export type CivicAddress = Infer<typeof civicAddress>;
export type CivicAddressInit = Input<typeof civicAddress>;

/** An element of a civic address that has a language: all but `country` and `PLC` (RFC 5139 §3.5). */
export type CivicType = Exclude<
  keyof CivicAddress & string,
  'language' | 'country' | 'PLC' | 'extra' | 'attributes'
>;

/** The elements of a civic address that have a language, in the order of the schema. */
export const CIVIC_TYPES: readonly CivicType[] = [
  'A1',
  'A2',
  'A3',
  'A4',
  'A5',
  'A6',
  'PRM',
  'PRD',
  'RD',
  'STS',
  'POD',
  'POM',
  'RDSEC',
  'RDBR',
  'RDSUBBR',
  'HNO',
  'HNS',
  'LMK',
  'LOC',
  'FLR',
  'NAM',
  'PC',
  'BLD',
  'UNIT',
  'ROOM',
  'SEAT',
  'PCN',
  'POBOX',
  'ADDCODE',
];

/**
 * The road that the house number counts on: the most specific one of the address.
 *
 * @see RFC 5139 §3.2.1
 */
export function numberedRoad(address: CivicAddress): 'RDSUBBR' | 'RDBR' | 'RDSEC' | 'RD' | undefined {
  return (['RDSUBBR', 'RDBR', 'RDSEC', 'RD'] as const).find((type) => address[type] !== undefined);
}
