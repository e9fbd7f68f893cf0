import { readFileSync } from 'node:fs';
import { parse } from '@sip-simple/pidf';
import { oracleAbsent } from '@sip-simple/testkit';
import { parse as parseXml, type XmlElement } from '@sip-simple/xml';
import { lens, string, vocabulary } from '@sip-simple/xml/schema';
import { describe, expect, test } from 'vitest';
import {
  ACTIVITIES,
  activities,
  LOCATION_TYPES,
  MOODS,
  mood,
  otherPlace,
  placeIs,
  placeType,
  privacy,
  relationship,
  relationshipOf,
  serviceClass,
  serviceClassOf,
} from '../../src/index.ts';
import { person, personOf, tuple, tupleOf, wrong } from '../documents.ts';
import { fixture } from '../fixtures.ts';

describe('activities (§3.2)', () => {
  test('are read as their names, in words, and what is of other vocabularies', () => {
    const read = activities.of(
      personOf(
        '<r:activities><r:note>n</r:note><r:vacation/><x:diving>deep</x:diving><r:other>reading</r:other><r:breakfast/></r:activities>',
      ),
    );
    expect(read).toMatchObject({
      notes: [{ text: 'n' }],
      values: ['vacation', 'breakfast'],
      others: [{ text: 'reading' }],
      extra: [{ local: 'diving' }],
    });
    expect(lens(vocabulary('urn:example:x').leaf('diving', string)).of(read ?? {})).toBe('deep');
  });

  test.each(ACTIVITIES)('<%s>', (name) => {
    const content = `<r:activities><r:${name}/></r:activities>`;
    expect(activities.of(personOf(content))?.values).toEqual([name]);
    expect(wrong(person(content))).toEqual([]);
  });

  test('are unknown, or known', () => {
    const path = '/presence/dm:person[1]/r:activities[1]';
    for (const other of ['<r:away/>', '<r:other>o</r:other>', '<x:y/>']) {
      expect(wrong(person(`<r:activities><r:unknown/>${other}</r:activities>`))).toEqual([
        `${path} not-alone`,
      ]);
      expect(wrong(person(`<r:activities>${other}<r:unknown/></r:activities>`))).toEqual([
        `${path} not-alone`,
      ]);
    }
    expect(wrong(person('<r:activities><r:note>n</r:note><r:unknown/></r:activities>'))).toEqual([]);
    expect(wrong(person('<r:activities/>'))).toEqual([]);
  });

  test('that are not of RPID, in its namespace, are kept and reported', () => {
    const content = '<r:activities><r:snoozing/><r:away/></r:activities>';
    expect(activities.of(personOf(content))).toMatchObject({
      values: ['away'],
      extra: [{ local: 'snoozing' }],
    });
    expect(wrong(person(content))).toEqual([
      '/presence/dm:person[1]/r:activities[1]/r:snoozing[1] unexpected-element',
    ]);
  });
});

describe('mood (§3.5)', () => {
  test.each(MOODS)('<%s> is supported (@req rfc4480:3.5:3)', (name) => {
    const content = `<r:mood><r:${name}/></r:mood>`;
    expect(mood.of(personOf(content))?.values).toEqual([name]);
    expect(wrong(person(content))).toEqual([]);
  });

  test('is one at least (@req rfc4480:3.5:1)', () => {
    for (const content of ['', '<r:note>n</r:note>']) {
      expect(wrong(person(`<r:mood>${content}</r:mood>`))).toEqual([
        '/presence/dm:person[1]/r:mood[1] missing-element',
      ]);
    }
    for (const content of ['<r:other>o</r:other>', '<x:y/>', '<r:sleepy/><r:thirsty/>']) {
      expect(wrong(person(`<r:mood>${content}</r:mood>`))).toEqual([]);
    }
  });
});

describe('place (§3.6, §3.7)', () => {
  test('is as each medium finds it', () => {
    const content = '<r:place-is><r:audio><r:noisy/></r:audio><r:video><r:dark/></r:video></r:place-is>';
    const read = placeIs.of(personOf(content));
    expect([read?.audio?.value, read?.video?.value, read?.text?.value]).toEqual(['noisy', 'dark', undefined]);
    expect(wrong(person(content))).toEqual([]);
    expect(wrong(person('<r:place-is><r:audio><r:dark/></r:audio></r:place-is>'))).toEqual([
      '/presence/dm:person[1]/r:place-is[1]/r:audio[1]/r:dark[1] unexpected-element',
      '/presence/dm:person[1]/r:place-is[1]/r:audio[1] missing-element',
    ]);
  });

  test.each(LOCATION_TYPES)('is a <%s> of RFC 4589', (name) => {
    const content = `<r:place-type><lt:${name}/></r:place-type>`;
    expect(placeType.of(personOf(content))?.values).toEqual([name]);
    expect(wrong(person(content))).toEqual([]);
  });

  test('is said in words, of either vocabulary', () => {
    const own = placeType.of(personOf('<r:place-type><r:other xml:lang="en">igloo</r:other></r:place-type>'));
    expect(own).toMatchObject({ values: [], other: { text: 'igloo', language: 'en' } });
    const theirs = placeType.of(personOf('<r:place-type><lt:other>igloo</lt:other><x:cold/></r:place-type>'));
    expect(otherPlace.of(theirs ?? {})).toMatchObject({ text: 'igloo' });
    expect(theirs?.extra.map(({ local }) => local)).toEqual(['other', 'cold']);
    expect(wrong(person('<r:place-type><r:other>o</r:other><lt:bar/></r:place-type>'))).toEqual([
      '/presence/dm:person[1]/r:place-type[1] not-alone',
    ]);
    expect(wrong(person('<r:place-type/>'))).toEqual([
      '/presence/dm:person[1]/r:place-type[1] missing-element',
    ]);
  });
});

describe('privacy (§3.8)', () => {
  test('is of media, whose order is the schema’s when written and any when read', () => {
    const read = privacy.of(personOf('<r:privacy><r:text/><r:audio/></r:privacy>'));
    expect(read?.values).toEqual(['text', 'audio']);
    expect(wrong(person('<r:privacy><r:text/><r:audio/></r:privacy>'))).toEqual([
      '/presence/dm:person[1]/r:privacy[1]/r:audio[1] wrong-order',
    ]);
    const written = privacy.set({ extra: [] }, { values: ['video', 'text', 'audio', 'text'] });
    expect(privacy.of(written)?.values).toEqual(['audio', 'text', 'video']);
  });
});

describe('services (§3.9, §3.10)', () => {
  test('are the presentity’s own unless something else is said', () => {
    expect(relationshipOf(tupleOf(''))).toBe('self');
    expect(relationshipOf(tupleOf('<r:relationship><r:friend/></r:relationship>'))).toBe('friend');
    const inWords = tupleOf('<r:relationship><r:other>landlord</r:other></r:relationship>');
    expect(relationshipOf(inWords)).toBeUndefined();
    expect(relationship.of(inWords)?.other?.text).toBe('landlord');
    expect(wrong(tuple('<r:relationship><r:friend/><x:y/></r:relationship>'))).toEqual([
      '/presence/tuple[1]/r:relationship[1] not-alone',
    ]);
  });

  test('are electronic unless something else is said', () => {
    expect(serviceClassOf(tupleOf(''))).toBe('electronic');
    expect(serviceClassOf(tupleOf('<r:service-class><r:freight/></r:service-class>'))).toBe('freight');
    const dove = tupleOf('<r:service-class><x:dove/></r:service-class>');
    expect(serviceClassOf(dove)).toBeUndefined();
    expect(serviceClass.of(dove)?.extra).toMatchObject([{ local: 'dove' }]);
    expect(wrong(tuple('<r:service-class/>'))).toEqual([
      '/presence/tuple[1]/r:service-class[1] missing-element',
    ]);
  });

  test.each(['postal', 'courier', 'freight', 'in-person'])(
    'that are %s have no contact, or an empty one (@req rfc4480:3.10:1)',
    (name) => {
      const content = `<r:service-class><r:${name}/></r:service-class>`;
      expect(wrong(tuple(`${content}<contact>sip:a@b</contact>`))).toEqual([
        '/presence/tuple[1]/r:service-class[1] contact-not-empty',
      ]);
      expect(wrong(tuple(`${content}<contact></contact>`))).toEqual([]);
      expect(wrong(tuple(content))).toEqual([]);
    },
  );

  test('that are electronic have any', () => {
    const content = '<r:service-class><r:electronic/></r:service-class><contact>sip:a@b</contact>';
    expect(wrong(tuple(content))).toEqual([]);
  });
});

describe('extensions of enumerations (§6)', () => {
  test.each([
    ['activities', (content: string) => activities.of(personOf(content))?.extra],
    ['mood', (content: string) => mood.of(personOf(content))?.extra],
    ['privacy', (content: string) => privacy.of(personOf(content))?.extra],
    ['place-type', (content: string) => placeType.of(personOf(content))?.extra],
    ['relationship', (content: string) => relationship.of(tupleOf(content))?.extra],
    ['service-class', (content: string) => serviceClass.of(tupleOf(content))?.extra],
  ] as const)('of <%s> are elements of other namespaces', (name, extraOf) => {
    const extra = extraOf(`<r:${name}><x:a/><x:b x:c="d"/></r:${name}>`);
    expect(extra?.map(({ local }) => local)).toEqual(['a', 'b']);
  });

  test('that must be understood hide what they extend from who does not (RFC 3863 §4.2.3)', () => {
    const must = 'xmlns:p="urn:ietf:params:xml:ns:pidf" p:mustUnderstand="1"';
    expect(activities.of(personOf(`<r:activities><r:away/><x:not ${must}/></r:activities>`))).toBeUndefined();
    expect(activities.of(personOf(`<r:activities><r:away ${must}/></r:activities>`))?.values).toEqual([
      'away',
    ]);
  });
});

test.skipIf(oracleAbsent !== undefined)('the names are those of the schema, and lunch', () => {
  const schema = readFileSync(new URL('../../../../../shared/oracles/xsd/rpid.xsd', import.meta.url), 'utf8');
  const { root } = parseXml(schema);
  const nameOf = (element: XmlElement) =>
    element.attributes.find(({ local }) => local === 'name')?.value ?? '';
  const namesIn = (element: XmlElement): string[] =>
    element.children.flatMap((child) => {
      if (child.type !== 'element') return [];
      const isName = child.attributes.some(({ local, value }) => local === 'type' && value === 'empty');
      return isName ? [nameOf(child)] : namesIn(child);
    });
  const enumeration = (name: string) =>
    root.children.flatMap((child) =>
      child.type === 'element' && nameOf(child) === name ? namesIn(child) : [],
    );
  expect(enumeration('mood')).toEqual(MOODS);
  expect(enumeration('activities')).toEqual(ACTIVITIES.filter((name) => name !== 'lunch'));
});

test('the example of §4 reads as it is meant', () => {
  const presence = parse(fixture('rfc4480/4-example.xml'));
  const [p1] = presence.persons;
  expect(activities.of(p1 ?? {})).toMatchObject({
    from: '2005-05-30T12:00:00+05:00',
    until: '2005-05-30T17:00:00+05:00',
    notes: [{ text: 'Far away' }],
    values: ['away'],
  });
  expect(mood.of(p1 ?? {})).toMatchObject({ values: ['angry'], others: [{ text: 'brooding' }] });
  expect(placeType.of(p1 ?? {})?.values).toEqual(['residence']);
  expect(privacy.of(p1 ?? {})?.values).toEqual(['unknown']);
  expect(presence.tuples.map(relationshipOf)).toEqual(['self', 'assistant', 'self']);
});
