import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseUri, via } from '../../src/index.ts';
import { type DnsRecord, type Question, Resolver, type ResolverInput } from '../../src/resolve/index.ts';
import { seeded, T0 } from '../support/sip.ts';
import { a, naptr, settle, srv, type Zone } from '../support/zone.ts';

const runs = 300 * Number(process.env['FUZZ_RUNS'] ?? 1);
const uri = parseUri('sip:example.com:5060');
const v4 = { families: [4] } as const;
const locate = (id: string, of = uri): ResolverInput => ({ type: 'locate', id, uri: of });

describe('answers are kept', () => {
  test('as long as their records say, and no longer than the limit', () => {
    const machine = new Resolver({ ...v4, limits: { longestTtlSeconds: 100 } });
    const zone: Zone = { 'A example.com': [a('192.0.2.1', 20), a('192.0.2.2', 10)] };
    expect(settle(machine, zone, locate('1')).asked).toEqual(['A example.com']);
    expect(settle(machine, {}, locate('2'), T0 + 9_999)).toMatchObject({
      asked: [],
      located: [{ id: '2', peers: [{ host: '192.0.2.1' }, { host: '192.0.2.2' }] }],
    });
    expect(settle(machine, zone, locate('3'), T0 + 10_000).asked).toEqual(['A example.com']);
    const long: Zone = { 'A example.com': [a('192.0.2.1', 1_000_000)] };
    settle(machine, long, locate('4'), T0 + 20_000);
    expect(settle(machine, long, locate('5'), T0 + 119_999).asked).toEqual([]);
    expect(settle(machine, long, locate('6'), T0 + 120_000).asked).toEqual(['A example.com']);
  });

  test('when there are none for a while, and when asking failed for a moment', () => {
    const machine = new Resolver({ ...v4, limits: { absentTtlSeconds: 30, failedTtlSeconds: 5 } });
    settle(machine, {}, locate('1'));
    expect(settle(machine, {}, locate('2'), T0 + 29_999).asked).toEqual([]);
    const failing: Zone = { 'A example.com': undefined };
    expect(settle(machine, failing, locate('3'), T0 + 30_000).located[0]).toMatchObject({ reason: 'dns' });
    expect(settle(machine, {}, locate('4'), T0 + 34_999).asked).toEqual([]);
    expect(settle(machine, {}, locate('5'), T0 + 35_000).asked).toEqual(['A example.com']);
  });

  test('up to a number; the least recently used go first', () => {
    const machine = new Resolver({ ...v4, limits: { entries: 2 } });
    const of = (name: string) => locate(name, parseUri(`sip:${name}:5060`));
    for (const name of ['a', 'b', 'a', 'c']) settle(machine, {}, of(name));
    expect(settle(machine, {}, of('a')).asked).toEqual([]);
    expect(settle(machine, {}, of('b')).asked).toEqual(['A b']);
  });
});

describe('questions', () => {
  test('are asked once for all who wait', () => {
    const machine = new Resolver(v4);
    const question: Question = { type: 'A', name: 'example.com' };
    expect(machine.handle(locate('1'), T0)).toEqual([{ type: 'query', question }]);
    expect(machine.handle(locate('2', parseUri('sip:EXAMPLE.com:5099')), T0)).toEqual([]);
    const answer = { type: 'answer', question, records: [a('192.0.2.1')] } as const;
    expect(machine.handle(answer, T0)).toMatchObject([
      { id: '1', peers: [{ port: 5060 }] },
      { id: '2', peers: [{ port: 5099 }] },
    ]);
    expect(machine.handle(answer, T0)).toEqual([]);
  });

  test('that nobody answers fail in time', () => {
    const machine = new Resolver({ ...v4, limits: { queryMilliseconds: 2000 } });
    expect(machine.deadline).toBeUndefined();
    machine.handle(locate('1'), T0);
    machine.handle(locate('2', parseUri('sip:b:5060')), T0 + 500);
    expect(machine.deadline).toBe(T0 + 2000);
    expect(machine.handle({ type: 'tick' }, T0 + 1999)).toEqual([]);
    expect(machine.handle({ type: 'tick' }, T0 + 2000)).toMatchObject([
      { id: '1', peers: [], reason: 'dns' },
    ]);
    expect(machine.deadline).toBe(T0 + 2500);
    const late = { type: 'answer', question: { type: 'A', name: 'example.com' }, records: [] } as const;
    expect(machine.handle(late, T0 + 2100)).toEqual([]);
    machine.handle({ type: 'tick' }, T0 + 2500);
    expect(machine.deadline).toBeUndefined();
  });

  test('are for nobody any more after a cancel', () => {
    const machine = new Resolver(v4);
    machine.handle(locate('1'), T0);
    machine.handle({ type: 'cancel', id: '1' }, T0);
    const answer = { type: 'answer', question: { type: 'A', name: 'example.com' }, records: [] } as const;
    expect(machine.handle(answer, T0)).toEqual([]);
    expect(machine.handle(locate('1'), T0)).toHaveLength(1);
  });

  test('are not begun beyond the limit, nor twice under one id', () => {
    const machine = new Resolver({ ...v4, limits: { lookups: 1 } });
    machine.handle(locate('1'), T0);
    expect(() => machine.handle(locate('1'), T0)).toThrow(RangeError);
    expect(machine.handle(locate('2'), T0)).toMatchObject([{ id: '2', peers: [], reason: 'limit' }]);
  });
});

describe('aliases', () => {
  const alias = (target: string, ttlSeconds?: number): DnsRecord => ({ type: 'CNAME', target, ttlSeconds });

  test('are followed, and kept as long as the shortest of them', () => {
    const machine = new Resolver(v4);
    const zone: Zone = {
      'A example.com': [alias('One.example.net.', 10)],
      'A one.example.net': [alias('two.example.net', 50)],
      'A two.example.net': [a('192.0.2.1', 60)],
    };
    const { asked, located } = settle(machine, zone, locate('1'));
    expect(asked).toEqual(['A example.com', 'A one.example.net', 'A two.example.net']);
    expect(located[0]).toMatchObject({ peers: [{ host: '192.0.2.1' }] });
    expect(settle(machine, {}, locate('2'), T0 + 9_999).asked).toEqual([]);
    expect(settle(machine, zone, locate('3'), T0 + 10_000).asked.length).toBe(3);
  });

  test('may stand beside the records they lead to', () => {
    const zone: Zone = { 'A example.com': [alias('one.example.net'), a('192.0.2.1')] };
    expect(settle(new Resolver(v4), zone, locate('1'))).toMatchObject({
      asked: ['A example.com'],
      located: [{ peers: [{ host: '192.0.2.1' }] }],
    });
  });

  test('in a loop come to an end', () => {
    const zone: Zone = {
      'A example.com': [alias('b.example.com')],
      'A b.example.com': [alias('example.com')],
    };
    const { asked, located } = settle(new Resolver(v4), zone, locate('1'));
    expect(asked.length).toBe(9);
    expect(located).toMatchObject([{ peers: [], reason: 'dns' }]);
    const self: Zone = { 'A example.com': [alias('example.com')] };
    expect(settle(new Resolver(v4), self, locate('1')).asked.length).toBe(9);
  });
});

describe('whatever the DNS says', () => {
  const name = fc.constantFrom('a', 'b.a', '_sip._udp.a', '.', '', '192.0.2.1', 'A.', ':::');
  const ttlSeconds = fc.constantFrom(undefined, 0, -1, 5, 1e9, Number.NaN);
  const number = fc.integer({ min: 0, max: 3 });
  const record = fc.oneof(
    fc.record({ type: fc.constant('CNAME' as const), target: name, ttlSeconds }),
    fc.record({ type: fc.constant('A' as const), address: fc.constantFrom('192.0.2.1', '::1'), ttlSeconds }),
    fc.record({
      type: fc.constant('SRV' as const),
      priority: number,
      weight: number,
      port: number,
      target: name,
      ttlSeconds,
    }),
    fc
      .tuple(fc.constantFrom('SIP+D2U', 'SIPS+D2T', 'x'), name)
      .map(([service, replacement]) => naptr(`1 1 s ${service} ${replacement}`)),
  );
  const answer = fc.option(fc.array(record, { maxLength: 4 }), { nil: undefined });

  test('every look-up ends once, and nothing is left', () => {
    fc.assert(
      fc.property(
        fc.array(answer, { minLength: 1, maxLength: 12 }),
        fc.constantFrom('sip:a', 'sips:a', 'sip:a:5060', 'sip:a;transport=tcp', 'sip:b.a;maddr=a'),
        fc.integer(),
        (answers, text, seed) => {
          const machine = new Resolver({ random: seeded(seed) });
          let count = 0;
          const zone = new Proxy({} as Zone, {
            has: () => true,
            get: () => answers[count++ % answers.length],
          });
          for (const [id, input] of [locate('1', parseUri(text)), locate('2', parseUri(text))].entries()) {
            const { located, asked } = settle(machine, zone, input, T0 + id);
            expect(located.length).toBe(1);
            expect(asked.length).toBeLessThan(400);
            const [{ peers = [], reason } = {}] = located;
            expect(peers.length === 0).toBe(reason !== undefined);
          }
          expect(machine.deadline).toBeUndefined();
        },
      ),
      { numRuns: runs },
    );
  });

  test('an answer of very many records is read in part', () => {
    const zone: Zone = {
      'SRV _sip._udp.example.com': Array.from({ length: 5000 }, (_, index) =>
        srv(`0 1 ${index} a.example.com`),
      ),
      'A a.example.com': Array.from({ length: 5000 }, () => a('192.0.2.1')),
    };
    const input = { type: 'locate-reply', id: '1', via: via.parse('SIP/2.0/UDP example.com') } as const;
    const { located } = settle(new Resolver({ random: seeded(1) }), zone, input);
    expect(located[0]?.peers.length).toBe(10);
  });
});
