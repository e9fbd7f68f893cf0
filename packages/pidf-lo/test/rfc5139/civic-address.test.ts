import { parse as parsePresence, serialize } from '@sip-simple/pidf';
import { bytesOf, textOf } from '@sip-simple/testkit';
import { parse } from '@sip-simple/xml';
import { read } from '@sip-simple/xml/schema';
import { describe, expect, test } from 'vitest';
import {
  addressesByLanguage,
  adviceOn,
  type CivicAddress,
  civicAddress,
  civicAddressOf,
  combineAddresses,
  geopriv,
  numberedRoad,
  validate,
} from '../../src/index.ts';
import { fixture, located, onlyGeopriv, rulesOfDocument } from '../documents.ts';

const address = (content: string, attributes = '') =>
  located(`<ca:civicAddress${attributes}>${content}</ca:civicAddress>`);
const advice = (bytes: Uint8Array) => adviceOn(parsePresence(bytes)).map(({ rule }) => rule);
function read1(bytes: Uint8Array): CivicAddress {
  const [location] = onlyGeopriv(bytes).locationInfo.locations;
  if (location?.type !== 'civicAddress') throw new Error('it is a civic address');
  return location.value;
}
const plain = (value: unknown) => JSON.parse(JSON.stringify(value));

test('the example of §5 reads with its white space collapsed (§3.6)', () => {
  const value = read(civicAddress, parse(fixture('rfc5139/5-civic-address.xml')).root);
  expect(plain(value)).toEqual({
    language: 'en-AU',
    country: 'AU',
    A1: { text: 'NSW' },
    A3: { text: 'Wollongong' },
    A4: { text: 'North Wollongong' },
    RD: { text: 'Flinders' },
    STS: { text: 'Street' },
    RDBR: { text: 'Campbell Street' },
    LMK: { text: "Gilligan's Island" },
    LOC: { text: 'Corner' },
    NAM: { text: 'Video Rental Store' },
    PC: { text: '2500' },
    ROOM: { text: 'Westerns and Classics' },
    PLC: 'store',
    POBOX: { text: 'Private Box 15' },
    extra: [],
    attributes: [],
  });
});

test('the three fragments of §3.6 are the same', () => {
  for (const written of ['North Wollongong', 'North\n     Wollongong', '\n     North   Wollongong\n     ']) {
    expect(read1(address(`<ca:A1>${written}</ca:A1>`)).A1?.text).toBe('North Wollongong');
  }
});

const ALL =
  'country A1 A2 A3 A4 A5 A6 PRM PRD RD STS POD POM RDSEC RDBR RDSUBBR HNO HNS LMK LOC FLR NAM PC BLD UNIT ROOM SEAT PLC PCN POBOX ADDCODE'.split(
    ' ',
  );

describe('the schema (§4)', () => {
  const all = ALL.map((name) => `<ca:${name}>${name === 'country' ? 'AU' : 'x'}</ca:${name}>`);

  test('has all elements, once, in order', () => {
    expect(rulesOfDocument(address(all.join('')))).toEqual([]);
    const value = plain(read1(address(all.join(''))));
    for (const name of ALL)
      expect(value[name], name).toEqual(name === 'country' ? 'AU' : name === 'PLC' ? 'x' : { text: 'x' });
    for (let index = 1; index < all.length; index += 1) {
      const swapped = [...all];
      swapped.splice(index - 1, 2, all[index] ?? '', all[index - 1] ?? '');
      expect(rulesOfDocument(address(swapped.join('')))).toEqual(['wrong-order']);
    }
    expect(rulesOfDocument(address('<ca:A1>a</ca:A1><ca:A1>b</ca:A1>'))).toEqual(['too-many-elements']);
    expect(rulesOfDocument(address('<ca:street>a</ca:street>'))).toEqual(['unexpected-element']);
  });

  test('takes elements of other namespaces at the end, and any attributes', () => {
    const bytes = address('<ca:FLR>2</ca:FLR><x:bridge>Tower</x:bridge>', ' x:a="1" plain="2"');
    expect(rulesOfDocument(bytes)).toEqual([]);
    expect(read1(bytes)).toMatchObject({
      extra: [{ local: 'bridge' }],
      attributes: [{ local: 'a' }, { local: 'plain' }],
    });
  });

  test('country is two uppercase letters (§3.3); readers take it as it is', () => {
    for (const wrong of ['au', 'AUS', '', 'A1']) {
      expect(rulesOfDocument(address(`<ca:country>${wrong}</ca:country>`))).toEqual(['invalid-value']);
    }
    expect(read1(address('<ca:country>au</ca:country>')).country).toBe('au');
  });

  test('country and PLC are in no language, all others may be (§3.5)', () => {
    for (const name of ALL) {
      const bytes = address(`<ca:${name} xml:lang="en">AU</ca:${name}>`);
      const isNeutral = name === 'country' || name === 'PLC';
      expect(rulesOfDocument(bytes), name).toEqual(isNeutral ? ['unexpected-attribute'] : []);
    }
  });
});

describe('roads (§3.2)', () => {
  test('a street that was in A6 goes into RD (@req rfc5139:3.2:2)', () => {
    const old = located(
      '<cl:civicAddress><cl:country>us</cl:country><cl:A3>New York</cl:A3><cl:A6>Broadway</cl:A6><cl:HNO>123</cl:HNO></cl:civicAddress>',
    );
    const [location] = onlyGeopriv(old).locationInfo.locations;
    if (location?.type !== 'civicLoc') throw new Error('it is an address before RFC 5139');
    const converted = civicAddressOf(location.value);
    expect(plain(converted)).toEqual({
      country: 'US',
      extra: [],
      A3: { text: 'New York' },
      RD: { text: 'Broadway' },
      HNO: { text: '123' },
    });
    const locations = [{ type: 'civicAddress', value: converted }] as const;
    const status = geopriv.set({ extra: [] }, { locationInfo: { locations }, usageRules: {} });
    expect(validate(serialize({ entity: 'a:b', tuples: [{ id: 't', status }] }))).toEqual([]);
    expect(advice(address('<ca:A6>Broadway</ca:A6>'))).toEqual(['street-in-A6']);
    expect(advice(address('<ca:A6>Quarter 3</ca:A6><ca:RD>Broadway</ca:RD>'))).toEqual([]);
  });

  test('house numbers count on the most specific road (§3.2.1)', () => {
    const roads = ['RD', 'RDSEC', 'RDBR', 'RDSUBBR'] as const;
    roads.forEach((expected, index) => {
      const content = roads.slice(0, index + 1).map((name) => `<ca:${name}>x</ca:${name}>`);
      expect(numberedRoad(read1(address(content.join(''))))).toBe(expected);
    });
    expect(numberedRoad(read1(address('<ca:A3>x</ca:A3>')))).toBeUndefined();
  });
});

test('A1 is the second part of the code in ISO 3166-2 (§3.4, @req rfc5139:3.4:1)', () => {
  for (const right of ['ON', 'L', 'ACT', '75'])
    expect(advice(address(`<ca:A1>${right}</ca:A1>`))).toEqual([]);
  for (const wrong of ['CA-ON', 'Ontario', 'on']) {
    expect(advice(address(`<ca:A1>${wrong}</ca:A1>`))).toEqual(['subdivision-code']);
  }
});

describe('languages (§3.5)', () => {
  test('an address is in one (@req rfc5139:3.5:1)', () => {
    expect(advice(address('<ca:A3>Brussel</ca:A3><ca:RD>Wetstraat</ca:RD>', ' xml:lang="nl"'))).toEqual([]);
    expect(
      advice(address('<ca:A3>Brussel</ca:A3><ca:RD xml:lang="NL">Wetstraat</ca:RD>', ' xml:lang="nl"')),
    ).toEqual([]);
    expect(
      advice(address('<ca:A3>Brussel</ca:A3><ca:RD xml:lang="fr">Rue de la Loi</ca:RD>', ' xml:lang="nl"')),
    ).toEqual(['mixed-languages']);
  });

  const pieces = [
    { type: 'A3', text: 'Brussel', language: 'nl' },
    { type: 'A3', text: 'Bruxelles', language: 'fr' },
    { type: 'RD', text: 'Wetstraat', language: 'nl' },
    { type: 'RD', text: 'Rue de la Loi', language: 'fr' },
    { type: 'HNO', text: '16' },
  ] as const;
  const both = addressesByLanguage({ country: 'BE', PLC: 'government' }, pieces);

  test('what is known in several gives an address for each, for one location-info (§3.5.1, @req rfc5139:3.5:2, @req rfc5139:3.5:3)', () => {
    expect(both).toEqual([
      {
        language: 'nl',
        country: 'BE',
        PLC: 'government',
        A3: { text: 'Brussel' },
        RD: { text: 'Wetstraat' },
        HNO: { text: '16' },
      },
      {
        language: 'fr',
        country: 'BE',
        PLC: 'government',
        A3: { text: 'Bruxelles' },
        RD: { text: 'Rue de la Loi' },
        HNO: { text: '16' },
      },
    ]);
    const locations = both.map((value) => ({ type: 'civicAddress', value }) as const);
    const usageRules = { retransmissionAllowed: false };
    const status = geopriv.set({ extra: [] }, { locationInfo: { locations }, usageRules });
    const bytes = serialize({ entity: 'a:b', tuples: [{ id: 't', status }] });
    expect(validate(bytes)).toEqual([]);
    expect(advice(bytes)).toEqual([]);
    expect(onlyGeopriv(bytes).locationInfo.locations).toHaveLength(2);
  });

  test('what is in one, or there once, gives one address (§3.5.1)', () => {
    expect(addressesByLanguage({}, [{ type: 'RD', text: 'a', language: 'en' }])).toEqual([
      { language: 'en', RD: { text: 'a' } },
    ]);
    expect(
      addressesByLanguage({ country: 'CH' }, [
        { type: 'RD', text: 'a', language: 'de' },
        { type: 'A3', text: 'b', language: 'fr' },
      ]),
    ).toEqual([{ country: 'CH', RD: { text: 'a', language: 'de' }, A3: { text: 'b', language: 'fr' } }]);
    expect(addressesByLanguage({ country: 'CH' }, [])).toEqual([{ country: 'CH' }]);
  });

  test('several become one by the preferences of the reader (§3.5.2)', () => {
    const read2 = bytesOf(
      textOf(
        located(
          '<ca:civicAddress xml:lang="nl"><ca:country>BE</ca:country><ca:RD>Wetstraat</ca:RD><ca:HNO>16</ca:HNO></ca:civicAddress>' +
            '<ca:civicAddress xml:lang="fr-BE"><ca:country>BE</ca:country><ca:RD>Rue de la Loi</ca:RD></ca:civicAddress>',
        ),
      ),
    );
    const addresses = onlyGeopriv(read2).locationInfo.locations.flatMap((each) =>
      each.type === 'civicAddress' ? [each.value] : [],
    );
    expect(combineAddresses(addresses, ['fr', 'nl'])).toMatchObject({
      country: 'BE',
      RD: { text: 'Rue de la Loi', language: 'fr-BE' },
      HNO: { text: '16', language: 'nl' },
    });
    expect(combineAddresses(addresses, ['nl']).RD?.text).toBe('Wetstraat');
    expect(combineAddresses(addresses, []).RD?.text).toBe('Wetstraat');
  });
});
