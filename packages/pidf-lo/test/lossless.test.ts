import { parse, serialize } from '@sip-simple/pidf';
import { describeLossless, describePoints, textOf } from '@sip-simple/testkit';
import { expect, test } from 'vitest';
import { type Geopriv, geopriv as lens, metres } from '../src/index.ts';
import { document, fixture, RULES, tuple } from './documents.ts';

const names = ['3.2-compound', '3.4-multiple', '5.2.2-polygon-pos', '5.2.3-circle', '5.2.8-prism'];

describeLossless({
  format: { parse, serialize },
  samples: names.map((name) => [name, fixture(`rfc5491/${name}.xml`)]),
  also: [
    ['RFC 4119 geographic', fixture('rfc4119/2.3-gml.xml')],
    ['RFC 4119 civic', fixture('rfc4119/2.3-civic.xml')],
  ],
});

const CIRCLE =
  '<gs:Circle srsName="urn:ogc:def:crs:EPSG::4326"><gml:pos>1 2</gml:pos><gs:radius uom="urn:ogc:def:uom:EPSG::9001">5</gs:radius></gs:Circle>';
const FLOOR = '<ca:civicAddress><ca:FLR>2</ca:FLR>';
const object = (inInfo: string, inRules = '', inCivic = '', after = '') =>
  textOf(
    document(
      tuple(
        `<gp:geopriv><gp:location-info>${CIRCLE}${inInfo}${FLOOR}${inCivic}</ca:civicAddress></gp:location-info>` +
          `${RULES.replace('</gp:usage', `${inRules}$&`)}<gp:method>GPS</gp:method>${after}</gp:geopriv>`,
      ),
    ),
  );

/** Another radius, floor, rule and method. */
function changed(value: Geopriv): Geopriv {
  const { locationInfo, usageRules, method } = value;
  return {
    ...value,
    locationInfo: {
      ...locationInfo,
      locations: locationInfo.locations.map((location) => {
        if (location.type === 'circle') {
          const { radius } = location.value;
          return { ...location, value: { ...location.value, radius: { ...radius, ...metres(6) } } };
        }
        if (location.type !== 'civicAddress') return location;
        return { ...location, value: { ...location.value, FLR: { ...location.value.FLR, text: '3' } } };
      }),
    },
    usageRules: { ...usageRules, retransmissionAllowed: true },
    method: { ...method, text: 'Manual' },
  };
}

describePoints({
  points: [
    ['location-info', (foreign) => object(foreign)],
    ['usage-rules', (foreign) => object('', foreign)],
    ['civicAddress', (foreign) => object('', '', foreign)],
    ['geopriv', (foreign) => object('', '', '', foreign)],
  ],
  change: (bytes) => {
    const presence = parse(bytes);
    const tuples = presence.tuples.map((each) => {
      const value = lens.of(each.status);
      if (value === undefined) throw new Error('there is a location');
      return { ...each, status: lens.set(each.status, changed(value)) };
    });
    return serialize({ ...presence, tuples });
  },
  expected: (text) =>
    text
      .replace('>5</gs:radius>', '>6</gs:radius>')
      .replace('>2</ca:FLR>', '>3</ca:FLR>')
      .replace('>false</gbp:', '>true</gbp:')
      .replace('>GPS<', '>Manual<'),
});

test('a prism keeps the comments between its points when its height changes', () => {
  const bytes = fixture('rfc5491/5.2.8-prism.xml');
  const presence = parse(bytes);
  const [first] = presence.tuples;
  const value = first && lens.of(first.status);
  if (first === undefined || value === undefined) throw new Error('there is a location');
  const locations = value.locationInfo.locations.map((each) =>
    each.type === 'prism'
      ? { ...each, value: { ...each.value, height: { ...each.value.height, value: 3 } } }
      : each,
  );
  const next = { ...value, locationInfo: { ...value.locationInfo, locations } };
  const written = textOf(
    serialize({ ...presence, tuples: [{ ...first, status: lens.set(first.status, next) }] }),
  );
  const tags = /<presence[^>]*>/;
  expect(written.replace(/^<\?.*\?>\n?/, '').replace(tags, '')).toBe(
    textOf(bytes)
      .replace(/\s*2\.4\s*/, '3')
      .replace(tags, ''),
  );
});
