import { parse } from '@sip-simple/pidf';
import { enumeration, lens, vocabulary } from '@sip-simple/xml/schema';
import { describe, expect, test } from 'vitest';
import { holdingAt, timedStatus } from '../../src/index.ts';
import { device, person, tuple, tupleOf, wrong } from '../documents.ts';
import { fixture } from '../fixtures.ts';

const status = (times: string, content = '<ts:basic>closed</ts:basic>') =>
  `<ts:timed-status ${times}>${content}</ts:timed-status>`;
const PATH = '/presence/tuple[1]/ts:timed-status[1]';
const stamp = '<timestamp>2026-01-31T12:00:00Z</timestamp>';
const noon = Date.UTC(2026, 0, 31, 12);

test('a timed status has a basic value, a note and other status values', () => {
  const content = '<ts:basic>closed</ts:basic><ts:note xml:lang="en">n</ts:note><x:place>home</x:place>';
  const read = timedStatus.of(tupleOf(status('from="2026-01-31T12:00:00Z"', content)));
  expect(read).toMatchObject({
    from: '2026-01-31T12:00:00Z',
    until: undefined,
    basic: 'closed',
    note: { text: 'n', language: 'en' },
  });
  expect(lens(vocabulary('urn:example:x').leaf('place', enumeration('home'))).of(read ?? {})).toBe('home');
});

test('the example of §4 reads as it is meant', () => {
  const [only] = parse(fixture('rfc4481/4-example.xml')).tuples;
  expect(timedStatus.all(only ?? {})).toMatchObject([
    { from: '2005-08-15T10:20:00.000-05:00', until: '2005-08-22T19:30:00.000-05:00', basic: 'closed' },
  ]);
});

describe('a timed status stands', () => {
  test('in a tuple, and not in a status or in another timed status (@req rfc4481:3:1)', () => {
    const content = status('from="2026-01-31T12:00:00Z"');
    expect(wrong(tuple(content))).toEqual([]);
    expect(wrong(tuple('', `<basic>open</basic>${content}`))).toEqual([
      '/presence/tuple[1]/status[1]/ts:timed-status[1] misplaced',
    ]);
    expect(wrong(tuple(status('from="2026-01-31T12:00:00Z"', content)))).toEqual([
      `${PATH}/ts:timed-status[1] unexpected-element`,
    ]);
    expect(wrong(person(content))).toEqual(['/presence/dm:person[1]/ts:timed-status[1] misplaced']);
    expect(wrong(device(content))).toEqual(['/presence/dm:device[1]/ts:timed-status[1] misplaced']);
    expect(wrong(content)).toEqual(['/presence/ts:timed-status[1] misplaced']);
  });

  test('beside others that overlap with it, all of which are read (@req rfc4481:3:3)', () => {
    const read = tupleOf(
      status('from="2026-01-31T10:00:00Z" until="2026-01-31T14:00:00Z"') +
        status('from="2026-01-31T11:00:00Z"', '<ts:basic>open</ts:basic>') +
        status('from="2026-01-31T13:00:00Z" until="2026-01-31T15:00:00Z"', ''),
    );
    expect(timedStatus.all(read)).toHaveLength(3);
    expect(holdingAt(timedStatus, read, noon).map(({ basic }) => basic)).toEqual(['closed', 'open']);
    expect(holdingAt(timedStatus, read, noon + 5_400_000)).toHaveLength(3);
  });
});

describe('a timed status has a time', () => {
  test('that begins (@req rfc4481:3:4)', () => {
    const content = status('until="2026-01-31T12:00:00Z"');
    expect(wrong(tuple(content))).toEqual([`${PATH} missing-attribute`]);
    const later = tuple(status('until="2027-01-31T12:00:00Z"'), undefined, stamp);
    expect(wrong(later)).toEqual([`${PATH} missing-attribute`]);
    expect(timedStatus.of(tupleOf(content))).toBeUndefined();
    // @ts-expect-error the type asks for it too
    expect(() => timedStatus.set({ extra: [] }, { basic: 'open' })).toThrow('from is required');
    expect(wrong(tuple(status('from="2026-01-31T12:00:00Z" until="2026-01-31T12:00:00Z"')))).toEqual([]);
  });

  test.each([
    ['past', 'from="2026-01-31T10:00:00Z" until="2026-01-31T12:00:00Z"', true],
    ['future', 'from="2026-01-31T12:00:01Z" until="2026-01-31T13:00:00Z"', true],
    ['now', 'from="2026-01-31T10:00:00Z" until="2026-01-31T12:00:01Z"', false],
    ['now', 'from="2026-01-31T13:00:00+01:00" until="2026-01-31T13:00:00Z"', false],
  ])('which is not that of the tuple: %s, %s (@req rfc4481:3:5)', (_, times, isRight) => {
    const expected = isRight ? [] : [`${PATH} timed-status-now`];
    expect(wrong(tuple(status(times), undefined, stamp))).toEqual(expected);
    expect(wrong(tuple(status(times)))).toEqual([]);
  });

  test('without end, which is in the future (@req rfc4481:3:6)', () => {
    const found = (from: string) => wrong(tuple(status(`from="${from}"`), undefined, stamp));
    expect(found('2026-01-31T12:00:01Z')).toEqual([]);
    expect(found('2026-01-31T12:00:00Z')).toEqual([`${PATH} timed-status-now`]);
    expect(found('2026-01-30T12:00:00Z')).toEqual([`${PATH} timed-status-now`]);
  });

  test('which is past or future by the clock of the publisher too (@req rfc4481:3:8)', () => {
    const times = 'from="2026-01-31T13:00:00Z" until="2026-01-31T14:00:00Z"';
    const found = (now: number, end = stamp) => wrong(tuple(status(times), undefined, end), { now });
    expect(found(noon)).toEqual([]);
    expect(found(noon + 3_600_000)).toEqual([`${PATH} timed-status-now`]);
    expect(found(noon + 7_199_999, '')).toEqual([`${PATH} timed-status-now`]);
    expect(found(noon + 7_200_000)).toEqual([]);
  });
});
