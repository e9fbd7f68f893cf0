import type { Presence } from '@sip-simple/pidf';
import { CIVIC_TYPES, type CivicAddress, type CivicType } from './civic-address.ts';
import type { Location } from './geopriv.ts';
import { allIn, hasLocation, type PlacedLocation } from './places.ts';
import { distance } from './plane.ts';
import { verticesOf } from './rings.ts';

/** Something in a document that RFC 4119, 5491 or 5139 advise against, though the document is valid. */
export interface Advice {
  readonly rule:
    | 'no-location'
    | 'several-geopriv'
    | 'several-places'
    | 'not-compound'
    | 'fine-before-coarse'
    | 'unknown-method'
    | 'no-retransmission-rule'
    | 'ruleset-not-https'
    | 'srs-dimension'
    | 'too-many-points'
    | 'long-edge'
    | 'street-in-A6'
    | 'subdivision-code'
    | 'mixed-languages';
  /** How strongly the RFC puts it. */
  readonly level: 'MUST' | 'SHOULD';
  /** The section, such as `RFC 5491 §3 rule 2`. */
  readonly rfc: string;
  readonly message: string;
  /** Which tuple, device or person it is about; nothing when it is the document. */
  readonly in?: PlacedLocation['in'] | undefined;
  readonly id?: string | undefined;
}

export interface AdviceOptions {
  /** The method tokens that IANA has registered; by default those of RFC 4119 and RFC 5491. */
  readonly methods?: ReadonlySet<string> | undefined;
}

/** The method tokens that RFC 4119 §6.1 registers and RFC 5491 uses. IANA's registry has more. */
export const METHODS: ReadonlySet<string> = new Set([
  'GPS',
  'A-GPS',
  'Manual',
  'DHCP',
  'Triangulation',
  'Cell',
  '802.11',
  'Wiremap',
  'OTDOA',
  'TA-NMR',
  'Device-Assisted_A-GPS',
  'Device-Based_A-GPS',
  'Hybrid_A-GPS',
]);

/**
 * What in the locations of a document is not as RFC 5491 §3, RFC 4119 §2.2 and RFC 5139 §3 advise, as far as can
 * be seen in it. Whether two locations are of the same place, and were found at the same time, can't be seen.
 * What makes shapes and addresses invalid `validate` tells.
 *
 * @see RFC 5491 §3, §5.1, RFC 4119 §2.2.2, §2.2.3, RFC 5139 §3
 */
export function adviceOn(presence: Presence, { methods = METHODS }: AdviceOptions = {}): readonly Advice[] {
  const all = allIn(presence);
  return [...ofDocument(all), ...all.flatMap((placed) => ofObject(placed, methods))];
}

type Finding = Pick<Advice, 'rule' | 'level' | 'rfc' | 'message'>;

function* ofDocument(all: readonly PlacedLocation[]): Iterable<Advice> {
  const counts = new Map<string, number>();
  const components = new Map<string, Set<string>>();
  for (const { in: place, id } of all) {
    const key = `${place} ${id}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
    components.set(place, (components.get(place) ?? new Set()).add(id));
    if (counts.get(key) !== 2) continue;
    const message = `more than one <geopriv> in a ${place}`;
    yield { rule: 'several-geopriv', level: 'SHOULD', rfc: 'RFC 5491 §3 rule 2', message, in: place, id };
  }
  for (const [place, ids] of components) {
    if (ids.size < 2) continue;
    const message = `locations in more than one ${place} must be of the same place`;
    yield { rule: 'several-places', level: 'MUST', rfc: 'RFC 5491 §3 rule 3', message };
  }
}

function ofObject(
  { in: place, id, geopriv }: PlacedLocation,
  methods: ReadonlySet<string>,
): readonly Advice[] {
  const { locationInfo, usageRules, method } = geopriv;
  const findings: Finding[] = [];
  if (!hasLocation(locationInfo)) {
    const message = 'a <geopriv> must describe a location';
    findings.push({ rule: 'no-location', level: 'MUST', rfc: 'RFC 5491 §3 rule 1', message });
  }
  findings.push(...ofCompound(locationInfo.locations), ...locationInfo.locations.flatMap(ofLocation));
  if (usageRules.retransmissionAllowed === undefined) {
    const message = '<retransmission-allowed> must be there, as false where nobody said otherwise';
    findings.push({ rule: 'no-retransmission-rule', level: 'MUST', rfc: 'RFC 4119 §2.2.2', message });
  }
  if (usageRules.externalRuleset !== undefined && !/^(?:https|cid):/i.test(usageRules.externalRuleset)) {
    const message = 'an external ruleset should have an HTTPS or CID URI';
    findings.push({ rule: 'ruleset-not-https', level: 'SHOULD', rfc: 'RFC 4119 §2.2.2', message });
  }
  if (method !== undefined && !methods.has(method.text.trim())) {
    const message = `"${method.text.trim().slice(0, 40)}" is not among the methods known to be registered`;
    findings.push({ rule: 'unknown-method', level: 'MUST', rfc: 'RFC 4119 §2.2.3', message });
  }
  return findings.map((finding) => ({ ...finding, in: place, id }));
}

/** Rules 4, 6 and 7: several chunks only as a civic part beside a geodetic one, the coarse first. */
function ofCompound(locations: readonly Location[]): readonly Finding[] {
  const findings: Finding[] = [];
  const kinds = new Set<string>();
  let isAlike = false;
  for (const location of locations) {
    const kind = kindOf(location);
    isAlike ||= kinds.has(kind);
    kinds.add(kind);
  }
  if (isAlike) {
    const message =
      'several locations in a <location-info> should be a compound of a geodetic and a civic one';
    findings.push({ rule: 'not-compound', level: 'SHOULD', rfc: 'RFC 5491 §3 rules 4 and 6', message });
  }
  const fine = locations.findIndex((each) => each.type === 'civicAddress' && isWithinBuilding(each.value));
  if (fine >= 0 && locations.slice(fine + 1).some(isGeodetic)) {
    const message = 'where in a building is finer than a geodetic location, which must come before';
    findings.push({ rule: 'fine-before-coarse', level: 'MUST', rfc: 'RFC 5491 §3 rule 7', message });
  }
  return findings;
}

/** Civic addresses in several languages are of one location (RFC 5139 §3.5). */
function kindOf(location: Location): string {
  if (location.type === 'civicAddress') return `civic ${location.value.language ?? ''}`;
  return location.type === 'civicLoc' ? 'civic ' : 'geodetic';
}

function isGeodetic({ type }: Location): boolean {
  return type !== 'civicAddress' && type !== 'civicLoc';
}

function isWithinBuilding(address: CivicAddress): boolean {
  const types = CIVIC_TYPES.filter((type) => address[type] !== undefined);
  return (
    types.length > 0 && types.every((type) => WITHIN_BUILDING.has(type)) && address.country === undefined
  );
}

function ofLocation(location: Location): readonly Finding[] {
  if (location.type === 'civicLoc') return [];
  if (location.type === 'civicAddress') return ofAddress(location.value);
  const findings: Finding[] = [];
  if (location.value.srsDimension !== undefined) {
    const message = 'srsDimension should be left out: the coordinate reference system says it';
    findings.push({ rule: 'srs-dimension', level: 'SHOULD', rfc: 'RFC 5491 §5', message });
  }
  if (location.type !== 'polygon' && location.type !== 'prism') return findings;
  const { value } = location;
  const ring = verticesOf('base' in value ? value.base.polygon : value, value.srsName);
  if (ring.length > MAX_POINTS + 1) {
    const message = `a polygon should have at most ${MAX_POINTS} points`;
    findings.push({ rule: 'too-many-points', level: 'SHOULD', rfc: 'RFC 5491 §5.1', message });
  }
  const isLong = ring.some((vertex, index) => {
    const next = ring[index + 1];
    return next !== undefined && distance(vertex, next) > MAX_EDGE_METRES;
  });
  if (isLong) {
    const message = 'the points of a polygon should be at most 130 km apart';
    findings.push({ rule: 'long-edge', level: 'SHOULD', rfc: 'RFC 5491 §5.1', message });
  }
  return findings;
}

function ofAddress(address: CivicAddress): readonly Finding[] {
  const findings: Finding[] = [];
  if (address.A6 !== undefined && address.RD === undefined) {
    const message = 'a street must be in RD and not in A6';
    findings.push({ rule: 'street-in-A6', level: 'MUST', rfc: 'RFC 5139 §3.2', message });
  }
  if (address.A1 !== undefined && !SUBDIVISION.test(address.A1.text)) {
    const message =
      'A1 should be the second part of the subdivision’s code in ISO 3166-2, where no country’s guide says otherwise';
    findings.push({ rule: 'subdivision-code', level: 'SHOULD', rfc: 'RFC 5139 §3.4', message });
  }
  const languages = new Set<string>();
  for (const type of CIVIC_TYPES) {
    const word = address[type];
    if (word !== undefined) languages.add((word.language ?? address.language ?? '').toLowerCase());
  }
  if (languages.size > 1) {
    const message = 'an address should be in one language; others belong into addresses of their own';
    findings.push({ rule: 'mixed-languages', level: 'SHOULD', rfc: 'RFC 5139 §3.5', message });
  }
  return findings;
}

// RFC 5139 §3.4: "a code of one, two, or three characters or numerals".
const SUBDIVISION = /^[A-Z0-9]{1,3}$/;
const WITHIN_BUILDING: ReadonlySet<CivicType> = new Set<CivicType>(['FLR', 'UNIT', 'ROOM', 'SEAT']);
const MAX_POINTS = 15;
const MAX_EDGE_METRES = 130_000;
