import { PidfError, parse, serialize } from '@sip-simple/pidf';
import { mutate, plain, randomFrom } from '@sip-simple/testkit';
import { attribute, element, parse as parseXml, serialize as serializeXml } from '@sip-simple/xml';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  adviceOn,
  CIVIC_ADDRESS,
  type CivicAddressInit,
  degrees,
  GEOPRIV,
  GEOSHAPE,
  type GeoprivInit,
  GML,
  geopriv,
  locationsIn,
  metres,
  radians,
  rulesOf,
  validate,
  verticesOf,
  WGS84_2D,
  WGS84_3D,
} from '../src/index.ts';
import { fixture, onlyGeopriv } from './documents.ts';

const numRuns = 200 * Number(process.env['FUZZ_RUNS'] ?? 1);

// Zero has one sign in XML: -0 is written as 0.
const double = (min: number, max: number) => fc.double({ min, max, noNaN: true }).map((value) => value + 0);
const pos2d = fc.record({ latitude: double(-90, 90), longitude: double(-180, 180) });
const pos3d = fc.record({
  latitude: double(-90, 90),
  longitude: double(-180, 180),
  altitude: double(-1e4, 1e6),
});
const length = double(0, 1e7).map(metres);
const angle = fc.oneof(double(-360, 360).map(degrees), double(-7, 7).map(radians));
const flat = fc.constant(WGS84_2D);
const high = fc.constant(WGS84_3D);
const word = fc
  .array(fc.constantFrom('Straße', 'North', '12', '&', '<a>', '日本'), { minLength: 1, maxLength: 3 })
  .map((words) => ({ text: words.join(' '), language: undefined }));
const civic: fc.Arbitrary<CivicAddressInit> = fc.record(
  {
    language: fc.constantFrom('en', 'de-CH'),
    country: fc.constantFrom('AU', 'CH'),
    A3: word,
    RD: word,
    HNO: word,
    PLC: fc.constant('office'),
  },
  { requiredKeys: [] },
);
const location: fc.Arbitrary<NonNullable<GeoprivInit['locationInfo']['locations']>[number]> = fc.oneof(
  fc.record({ type: fc.constant('point'), value: fc.record({ srsName: flat, pos: pos2d }) } as const),
  fc.record({ type: fc.constant('point'), value: fc.record({ srsName: high, pos: pos3d }) } as const),
  fc.record({
    type: fc.constant('circle'),
    value: fc.record({ srsName: flat, pos: pos2d, radius: length }),
  } as const),
  fc.record({
    type: fc.constant('sphere'),
    value: fc.record({ srsName: high, pos: pos3d, radius: length }),
  } as const),
  fc.record({
    type: fc.constant('ellipse'),
    value: fc.record({
      srsName: flat,
      pos: pos2d,
      semiMajorAxis: length,
      semiMinorAxis: length,
      orientation: angle,
    }),
  } as const),
  fc.record({
    type: fc.constant('arcBand'),
    value: fc.record({
      srsName: flat,
      pos: pos2d,
      innerRadius: length,
      outerRadius: length,
      startAngle: angle,
      openingAngle: angle,
    }),
  } as const),
  fc.record({ type: fc.constant('civicAddress'), value: civic } as const),
);
const object: fc.Arbitrary<GeoprivInit> = fc.record({
  locationInfo: fc.record({ locations: fc.array(location, { maxLength: 4 }) }),
  usageRules: fc.record(
    {
      retransmissionAllowed: fc.boolean(),
      retentionExpiry: fc.constant('2026-01-31T12:00:00Z'),
      externalRuleset: fc.webUrl(),
      noteWell: fc.record({
        text: fc.constantFrom('', 'for your eyes only'),
        language: fc.constantFrom('en', undefined),
      }),
    },
    { requiredKeys: [] },
  ),
  method: fc.option(fc.record({ text: fc.constantFrom('GPS', 'DHCP'), language: fc.constant(undefined) }), {
    nil: undefined,
  }),
});

test('what is written is valid and reads as what was meant, in tuples, devices and persons (@req rfc4479:4:1)', () => {
  fc.assert(
    fc.property(object, (value) => {
      const status = geopriv.set({ extra: [] }, value);
      const device = geopriv.set({ id: 'd', deviceId: 'urn:d', extra: [] }, value);
      const person = geopriv.set({ id: 'p', extra: [] }, value);
      const init = {
        entity: 'pres:a@example.com',
        tuples: [{ id: 't', status }],
        devices: [device],
        persons: [person],
      };
      const bytes = serialize(init);
      expect(validate(bytes)).toEqual([]);
      const locations = value.locationInfo.locations ?? [];
      const found = locationsIn(parse(bytes));
      expect(found.map((each) => each.in)).toEqual(
        locations.length === 0 ? [] : ['device', 'tuple', 'person'],
      );
      for (const each of found) {
        expect(each.geopriv.locationInfo.locations).toMatchObject(plain(locations) as object);
        expect(plain(each.geopriv.usageRules)).toMatchObject(plain(value.usageRules) as object);
      }
    }),
    { numRuns },
  );
});

test('mutated documents read, or fail as PidfError, and everything about them can be asked', () => {
  const names = [
    'rfc5491/3.4-multiple',
    'rfc5491/5.2.8-prism',
    'rfc5491/5.2.2-polygon-pos',
    'rfc5491/5.2.5-arc-band',
  ];
  const random = randomFrom(5491);
  const vocabulary = {
    locals: [
      'geopriv',
      'location-info',
      'usage-rules',
      'pos',
      'posList',
      'Circle',
      'Polygon',
      'radius',
      'A1',
      'RD',
    ],
    names: [GEOPRIV, GML, GEOSHAPE, CIVIC_ADDRESS].map((namespace, i) => ({ namespace, prefix: `n${i}` })),
    values: ['', '1 2', '1 2 3', 'NaN', '-1', '1e400', WGS84_2D, WGS84_3D, 'urn:ogc:def:uom:EPSG::9001'],
    attributes: [(value: string) => attribute('srsName', value), (value: string) => attribute('uom', value)],
    nodes: [
      element(GML, 'gml:pos', [], [{ type: 'text' as const, value: '5 6' }]),
      element(CIVIC_ADDRESS, 'ca:RD'),
    ],
  };
  for (const name of names) {
    const origin = parseXml(fixture(`${name}.xml`));
    let tree = origin;
    for (let run = 0; run < numRuns; run += 1) {
      tree = mutate(run % 8 === 0 ? origin : tree, random, vocabulary);
      const bytes = serializeXml(tree);
      try {
        validate(bytes);
        const presence = parse(bytes);
        adviceOn(presence);
        for (const { geopriv: each, timestamp } of locationsIn(presence)) {
          rulesOf(each, { timestamp, receivedAt: 0 });
          for (const { type, value } of each.locationInfo.locations) {
            if (type === 'polygon') verticesOf(value, value.srsName);
          }
        }
      } catch (error) {
        if (!(error instanceof PidfError)) throw error;
      }
    }
  }
});

test('a location object taken over into another document reads the same there', () => {
  for (const name of ['3.2-compound', '5.2.8-prism', '5.2.7-ellipsoid']) {
    const from = onlyGeopriv(fixture(`rfc5491/${name}.xml`));
    const into = parse(fixture('rfc5491/5.2.3-circle.xml'));
    const tuples = into.tuples.map((each) => ({ ...each, status: geopriv.set(each.status, from) }));
    expect(plain(onlyGeopriv(serialize({ ...into, tuples })))).toEqual(plain(from));
  }
});
