import { textOf } from '@sip-simple/testkit';
import { describe, expect, test } from 'vitest';
import { sphereOf } from '../../src/index.ts';
import { fixture } from '../fixtures.ts';
import { allowing, from, isAllowed, matches, ruleset } from '../policies.ts';

const inSphere = (value: string, sphere: string | undefined) =>
  isAllowed(ruleset(allowing(`<sphere value="${value}"/>`)), { ...from('sip:a@b'), sphere });

describe('a <sphere> (§7.3)', () => {
  test('matches if the presentity is in the state indicated', () => {
    expect(inSphere('work', 'work')).toBe(true);
    expect(inSphere('work', 'home')).toBe(false);
    expect(inSphere('work', 'workshop')).toBe(false);
  });

  test('matches never while the state is not known', () => {
    expect(inSphere('work', undefined)).toBe(false);
    expect(inSphere('', undefined)).toBe(false);
    expect(inSphere('', '')).toBe(false);
    expect(inSphere('undefined', undefined)).toBe(false);
  });

  test('matches any of its tokens, which blanks separate (@req rfc4745:7.3:2)', () => {
    expect(inSphere('home work', 'work')).toBe(true);
    expect(inSphere('home work', 'home')).toBe(true);
    expect(inSphere('  home   work ', 'work')).toBe(true);
    expect(inSphere('home work', 'home work')).toBe(false);
    for (const separated of ['home,work', 'home;work', 'home&#9;work']) {
      expect(inSphere(separated, 'work')).toBe(false);
      expect(inSphere(separated, 'home')).toBe(false);
    }
  });

  test('compares each token without case (@req rfc4745:7.3:3)', () => {
    expect(inSphere('HOME Work', 'WORK')).toBe(true);
    expect(inSphere('HOME Work', 'home')).toBe(true);
    expect(inSphere('Büro', 'BÜRO')).toBe(true);
  });

  test('of several, each must match', () => {
    const document = ruleset(allowing('<sphere value="work home"/><sphere value="home"/>'));
    expect(isAllowed(document, { ...from('sip:a@b'), sphere: 'home' })).toBe(true);
    expect(isAllowed(document, { ...from('sip:a@b'), sphere: 'work' })).toBe(false);
  });

  test('in the example matches as the text says', () => {
    const example = textOf(fixture('rfc4745/7.3-sphere.xml'));
    const ask = (id: string, who: string, sphere: string) => matches(example, { ...from(who), sphere }, id);
    expect(ask('f3g44r2', 'sip:andrew@example.com', 'work')).toBe(true);
    expect(ask('f3g44r2', 'sip:andrew@example.com', 'home')).toBe(false);
    expect(ask('y6y55r2', 'sip:allison@example.com', 'home')).toBe(true);
    expect(ask('y6y55r2', 'sip:allison@example.com', 'work')).toBe(false);
    expect(ask('z6y55r2', 'sip:john@doe.example.com', 'home')).toBe(true);
    expect(ask('z6y55r2', 'sip:john@doe.example.com', 'work')).toBe(true);
    expect(ask('z6y55r2', 'sip:john@example.com', 'work')).toBe(false);
  });
});

describe('the sphere of a presentity (RFC 5025 §3.1.2)', () => {
  test('is what all published documents that have one say', () => {
    expect(sphereOf(['work'])).toBe('work');
    expect(sphereOf(['work', 'work'])).toBe('work');
  });

  test('is undefined when none says it, or they differ', () => {
    expect(sphereOf([])).toBeUndefined();
    expect(sphereOf(['work', 'home'])).toBeUndefined();
    expect(sphereOf(['work', 'home', 'work'])).toBeUndefined();
  });
});
