import { textOf } from '@sip-simple/testkit';
import { describe, expect, test } from 'vitest';
import { parse, periodsOf, serialize, validate, validityOf } from '../../src/index.ts';
import { fixture } from '../fixtures.ts';
import { allowing, decide, from, isAllowed, matches, ruleset } from '../policies.ts';

const period = (begin: string, end: string) => `<from>${begin}</from><until>${end}</until>`;
const valid = (times: string) => ruleset(allowing(`<validity>${times}</validity>`));
const at = (time: string) => ({ ...from('sip:a@b'), now: Date.parse(time) });

describe('a <validity> (§7.4)', () => {
  const day = valid(period('2026-01-01T00:00:00Z', '2026-01-02T00:00:00Z'));

  test('is true from its beginning on, and up to its end', () => {
    expect(isAllowed(day, at('2025-12-31T23:59:59.999Z'))).toBe(false);
    expect(isAllowed(day, at('2026-01-01T00:00:00Z'))).toBe(true);
    expect(isAllowed(day, at('2026-01-01T23:59:59.999Z'))).toBe(true);
    expect(isAllowed(day, at('2026-01-02T00:00:00Z'))).toBe(false);
  });

  test('is true within any of its pairs', () => {
    const document = valid(
      period('2026-01-01T00:00:00Z', '2026-01-02T00:00:00Z') +
        period('2026-01-05T00:00:00Z', '2026-01-06T00:00:00Z'),
    );
    expect(isAllowed(document, at('2026-01-01T12:00:00Z'))).toBe(true);
    expect(isAllowed(document, at('2026-01-03T12:00:00Z'))).toBe(false);
    expect(isAllowed(document, at('2026-01-05T12:00:00Z'))).toBe(true);
    expect(isAllowed(document, at('2026-01-06T12:00:00Z'))).toBe(false);
  });

  test('is false when the time is not known', () => {
    expect(isAllowed(day, from('sip:a@b'))).toBe(false);
    expect(isAllowed(day, { ...from('sip:a@b'), now: Number.NaN })).toBe(false);
  });

  test('of several in a rule, all must be true', () => {
    const document = ruleset(
      allowing(
        `<validity>${period('2026-01-01T00:00:00Z', '2026-01-03T00:00:00Z')}</validity><validity>${period('2026-01-02T00:00:00Z', '2026-01-04T00:00:00Z')}</validity>`,
      ),
    );
    expect(isAllowed(document, at('2026-01-01T12:00:00Z'))).toBe(false);
    expect(isAllowed(document, at('2026-01-02T12:00:00Z'))).toBe(true);
    expect(isAllowed(document, at('2026-01-03T12:00:00Z'))).toBe(false);
  });

  test('has <from> and <until> in pairs, or is not valid and matches never (@req rfc4745:7.4:1)', () => {
    const one = '2026-01-01T00:00:00Z';
    const two = '2026-01-03T00:00:00Z';
    for (const times of [
      '',
      `<from>${one}</from>`,
      `<until>${two}</until>`,
      `<until>${two}</until><from>${one}</from>`,
      `<from>${one}</from><from>${one}</from><until>${two}</until>`,
      `<from>${one}</from><until>${two}</until><until>${two}</until>`,
      `<from>${one}</from><until>${two}</until><from>${one}</from>`,
      `<from>${one}</from><x:pause/><until>${two}</until>`,
    ]) {
      expect(validate(valid(times))).not.toEqual([]);
      expect(isAllowed(valid(times), at('2026-01-02T00:00:00Z'))).toBe(false);
    }
  });

  test('with a time that is none matches never, not even in its other pairs', () => {
    const good = period('2026-01-01T00:00:00Z', '2026-01-03T00:00:00Z');
    for (const bad of [
      '',
      'never',
      '2026-01-01',
      '2026-13-01T00:00:00Z',
      '2026-02-30T00:00:00Z',
      '2026-01-01T00:00:60Z',
    ]) {
      expect(isAllowed(valid(good + period('2026-01-01T00:00:00Z', bad)), at('2026-01-02T00:00:00Z'))).toBe(
        false,
      );
      // Left out, these two would leave the first beginning with the last end.
      const torn = `<from>2026-01-01T00:00:00Z</from><until>${bad}</until><from>${bad}</from><until>2027-01-01T00:00:00Z</until>`;
      expect(isAllowed(valid(torn), at('2026-06-01T00:00:00Z'))).toBe(false);
    }
    expect(
      isAllowed(valid(period('2026-01-03T00:00:00Z', '2026-01-01T00:00:00Z')), at('2026-01-02T00:00:00Z')),
    ).toBe(false);
  });

  test('counts offsets of time zones', () => {
    const document = valid(period('2026-01-01T00:00:00+02:00', '2026-01-01T00:00:00-02:00'));
    expect(isAllowed(document, at('2025-12-31T21:59:59Z'))).toBe(false);
    expect(isAllowed(document, at('2025-12-31T22:00:00Z'))).toBe(true);
    expect(isAllowed(document, at('2026-01-01T01:59:59Z'))).toBe(true);
    expect(isAllowed(document, at('2026-01-01T02:00:00Z'))).toBe(false);
  });

  test('without a time zone is true only where it is so in all of them', () => {
    const document = valid(period('2026-01-01T00:00:00', '2026-01-03T00:00:00'));
    expect(isAllowed(document, at('2026-01-01T13:59:59Z'))).toBe(false);
    expect(isAllowed(document, at('2026-01-01T14:00:00Z'))).toBe(true);
    expect(isAllowed(document, at('2026-01-02T09:59:59Z'))).toBe(true);
    expect(isAllowed(document, at('2026-01-02T10:00:00Z'))).toBe(false);
    expect(
      isAllowed(valid(period('2026-01-01T00:00:00', '2026-01-02T00:00:00')), at('2026-01-01T12:00:00Z')),
    ).toBe(false);
  });

  test('finer than milliseconds begins with the next and ends with the one begun', () => {
    const document = valid(period('2026-01-01T00:00:00.0001Z', '2026-01-01T00:00:01.0009Z'));
    expect(isAllowed(document, at('2026-01-01T00:00:00.000Z'))).toBe(false);
    expect(isAllowed(document, at('2026-01-01T00:00:00.001Z'))).toBe(true);
    expect(isAllowed(document, at('2026-01-01T00:00:01.000Z'))).toBe(false);
  });

  test('in the examples matches as the text says', () => {
    const fragment = textOf(fixture('rfc4745/7.4-validity.xml'));
    expect(matches(fragment, at('2003-08-15T10:19:59.999-05:00'))).toBe(false);
    expect(matches(fragment, at('2003-08-15T10:20:00.000-05:00'))).toBe(true);
    expect(matches(fragment, at('2003-09-15T10:20:00.000-05:00'))).toBe(false);

    const example = textOf(fixture('rfc4745/12-example.xml'));
    const request = {
      ...from('sip:bob@example.com'),
      sphere: 'work',
      now: Date.parse('2003-12-24T17:30:00+01:00'),
    };
    expect(matches(example, request)).toBe(true);
    expect(matches(example, { ...request, isAuthenticated: false })).toBe(false);
    expect(matches(example, { ...request, identities: ['sip:alice@example.com'] })).toBe(false);
    expect(matches(example, { ...request, sphere: 'home' })).toBe(false);
    expect(matches(example, { ...request, now: Date.parse('2003-12-24T19:00:00+01:00') })).toBe(false);
  });
});

describe('a decision', () => {
  const instant = (time: string) => Date.parse(time);
  const twice = valid(
    period('2026-01-01T00:00:00Z', '2026-01-02T00:00:00Z') +
      period('2026-01-05T00:00:00Z', '2026-01-06T00:00:00Z'),
  );

  test('says when it may change, in the course of time', () => {
    const moments = ['2025-06-01T00:00:00Z'];
    for (let next = decide(twice, at(moments[0] ?? '')).until; next !== undefined; ) {
      moments.push(new Date(next).toISOString());
      next = decide(twice, { ...from('sip:a@b'), now: next }).until;
    }
    expect(moments.slice(1)).toEqual([
      '2026-01-01T00:00:00.000Z',
      '2026-01-02T00:00:00.000Z',
      '2026-01-05T00:00:00.000Z',
      '2026-01-06T00:00:00.000Z',
    ]);
  });

  test('looks only at rules that may match the request but for the time', () => {
    const document = ruleset(
      allowing(
        `<identity><one id="sip:a@b"/></identity><validity>${period('2026-02-01T00:00:00Z', '2026-02-02T00:00:00Z')}</validity>`,
        'r1',
      ) +
        allowing(
          `<sphere value="work"/><validity>${period('2026-01-01T00:00:00Z', '2026-01-02T00:00:00Z')}</validity>`,
          'r2',
        ),
    );
    const now = instant('2025-06-01T00:00:00Z');
    expect(decide(document, { ...from('sip:a@b'), now }).until).toBe(instant('2026-02-01T00:00:00Z'));
    expect(decide(document, { ...from('sip:a@b'), now, sphere: 'work' }).until).toBe(
      instant('2026-01-01T00:00:00Z'),
    );
    expect(decide(document, { ...from('sip:c@b'), now }).until).toBeUndefined();
    expect(decide(document, from('sip:a@b')).until).toBeUndefined();
  });
});

test('periods are read and made as pairs', () => {
  const one = { from: '2026-01-01T00:00:00Z', until: '2026-01-02T00:00:00Z' };
  const two = { from: '2026-02-01T00:00:00Z', until: '2026-02-02T00:00:00Z' };
  const bytes = serialize({ rules: [{ id: 'r', conditions: { validities: [validityOf(one, two)] } }] });
  expect(validate(bytes)).toEqual([]);
  const [validity] = parse(bytes).rules[0]?.conditions?.validities ?? [];
  expect(validity === undefined ? [] : periodsOf(validity)).toEqual([one, two]);
});
