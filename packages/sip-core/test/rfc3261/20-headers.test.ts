import { describe, expect, it } from 'vitest';
import * as sip from '../../src/index.ts';
import {
  type HeaderType,
  params,
  parseNameAddr,
  quote,
  serializeNameAddr,
  unquote,
} from '../../src/index.ts';
import { faultOf, requestWith } from '../support/text.ts';

/** A value is read from text and from a message alike, and written as `written`. */
function reads<T>(header: HeaderType<T>, text: string, value: unknown, written = text): void {
  expect(header.parse(text)).toEqual(value);
  expect(requestWith(`${header.name}: ${text}`).get(header)).toEqual(value);
  expect(header.serialize(header.parse(text))).toBe(written);
}

const bob = { type: 'sip', scheme: 'sip', user: 'bob', host: 'b.com', params: new Map(), headers: [] };

describe('addresses (§20.10, §20.20, §20.31, §20.39)', () => {
  it('are read in both forms; without brackets all parameters are the header field’s', () => {
    reads(
      sip.to,
      'sip:bob@b.com;tag=x',
      { uri: bob, params: new Map([['tag', 'x']]) },
      '<sip:bob@b.com>;tag=x',
    );
    const uri = { ...bob, params: new Map([['lr', undefined]]) };
    reads(sip.to, '<sip:bob@b.com;lr>;tag=x', { uri, params: new Map([['tag', 'x']]) });
  });

  it('have display names quoted or of tokens, escapes taken off', () => {
    const named = (displayName: string) => ({ displayName, uri: bob, params: new Map() });
    reads(sip.from, '"A. \\"G\\" \\\\ Bell" <sip:bob@b.com>', named('A. "G" \\ Bell'));
    reads(sip.from, 'Bob  B <sip:bob@b.com>', named('Bob  B'), '"Bob  B" <sip:bob@b.com>');
    reads(sip.from, '"" <sip:bob@b.com>', named(''));
    reads(sip.replyTo, 'Bob<sip:bob@b.com>', named('Bob'), '"Bob" <sip:bob@b.com>');
  });

  it.each([
    ['a quote that does not end', '"Bob <sip:bob@b.com>'],
    ['a bracket that does not end', '<sip:bob@b.com'],
    ['text after the bracket', '<sip:bob@b.com> x'],
    ['a comma in an unquoted name', 'Bell, A <sip:bob@b.com>'],
    ['a question mark without brackets (@req rfc3261:20:11)', 'sip:bob@b.com?x=y'],
    ['a comma without brackets (@req rfc3261:20.20:2)', 'sip:bob,c@b.com'],
    ['a quoted name alone', '"Bob"'],
    ['"=" without a value', '<sip:bob@b.com>;tag='],
    ['a parameter without a name', '<sip:bob@b.com>;;tag=1'],
    ['nothing', ''],
  ])('are refused with %s', (_, text) => {
    expect(['value', 'uri']).toContain(faultOf(() => parseNameAddr(text)).code);
    expect(['value', 'uri']).toContain(faultOf(() => requestWith(`From: ${text}`).get(sip.from)).code);
  });

  it('may be "*" in Contact', () => {
    reads(sip.contact, '*', '*');
  });

  it('need brackets in Route, Record-Route and Path (§20.34)', () => {
    for (const header of [sip.route, sip.recordRoute, sip.path]) {
      reads(header, '<sip:bob@b.com>', { uri: bob, params: new Map() });
      expect(faultOf(() => header.parse('sip:bob@b.com')).code).toBe('value');
    }
  });

  it('are always written with brackets (@req rfc3261:20.10:1)', () => {
    const value = { displayName: 'x "y"', uri: sip.parseUri('sip:a,b@c?d=e'), params: params({ q: '0.1' }) };
    expect(serializeNameAddr(value)).toBe('"x \\"y\\"" <sip:a,b@c?d=e>;q=0.1');
  });
});

describe('Via (§20.42)', () => {
  it('is read with white space where the grammar has it', () => {
    const value = {
      protocol: 'SIP',
      version: '2.0',
      transport: 'UDP',
      host: 'first.example.com',
      port: 4000,
      params: params({ ttl: '16', maddr: '224.2.0.1', branch: 'z9hG4bKa7c6a8dlze.1' }),
    };
    const written = 'SIP/2.0/UDP first.example.com:4000;ttl=16;maddr=224.2.0.1;branch=z9hG4bKa7c6a8dlze.1';
    reads(sip.via, written, value);
    const spaced =
      'SIP / 2.0 / UDP first.example.com: 4000;ttl=16 ;maddr=224.2.0.1 ;branch=z9hG4bKa7c6a8dlze.1';
    reads(sip.via, spaced, value, written);
  });

  it('holds IPv6 addresses with and without brackets, and rport with no value (RFC 3581)', () => {
    const via = sip.via.parse('SIP/2.0/TLS [2001:db8::1];rport;received=2001:db8::2;branch=z9hG4bK1');
    expect(via).toMatchObject({ host: '[2001:db8::1]', port: undefined });
    expect(via.params.has('rport') && via.params.get('rport')).toBe(undefined);
    expect(via.params.get('received')).toBe('2001:db8::2');
  });

  it.each([
    'SIP/2.0 a',
    'SIP/2.0/UDP',
    'SIP/2.0/UDP;branch=1',
    '/2.0/UDP a',
    'SIP//UDP a',
    'SIP/2.0/UDP a:',
    'SIP/2.0/UDP a:x',
    'SIP/2.0/UDP a:70000',
    'SIP/2.0/UDP a b',
    '',
  ])('is refused: %s', (text) => {
    expect(['value', 'uri']).toContain(faultOf(() => sip.via.parse(text)).code);
  });
});

describe('numbers', () => {
  it('have their bounds', () => {
    reads(sip.cseq, '2147483647 INVITE', { sequence: 2147483647, method: 'INVITE' });
    reads(sip.cseq, '0 X', { sequence: 0, method: 'X' });
    expect(faultOf(() => sip.cseq.parse('2147483648 INVITE')).code).toBe('value');
    reads(sip.maxForwards, '255', 255);
    expect(faultOf(() => sip.maxForwards.parse('256')).code).toBe('value');
    reads(sip.expires, '4294967295', 4_294_967_295);
    reads(sip.minExpires, '0060', 60, '60');
    expect(faultOf(() => sip.expires.parse('4294967296')).code).toBe('value');
    reads(sip.contentLength, '0', 0);
  });

  it.each(['', '-1', '1.5', '0x1', '1 2', '٣', '9'.repeat(400)])('are refused: %s', (text) => {
    for (const header of [sip.maxForwards, sip.expires, sip.minExpires, sip.contentLength]) {
      expect(faultOf(() => header.parse(text)).code).toBe('value');
    }
  });

  it.each(['1', '1INVITE', 'INVITE', '1  ', '1 A B', '-1 A', '1 A,B'])('are refused in CSeq: %s', (text) => {
    expect(faultOf(() => sip.cseq.parse(text)).code).toBe('value');
  });

  it('are not written beyond their bounds (§8.1.1.5, @req rfc3261:8.1.1.5:2)', () => {
    expect(() => sip.cseq.serialize({ sequence: 2 ** 31, method: 'A' })).toThrow(RangeError);
    expect(() => sip.expires.serialize(-1)).toThrow(RangeError);
    expect(() => sip.maxForwards.serialize(1.5)).toThrow(RangeError);
  });
});

describe('other header fields', () => {
  it('Call-ID and In-Reply-To (§20.8, §20.21)', () => {
    reads(sip.callId, 'f81d4fae-7dec-11d0@foo.bar.com', 'f81d4fae-7dec-11d0@foo.bar.com');
    reads(sip.callId, 'a<">b', 'a<">b');
    expect(faultOf(() => sip.callId.parse('a b')).code).toBe('value');
    expect(requestWith('In-Reply-To: a"<1@b, c@d').getAll(sip.inReplyTo)).toEqual(['a"<1@b', 'c@d']);
  });

  it('media types, in lower case (§20.15, §20.1)', () => {
    reads(
      sip.contentType,
      'Text/HTML; charset=ISO-8859-4',
      { type: 'text/html', params: params({ charset: 'ISO-8859-4' }) },
      'text/html;charset=ISO-8859-4',
    );
    reads(
      sip.contentType,
      'application / pidf+xml',
      { type: 'application/pidf+xml', params: new Map() },
      'application/pidf+xml',
    );
    expect(
      requestWith('Accept: */*;q=0.1, text/*')
        .getAll(sip.accept)
        .map((range) => range.type),
    ).toEqual(['*/*', 'text/*']);
    for (const text of ['text', 'text/', '/html', 'text html', '']) {
      expect(faultOf(() => sip.contentType.parse(text)).code).toBe('value');
    }
  });

  it('tokens with parameters (§20.2, §20.3, §20.11)', () => {
    reads(sip.acceptEncoding, 'gzip;q=1.0', { token: 'gzip', params: params({ q: '1.0' }) });
    reads(sip.acceptLanguage, 'en-gb;q=0.8', { token: 'en-gb', params: params({ q: '0.8' }) });
    reads(sip.contentDisposition, 'session;handling=optional', {
      token: 'session',
      params: params({ handling: 'optional' }),
    });
  });

  it('Date, in GMT only (§20.17)', () => {
    reads(sip.date, 'Sat, 13 Nov 2010 23:29:00 GMT', Date.UTC(2010, 10, 13, 23, 29, 0));
    for (const text of [
      'Fri, 01 Jan 2010 16:00:00 EST',
      'Sat, 13 Nov 2010 24:00:00 GMT',
      'Sat, 32 Nov 2010 23:29:00 GMT',
      'now',
    ]) {
      expect(faultOf(() => sip.date.parse(text)).code).toBe('value');
    }
  });

  it('Retry-After with comments within comments (§20.33)', () => {
    reads(sip.retryAfter, '18000;duration=3600', { seconds: 18000, params: params({ duration: '3600' }) });
    reads(sip.retryAfter, '120 (I (am) in \\) a)', {
      seconds: 120,
      comment: 'I (am) in \\) a',
      params: new Map(),
    });
    expect(faultOf(() => sip.retryAfter.parse('120 (never')).code).toBe('value');
    const deep = `120 ${'('.repeat(10_000)}${')'.repeat(10_000)}`;
    expect(sip.retryAfter.parse(deep).seconds).toBe(120);
  });

  it('Warning and Timestamp (§20.43, §20.38)', () => {
    reads(sip.warning, '307 isi.edu "Session \\"parameter\\""', {
      code: 307,
      agent: 'isi.edu',
      text: 'Session "parameter"',
    });
    expect(faultOf(() => sip.warning.parse('30 isi.edu "x"')).code).toBe('value');
    expect(faultOf(() => sip.warning.parse('307 isi.edu "x')).code).toBe('value');
    reads(sip.timestamp, '54.21', { timestamp: '54.21' });
    reads(sip.timestamp, '54 .5', { timestamp: '54', delay: '.5' });
    expect(faultOf(() => sip.timestamp.parse('x')).code).toBe('value');
  });

  it('Reason (RFC 3326)', () => {
    const written = 'SIP ;cause=200 ;text="Call completed elsewhere"';
    const value = { protocol: 'SIP', params: params({ cause: '200', text: '"Call completed elsewhere"' }) };
    reads(sip.reason, written, value, 'SIP;cause=200;text="Call completed elsewhere"');
  });

  it('texts and tokens', () => {
    reads(sip.userAgent, 'Softphone Beta1.5 (x, y)', 'Softphone Beta1.5 (x, y)');
    reads(sip.subject, 'Brüder, zur Sonne', 'Brüder, zur Sonne');
    reads(sip.priority, 'emergency', 'emergency');
    expect(faultOf(() => sip.priority.parse('very urgent')).code).toBe('value');
    expect(faultOf(() => sip.require.parse('')).code).toBe('value');
  });
});

describe('quoted strings (§25.1, @req rfc3261:25.1:2)', () => {
  it.each(['', 'plain', 'a "b" \\c', '\\', 'ü,;<>'])('come back as they went: %s', (text) => {
    expect(unquote(quote(text))).toBe(text);
    const address = parseNameAddr(
      serializeNameAddr({ displayName: text, uri: sip.parseUri('sip:a@b'), params: sip.noParams }),
    );
    expect(address.displayName).toBe(text);
  });

  it('leave what is not quoted alone', () => {
    expect(unquote('token')).toBe('token');
    expect(unquote(undefined)).toBe(undefined);
    expect(() => params({ 'no token': 'x' })).toThrow(TypeError);
  });
});
