import { parse } from '@sip-simple/pidf';
import { describe, expect, test } from 'vitest';
import { sphere, sphereNameOf, statusIcon, timeOffset, userInput, userInputAt } from '../../src/index.ts';
import { deviceOf, person, personOf, tupleOf, wrong } from '../documents.ts';
import { fixture } from '../fixtures.ts';

describe('sphere (§3.11)', () => {
  test.each([
    ['<r:home/>', 'home', 'home'],
    ['<r:unknown/>', 'unknown', 'unknown'],
    ['<x:scouting/>', undefined, 'scouting'],
    ['bowling\n league ', undefined, 'bowling league'],
    ['', undefined, undefined],
  ])('"%s" is %s, by the name %s', (content, value, name) => {
    const read = personOf(`<r:sphere from="2026-01-31T12:00:00Z">${content}</r:sphere>`);
    expect(sphere.of(read)).toMatchObject({ from: '2026-01-31T12:00:00Z', value });
    expect(sphereNameOf(read)).toBe(name);
  });

  test('is text in the example of §4, against the schema, and one value in the schema', () => {
    const [p1] = parse(fixture('rfc4480/4-example.xml')).persons;
    expect(sphereNameOf(p1 ?? {})).toBe('bowling league');
    expect(wrong(person('<r:sphere>bowling league</r:sphere>'))).toEqual([
      '/presence/dm:person[1]/r:sphere[1] unexpected-text',
    ]);
    expect(wrong(person('<r:sphere><r:home/><x:y/></r:sphere>'))).toEqual([
      '/presence/dm:person[1]/r:sphere[1] not-alone',
    ]);
    expect(sphereNameOf(personOf(''))).toBeUndefined();
  });
});

test('a status icon is a URI (§3.12)', () => {
  const content = '<r:status-icon id="i">http://www.example.com/playing.gif</r:status-icon>';
  expect(statusIcon.of(tupleOf(content))).toMatchObject({
    id: 'i',
    uri: 'http://www.example.com/playing.gif',
  });
  expect(wrong(person('<r:status-icon>http://[</r:status-icon>'))).toEqual([
    '/presence/dm:person[1]/r:status-icon[1] invalid-value',
  ]);
});

test('a time offset is in minutes, with a description for people (§3.13)', () => {
  const content = '<r:time-offset description="America/New_York">-300\n  </r:time-offset>';
  expect(timeOffset.of(personOf(content))).toMatchObject({ minutes: -300, description: 'America/New_York' });
  expect(wrong(person(content))).toEqual([]);
  expect(wrong(person('<r:time-offset>5.5</r:time-offset>'))).toEqual([
    '/presence/dm:person[1]/r:time-offset[1] invalid-value',
  ]);
  expect(timeOffset.of(personOf('<r:time-offset>east</r:time-offset>'))).toBeUndefined();
});

describe('user input (§3.14)', () => {
  test('is active or idle, with its threshold and the last input', () => {
    const content =
      '<r:user-input idle-threshold="600" last-input="2004-10-21T13:20:00.000-05:00">idle</r:user-input>';
    expect(userInput.of(deviceOf(content))).toMatchObject({
      state: 'idle',
      idleThresholdSeconds: 600,
      lastInput: '2004-10-21T13:20:00.000-05:00',
    });
    for (const [attribute, text] of [
      ['idle-threshold="0"', 'idle'],
      ['last-input="today"', 'idle'],
      ['', 'busy'],
    ]) {
      const found = wrong(person(`<r:user-input ${attribute}>${text}</r:user-input>`));
      expect(found).toEqual([expect.stringContaining('invalid-value')]);
    }
  });

  test('turns idle when the threshold has elapsed since the last input', () => {
    const at = (seconds: number) => userInputAt(0, seconds * 1_000, { idleThresholdSeconds: 600 }).state;
    expect([at(0), at(599), at(600), at(6_000)]).toEqual(['active', 'active', 'idle', 'idle']);
  });

  test('tells when the last input was only if configured to (@req rfc4480:3.14:1)', () => {
    const lastInput = Date.UTC(2026, 0, 31, 12);
    const publish = (revealsLastInput?: boolean) =>
      userInputAt(lastInput, lastInput + 7_000_000, { idleThresholdSeconds: 600, revealsLastInput });
    for (const omitted of [publish(), publish(false)]) {
      const [element] = userInput.set(personOf(''), omitted).extra;
      expect(element?.attributes.map(({ local }) => local)).toEqual(['idle-threshold']);
    }
    expect(publish(true)).toEqual({
      state: 'idle',
      idleThresholdSeconds: 600,
      lastInput: '2026-01-31T12:00:00Z',
    });
  });
});
