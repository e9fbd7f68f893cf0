import { parse, serialize } from '@sip-simple/pidf';
import { describe, expect, test } from 'vitest';
import {
  activities,
  classLabel,
  devicesOf,
  holdingAt,
  holdsAt,
  mood,
  overlap,
  placeType,
  timeOffset,
} from '../../src/index.ts';
import { advised, device, document, person, personOf, tuple, wrong } from '../documents.ts';

const FORMS: Readonly<Record<string, string>> = {
  activities: '<r:activities><r:away/></r:activities>',
  class: '<r:class>a</r:class>',
  mood: '<r:mood><r:sad/></r:mood>',
  'place-is': '<r:place-is/>',
  'place-type': '<r:place-type><lt:bar/></r:place-type>',
  privacy: '<r:privacy/>',
  relationship: '<r:relationship/>',
  'service-class': '<r:service-class><r:electronic/></r:service-class>',
  sphere: '<r:sphere/>',
  'status-icon': '<r:status-icon>http://example.com/i.png</r:status-icon>',
  'time-offset': '<r:time-offset>0</r:time-offset>',
  'user-input': '<r:user-input>idle</r:user-input>',
};
// Table 1: columns <person>, <tuple>, <device>.
const TABLE_1: readonly (readonly [string, string])[] = [
  ['activities', 'x  '],
  ['class', 'xxx'],
  ['mood', 'x  '],
  ['place-is', 'x  '],
  ['place-type', 'x  '],
  ['privacy', 'xx '],
  ['relationship', ' x '],
  ['service-class', ' x '],
  ['sphere', 'x  '],
  ['status-icon', 'xx '],
  ['time-offset', 'x  '],
  ['user-input', 'xxx'],
];

describe('where elements stand (Table 1)', () => {
  test.each(TABLE_1)('<%s> stands where Table 1 has an x: "%s"', (name, columns) => {
    const form = FORMS[name] ?? '';
    const kinds = [person(form), tuple(form), device(form)].map((content) => wrong(content));
    expect(kinds.map((found) => (found.length === 0 ? 'x' : ' ')).join('')).toBe(columns);
    expect(kinds.flat().every((found) => found.endsWith(`/r:${name}[1] misplaced`))).toBe(true);
    expect(wrong(form)).toEqual([`/presence/r:${name}[1] misplaced`]);
    expect(wrong(tuple('', form))).toEqual([`/presence/tuple[1]/status[1]/r:${name}[1] misplaced`]);
  });

  test('within what is unknown nothing is said of it', () => {
    expect(wrong(tuple(`<x:e>${FORMS['mood']}</x:e>`))).toEqual([]);
  });

  test.each(['class', 'relationship', 'service-class', 'user-input'])(
    '<%s> has no from and until, and is there once (§5, @req rfc4480:5:1)',
    (name) => {
      const twice = `${FORMS[name]}${FORMS[name]}`;
      expect(wrong(tuple(twice))).toEqual([`/presence/tuple[1]/r:${name}[2] repeated`]);
      if (name === 'class' || name === 'user-input') {
        expect(wrong(person(twice))).toEqual([`/presence/dm:person[1]/r:${name}[2] repeated`]);
        expect(wrong(device(twice))).toEqual([`/presence/dm:device[1]/r:${name}[2] repeated`]);
      }
    },
  );

  test.each([
    'activities',
    'mood',
    'place-is',
    'place-type',
    'privacy',
    'sphere',
    'status-icon',
    'time-offset',
  ])('<%s> may be there for several times, which do not overlap (@req rfc4480:3.1:3)', (name) => {
    const at = (from: string, until: string) =>
      FORMS[name]?.replace(
        `<r:${name}`,
        `<r:${name} from="2026-01-31T${from}:00Z" until="2026-01-31T${until}:00Z"`,
      ) ?? '';
    const apart = person(at('12:00', '13:00') + at('10:00', '12:00') + at('15:00', '14:00'));
    expect(wrong(apart)).toEqual([]);
    expect(advised(apart)).toEqual([]);
    const together = person(at('12:00', '14:00') + at('13:00', '15:00') + at('16:00', '17:00'));
    expect(wrong(together)).toEqual([]);
    expect(advised(together)).toEqual([`/presence/dm:person[1]/r:${name}[2] overlapping`]);
    expect(advised(person(`${FORMS[name]}${at('12:00', '13:00')}`))).toEqual([
      `/presence/dm:person[1]/r:${name}[2] overlapping`,
    ]);
  });
});

describe('from and until (§3.1)', () => {
  const noon = Date.UTC(2026, 0, 31, 12);

  test('hold from the first moment on, up to the last, which is not included', () => {
    const times = { from: '2026-01-31T13:00:00+01:00', until: '2026-01-31T12:00:01Z' };
    expect([noon - 1, noon, noon + 999, noon + 1_000].map((at) => holdsAt(times, at))).toEqual([
      false,
      true,
      true,
      false,
    ]);
    expect(holdsAt({}, noon)).toBe(true);
    expect(holdsAt({ from: times.from }, noon + 1e12)).toBe(true);
    expect(holdsAt({ until: times.until }, noon - 1e12)).toBe(true);
  });

  test('overlap where there is a moment at which both hold', () => {
    const a = { from: '2026-01-31T12:00:00Z', until: '2026-01-31T13:00:00Z' };
    expect(overlap(a, { from: '2026-01-31T12:59:59Z' })).toBe(true);
    expect(overlap(a, { from: '2026-01-31T13:00:00Z' })).toBe(false);
    expect(overlap(a, {})).toBe(true);
    expect(overlap(a, { until: '2026-01-31T12:00:00Z' })).toBe(false);
  });

  test('tell which of several elements holds', () => {
    const at = personOf(
      '<r:activities until="2026-01-31T12:00:00Z"><r:meal/></r:activities>' +
        '<r:activities from="2026-01-31T12:00:00Z"><r:meeting/></r:activities>',
    );
    expect(holdingAt(activities, at, noon).map(({ values }) => values)).toEqual([['meeting']]);
    expect(holdingAt(activities, at, noon - 1).map(({ values }) => values)).toEqual([['meal']]);
    expect(activities.all(at)).toHaveLength(2);
  });

  test('count as absent when they are no times', () => {
    const [read] = activities.all(personOf('<r:activities from="now" until="2026-01-31T12:00:00Z"/>'));
    expect(read).toMatchObject({ from: undefined, until: '2026-01-31T12:00:00Z' });
    expect(wrong(person('<r:activities from="now"/>'))).toEqual([
      '/presence/dm:person[1]/r:activities[1]/@from invalid-value',
    ]);
  });
});

test('an id refers to an element, and is the only one of its name', () => {
  expect(mood.of(personOf('<r:mood id="m"><r:sad/></r:mood>'))?.id).toBe('m');
  expect(wrong(person('<r:mood id="p1"><r:sad/></r:mood>'))).toEqual([
    '/presence/dm:person[1]/r:mood[1]/@id duplicate-id',
  ]);
});

test('free text says its language (§8, @req rfc4480:8:1)', () => {
  const content = (attribute: string) =>
    person(`<r:mood><r:note${attribute}>n</r:note><r:other${attribute}>o</r:other></r:mood>`);
  expect(advised(content(' xml:lang="en"'))).toEqual([]);
  expect(advised(content(''))).toEqual([
    '/presence/dm:person[1]/r:mood[1] no-language',
    '/presence/dm:person[1]/r:mood[1] no-language',
  ]);
  expect(mood.of(personOf('<r:mood><r:note xml:lang="fr">n</r:note><r:sad/></r:mood>'))?.notes).toMatchObject(
    [{ text: 'n', language: 'fr' }],
  );
});

test('rich presence is written in UTF-8, whatever it came in (§8, @req rfc4480:8:2)', () => {
  const text = `\ufeff<?xml version="1.0" encoding="UTF-16"?><presence xmlns="urn:ietf:params:xml:ns:pidf" entity="a:b">${person('').replace('dm:person', 'dm:person xmlns:dm="urn:ietf:params:xml:ns:pidf:data-model"')}</presence>`;
  const utf16 = new Uint8Array(Uint16Array.from(text, (char) => char.charCodeAt(0)).buffer);
  const presence = parse(utf16);
  const persons = presence.persons.map((value) => activities.set(value, { others: [{ text: 'brüten' }] }));
  const written = new TextDecoder('utf-8', { fatal: true }).decode(serialize({ ...presence, persons }));
  expect(written).toContain('encoding="UTF-8"');
  expect(written).toContain('<rpid:other>brüten</rpid:other>');
});

test('values are added, changed and removed, and what is around them stays', () => {
  const presence = parse(document(person('\n  <!-- c --><x:y/>\n  <r:class>a</r:class>\n')));
  const change = (by: (value: (typeof presence.persons)[number]) => (typeof presence.persons)[number]) =>
    new TextDecoder().decode(serialize({ ...presence, persons: presence.persons.map(by) }));
  expect(change((value) => timeOffset.set(classLabel.set(value, 'b'), { minutes: -300 }))).toContain(
    '\n  <!-- c --><x:y/>\n  <r:class>b</r:class>\n  <rpid:time-offset>-300</rpid:time-offset>\n',
  );
  expect(change((value) => classLabel.set(value, undefined))).toContain('<!-- c --><x:y/>\n</dm:person>');
  expect(change((value) => placeType.set(value, { values: ['cafe'] }))).toContain(
    '<rpid:place-type><lt:cafe/></rpid:place-type>',
  );
});

test('a service names the devices that provide it (§3.4)', () => {
  const presence = parse(
    document(`${tuple('<dm:deviceID>urn:x:1</dm:deviceID><dm:deviceID>urn:x:2</dm:deviceID>')}${device('')}`),
  );
  expect(presence.tuples.map((value) => devicesOf(presence, value).map(({ id }) => id))).toEqual([['d1']]);
});

test('neither a class nor a device ID has a time (@req rfc4480:3.3:1 rfc4480:3.4:1)', () => {
  for (const attribute of ['from', 'until']) {
    const time = `${attribute}="2026-01-31T12:00:00Z"`;
    expect(wrong(person(`<r:class ${time}>a</r:class>`))).toEqual([
      `/presence/dm:person[1]/r:class[1]/@${attribute} unexpected-attribute`,
    ]);
    expect(wrong(tuple(`<dm:deviceID ${time}>urn:x:1</dm:deviceID>`))).toEqual([
      `/presence/tuple[1]/dm:deviceID[1]/@${attribute} unexpected-attribute`,
    ]);
  }
  expect(classLabel.of(personOf('<r:class> a \n b </r:class>'))).toBe('a b');
});
