import { describe, expect, it } from 'vitest';
import {
  accept,
  allow,
  callId,
  contact,
  contentType,
  cseq,
  from,
  type HeaderType,
  maxForwards,
  parseMessage,
  route,
  supported,
  to,
  userAgent,
  via,
} from '../../src/index.ts';
import { bytesOf, faultOf, mandatory, requestWith, text } from '../support/text.ts';

const parseLines = (...lines: string[]) => parseMessage(bytesOf(lines));

describe('start-lines (§7.1, §7.2)', () => {
  it('reads a request', () => {
    expect(parseLines('INVITE sip:bob@biloxi.com SIP/2.0')).toMatchObject({
      type: 'request',
      method: 'INVITE',
      uri: 'sip:bob@biloxi.com',
      version: 'SIP/2.0',
    });
  });

  it('reads a response, its reason empty or in any script', () => {
    expect(parseLines('SIP/2.0 200 OK')).toMatchObject({ type: 'response', status: 200, reason: 'OK' });
    expect(parseLines('SIP/2.0 486 ')).toMatchObject({ status: 486, reason: '' });
    expect(parseLines('SIP/2.0 200 Прекрасно')).toMatchObject({ reason: 'Прекрасно' });
  });

  it('takes the version in any case (@req rfc3261:7.1:5)', () => {
    expect(parseLines('INVITE sip:a@b sip/2.0')).toMatchObject({ version: 'SIP/2.0' });
    expect(parseLines('sIp/2.0 180 Ringing')).toMatchObject({ status: 180, version: 'SIP/2.0' });
  });

  it('keeps the case of a method: invite is not INVITE', () => {
    expect(parseLines('invite sip:a@b SIP/2.0')).toMatchObject({ method: 'invite' });
  });

  it.each([
    ['two spaces before the URI', 'INVITE  sip:a@b SIP/2.0'],
    ['two spaces before the version', 'INVITE sip:a@b  SIP/2.0'],
    ['a space after the version', 'INVITE sip:a@b SIP/2.0 '],
    ['a space within the URI (@req rfc3261:7.1:1)', 'INVITE sip:a @b SIP/2.0'],
    ['a control character in the URI', 'INVITE sip:a\u0001@b SIP/2.0'],
    ['angle brackets around the URI', 'INVITE <sip:a@b> SIP/2.0'],
    ['bytes beyond ASCII in the URI', 'INVITE sip:ä@b SIP/2.0'],
    ['no version', 'INVITE sip:a@b'],
    ['no number for a version', 'INVITE sip:a@b SIP/two'],
    ['HTTP', 'GET / HTTP/1.1'],
    ['a status of two digits', 'SIP/2.0 20 OK'],
    ['a status of four digits', 'SIP/2.0 2000 OK'],
    ['a status below 100', 'SIP/2.0 099 Early'],
    ['a status above 699', 'SIP/2.0 700 Late'],
    ['a status without the space after it', 'SIP/2.0 200'],
    ['a method that is no token', 'IN[V]ITE sip:a@b SIP/2.0'],
    ['nothing', ''],
  ])('refuses %s', (_, line) => {
    expect(faultOf(() => parseLines(line)).code).toBe('start-line');
  });
});

describe('header fields (§7.3.1)', () => {
  it('finds names in any case and in compact form (§7.3.3, @req rfc3261:7.3.3:3)', () => {
    const compact = requestWith(
      'v: SIP/2.0/UDP a',
      'F: <sip:a@b>',
      't: <sip:c@d>',
      'I: x@y',
      'm: <sip:e@f>',
      'k: a, b',
    );
    expect(compact.get(via)?.host).toBe('a');
    expect(compact.get(from)?.uri).toMatchObject({ host: 'b' });
    expect(compact.get(to)?.uri).toMatchObject({ host: 'd' });
    expect(compact.get(callId)).toBe('x@y');
    expect(compact.getAll(contact).length).toBe(1);
    expect(compact.getAll(supported)).toEqual(['a', 'b']);
    expect(compact.raw('CALL-id')).toEqual(['x@y']);
    expect(requestWith('mAx-fOrWaRdS: 5').get(maxForwards)).toBe(5);
    expect(requestWith('X-Own: 1', 'x-own: 2').raw('X-OWN')).toEqual(['1', '2']);
  });

  it('does not take a name for another that begins or ends like it', () => {
    const message = requestWith('Contact-Data: 1', 'Vi: 2', 'Via-x: 3', 'xVia: 4');
    expect(message.has(via)).toBe(false);
    expect(message.has(contact)).toBe(false);
    expect(message.has('vi')).toBe(true);
  });

  it('allows white space around the colon', () => {
    expect(requestWith('Subject   :   lunch  ').raw('Subject')).toEqual(['lunch']);
    expect(requestWith('Subject:lunch').raw('subject')).toEqual(['lunch']);
    expect(requestWith('Subject:').raw('subject')).toEqual(['']);
  });

  it('joins continuation lines with one space', () => {
    const message = requestWith(
      'Subject: I know\r\n  \tyou',
      'From:\r\n <sip:a@b>\r\n ;tag\r\n =1',
      'CSeq: 1\r\n INVITE',
    );
    expect(message.raw('Subject')).toEqual(['I know you']);
    expect(message.get(from)?.params.get('tag')).toBe('1');
    expect(message.get(cseq)).toEqual({ sequence: 1, method: 'INVITE' });
  });

  it('gives the same values for commas, repetitions and mixtures (@req rfc3261:7.3.1:5)', () => {
    const forms = [
      requestWith('Route: <sip:a>, <sip:b;lr>, <sip:c>'),
      requestWith('Route: <sip:a>', 'Route: <sip:b;lr>', 'Route: <sip:c>'),
      requestWith('Route: <sip:a>,<sip:b;lr>', 'Subject: between', 'route: <sip:c>'),
    ];
    for (const message of forms) {
      const hosts = message.getAll(route).map(({ uri }) => (uri.type === 'sip' ? uri.host : ''));
      expect(hosts).toEqual(['a', 'b', 'c']);
      expect(message.get(route)?.uri).toMatchObject({ host: 'a' });
    }
  });

  it('does not split at commas within quotes and angle brackets', () => {
    const message = requestWith('Contact: "Watson, \\"T, T\\"" <sip:a@b;x=1?s=a%2Cb>, <sip:c,d@e>;q=0.5');
    const [first, second] = message.getAll(contact);
    expect(first !== '*' && first?.displayName).toBe('Watson, "T, T"');
    expect(second !== '*' && second?.uri.type === 'sip' && second.uri.user).toBe('c,d');
  });

  it('takes an empty list field for no values, and an empty value for a fault', () => {
    expect(requestWith('Accept:').getAll(accept)).toEqual([]);
    expect(requestWith('Accept:').get(accept)).toBeUndefined();
    expect(requestWith('Accept:', 'Accept: text/plain').get(accept)?.type).toBe('text/plain');
    expect(faultOf(() => requestWith('Allow: INVITE,, ACK').getAll(allow)).code).toBe('value');
    expect(faultOf(() => requestWith('Allow: INVITE,').getAll(allow)).code).toBe('value');
  });

  it.each([
    ['From', from],
    ['To', to],
    ['Call-ID', callId],
    ['CSeq', cseq],
    ['Max-Forwards', maxForwards],
    ['Content-Type', contentType],
    ['User-Agent', userAgent],
  ] as const)('refuses a second %s when it is read', (name, header) => {
    const value =
      { From: '<sip:a@b>', To: '<sip:a@b>', CSeq: '1 A', 'Content-Type': 'a/b' }[name as string] ?? '1';
    const message = requestWith(`${name}: ${value}`, `${name}: ${value}`);
    expect(faultOf(() => message.get<unknown>(header)).code).toBe('duplicate');
    expect(faultOf(() => message.getAll<unknown>(header)).code).toBe('duplicate');
  });

  it('refuses a parameter that is there twice (@req rfc3261:7.3.1:6)', () => {
    const fault = faultOf(() => requestWith('From: <sip:a@b>;tag=1;x;TAG=2').get(from));
    expect([fault.code, fault.rfc]).toEqual(['duplicate', 'RFC 3261 §7.3.1']);
  });

  it('keeps header fields it does not know, in order, with their names', () => {
    const message = requestWith('X-B: 1', 'Via: SIP/2.0/UDP a', 'X-A: ü', 'x-b: 2');
    expect([...message.headers()]).toEqual([
      ['X-B', '1'],
      ['Via', 'SIP/2.0/UDP a'],
      ['X-A', 'ü'],
      ['x-b', '2'],
    ]);
  });

  it('reads header types that a caller defines, of known and unknown names', () => {
    const own: HeaderType<number> = { name: 'X-Count', list: true, parse: Number, serialize: String };
    const loose: HeaderType<string> = {
      name: 'Contact',
      list: false,
      parse: (value) => value,
      serialize: String,
    };
    const message = requestWith('x-count: 1, 2', 'X-COUNT: 3', 'Contact: <sip:a@b>');
    expect(message.getAll(own)).toEqual([1, 2, 3]);
    expect(message.get(loose)).toBe('<sip:a@b>');
    expect(message.get(contact)).toMatchObject({ uri: { host: 'b' } });
  });

  it('decodes once', () => {
    const message = requestWith('Via: SIP/2.0/UDP a, SIP/2.0/UDP b');
    expect(message.get(via)).toBe(message.get(via));
    expect(message.getAll(via)).toBe(message.getAll(via));
  });

  it('reads UTF-8 in display names beside ASCII header fields', () => {
    const message = requestWith(
      'Subject: plain',
      'From: "Jörg ✓" <sip:a@b>;tag=1',
      'To: Zoë <sip:c@d>',
      'Call-ID: x',
    );
    expect(message.get(from)?.displayName).toBe('Jörg ✓');
    expect(message.get(from)?.params.get('tag')).toBe('1');
    expect(message.get(to)?.displayName).toBe('Zoë');
    expect(message.get(callId)).toBe('x');
  });

  it('keeps bytes that are no UTF-8 as they are', () => {
    const bytes = bytesOf(['OPTIONS sip:a@b SIP/2.0', 'Subject: ?', 'Call-ID: after@it']);
    bytes[bytes.indexOf(63)] = 0xff;
    const message = parseMessage(bytes);
    expect(message.raw('Subject')).toEqual(['\ufffd']);
    expect(message.get(callId)).toBe('after@it');
    expect(message.toBytes()).toBe(bytes);
  });

  it.each([
    ['no colon', 'Subject lunch'],
    ['no name', ': lunch'],
    ['white space in the name', 'Sub ject: lunch'],
    ['a name that is no token', 'Subj@ct: lunch'],
    ['LF alone', 'Subject: a\nVia: b'],
    ['CR alone', 'Subject: a\rVia: b'],
  ])('refuses a header field with %s, having read the others', (_, line) => {
    const fault = faultOf(() => requestWith(line, 'Call-ID: after@it'));
    expect(fault.code).toBe('header');
    expect(fault.received?.get(callId)).toBe('after@it');
  });

  it('refuses a message without the empty line (@req rfc3261:7:2)', () => {
    const bytes = new TextEncoder().encode('OPTIONS sip:a@b SIP/2.0\r\nCall-ID: x\r\n');
    expect(faultOf(() => parseMessage(bytes)).code).toBe('header');
    expect(faultOf(() => parseMessage(new Uint8Array(0))).code).toBe('start-line');
  });

  it('refuses lines that end otherwise than in CRLF (@req rfc3261:7:1)', () => {
    const bytes = new TextEncoder().encode('OPTIONS sip:a@b SIP/2.0\nCall-ID: x\n\n');
    expect(faultOf(() => parseMessage(bytes)).code).toBe('start-line');
  });
});

describe('bodies (§7.4)', () => {
  it('are bytes, whatever they are', () => {
    const body = Uint8Array.from({ length: 256 }, (_, index) => index);
    const message = parseMessage(bytesOf([`MESSAGE sip:a@b SIP/2.0`, 'Content-Length: 256'], body));
    expect(message.body).toEqual(body);
  });

  it('are counted in bytes, not characters', () => {
    const message = parseMessage(bytesOf(['MESSAGE sip:a@b SIP/2.0', 'l: 6'], 'äöü!'));
    expect(text(message.body)).toBe('äöü');
  });

  it('go to the end of the datagram without Content-Length', () => {
    expect(text(parseMessage(bytesOf(['MESSAGE sip:a@b SIP/2.0'], 'hello')).body)).toBe('hello');
  });

  it.each([
    ['beyond the end', ['Content-Length: 6'], 'length'],
    ['negative', ['Content-Length: -1'], 'value'],
    ['empty', ['Content-Length:'], 'value'],
    ['huge', ['Content-Length: 99999999999999999999'], 'value'],
    ['hexadecimal', ['Content-Length: 0x5'], 'value'],
    ['a list', ['Content-Length: 5, 5'], 'value'],
    ['there twice, different', ['Content-Length: 5', 'l: 0'], 'duplicate'],
    ['there twice, the same', ['Content-Length: 5', 'Content-Length: 5'], 'duplicate'],
  ])('are refused when Content-Length is %s', (_, fields, code) => {
    const fault = faultOf(() =>
      parseMessage(bytesOf(['MESSAGE sip:a@b SIP/2.0', ...mandatory, ...fields], 'hello')),
    );
    expect(fault.code).toBe(code);
    expect(fault.received?.get(callId)).toBe('1@192.0.2.1');
  });
});

describe('limits', () => {
  it.each([
    ['messageBytes', { messageBytes: 20 }, 513],
    ['headBytes', { headBytes: 40 }, 513],
    ['headers', { headers: 2 }, 513],
    ['lineBytes of a header field', { lineBytes: 40 }, 400],
    ['lineBytes of the start-line', { lineBytes: 30 }, 414],
  ])('hold: %s', (_, limits, status) => {
    const bytes = bytesOf(['MESSAGE sip:bob@example.com SIP/2.0', ...mandatory]);
    expect(parseMessage(bytes).type).toBe('request');
    const fault = faultOf(() => parseMessage(bytes, { limits }));
    expect([fault.code, fault.status]).toEqual(['limit', status]);
  });

  it('hold for parameters', () => {
    const many = Array.from({ length: 65 }, (_, index) => `;p${index}`).join('');
    expect(faultOf(() => requestWith(`From: <sip:a@b>${many}`).get(from)).code).toBe('limit');
    expect(faultOf(() => requestWith(`From: <sip:a@b${many}>`).get(from)).code).toBe('limit');
  });

  it('can not be set beyond what places in a head can be', () => {
    expect(() => parseMessage(new Uint8Array(0), { limits: { headBytes: 2 ** 24 } })).toThrow(RangeError);
  });
});
