import { parse, serialize, type Tuple } from '@sip-simple/pidf';
import { describeLossless, describePoints, samples, textOf } from '@sip-simple/testkit';
import { describe, expect, test } from 'vitest';
import {
  activities,
  devcaps,
  mood,
  placeType,
  privacy,
  servcaps,
  sphere,
  timedStatus,
  type Words,
} from '../src/index.ts';
import { document, person, tuple } from './documents.ts';
import { fixture, fixturesOf } from './fixtures.ts';

const RFCS = ['rfc4480', 'rfc4481', 'rfc4482', 'rfc5196'];

describe('documents untouched', () => {
  describeLossless({
    format: { parse, serialize },
    samples: samples(/^rfc(?:4480|4481|4482|5196)-|^gen-rich-pidf/),
    also: RFCS.flatMap(fixturesOf),
  });
});

describe('documents of which every extension is set to what it is', () => {
  const same = (value: Tuple): Tuple =>
    servcaps.setAll(timedStatus.setAll(privacy.setAll(value, privacy.all(value)), timedStatus.all(value)), [
      ...servcaps.all(value),
    ]);

  test.each(RFCS.flatMap(fixturesOf))('%s says the same, to the letter', (_, bytes) => {
    const presence = parse(bytes);
    const rewritten = serialize({
      ...presence,
      tuples: presence.tuples.map(same),
      persons: presence.persons.map((value) =>
        mood.setAll(activities.setAll(value, activities.all(value)), mood.all(value)),
      ),
      devices: presence.devices.map((value) => devcaps.setAll(value, devcaps.all(value))),
    });
    const normal = serialize({ ...presence, entity: `${presence.entity}` });
    expect(textOf(rewritten)).toBe(textOf(normal));
  });
});

const inPerson = (name: string, content: string) => (foreign: string) =>
  textOf(document(person(`<r:${name} x:z="1" id="i">${content.replace('…', foreign)}</r:${name}>`)));
const inTuple = (content: string) => (foreign: string) =>
  textOf(document(tuple(content.replace('…', foreign))));

function renoted<T extends { readonly notes: readonly Words[] }>(value: T): T {
  return { ...value, notes: value.notes.map((note) => ({ ...note, text: 'b' })) };
}

describePoints({
  points: [
    ['<activities>', inPerson('activities', '<r:note>a</r:note><r:away/>…<r:other>o</r:other>')],
    ['<mood>', inPerson('mood', '<r:note>a</r:note><r:sad/>…')],
    ['<place-type>', inPerson('place-type', '<r:note>a</r:note><lt:bar/>…')],
    ['<privacy>', inPerson('privacy', '<r:note>a</r:note><r:audio/>…')],
    ['<sphere>', inPerson('sphere', '…')],
    [
      '<timed-status>',
      inTuple('<ts:timed-status from="2026-01-31T12:00:00Z"><ts:basic>open</ts:basic>…</ts:timed-status>'),
    ],
    ['<servcaps>', inTuple('<caps:servcaps x:z="1"><caps:audio>true</caps:audio>…</caps:servcaps>')],
    [
      '<supported>',
      inTuple(
        '<caps:servcaps><caps:audio>true</caps:audio><caps:class><caps:supported><caps:personal/>…</caps:supported></caps:class></caps:servcaps>',
      ),
    ],
  ],
  change(bytes) {
    const presence = parse(bytes);
    const persons = presence.persons.map((before) => {
      let value = activities.setAll(before, activities.all(before).map(renoted));
      value = mood.setAll(value, mood.all(value).map(renoted));
      value = placeType.setAll(value, placeType.all(value).map(renoted));
      value = privacy.setAll(value, privacy.all(value).map(renoted));
      return sphere.setAll(
        value,
        sphere.all(value).map((each) => ({ ...each, id: 'j' })),
      );
    });
    const tuples = presence.tuples.map((value) => {
      const status = timedStatus.all(value).map((each) => ({ ...each, basic: 'closed' as const }));
      return servcaps.setAll(
        timedStatus.setAll(value, status),
        servcaps.all(value).map((each) => ({ ...each, audio: false })),
      );
    });
    return serialize({ ...presence, persons, tuples });
  },
  expected: (text) =>
    text
      .replace('<r:note>a</r:note>', '<r:note>b</r:note>')
      .replace(/(<r:sphere x:z="1" id=)"i"/, '$1"j"')
      .replace('<ts:basic>open', '<ts:basic>closed')
      .replace('<caps:audio>true', '<caps:audio>false'),
});

test('one name changed leaves its neighbours as they are', () => {
  const presence = parse(fixture('rfc4480/3-everything.xml'));
  const before = textOf(serialize({ ...presence, entity: 'a:b' }));
  const persons = presence.persons.map((value) =>
    activities.setAll(
      value,
      activities.all(value).map((each) => ({
        ...each,
        values: each.values.map((name) => (name === 'away' ? ('meal' as const) : name)),
      })),
    ),
  );
  expect(textOf(serialize({ ...presence, entity: 'a:b', persons }))).toBe(
    before.replace('<r:away/>', '<r:meal/>'),
  );
});
