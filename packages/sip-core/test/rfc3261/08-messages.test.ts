import { describe, expect, it } from 'vitest';
import {
  checkRequest,
  checkResponse,
  createRequest,
  createResponse,
  from,
  maxForwards,
  parseMessage,
  parseNameAddr,
  reasonPhrase,
  type SipRequest,
  set,
  to,
} from '../../src/index.ts';
import { bytesOf, faultOf, mandatory, text } from '../support/text.ts';

function request(lines: readonly string[], method = 'MESSAGE'): SipRequest {
  const message = parseMessage(bytesOf([`${method} sip:bob@example.com SIP/2.0`, ...lines]));
  if (message.type === 'request') return message;
  throw new Error('no request');
}

describe('requests (§8.1.1)', () => {
  it('are made of edits, with Max-Forwards 70 (@req rfc3261:8.1.1.6:1)', () => {
    const made = createRequest({
      method: 'MESSAGE',
      uri: 'sip:bob@example.com',
      headers: [set(to, parseNameAddr('<sip:bob@example.com>')), set('Subject', 'Grüße')],
      body: new TextEncoder().encode('ü'),
      contentType: 'text/plain',
    });
    expect(text(made.toBytes())).toBe(
      'MESSAGE sip:bob@example.com SIP/2.0\r\nTo: <sip:bob@example.com>\r\nSubject: Grüße\r\nMax-Forwards: 70\r\n' +
        'Content-Type: text/plain\r\nContent-Length: 2\r\n\r\nü',
    );
    expect(made.get(maxForwards)).toBe(70);
    const own = createRequest({ method: 'ACK', uri: 'sip:a', headers: [set(maxForwards, 5)] });
    expect(text(own.toBytes())).toBe('ACK sip:a SIP/2.0\r\nMax-Forwards: 5\r\nContent-Length: 0\r\n\r\n');
  });

  it('are refused as a caller’s mistake when they can not be written', () => {
    expect(() => createRequest({ method: 'NO TOKEN', uri: 'sip:a' })).toThrow(TypeError);
    expect(() => createRequest({ method: 'A', uri: 'sip:a b' })).toThrow(TypeError);
    expect(() => createRequest({ method: 'A', uri: 'sip:a', body: new Uint8Array(1) })).toThrow(TypeError);
  });
});

describe('responses (§8.2.6)', () => {
  const lines = [
    ...mandatory,
    'v: SIP/2.0/UDP  second',
    'Timestamp: 54',
    'Record-Route: <sip:r;lr>',
    'Subject: x',
  ];

  it('copy Via, From, To, Call-ID and CSeq as they are, and add the tag (§8.2.6.2)', () => {
    const response = createResponse(request(lines), 200, { toTag: 'b', headers: [set('Server', 's')] });
    expect(text(response.toBytes())).toBe(
      [
        'SIP/2.0 200 OK',
        'Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1',
        'From: <sip:alice@example.com>;tag=a',
        'To: <sip:bob@example.com>;tag=b',
        'Call-ID: 1@192.0.2.1',
        'CSeq: 1 MESSAGE',
        'v: SIP/2.0/UDP  second',
        'Server: s',
        'Content-Length: 0',
        '',
        '',
      ].join('\r\n'),
    );
    checkResponse(response);
  });

  it('keep a tag that is there, whatever form To has', () => {
    const fields = mandatory.filter((line) => !line.startsWith('To'));
    const tagOf = (line: string) =>
      createResponse(request([...fields, line]), 200, { toTag: 'new' })
        .get(to)
        ?.params.get('tag');
    expect(tagOf('To: sip:bob@example.com')).toBe('new');
    expect(tagOf('To: <sip:bob@example.com;tag=uri>')).toBe('new');
    expect(tagOf('To: sip:bob@example.com;TAG=old')).toBe('old');
  });

  it('copy Timestamp into a 100 only (§8.2.6.1)', () => {
    expect(createResponse(request(lines), 100).raw('Timestamp')).toEqual(['54']);
    expect(createResponse(request(lines), 200).has('Timestamp')).toBe(false);
  });

  it('answer malformed requests without reading them', () => {
    const broken = [
      'Via: nonsense',
      'From: "',
      'From: <sip:b>',
      'To: "unended;tag=1',
      'Call-ID: a b',
      'CSeq: x',
    ];
    const response = createResponse(request(broken), 400, { toTag: 't', reason: 'Wrong \u00fc' });
    expect([...response.headers()].map(([name]) => name)).toEqual([
      'Via',
      'From',
      'To',
      'Call-ID',
      'CSeq',
      'Content-Length',
    ]);
    expect(response.reason).toBe('Wrong \u00fc');
    expect(response.raw('To')).toEqual(['"unended;tag=1']);
    expect(createResponse(request(['To: "x']), 400, { toTag: 't' }).raw('To')).toEqual(['"x;tag=t']);
  });

  it('have the RFCs’ reason phrases, and their class’s otherwise', () => {
    expect(reasonPhrase(481)).toBe('Call/Transaction Does Not Exist');
    expect(reasonPhrase(489)).toBe('Bad Event');
    expect(reasonPhrase(412)).toBe('Conditional Request Failed');
    expect(reasonPhrase(499)).toBe('Bad Request');
    expect(reasonPhrase(299)).toBe('OK');
    expect(reasonPhrase(99)).toBe('Unknown');
    expect(createResponse(request(lines), 423).reason).toBe('Interval Too Brief');
  });

  it('are refused as a caller’s mistake when they can not be written', () => {
    for (const status of [99, 700, 200.5])
      expect(() => createResponse(request(lines), status)).toThrow(RangeError);
    expect(() => createResponse(request(lines), 200, { reason: 'a\r\nb' })).toThrow(TypeError);
  });
});

describe('what every message must have (§8.1.1, §20)', () => {
  it('passes when it is there, Max-Forwards or not (§16.3 step 3)', () => {
    checkRequest(request(mandatory));
    checkRequest(request(mandatory.filter((line) => !line.startsWith('Max'))));
  });

  it.each(['Via', 'From', 'To', 'Call-ID', 'CSeq'])(
    'is refused without %s (@req rfc3261:8.1.1:1)',
    (name) => {
      const fields = mandatory.filter((line) => !line.startsWith(`${name}:`));
      const fault = faultOf(() => checkRequest(request(fields)));
      expect([fault.code, fault.status]).toEqual(['missing', 400]);
      const response = parseMessage(bytesOf(['SIP/2.0 200 OK', ...fields]));
      expect(faultOf(() => response.type === 'response' && checkResponse(response)).code).toBe('missing');
    },
  );

  it.each([
    ['another method in CSeq (@req rfc3261:8.1.1.5:1)', 'CSeq: 1 INVITE', 'mismatch'],
    ['a method in another case', 'CSeq: 1 message', 'mismatch'],
    ['CSeq of 2**31', 'CSeq: 2147483648 MESSAGE', 'value'],
    ['Max-Forwards of 256', 'Max-Forwards: 256', 'value'],
    ['a Via of another protocol (@req rfc3261:8.1.1.7:2)', 'Via: SIP/3.0/UDP a', 'value'],
    ['a From that is none', 'From: alice', 'uri'],
  ])('is refused with %s', (_, line, code) => {
    const name = line.slice(0, line.indexOf(':') + 1);
    const fields = mandatory.map((other) => (other.startsWith(name) ? line : other));
    expect(faultOf(() => checkRequest(request(fields))).code).toBe(code);
  });

  it.each(['Subject', 'Expires', 'Event', 'Contact-Length', 'Subscription-State', 'Date', 'Min-Expires'])(
    'is refused with %s twice when it may be there once',
    (name) => {
      const twice = request([...mandatory, `${name}: 1`, `${name}: 2`]);
      if (name === 'Contact-Length') checkRequest(twice);
      else expect(faultOf(() => checkRequest(twice)).code).toBe('duplicate');
    },
  );

  it('is refused in another version with 505 (§21.5.6)', () => {
    const message = parseMessage(bytesOf(['MESSAGE sip:a SIP/3.0', ...mandatory]));
    const fault = faultOf(() => message.type === 'request' && checkRequest(message));
    expect([fault.code, fault.status]).toEqual(['version', 505]);
  });

  it('is refused with a Request-URI that is none or holds headers (§19.1.1 table 1)', () => {
    for (const uri of ['bob', 'sip:@x', 'sip:bob@x?Route=%3Csip:y%3E']) {
      const message = parseMessage(bytesOf([`MESSAGE ${uri} SIP/2.0`, ...mandatory]));
      expect(faultOf(() => message.type === 'request' && checkRequest(message)).code).toBe('uri');
    }
  });

  it('reads From without a tag, as RFC 2543 peers send it (§8.2.6.2)', () => {
    const fields = mandatory.map((line) => line.replace(';tag=a', ''));
    checkRequest(request(fields));
    expect(request(fields).get(from)?.params.has('tag')).toBe(false);
  });
});
