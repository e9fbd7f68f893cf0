import { boolean, enumeration, integer, list, token, vocabulary } from '@sip-simple/xml/schema';
import { describe, expect, test } from 'vitest';
import {
  booleanPermission,
  compile,
  grant,
  maximumPermission,
  numberPermission,
  parse,
  presencePermissions,
  setPermission,
} from '../../src/index.ts';
import { allowing, decide, from, ruleset } from '../policies.ts';

const x = vocabulary('urn:example:x', 'x');
const permissions = {
  x: booleanPermission(
    'actions',
    grant(x.leaf('X', boolean), (value) => value),
  ),
  y: numberPermission(
    'actions',
    0,
    grant(x.leaf('Y', integer()), (value) => value),
  ),
  z: maximumPermission(
    'transformations',
    ['-', 'o', '+'],
    grant(x.leaf('Z', enumeration('-', 'o', '+')), (value) => value),
  ),
  s: setPermission(
    'transformations',
    grant(x.leaf('S', list(token)), (value) => new Set(value)),
  ),
};

describe('the example of §10.3', () => {
  const A1 = '2003-12-24T17:00:00+01:00';
  const A2 = '2003-12-24T21:00:00+01:00';
  const A3 = '2003-12-24T23:30:00+01:00';
  const B1 = '2003-12-22T17:00:00+01:00';
  const B2 = '2003-12-23T17:00:00+01:00';
  const row = (
    id: number,
    who: string,
    sphere: string,
    begin: string,
    end: string,
    X: string,
    Y: number,
    Z: string,
  ) =>
    `<rule id="r${id}"><conditions><identity><one id="sip:${who}@example.com"/></identity><sphere value="${sphere}"/>
      <validity><from>${begin}</from><until>${end}</until></validity></conditions>
      <actions>${X === 'NULL' ? '' : `<x:X>${X}</x:X>`}<x:Y>${Y}</x:Y></actions>
      <transformations><x:Z>${Z}</x:Z></transformations></rule>`;
  const table = [
    row(1, 'bob', 'home', A1, A2, 'true', 10, 'o'),
    row(2, 'alice', 'work', A1, A2, 'false', 5, '+'),
    row(3, 'bob', 'work', A1, A2, 'true', 3, '-'),
    row(4, 'tom', 'work', A1, A2, 'true', 5, '+'),
    row(5, 'bob', 'work', A1, A3, 'NULL', 12, 'o'),
    row(6, 'bob', 'work', B1, B2, 'false', 10, '-'),
  ];
  const ask = (rows: readonly string[], who = 'bob', time = '2003-12-24T17:15:00+01:00', sphere = 'work') =>
    compile(
      [parse(ruleset(rows.join('')))],
      permissions,
    )({
      ...from(`sip:${who}@example.com`),
      sphere,
      now: Date.parse(time),
    });

  test('rules 3 and 5 fire, and grant X = TRUE, Y = 12, Z = o', () => {
    expect(ask(table).permissions).toEqual({ x: true, y: 12, z: 'o', s: new Set() });
    expect(ask(table.filter((_, index) => index === 2 || index === 4)).permissions).toEqual(
      ask(table).permissions,
    );
    expect(ask(table.filter((_, index) => index !== 2 && index !== 4)).permissions).toEqual({
      x: false,
      y: 0,
      z: '-',
      s: new Set(),
    });
  });

  test('each row grants to whom, where and when its conditions say', () => {
    expect(ask(table, 'bob', '2003-12-24T17:15:00+01:00', 'home').permissions).toMatchObject({
      x: true,
      y: 10,
      z: 'o',
    });
    expect(ask(table, 'alice').permissions).toMatchObject({ x: false, y: 5, z: '+' });
    expect(ask(table, 'tom').permissions).toMatchObject({ x: true, y: 5, z: '+' });
    expect(ask(table, 'bob', '2003-12-24T22:00:00+01:00').permissions).toMatchObject({
      x: false,
      y: 12,
      z: 'o',
    });
    expect(ask(table, 'bob', '2003-12-22T18:00:00+01:00').permissions).toMatchObject({
      x: false,
      y: 10,
      z: '-',
    });
  });

  test('the order of the rules is irrelevant (§6)', () => {
    expect(ask([...table].reverse()).permissions).toEqual(ask(table).permissions);
  });

  test('the decision may change at A2, when rule 3 ends', () => {
    expect(ask(table).until).toBe(Date.parse(A2));
  });
});

describe('permissions are combined (§10.2)', () => {
  const ask = (...rules: string[]) =>
    compile(
      [parse(ruleset(rules.map((rule, index) => `<rule id="r${index}">${rule}</rule>`).join('')))],
      permissions,
    )(from('sip:a@b')).permissions;

  test('Booleans to TRUE if any is, sets to their union, numbers to the greatest', () => {
    expect(
      ask(
        '<actions><x:X>false</x:X><x:Y>-3</x:Y></actions>',
        '<actions><x:X>true</x:X><x:Y>7</x:Y></actions>',
      ),
    ).toMatchObject({ x: true, y: 7 });
    expect(
      ask(
        '<transformations><x:S>a b</x:S></transformations>',
        '<transformations><x:S>b c</x:S></transformations>',
      ).s,
    ).toEqual(new Set(['a', 'b', 'c']));
  });

  test('where a rule has no value, from the lowest, which each kind defines (@req rfc4745:10.2:1)', () => {
    expect(ask('<actions/>')).toEqual({ x: false, y: 0, z: '-', s: new Set() });
    expect(ask()).toEqual({ x: false, y: 0, z: '-', s: new Set() });
    expect(presencePermissions.subHandling.lowest).toBe('block');
    expect(presencePermissions.userInput.lowest).toBe('false');
  });

  test('independently of each other', () => {
    expect(ask('<actions><x:X>true</x:X></actions>', '<actions><x:Y>5</x:Y></actions>')).toMatchObject({
      x: true,
      y: 5,
      z: '-',
    });
  });

  test('over several documents as over one', () => {
    const documents = [
      ruleset(allowing('<identity><one id="sip:a@b"/></identity>')),
      ruleset(
        '<rule id="r"><transformations><pr:provide-mood>true</pr:provide-mood></transformations></rule>',
      ),
    ];
    expect(decide(documents, from('sip:a@b')).permissions).toMatchObject({
      subHandling: 'allow',
      mood: true,
    });
    expect(decide(documents.slice(1), from('sip:a@b')).permissions).toMatchObject({
      subHandling: 'block',
      mood: true,
    });
    expect(decide([], from('sip:a@b')).permissions).toMatchObject({ subHandling: 'block', mood: false });
  });

  test('not when they stand in the wrong part, are unknown or not valid: these grant nothing', () => {
    expect(ask('<transformations><x:X>true</x:X></transformations>').x).toBe(false);
    expect(ask('<actions><x:Z>+</x:Z></actions>').z).toBe('-');
    expect(ask('<actions><x:X>yes</x:X></actions>').x).toBe(false);
    expect(ask('<actions><x:X if="x">true</x:X></actions>').x).toBe(false);
    expect(ask('<actions><x:Everything>true</x:Everything></actions>')).toEqual(ask());
  });

  test('to the same object wherever the same is granted', () => {
    const document = ruleset(
      allowing('<identity><one id="sip:a@b"/></identity>', 'r1') +
        allowing('<identity><one id="sip:c@b"/><one id="sip:a@b"/></identity>', 'r2'),
    );
    const policy = compile([parse(document)], presencePermissions);
    expect(policy(from('sip:a@b')).permissions).toBe(policy(from('sip:c@b')).permissions);
    expect(policy(from('sip:d@b')).permissions).toBe(policy(from('sip:e@b')).permissions);
  });
});
