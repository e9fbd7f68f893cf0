import { parse } from '@sip-simple/pidf';
import { describe, expect, test } from 'vitest';
import {
  type Advice,
  type AdviceOptions,
  adviceOn,
  locationsIn,
  preferredLocation,
} from '../../src/index.ts';
import {
  CIVIC,
  device,
  document,
  fixture,
  geopriv,
  located,
  POINT,
  person,
  polygon,
  tuple,
} from '../documents.ts';

const advice = (bytes: Uint8Array, options?: AdviceOptions) =>
  adviceOn(parse(bytes), options).map(({ rule }) => rule);
const places = (content: string) =>
  locationsIn(parse(document(content))).map((each) => `${each.in} ${each.id}`);
const g = geopriv(POINT);

describe('what RFC 5491 §3 advises', () => {
  test('rule 1: a geopriv describes a location (@req rfc5491:3:1)', () => {
    expect(advice(located(''))).toEqual(['no-location']);
    expect(advice(located(POINT))).toEqual([]);
    expect(advice(located('<x:somewhere/>'))).toEqual([]);
  });

  test('rule 2: one geopriv in a tuple, device or person (@req rfc5491:3:2)', () => {
    for (const within of [tuple, device, person]) {
      expect(advice(document(within(g)))).toEqual([]);
      expect(advice(document(within(g + g)))).toEqual(['several-geopriv']);
      expect(advice(document(within(g + g + g)))).toEqual(['several-geopriv']);
    }
  });

  test('rule 3: several only in different elements, or of the same place (@req rfc5491:3:3)', () => {
    expect(advice(document(tuple(g) + device(g) + person(g)))).toEqual([]);
    const found = adviceOn(parse(document(tuple(g) + tuple(g, 't2'))));
    expect(found).toMatchObject([{ rule: 'several-places', level: 'MUST', rfc: 'RFC 5491 §3 rule 3' }]);
  });

  test('rules 4 and 6: several chunks only as a compound (@req rfc5491:3:4, @req rfc5491:3:6)', () => {
    expect(advice(located(POINT + CIVIC))).toEqual([]);
    expect(advice(located(POINT + POINT))).toEqual(['not-compound']);
    expect(advice(located(CIVIC + CIVIC))).toEqual(['not-compound']);
    expect(advice(located(POINT + polygon('0 0 0 1 0.5 0.5 0 0')))).toEqual(['not-compound']);
  });

  test('an address in two languages is one location (RFC 5139 §3.5)', () => {
    const inLanguage = (language: string) => CIVIC.replace('<ca:civicAddress', `$& xml:lang="${language}"`);
    expect(advice(located(POINT + inLanguage('en') + inLanguage('fr')))).toEqual([]);
  });

  test('rule 7: the coarse comes first (@req rfc5491:3:7)', () => {
    const floor = '<ca:civicAddress><ca:FLR>2</ca:FLR></ca:civicAddress>';
    expect(advice(located(POINT + floor))).toEqual([]);
    expect(advice(located(floor + POINT))).toEqual(['fine-before-coarse']);
  });

  test('shapes: srsDimension left out, 15 points, 130 km (@req rfc5491:5:6, @req rfc5491:5.1:1, @req rfc5491:5.1:3)', () => {
    expect(advice(located(POINT.replace('<gml:Point', '$& srsDimension="2"')))).toEqual(['srs-dimension']);
    const round = (count: number) => {
      const points = Array.from({ length: count }, (_, i) => {
        const angle = (2 * Math.PI * i) / count;
        return `${Math.sin(angle) / 10} ${Math.cos(angle) / 10}`;
      });
      return located(polygon(`${points.join(' ')} ${points[0]}`));
    };
    expect(advice(round(15))).toEqual([]);
    expect(advice(round(16))).toEqual(['too-many-points']);
    expect(advice(located(polygon('0 0 0 1.16 0.5 0.5 0 0')))).toEqual([]);
    expect(advice(located(polygon('0 0 0 1.18 0.5 0.5 0 0')))).toEqual(['long-edge']);
    // A degree of longitude is shorter in the north.
    expect(advice(located(polygon('60 0 60 2.3 60.5 1 60 0')))).toEqual([]);
  });

  test('what it is about is named', () => {
    const [found]: readonly Advice[] = adviceOn(parse(document(device(geopriv(''), 'pc'))));
    expect(found).toMatchObject({ rule: 'no-location', in: 'device', id: 'pc' });
  });

  test('the examples are as advised, but for the retransmission rule that RFC 4119 wants written', () => {
    for (const name of [
      '3.2-compound',
      '5.2.3-circle',
      '5.2.5-arc-band',
      '5.2.6-sphere',
      '5.2.7-ellipsoid',
    ]) {
      expect(advice(fixture(`rfc5491/${name}.xml`)), name).toEqual(['no-retransmission-rule']);
    }
    // §3.4 shows what a misconfiguration does: two places in one document, in different elements.
    expect(advice(fixture('rfc5491/3.4-multiple.xml'))).toEqual([
      'no-retransmission-rule',
      'no-retransmission-rule',
    ]);
  });
});

describe('which location counts (§3)', () => {
  test('rule 8: that of the first device, then of the first tuple, of a person last (@req rfc5491:3:8)', () => {
    expect(places(tuple(g) + person(g) + device(g) + device(g, 'd2'))).toEqual([
      'device d1',
      'device d2',
      'tuple t1',
      'person p1',
    ]);
    expect(places(tuple('<basic>open</basic>') + tuple(g, 't2') + person(g))).toEqual([
      'tuple t2',
      'person p1',
    ]);
    expect(preferredLocation(parse(document(tuple(g) + person(g) + device(g))))).toMatchObject({
      in: 'device',
    });
    expect(preferredLocation(parse(document(person(g))))).toMatchObject({ in: 'person', id: 'p1' });
  });

  test('an empty location does not count', () => {
    expect(places(device(geopriv('')) + tuple(g))).toEqual(['tuple t1']);
  });

  test('rule 9: that of the first document, of several (@req rfc5491:3:9)', () => {
    const [one, two, none] = [person(g, 'first'), device(g, 'second'), tuple('<basic>open</basic>')].map(
      (c) => parse(document(c)),
    );
    if (!one || !two || !none) throw new Error('there are three');
    expect(preferredLocation(none, one, two)).toMatchObject({ id: 'first' });
    expect(preferredLocation(two, one)).toMatchObject({ id: 'second' });
    expect(preferredLocation(none)).toBeUndefined();
  });
});
