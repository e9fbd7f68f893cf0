import { describe, expect, test } from 'vitest';
import { a, lookReply, srv, type Zone } from '../support/zone.ts';

const zone: Zone = {
  'A example.com': [a('192.0.2.1'), a('192.0.2.2')],
  'SRV _sips._tcp.example.com': [srv('0 0 5071 one.example.com'), srv('1 0 5072 two.example.com')],
  'SRV _sip._tcp.example.com': [srv('0 0 5073 one.example.com')],
  'A one.example.com': [a('192.0.2.11')],
  'A two.example.com': [a('192.0.2.12')],
};

describe('responses whose way back is gone (RFC 3263 §5)', () => {
  test('go to the address in Via, by its transport and port', () => {
    expect(lookReply(zone, 'SIP/2.0/UDP 192.0.2.7;branch=x').found).toEqual(['udp 192.0.2.7 5060']);
    expect(lookReply(zone, 'SIP/2.0/TCP [2001:db8::1]:5070').found).toEqual(['tcp 2001:db8::1 5070']);
  });

  test('go by TLS over TCP when Via says TLS (@req rfc3263:5:1)', () => {
    expect(lookReply(zone, 'SIP/2.0/TLS 192.0.2.7').peers).toEqual([
      { transport: 'tls', host: '192.0.2.7', port: 5061, domain: '192.0.2.7' },
    ]);
    const { asked, peers } = lookReply(zone, 'SIP/2.0/TLS example.com');
    expect(asked[0]).toBe('SRV _sips._tcp.example.com');
    expect(peers).toEqual([
      { transport: 'tls', host: '192.0.2.11', port: 5071, domain: 'example.com' },
      { transport: 'tls', host: '192.0.2.12', port: 5072, domain: 'example.com' },
    ]);
    expect(lookReply(zone, 'SIP/2.0/TLS example.com', { transports: ['tcp', 'udp'] }).reason).toBe(
      'transport',
    );
  });

  test('go to all addresses of a name with a port, one after the other', () => {
    const { asked, found } = lookReply(zone, 'SIP/2.0/TCP example.com:5080');
    expect(asked).toEqual(['AAAA example.com', 'A example.com']);
    expect(found).toEqual(['tcp 192.0.2.1 5080', 'tcp 192.0.2.2 5080']);
  });

  test('go to the servers of a name without a port, or else to its addresses', () => {
    expect(lookReply(zone, 'SIP/2.0/TCP example.com').found).toEqual(['tcp 192.0.2.11 5073']);
    expect(lookReply(zone, 'SIP/2.0/UDP example.com').found).toEqual([
      'udp 192.0.2.1 5060',
      'udp 192.0.2.2 5060',
    ]);
  });

  test('go nowhere by a transport that we do not have', () => {
    expect(lookReply(zone, 'SIP/2.0/SCTP example.com').reason).toBe('transport');
  });
});
