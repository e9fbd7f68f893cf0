import { describe, expect, test } from 'vitest';
import { parseUri } from '../../src/index.ts';
import { Resolver } from '../../src/resolve/index.ts';
import { T0 } from '../support/sip.ts';
import { a, look, naptr, settle, srv, type Zone } from '../support/zone.ts';

/** The example of §4.1, with an address for each server. */
const example: Zone = {
  'NAPTR example.com': [
    naptr('50 50 s SIPS+D2T _sips._tcp.example.com.'),
    naptr('90 50 s SIP+D2T _sip._tcp.example.com'),
    naptr('100 50 s SIP+D2U _sip._udp.example.com.'),
  ],
  'SRV _sips._tcp.example.com': [srv('0 0 5061 server1.example.com')],
  'SRV _sip._tcp.example.com': [srv('0 1 5060 server1.example.com'), srv('1 2 5060 server2.example.com')],
  'SRV _sip._udp.example.com': [srv('0 0 5060 server3.example.com')],
  'A server1.example.com': [a('192.0.2.1')],
  'A server2.example.com': [a('192.0.2.2')],
  'A server3.example.com': [a('192.0.2.3')],
  'A example.com': [a('192.0.2.99')],
};

describe('a transport that is known (RFC 3263 §4.1)', () => {
  test('the URI’s own is used (@req rfc3263:4.1:1)', () => {
    const { found, asked } = look(example, 'sip:bob@example.com;transport=udp');
    expect(found).toEqual(['udp 192.0.2.3 5060']);
    expect(asked).not.toContain('NAPTR example.com');
    expect(look(example, 'sip:bob@example.com;transport=TCP').found[0]).toBe('tcp 192.0.2.1 5060');
    expect(look(example, 'sip:192.0.2.7;transport=tcp').found).toEqual(['tcp 192.0.2.7 5060']);
    expect(look(example, 'sip:example.com:5070;transport=tcp').found).toEqual(['tcp 192.0.2.99 5070']);
  });

  test('a numeric address means UDP for SIP, and TCP (with TLS) for SIPS (@req rfc3263:4.1:2)', () => {
    const { found, asked } = look(example, 'sip:bob@192.0.2.7');
    expect([found, asked]).toEqual([['udp 192.0.2.7 5060'], []]);
    expect(look(example, 'sips:bob@192.0.2.7').found).toEqual(['tls 192.0.2.7 5061']);
    expect(look(example, 'sip:[2001:db8::1]:5070').found).toEqual(['udp 2001:db8::1 5070']);
    expect(look(example, 'sip:[2001:db8:::192.0.2.1]').found).toEqual(['udp 2001:db8::192.0.2.1 5060']);
    expect(look(example, 'sip:bob@example.com;maddr=192.0.2.8').found).toEqual(['udp 192.0.2.8 5060']);
    expect(look(example, 'sip:192.0.2.7', { transports: ['tcp'] }).found).toEqual(['tcp 192.0.2.7 5060']);
  });

  test('an explicit port means the same, and no SRV or NAPTR (@req rfc3263:4.1:3)', () => {
    const { found, asked } = look(example, 'sip:bob@example.com:5060');
    expect(found).toEqual(['udp 192.0.2.99 5060']);
    expect(asked).toEqual(['AAAA example.com', 'A example.com']);
    expect(look(example, 'sips:bob@example.com:5099').found).toEqual(['tls 192.0.2.99 5099']);
  });

  test('of a SIPS URI is always over TLS', () => {
    expect(look(example, 'sips:example.com;transport=tcp').found).toEqual(['tls 192.0.2.1 5061']);
    expect(look(example, 'sips:example.com;transport=udp')).toMatchObject({ peers: [], reason: 'transport' });
    expect(look({}, 'sips:192.0.2.1;transport=ws', { transports: ['wss'] }).found).toEqual([
      'wss 192.0.2.1 443',
    ]);
  });

  test('that we do not have leads nowhere', () => {
    for (const uri of ['sip:example.com;transport=sctp', 'sip:192.0.2.1;transport=ws', 'tel:+1'])
      expect(look(example, uri)).toMatchObject({ peers: [], reason: 'transport' });
    expect(look(example, 'sips:192.0.2.1', { transports: ['udp'] }).reason).toBe('transport');
    expect(look(example, 'sips:example.org', { transports: ['udp'] }).reason).toBe('transport');
  });
});

describe('a transport that the domain offers (RFC 3263 §4.1)', () => {
  test('NAPTR is asked, and its most preferred service that we have is used (@req rfc3263:4.1:5, @req rfc3263:4.1:7)', () => {
    const first = look(example, 'sip:bob@example.com');
    expect(first.asked[0]).toBe('NAPTR example.com');
    expect(first.found).toEqual(['tls 192.0.2.1 5061']);
    const client = look(example, 'sip:bob@example.com', { transports: ['udp', 'tcp'] });
    expect(client.asked.slice(0, 2)).toEqual(['NAPTR example.com', 'SRV _sip._tcp.example.com']);
    expect(client.found).toEqual(['tcp 192.0.2.1 5060', 'tcp 192.0.2.2 5060']);
  });

  test('order counts before preference', () => {
    const zone: Zone = {
      ...example,
      'NAPTR example.com': [
        naptr('20 1 S SIP+D2U _sip._udp.example.com'),
        naptr('10 9 s sip+d2t _SIP._TCP.example.com.'),
        naptr('10 2 s SIPS+D2T _sips._tcp.example.com'),
      ],
    };
    expect(look(zone, 'sip:example.com').found).toEqual(['tls 192.0.2.1 5061']);
    expect(look(zone, 'sip:example.com', { transports: ['udp', 'tcp'] }).found[0]).toBe('tcp 192.0.2.1 5060');
  });

  test('a SIPS URI takes no service but SIPS (@req rfc3263:4.1:6)', () => {
    const zone: Zone = { ...example, 'NAPTR example.com': example['NAPTR example.com']?.slice(1) };
    const { asked, found } = look(zone, 'sips:bob@example.com');
    expect(asked).not.toContain('SRV _sip._tcp.example.com');
    expect(asked).not.toContain('SRV _sip._udp.example.com');
    expect(found).toEqual(['tls 192.0.2.1 5061']);
    expect(look(example, 'sips:bob@example.com').found).toEqual(['tls 192.0.2.1 5061']);
  });

  test('services for other transports and other applications are left out (@req rfc3263:4.1:8)', () => {
    const zone: Zone = {
      ...example,
      'NAPTR example.com': [
        naptr('1 1 s SIP+D2S _sip._sctp.example.com'),
        naptr('1 2 s SIPS+D2U _sips._udp.example.com'),
        naptr('1 3 s E2U+sip _sip._udp.example.com'),
        naptr('1 4 u SIP+D2T _sip._tcp.example.com'),
        { ...naptr('1 5 s SIP+D2T _sip._tcp.example.com'), regexp: '!^.*$!sip:info@example.com!' },
        naptr('2 1 s SIP+D2U _sip._udp.example.com'),
      ],
    };
    expect(look(zone, 'sip:example.com').asked.slice(0, 2)).toEqual([
      'NAPTR example.com',
      'SRV _sip._udp.example.com',
    ]);
  });

  test('the replacement may be in another domain; over TLS the one asked for is to be proved', () => {
    const zone: Zone = {
      'NAPTR example.com': [naptr('1 1 s SIPS+D2T _sips._tcp.school.edu')],
      'SRV _sips._tcp.school.edu': [srv('0 0 5061 sip.school.edu')],
      'A sip.school.edu': [a('192.0.2.5')],
    };
    expect(look(zone, 'sip:Example.COM').peers).toEqual([
      { transport: 'tls', host: '192.0.2.5', port: 5061, domain: 'example.com' },
    ]);
  });

  test('WebSockets are offered by SIP+D2W and SIPS+D2W (RFC 7118 §5.5)', () => {
    const zone: Zone = {
      'NAPTR example.com': [
        naptr('1 1 s SIP+D2W _sip._ws.example.com'),
        naptr('2 1 s SIPS+D2W _sips._ws.example.com'),
      ],
      'SRV _sip._ws.example.com': [srv('0 0 8080 w.example.com')],
      'SRV _sips._ws.example.com': [srv('0 0 8443 w.example.com')],
      'A w.example.com': [a('192.0.2.6')],
    };
    const options = { transports: ['ws', 'wss'] } as const;
    expect(look(zone, 'sip:example.com', options).found).toEqual(['ws 192.0.2.6 8080']);
    expect(look(zone, 'sips:example.com', options).found).toEqual(['wss 192.0.2.6 8443']);
  });

  test('the next service is taken when one has no servers', () => {
    const { 'SRV _sips._tcp.example.com': _, ...zone } = example;
    expect(look(zone, 'sip:example.com').found[0]).toBe('tcp 192.0.2.1 5060');
  });
});

describe('a domain without NAPTR records (RFC 3263 §4.1)', () => {
  const { 'NAPTR example.com': _, ...bare } = example;

  test('SRV records are asked for each transport that we have, by the scheme', () => {
    const { asked, found } = look(bare, 'sip:example.com');
    expect(asked.slice(0, 3)).toEqual([
      'NAPTR example.com',
      'SRV _sip._tcp.example.com',
      'SRV _sip._udp.example.com',
    ]);
    expect(found[0]).toBe('tcp 192.0.2.1 5060');
    expect(look(bare, 'sip:example.com', { transports: ['udp', 'tcp'] }).found).toEqual([
      'udp 192.0.2.3 5060',
    ]);
    expect(look(bare, 'sips:example.com').asked).toEqual([
      'NAPTR example.com',
      'SRV _sips._tcp.example.com',
      'AAAA server1.example.com',
      'A server1.example.com',
    ]);
  });

  test('nor SRV records is reached by UDP, or by TLS for SIPS (@req rfc3263:4.1:17)', () => {
    const zone: Zone = { 'A example.com': [a('192.0.2.99')] };
    expect(look(zone, 'sip:example.com').found).toEqual(['udp 192.0.2.99 5060']);
    expect(look(zone, 'sips:example.com').found).toEqual(['tls 192.0.2.99 5061']);
  });

  test('is found so too when NAPTR can’t be asked', () => {
    expect(look({ ...bare, 'NAPTR example.com': undefined }, 'sip:example.com').found[0]).toBe(
      'tcp 192.0.2.1 5060',
    );
  });
});

describe('a domain that ceases to offer TLS (RFC 3263 §7)', () => {
  test('is remembered, and told (@req rfc3263:7:1, @req rfc3263:7:2)', () => {
    const machine = new Resolver();
    const uri = parseUri('sip:example.com');
    const attacked: Zone = { ...example, 'NAPTR example.com': example['NAPTR example.com']?.slice(2) };
    const at = (zone: Zone, id: string, now: number) =>
      settle(machine, zone, { type: 'locate', id, uri }, now).located[0];
    expect(at(example, '1', T0)).toMatchObject({ isDowngraded: false });
    expect(at(attacked, '2', T0 + 3_600_000)).toMatchObject({
      isDowngraded: true,
      peers: [{ transport: 'udp' }],
    });
    expect(at(example, '3', T0 + 7_200_000)).toMatchObject({ isDowngraded: false });
    expect(look(attacked, 'sip:example.com').isDowngraded).toBe(false);
  });
});
