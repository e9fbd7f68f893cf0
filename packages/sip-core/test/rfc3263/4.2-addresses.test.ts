import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { orderServers } from '../../src/resolve/index.ts';
import { seeded } from '../support/sip.ts';
import { a, look, naptr, srv, type Zone } from '../support/zone.ts';

const runs = 200 * Number(process.env['FUZZ_RUNS'] ?? 1);

describe('port and address (RFC 3263 §4.2)', () => {
  test('all addresses of a name are tried, in their order (@req rfc3263:4.2:1, @req rfc3263:4.2:2)', () => {
    const zone: Zone = {
      'A example.com': [a('192.0.2.1'), a('192.0.2.2')],
      'AAAA example.com': [a('2001:db8::1')],
    };
    expect(look(zone, 'sip:example.com:5070').found).toEqual([
      'udp 2001:db8::1 5070',
      'udp 192.0.2.1 5070',
      'udp 192.0.2.2 5070',
    ]);
    expect(look(zone, 'sip:example.com:5070', { families: [4] }).found).toEqual([
      'udp 192.0.2.1 5070',
      'udp 192.0.2.2 5070',
    ]);
  });

  test('the default port is the transport’s when there are no SRV records', () => {
    const zone: Zone = { 'A example.com': [a('192.0.2.1')] };
    expect(look(zone, 'sip:example.com;transport=tcp').found).toEqual(['tcp 192.0.2.1 5060']);
    expect(look(zone, 'sip:example.com;transport=tls').found).toEqual(['tls 192.0.2.1 5061']);
    expect(look(zone, 'sip:example.com;transport=tls').asked[0]).toBe('SRV _sips._tcp.example.com');
  });

  test('a service whose target is the root is decidedly not available (RFC 2782)', () => {
    const zone: Zone = {
      'SRV _sip._tcp.example.com': [srv('0 0 0 .')],
      'A example.com': [a('192.0.2.1')],
    };
    expect(look(zone, 'sip:example.com;transport=tcp')).toMatchObject({ peers: [], reason: 'not-found' });
    const other: Zone = { ...zone, 'SRV _sip._udp.example.com': [srv('0 0 5060 example.com')] };
    expect(look(other, 'sip:example.com').found).toEqual(['udp 192.0.2.1 5060']);
  });

  test('a server twice is tried once; a server without an address is passed over', () => {
    const zone: Zone = {
      'SRV _sip._udp.example.com': [
        srv('0 0 5060 one.example.com'),
        srv('1 0 5060 none.example.com'),
        srv('2 0 5060 ONE.example.com.'),
        srv('3 0 5062 one.example.com'),
      ],
      'A one.example.com': [a('192.0.2.1')],
    };
    expect(look(zone, 'sip:example.com').found).toEqual(['udp 192.0.2.1 5060', 'udp 192.0.2.1 5062']);
  });

  test('what can’t be found is told from what can’t be asked', () => {
    expect(look({}, 'sip:example.com')).toMatchObject({ peers: [], reason: 'not-found' });
    expect(look({ 'A example.com': undefined }, 'sip:example.com')).toMatchObject({ reason: 'dns' });
  });

  test('a target that is an address already needs no question', () => {
    const zone: Zone = { 'SRV _sip._udp.example.com': [srv('0 0 5080 192.0.2.4')] };
    expect(look(zone, 'sip:example.com').found).toEqual(['udp 192.0.2.4 5080']);
  });
});

describe('the order of servers (RFC 2782, RFC 3263 §4.2)', () => {
  const record = fc.record({
    type: fc.constant('SRV' as const),
    priority: fc.integer({ min: 0, max: 3 }),
    weight: fc.integer({ min: 0, max: 65_535 }),
    port: fc.integer({ min: 1, max: 65_535 }),
    target: fc.constantFrom('a', 'b', 'c'),
  });

  test('is by priority, and has each server once', () => {
    fc.assert(
      fc.property(fc.array(record, { maxLength: 12 }), fc.integer(), (records, seed) => {
        const ordered = orderServers(records, seeded(seed), 100);
        expect(ordered.length).toBe(records.length);
        expect(new Set(ordered)).toEqual(new Set(records));
        expect(ordered.map(({ priority }) => priority)).toEqual(
          records.map(({ priority }) => priority).sort((x, y) => x - y),
        );
      }),
      { numRuns: runs },
    );
  });

  test('is by chance among equals, in proportion to their weights', () => {
    const records = [srv('0 1 5060 one'), srv('0 3 5060 three'), srv('0 0 5060 none')];
    const random = seeded(7);
    const first: Record<string, number> = {};
    for (let round = 0; round < 10_000; round++) {
      const name = orderServers(records, random, 3)[0]?.target ?? '';
      first[name] = (first[name] ?? 0) + 1;
    }
    // A number from 0 to 4: 0 takes the one of weight 0, 1 the next, 2 to 4 the last.
    expect((first['none'] ?? 0) / 10_000).toBeCloseTo(0.2, 1);
    expect((first['one'] ?? 0) / 10_000).toBeCloseTo(0.2, 1);
    expect((first['three'] ?? 0) / 10_000).toBeCloseTo(0.6, 1);
  });

  test('is the same for everybody without a random source (@req rfc3263:4.4:2)', () => {
    fc.assert(
      fc.property(fc.array(record, { maxLength: 8 }), (records) => {
        const key = (each: object) => JSON.stringify(each);
        const ordered = orderServers(records, undefined, 100).map(key);
        expect(orderServers([...records].reverse(), undefined, 100).map(key)).toEqual(ordered);
      }),
      { numRuns: runs },
    );
  });

  test('holds no more servers than are wanted', () => {
    const zone: Zone = {
      'NAPTR example.com': [naptr('1 1 s SIP+D2U _sip._udp.example.com')],
      'SRV _sip._udp.example.com': Array.from({ length: 50 }, (_, index) =>
        srv(`${index} 0 5060 s${index}.example.com`),
      ),
    };
    const { asked } = look(zone, 'sip:example.com', { families: [4], limits: { servers: 3 } });
    expect(asked.slice(2)).toEqual(['A s0.example.com', 'A s1.example.com', 'A s2.example.com']);
  });
});
