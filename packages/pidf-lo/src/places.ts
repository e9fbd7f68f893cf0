import type { Presence } from '@sip-simple/pidf';
import { type Geopriv, geopriv } from './geopriv.ts';

/** A location object, and where in a presence document it was. */
export interface PlacedLocation {
  readonly in: 'device' | 'tuple' | 'person';
  /** The id of that device, tuple or person. */
  readonly id: string;
  /** Its timestamp, as written. */
  readonly timestamp: string | undefined;
  readonly geopriv: Geopriv;
}

/**
 * All location objects of a presence document in the order of their priority: those of devices, then those of
 * tuples, then those of persons, each in document order. Location objects without a location are left out.
 *
 * @see RFC 5491 §3, rule 8
 */
export function locationsIn(presence: Presence): readonly PlacedLocation[] {
  return allIn(presence).filter(({ geopriv: { locationInfo } }) => hasLocation(locationInfo));
}

/**
 * The location that counts: that of the highest priority in the first document that has one.
 *
 * @param presences the documents received together, in their order
 * @see RFC 5491 §3, rules 8 and 9
 */
export function preferredLocation(...presences: readonly Presence[]): PlacedLocation | undefined {
  for (const presence of presences) {
    const [first] = locationsIn(presence);
    if (first !== undefined) return first;
  }
  return undefined;
}

/** All location objects, with or without a location, in the order of their priority. */
export function allIn({ devices, tuples, persons }: Presence): readonly PlacedLocation[] {
  const found: PlacedLocation[] = [];
  for (const device of devices) {
    const { id, timestamp } = device;
    for (const each of geopriv.all(device)) found.push({ in: 'device', id, timestamp, geopriv: each });
  }
  for (const { id, timestamp, status } of tuples) {
    for (const each of geopriv.all(status)) found.push({ in: 'tuple', id, timestamp, geopriv: each });
  }
  for (const person of persons) {
    const { id, timestamp } = person;
    for (const each of geopriv.all(person)) found.push({ in: 'person', id, timestamp, geopriv: each });
  }
  return found;
}

/** Whether a location-info says where: what stands in it beside locations may say it too. */
export function hasLocation({ locations, extra }: Geopriv['locationInfo']): boolean {
  return locations.length > 0 || extra.length > 0;
}
