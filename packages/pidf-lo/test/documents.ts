import { readFileSync } from 'node:fs';
import { parse } from '@sip-simple/pidf';
import { bytesOf, textOf } from '@sip-simple/testkit';
import { type Geopriv, type Location, locationsIn, validate } from '../src/index.ts';

const fixtures = new URL('fixtures/', import.meta.url);

/** The bytes of a fixture, as `rfc5491/5.2.3-circle.xml`. */
export function fixture(path: string): Uint8Array {
  return new Uint8Array(readFileSync(new URL(path, fixtures)));
}

const NAMESPACES =
  'xmlns="urn:ietf:params:xml:ns:pidf" xmlns:dm="urn:ietf:params:xml:ns:pidf:data-model"' +
  ' xmlns:gp="urn:ietf:params:xml:ns:pidf:geopriv10" xmlns:gbp="urn:ietf:params:xml:ns:pidf:geopriv10:basicPolicy"' +
  ' xmlns:ca="urn:ietf:params:xml:ns:pidf:geopriv10:civicAddr" xmlns:cl="urn:ietf:params:xml:ns:pidf:geopriv10:civicLoc"' +
  ' xmlns:gml="http://www.opengis.net/gml" xmlns:gs="http://www.opengis.net/pidflo/1.0" xmlns:x="urn:example:x"';

/** A presence document with this content, as bytes. */
export function document(content: string): Uint8Array {
  return bytesOf(
    `<?xml version="1.0" encoding="UTF-8"?>\n<presence ${NAMESPACES} entity="pres:alice@example.com">${content}</presence>`,
  );
}

export const tuple = (content: string, id = 't1') => `<tuple id="${id}"><status>${content}</status></tuple>`;
export const device = (content: string, id = 'd1') =>
  `<dm:device id="${id}">${content}<dm:deviceID>mac:8asd7d7d70cf</dm:deviceID></dm:device>`;
export const person = (content: string, id = 'p1') => `<dm:person id="${id}">${content}</dm:person>`;

export const RULES =
  '<gp:usage-rules><gbp:retransmission-allowed>false</gbp:retransmission-allowed></gp:usage-rules>';

/** A location object with these chunks of location information. */
export const geopriv = (locations: string, rules = RULES, after = '') =>
  `<gp:geopriv><gp:location-info>${locations}</gp:location-info>${rules}${after}</gp:geopriv>`;

export const POINT =
  '<gml:Point srsName="urn:ogc:def:crs:EPSG::4326"><gml:pos>-34.407 150.883</gml:pos></gml:Point>';
export const CIVIC = '<ca:civicAddress><ca:country>AU</ca:country><ca:A1>NSW</ca:A1></ca:civicAddress>';

/** A polygon in two dimensions, or three. */
export const polygon = (posList: string, crs = 4326) =>
  `<gml:Polygon srsName="urn:ogc:def:crs:EPSG::${crs}"><gml:exterior><gml:LinearRing><gml:posList>${posList}</gml:posList></gml:LinearRing></gml:exterior></gml:Polygon>`;

/** A document with one location object of these chunks, in a tuple. */
export const located = (locations: string) => document(tuple(geopriv(locations)));

/** The one location object of a document. */
export function onlyGeopriv(bytes: Uint8Array): Geopriv {
  const [first] = locationsIn(parse(bytes));
  if (first === undefined) throw new Error(`no location in ${textOf(bytes)}`);
  return first.geopriv;
}

/** The locations of the one location object of a document, as plain data. */
export function locationsOf(bytes: Uint8Array): readonly Location[] {
  return JSON.parse(JSON.stringify(onlyGeopriv(bytes).locationInfo.locations));
}

/** The rules that a document breaks. */
export const rulesOfDocument = (bytes: Uint8Array) => validate(bytes).map(({ rule }) => rule);
