import { parse, serialize } from '@sip-simple/pidf';
import { bytesOf, textOf } from '@sip-simple/testkit';
import { describe, expect, test } from 'vitest';
import {
  adviceOn,
  geopriv as lens,
  METHODS,
  mustDiscard,
  type Receipt,
  rulesOf,
  validate,
} from '../../src/index.ts';
import {
  CIVIC,
  document,
  fixture,
  geopriv,
  located,
  locationsOf,
  onlyGeopriv,
  POINT,
  RULES,
  rulesOfDocument,
  tuple,
} from '../documents.ts';

const withRules = (rules: string) =>
  document(tuple(geopriv(POINT, `<gp:usage-rules>${rules}</gp:usage-rules>`)));
const advice = (bytes: Uint8Array, methods?: ReadonlySet<string>) =>
  adviceOn(parse(bytes), { methods }).map(({ rule }) => rule);
const NOON = Date.UTC(2026, 0, 31, 12);
const DAY = 86_400_000;
const received = (timestamp?: string): Receipt => ({ timestamp, receivedAt: NOON });

describe('<geopriv> and <location-info> (§2.2.1)', () => {
  test('a geopriv has one location-info (@req rfc4119:2.2.1:1)', () => {
    const bytes = document(tuple(`<gp:geopriv>${RULES}</gp:geopriv>`));
    expect(rulesOfDocument(bytes)).toEqual(['missing-element']);
    expect(lens.of(parse(bytes).tuples[0]?.status ?? {})).toBeUndefined();
    const twice = document(tuple(geopriv(POINT, '<gp:location-info/>')));
    expect(rulesOfDocument(twice)).toContain('too-many-elements');
  });

  test('a geographic and a civic location may stand in one', () => {
    expect(rulesOfDocument(located(POINT + CIVIC))).toEqual([]);
    expect(locationsOf(located(POINT + CIVIC)).map(({ type }) => type)).toEqual(['point', 'civicAddress']);
  });

  test('its children are in order', () => {
    const swapped = document(
      tuple(`<gp:geopriv>${RULES}<gp:location-info>${POINT}</gp:location-info></gp:geopriv>`),
    );
    expect(rulesOfDocument(swapped)).toEqual(['wrong-order']);
    expect(onlyGeopriv(swapped).usageRules.retransmissionAllowed).toBe(false);
  });
});

describe('<usage-rules> (§2.2.2)', () => {
  test('must be there, readers do without (@req rfc4119:2.2.2:1)', () => {
    const bytes = document(tuple(geopriv(POINT, '')));
    expect(rulesOfDocument(bytes)).toEqual(['missing-element']);
    expect(rulesOf(onlyGeopriv(bytes), received()).isRetransmissionAllowed).toBe(false);
    // @ts-expect-error the type asks for it
    expect(() => lens.set({ extra: [] }, { locationInfo: {} })).toThrow(TypeError);
  });

  test('retransmission is not allowed unless the rules say so (@req rfc4119:2.2.2:3)', () => {
    const isAllowed = (rules: string) =>
      rulesOf(onlyGeopriv(withRules(rules)), received()).isRetransmissionAllowed;
    expect(isAllowed('')).toBe(false);
    for (const yes of ['true', '1', 'yes', ' yes ']) {
      expect(isAllowed(`<gbp:retransmission-allowed>${yes}</gbp:retransmission-allowed>`)).toBe(true);
    }
    for (const no of ['false', '0', 'no', 'maybe', '', 'Yes']) {
      expect(isAllowed(`<gbp:retransmission-allowed>${no}</gbp:retransmission-allowed>`)).toBe(false);
    }
  });

  test('the rule is to be written where there is no preference (@req rfc4119:2.2.2:4)', () => {
    expect(adviceOn(parse(withRules('')))).toMatchObject([{ rule: 'no-retransmission-rule', level: 'MUST' }]);
    expect(advice(withRules('<gbp:retransmission-allowed>false</gbp:retransmission-allowed>'))).toEqual([]);
  });

  test('the schema has a boolean, and yes and no are reported', () => {
    expect(rulesOfDocument(withRules('<gbp:retransmission-allowed>no</gbp:retransmission-allowed>'))).toEqual(
      ['invalid-value'],
    );
    const status = lens.set(
      { extra: [] },
      { locationInfo: { extra: [] }, usageRules: { retransmissionAllowed: true } },
    );
    const bytes = serialize({ entity: 'a:b', tuples: [{ id: 't', status }] });
    expect(textOf(bytes)).toContain('xmlns:gbp="urn:ietf:params:xml:ns:pidf:geopriv10:basicPolicy"');
    expect(textOf(bytes)).toContain('<gbp:retransmission-allowed>true<');
    expect(validate(bytes)).toEqual([]);
  });

  test('retention ends after 24 hours: of the timestamp, or else of the reception (@req rfc4119:2.2.2:5)', () => {
    const silent = onlyGeopriv(withRules(''));
    expect(rulesOf(silent, received('2026-01-30T00:00:00Z')).retainedUntil).toBe(Date.UTC(2026, 0, 31));
    expect(rulesOf(silent, received()).retainedUntil).toBe(NOON + DAY);
    expect(rulesOf(silent, received('no time')).retainedUntil).toBe(NOON + DAY);
    const says = onlyGeopriv(
      withRules('<gbp:retention-expiry>2026-02-03T00:00:00+01:00</gbp:retention-expiry>'),
    );
    expect(rulesOf(says, received('2026-01-30T00:00:00Z')).retainedUntil).toBe(Date.UTC(2026, 1, 2, 23));
  });

  test('what has expired when it is received must be discarded (@req rfc4119:2.2.2:6)', () => {
    const until = (time: string) =>
      onlyGeopriv(withRules(`<gbp:retention-expiry>${time}</gbp:retention-expiry>`));
    expect(mustDiscard(until('2026-01-31T11:59:59Z'), received(), NOON)).toBe(true);
    expect(mustDiscard(until('2026-01-31T12:00:01Z'), received(), NOON)).toBe(false);
    expect(mustDiscard(until('2026-01-31T12:00:01Z'), received(), NOON + 1000)).toBe(true);
    expect(mustDiscard(onlyGeopriv(withRules('')), received('2026-01-30T11:00:00Z'), NOON)).toBe(true);
  });

  test('an external ruleset has an HTTPS or CID URI (@req rfc4119:2.2.2:7)', () => {
    const at = (uri: string) =>
      withRules(
        `<gbp:retransmission-allowed>false</gbp:retransmission-allowed><gbp:external-ruleset>${uri}</gbp:external-ruleset>`,
      );
    for (const uri of ['https://rules.example.com/alice', 'cid:1@example.com']) {
      expect(advice(at(uri))).toEqual([]);
      expect(rulesOf(onlyGeopriv(at(uri)), received()).externalRuleset).toBe(uri);
    }
    expect(advice(at('http://rules.example.com/alice'))).toEqual(['ruleset-not-https']);
  });

  test('a note is for people, in a language', () => {
    const bytes = withRules(`<gbp:note-well xml:lang="en">Keep it</gbp:note-well>`);
    expect(onlyGeopriv(bytes).usageRules.noteWell).toMatchObject({ text: 'Keep it', language: 'en' });
    expect(rulesOfDocument(bytes)).toEqual([]);
  });
});

describe('<method> and <provided-by> (§2.2.3, §2.2.4)', () => {
  const after = (content: string) => document(tuple(geopriv(POINT, RULES, content)));

  test('methods are those of the registry (@req rfc4119:2.2.3:1)', () => {
    for (const method of METHODS) {
      expect(advice(after(`<gp:method>${method}</gp:method>`))).toEqual([]);
      expect(onlyGeopriv(after(`<gp:method>${method}</gp:method>`)).method?.text).toBe(method);
    }
    const guess = after('<gp:method>best-guess</gp:method>');
    expect(advice(guess)).toEqual(['unknown-method']);
    expect(advice(guess, new Set(['best-guess']))).toEqual([]);
    expect(rulesOfDocument(guess)).toEqual([]);
  });

  test('who provided it is said in elements of other namespaces, one at least', () => {
    const bytes = after('<gp:provided-by><x:game>West5</x:game></gp:provided-by>');
    expect(onlyGeopriv(bytes).providedBy).toMatchObject({ extra: [{ local: 'game' }] });
    expect(rulesOfDocument(bytes)).toEqual([]);
    expect(rulesOfDocument(after('<gp:provided-by/>'))).toEqual(['missing-element']);
  });
});

describe('the examples of §2.3', () => {
  test('a geographic one: its old GML is kept, its rules count though they are in another namespace than the schema’s', () => {
    const object = onlyGeopriv(fixture('rfc4119/2.3-gml.xml'));
    expect(object.locationInfo).toMatchObject({ locations: [], extra: [{ local: 'location' }] });
    expect(rulesOf(object, received('2003-06-22T20:57:29Z'))).toEqual({
      isRetransmissionAllowed: false,
      retainedUntil: Date.UTC(2003, 5, 23, 4, 57, 29),
      externalRuleset: undefined,
    });
    expect(rulesOfDocument(fixture('rfc4119/2.3-gml.xml'))).toEqual([]);
  });

  test('a civic one, with the blank in its namespace mended', () => {
    const printed = fixture('rfc4119/2.3-civic.xml');
    expect(onlyGeopriv(printed).locationInfo).toMatchObject({
      locations: [],
      extra: [{ local: 'civicAddress' }],
    });
    const mended = bytesOf(textOf(printed).replace('" urn:', '"urn:'));
    expect(locationsOf(mended)).toMatchObject([
      {
        type: 'civicLoc',
        value: {
          country: 'US',
          A1: 'New York',
          A3: 'New York',
          A6: 'Broadway',
          HNO: '123',
          LOC: 'Suite 75',
          PC: '10027-0401',
        },
      },
    ]);
    expect(rulesOf(onlyGeopriv(mended), received()).isRetransmissionAllowed).toBe(true);
    expect(rulesOfDocument(mended)).toEqual([]);
  });
});
