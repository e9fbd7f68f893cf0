import { type Presence, parse, serialize } from '@sip-simple/pidf';
import { bytesOf, textOf } from '@sip-simple/testkit';
import { describe, expect, test } from 'vitest';
import {
  degrees,
  degreesOf,
  type GeoprivInit,
  geopriv as geoprivLens,
  metres,
  radians,
  ring,
  validate,
  verticesOf,
  WGS84_2D,
  WGS84_3D,
} from '../../src/index.ts';
import {
  document,
  fixture,
  located,
  locationsOf,
  onlyGeopriv,
  POINT,
  polygon,
  rulesOfDocument,
  tuple,
} from '../documents.ts';

const uom = 'urn:ogc:def:uom:EPSG::9001';
const degree = 'urn:ogc:def:uom:EPSG::9102';
const center = { latitude: 42.5463, longitude: -73.2512 };

describe('the shapes of RFC 5491 are read as it shows them (@req rfc5491:5:1)', () => {
  test.each<[string, unknown]>([
    [
      '5.2.1-point-2d',
      { type: 'point', value: { srsName: WGS84_2D, pos: { latitude: -34.407, longitude: 150.883 } } },
    ],
    [
      '5.2.1-point-3d',
      {
        type: 'point',
        value: { srsName: WGS84_3D, pos: { latitude: -34.407, longitude: 150.883, altitude: 24.8 } },
      },
    ],
    [
      '5.2.3-circle',
      { type: 'circle', value: { srsName: WGS84_2D, pos: center, radius: { value: 850.24, uom } } },
    ],
    [
      '5.2.4-ellipse',
      {
        type: 'ellipse',
        value: {
          srsName: WGS84_2D,
          pos: center,
          semiMajorAxis: { value: 1275, uom },
          semiMinorAxis: { value: 670, uom },
          orientation: { value: 43.2, uom: degree },
        },
      },
    ],
    [
      '5.2.5-arc-band',
      {
        type: 'arcBand',
        value: {
          srsName: WGS84_2D,
          pos: { latitude: -43.5723, longitude: 153.2176 },
          innerRadius: { value: 3594, uom },
          outerRadius: { value: 4148, uom },
          startAngle: { value: 20, uom: degree },
          openingAngle: { value: 20, uom: degree },
        },
      },
    ],
    [
      '5.2.6-sphere',
      {
        type: 'sphere',
        value: { srsName: WGS84_3D, pos: { ...center, altitude: 26.3 }, radius: { value: 850.24, uom } },
      },
    ],
    [
      '5.2.7-ellipsoid',
      {
        type: 'ellipsoid',
        value: {
          srsName: WGS84_3D,
          pos: { ...center, altitude: 26.3 },
          semiMajorAxis: { value: 7.7156, uom },
          semiMinorAxis: { value: 3.31, uom },
          verticalAxis: { value: 28.7, uom },
          orientation: { value: 90, uom: degree },
        },
      },
    ],
  ])('%s', (name, expected) => {
    const bytes = fixture(`rfc5491/${name}.xml`);
    expect(locationsOf(bytes)).toEqual([expected]);
  });

  test.each(['5.2.2-polygon-pos', '5.2.2-polygon-poslist'])('%s', (name) => {
    const [location] = onlyGeopriv(fixture(`rfc5491/${name}.xml`)).locationInfo.locations;
    if (location?.type !== 'polygon') throw new Error('it is a polygon');
    expect(verticesOf(location.value, location.value.srsName)).toEqual([
      { latitude: 43.311, longitude: -73.422 },
      { latitude: 43.111, longitude: -73.322 },
      { latitude: 43.111, longitude: -73.222 },
      { latitude: 43.311, longitude: -73.122 },
      { latitude: 43.411, longitude: -73.222 },
      { latitude: 43.411, longitude: -73.322 },
      { latitude: 43.311, longitude: -73.422 },
    ]);
  });

  test('5.2.8-prism', () => {
    const [location] = onlyGeopriv(fixture('rfc5491/5.2.8-prism.xml')).locationInfo.locations;
    if (location?.type !== 'prism') throw new Error('it is a prism');
    expect(location.value.height).toMatchObject({ value: 2.4, uom });
    const vertices = verticesOf(location.value.base.polygon, location.value.srsName);
    expect(vertices).toHaveLength(5);
    expect(vertices[1]).toEqual({ latitude: 42.656844, longitude: -73.248157, altitude: 36.6 });
  });
});

test('all shapes are written as the examples have them, and valid (@req rfc5491:5:1)', () => {
  const corners = [
    { latitude: 1, longitude: 1 },
    { latitude: 1, longitude: 2 },
    { latitude: 2, longitude: 2 },
  ];
  const raised = corners.map((corner) => ({ ...corner, altitude: 10 }));
  const high = { ...center, altitude: 26.3 };
  const locations: GeoprivInit['locationInfo']['locations'] = [
    { type: 'point', value: { srsName: WGS84_2D, pos: center } },
    { type: 'point', value: { srsName: WGS84_3D, pos: high } },
    { type: 'polygon', value: { srsName: WGS84_2D, exterior: { linearRing: ring(corners) } } },
    { type: 'polygon', value: { srsName: WGS84_3D, exterior: { linearRing: ring(raised) } } },
    { type: 'circle', value: { srsName: WGS84_2D, pos: center, radius: metres(850.24) } },
    {
      type: 'ellipse',
      value: {
        srsName: WGS84_2D,
        pos: center,
        semiMajorAxis: metres(1275),
        semiMinorAxis: metres(670),
        orientation: degrees(43.2),
      },
    },
    {
      type: 'arcBand',
      value: {
        srsName: WGS84_2D,
        pos: center,
        innerRadius: metres(0),
        outerRadius: metres(1e21),
        startAngle: radians(0.5),
        openingAngle: degrees(120),
      },
    },
    { type: 'sphere', value: { srsName: WGS84_3D, pos: high, radius: metres(1e-7) } },
    {
      type: 'ellipsoid',
      value: {
        srsName: WGS84_3D,
        pos: high,
        semiMajorAxis: metres(7.7156),
        semiMinorAxis: metres(3.31),
        verticalAxis: metres(28.7),
        orientation: degrees(90),
      },
    },
    {
      type: 'prism',
      value: {
        srsName: WGS84_3D,
        base: { polygon: { exterior: { linearRing: ring(raised) } } },
        height: metres(2.4),
      },
    },
  ];
  const status = geoprivLens.set(
    { extra: [] },
    { locationInfo: { locations }, usageRules: { retransmissionAllowed: false } },
  );
  const bytes = serialize({ entity: 'pres:a@example.com', tuples: [{ id: 't', status }] });
  expect(validate(bytes)).toEqual([]);
  expect(locationsOf(bytes)).toEqual(
    JSON.parse(JSON.stringify(locations), (key, value) =>
      key === 'linearRing' ? { pos: [], ...value } : value,
    ),
  );
  expect(textOf(bytes)).toContain(
    '<gs:Circle srsName="urn:ogc:def:crs:EPSG::4326"><gml:pos>42.5463 -73.2512</gml:pos><gs:radius uom="urn:ogc:def:uom:EPSG::9001">850.24</gs:radius></gs:Circle>',
  );
});

describe('units (§5)', () => {
  const circle = (unit: string) =>
    located(
      `<gs:Circle srsName="${WGS84_2D}"><gml:pos>1 2</gml:pos><gs:radius uom="${unit}">5</gs:radius></gs:Circle>`,
    );
  const ellipse = (unit: string) =>
    located(
      `<gs:Ellipse srsName="${WGS84_2D}"><gml:pos>1 2</gml:pos><gs:semiMajorAxis uom="${uom}">2</gs:semiMajorAxis>` +
        `<gs:semiMinorAxis uom="${uom}">1</gs:semiMinorAxis><gs:orientation uom="${unit}">0.5</gs:orientation></gs:Ellipse>`,
    );

  test('distances are metres; what is in another unit is not read, and reported', () => {
    expect(rulesOfDocument(circle(uom))).toEqual([]);
    const feet = circle('urn:ogc:def:uom:EPSG::9002');
    expect(rulesOfDocument(feet)).toEqual(['invalid-value']);
    expect(onlyGeopriv(feet).locationInfo).toMatchObject({ locations: [], extra: [{ local: 'Circle' }] });
    const none = textOf(circle(uom)).replace(` uom="${uom}"`, '');
    expect(rulesOfDocument(bytesOf(none))).toEqual(['missing-attribute']);
  });

  test('angles are degrees or radians, by their URNs (@req rfc5491:5:2, @req rfc5491:5:3)', () => {
    for (const unit of [degree, 'urn:ogc:def:uom:EPSG::9101'])
      expect(rulesOfDocument(ellipse(unit))).toEqual([]);
    for (const unit of ['urn:ogc:def:uom:EPSG::9105', 'deg', '#degrees', '']) {
      expect(rulesOfDocument(ellipse(unit))).toEqual(['invalid-value']);
      expect(onlyGeopriv(ellipse(unit)).locationInfo.locations).toEqual([]);
    }
    expect(degrees(180).uom).toBe(degree);
    expect(radians(1).uom).toBe('urn:ogc:def:uom:EPSG::9101');
    expect(degreesOf(radians(Math.PI))).toBe(180);
    expect(degreesOf(degrees(20))).toBe(20);
  });

  test('a negative distance is none', () => {
    const bytes = bytesOf(textOf(circle(uom)).replace('>5<', '>-5<'));
    expect(rulesOfDocument(bytes)).toEqual(['invalid-value']);
    expect(onlyGeopriv(bytes).locationInfo.locations).toEqual([]);
  });
});

describe('numbers (§5)', () => {
  test.each([
    ['03.07500', 3.075],
    ['+3', 3],
    ['-.5', -0.5],
    ['1e1', 10],
    ['1.5E-2', 0.015],
  ])('%s is a double', (written, value) => {
    const bytes = located(POINT.replace('-34.407', written));
    expect(rulesOfDocument(bytes)).toEqual([]);
    expect(locationsOf(bytes)).toMatchObject([{ value: { pos: { latitude: value } } }]);
  });

  test.each(['INF', 'NaN', '0x10', '1,5', '', '37:46:30N', '1e999'])('"%s" is no coordinate', (written) => {
    const bytes = located(POINT.replace('-34.407', written));
    expect(rulesOfDocument(bytes)).toEqual(['invalid-value']);
    expect(onlyGeopriv(bytes).locationInfo).toMatchObject({ locations: [], extra: [{ local: 'Point' }] });
  });

  test.each(['-90.01 0', '0 181'])('%s is not on earth, and reported', (written) => {
    const bytes = located(POINT.replace('-34.407 150.883', written));
    expect(rulesOfDocument(bytes)).toEqual(['invalid-value']);
    expect(locationsOf(bytes)).toHaveLength(1);
  });
});

describe('coordinate reference systems (§5)', () => {
  test('srsName must be on the outermost element (@req rfc5491:5:4)', () => {
    const bytes = located(POINT.replace(/ srsName="[^"]*"/, ''));
    expect(rulesOfDocument(bytes)).toEqual(['missing-attribute']);
    expect(locationsOf(bytes)).toMatchObject([{ value: { srsName: '', pos: { latitude: -34.407 } } }]);
    const value = { pos: center };
    // @ts-expect-error the type asks for it
    const init: GeoprivInit = { locationInfo: { locations: [{ type: 'point', value }] }, usageRules: {} };
    expect(() => geoprivLens.set({ extra: [] }, init)).toThrow(TypeError);
  });

  test('it is one of two URNs (@req rfc5491:5:7)', () => {
    for (const name of [
      'epsg:4326',
      'urn:ogc:def:crs:EPSG::28992',
      'http://www.opengis.net/def/crs/EPSG/0/4326',
    ]) {
      const bytes = located(POINT.replace(WGS84_2D, name));
      expect(rulesOfDocument(bytes)).toEqual(['invalid-value']);
      expect(locationsOf(bytes)).toMatchObject([{ value: { srsName: name } }]);
    }
  });

  test('it is not said again further down (@req rfc5491:5:5)', () => {
    for (const crs of [WGS84_2D, WGS84_3D]) {
      const bytes = located(POINT.replace('<gml:pos>', `<gml:pos srsName="${crs}">`));
      expect(rulesOfDocument(bytes)).toEqual(['unexpected-attribute']);
    }
    const prism = textOf(fixture('rfc5491/5.2.8-prism.xml')).replace(
      '<gml:Polygon>',
      `<gml:Polygon srsName="${WGS84_3D}">`,
    );
    expect(rulesOfDocument(bytesOf(prism))).toContain('unexpected-attribute');
  });

  test('positions have its dimensions', () => {
    expect(rulesOfDocument(located(POINT.replace('4326', '4979')))).toEqual(['wrong-dimensions']);
    expect(rulesOfDocument(located(POINT.replace('150.883', '150.883 10')))).toEqual(['wrong-dimensions']);
    expect(rulesOfDocument(located(POINT.replace('150.883', '')))).toEqual(['invalid-value']);
    expect(rulesOfDocument(located(POINT.replace('150.883', '1 2 3')))).toEqual(['invalid-value']);
  });

  test('circles, ellipses and arc bands have two, spheres, ellipsoids and prisms three (@req rfc5491:5.2.4:1)', () => {
    for (const name of ['5.2.3-circle', '5.2.4-ellipse', '5.2.5-arc-band']) {
      const text = textOf(fixture(`rfc5491/${name}.xml`))
        .replace('4326', '4979')
        .replace('</gml:pos>', ' 9</gml:pos>');
      expect(rulesOfDocument(bytesOf(text)), name).toContain('wrong-crs');
    }
    for (const name of ['5.2.6-sphere', '5.2.7-ellipsoid', '5.2.8-prism']) {
      const text = textOf(fixture(`rfc5491/${name}.xml`))
        .replace('4979', '4326')
        .replace(' 26.3<', '<');
      expect(rulesOfDocument(bytesOf(text)), name).toContain('wrong-crs');
    }
  });
});

describe('polygons (§5.1, §5.2.2)', () => {
  test.each<[string, string, number]>([
    ['counter-clockwise', '0 0 0 1 1 1 1 0 0 0', 4326],
    ['of three corners', '0 0 0 1 1 1 0 0', 4326],
    ['across the 180th meridian', '0 179.5 0 -179.5 1 -179.5 1 179.5 0 179.5', 4326],
    ['with a dent', '0 0 0 2 2 2 1 1 2 0 0 0', 4326],
    ['level', '0 0 5 0 1 5 1 1 5 0 0 5', 4979],
  ])('%s is right', (_, posList, crs) => {
    expect(rulesOfDocument(located(polygon(posList, crs)))).toEqual([]);
  });

  test.each<[string, string, number, string]>([
    ['clockwise (@req rfc5491:5.1:5)', '0 0 1 0 1 1 0 1 0 0', 4326, 'clockwise'],
    [
      'across the 180th meridian, clockwise (@req rfc5491:5.1:5)',
      '0 179.5 1 179.5 1 -179.5 0 -179.5 0 179.5',
      4326,
      'clockwise',
    ],
    ['a bow tie (@req rfc5491:5.1:4)', '0 0 1 1 0 1 1 0 0 0', 4326, 'crossing-lines'],
    ['sloping (@req rfc5491:5.1:6)', '0 0 5 0 1 5 1 1 6 0 0 5', 4979, 'altitudes-differ'],
    ['open', '0 0 0 1 1 1 1 0', 4326, 'open-ring'],
    ['off the earth', '0 179 0 181 1 181 1 179 0 179', 4326, 'not-on-earth'],
    ['a line', '0 0 0 1 0 0', 4326, 'open-ring'],
    ['nothing', '', 4326, 'open-ring'],
    ['cut within a position', '0 0 0 1 1 1 0 0 3', 4326, 'wrong-ring'],
  ])('%s is reported', (_, posList, crs, rule) => {
    expect(rulesOfDocument(located(polygon(posList, crs)))).toEqual([rule]);
  });

  test('corners in both ways, or in none, are reported', () => {
    const both = polygon('0 0 0 1 1 1 0 0').replace('<gml:posList>', '<gml:pos>0 0</gml:pos><gml:posList>');
    expect(rulesOfDocument(located(both))).toEqual(['wrong-ring']);
    const none = polygon('').replace('<gml:posList></gml:posList>', '');
    expect(rulesOfDocument(located(none))).toEqual(['wrong-ring']);
  });

  test('a ring is closed where it is written', () => {
    expect(ring([center, { latitude: 0, longitude: 0 }]).posList).toEqual([
      42.5463, -73.2512, 0, 0, 42.5463, -73.2512,
    ]);
    expect(ring([center, { latitude: 0, longitude: 0 }, center]).posList).toHaveLength(6);
    expect(ring([]).posList).toEqual([]);
  });

  test('the height of a prism is positive (@req rfc5491:5.2.8:1)', () => {
    const prism = textOf(fixture('rfc5491/5.2.8-prism.xml'));
    for (const height of ['0', '-2.4', '-0']) {
      const bytes = bytesOf(prism.replace(/2\.4/, height));
      expect(rulesOfDocument(bytes)).toContain('invalid-value');
      expect(onlyGeopriv(bytes).locationInfo.locations).toEqual([]);
    }
  });

  test('many points take time in proportion', () => {
    const time = (count: number): number => {
      const points = Array.from(
        { length: count },
        (_, i) => `${Math.sin(i / count) * 80} ${Math.cos(i / count) * 80}`,
      );
      const bytes = located(polygon(`${points.join(' ')} ${points[0]}`));
      const began = performance.now();
      validate(bytes);
      return performance.now() - began;
    };
    time(5_000);
    const few = Math.min(time(5_000), time(5_000), time(5_000));
    expect(time(50_000)).toBeLessThan(40 * few);
  });
});

test.each([
  '5.2.1-point-2d',
  '5.2.1-point-3d',
  '5.2.2-polygon-pos',
  '5.2.2-polygon-poslist',
  '5.2.3-circle',
  '5.2.4-ellipse',
  '5.2.5-arc-band',
  '5.2.6-sphere',
  '5.2.7-ellipsoid',
  '5.2.8-prism',
  '3.2-compound',
  '3.4-multiple',
])('the example %s is valid, but for the XML declaration it leaves out', (name) => {
  expect(rulesOfDocument(fixture(`rfc5491/${name}.xml`))).toEqual(['missing-declaration']);
});

test('other GML is kept, not understood', () => {
  const presence: Presence = parse(
    document(
      tuple(
        `<gp:geopriv><gp:location-info><gml:LineString/></gp:location-info><gp:usage-rules/></gp:geopriv>`,
      ),
    ),
  );
  const [status] = presence.tuples.map((each) => each.status);
  if (status === undefined) throw new Error('there is a tuple');
  expect(geoprivLens.of(status)?.locationInfo).toMatchObject({
    locations: [],
    extra: [{ local: 'LineString' }],
  });
});
