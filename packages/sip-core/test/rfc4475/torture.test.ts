import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  contact,
  cseq,
  date,
  Endpoint,
  from,
  maxForwards,
  parseMessage,
  parseUri,
  StreamFramer,
  to,
  unsupported,
  uriEquals,
  via,
} from '../../src/index.ts';
import { messages } from '../rfc5118/verdicts.ts';
import { understood } from '../support/canonical.ts';
import { here, seeded, sentResponse, T0, there } from '../support/sip.ts';
import { faultOf } from '../support/text.ts';
import { fixture, outcomeOf, torturePage, verdictOf } from '../support/torture.ts';
import { invalid, semantic, valid } from './verdicts.ts';

const all = [...valid, ...invalid, ...semantic];
const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

function bytesOf(name: string): Uint8Array {
  const bytes = fixture(`rfc4475/${name}.dat`);
  // The archive leaves out the empty line that the text has.
  return name === 'baddn' ? new Uint8Array([...bytes, 13, 10]) : bytes;
}

describe('RFC 4475', () => {
  it('has every message of the archive in one of the tables', () => {
    const names = readdirSync(new URL('../fixtures/rfc4475/', import.meta.url));
    const judged = all.map(({ name }) => name);
    expect([valid.length, invalid.length, semantic.length]).toEqual([13, 19, 17]);
    // `test` is in the archive alone.
    expect(names.filter((name) => name.endsWith('.dat')).sort()).toEqual(
      [...judged, 'test'].map((name) => `${name}.dat`).sort(),
    );
    expect(verdictOf(bytesOf('test'))).toBe('start-line');
  });

  it.each(all)('$section $name: $verdict', ({ name, verdict, endpoint }) => {
    const bytes = bytesOf(name);
    const read = verdictOf(bytes);
    expect(read).toBe(verdict.replace(/,.*/, ''));
    expect(outcomeOf(bytes)).toBe(endpoint);
    if (read !== 'accepted') return;
    const message = parseMessage(bytes);
    expect(understood(message)).toBe(decode(fixture(`rfc4475/${name}.txt`)));
    expect(message.toBytes()).toEqual(bytes.subarray(0, message.toBytes().length));
  });

  it('accepts all 13 valid messages, refuses all invalid ones but two, whose fault is in a field nobody may need', () => {
    expect(valid.filter(({ verdict }) => verdict !== 'accepted')).toEqual([]);
    expect(invalid.filter(({ verdict }) => verdict.startsWith('accepted')).map(({ name }) => name)).toEqual([
      'baddate',
      'regbadct',
    ]);
    expect(faultOf(() => parseMessage(bytesOf('baddate')).get(date)).status).toBe(400);
    expect(faultOf(() => parseMessage(bytesOf('regbadct')).get(contact)).status).toBe(400);
  });

  it.each(['clerr', 'ncl', 'ltgtruri', 'lwsruri', 'lwsstart', 'trws', 'mcl01'])(
    'reads enough of %s to answer it',
    (name) => {
      const { received } = faultOf(() => parseMessage(bytesOf(name)));
      expect(received?.type).toBe('request');
      expect(received?.get(via)?.transport).toMatch(/^(UDP|TCP)$/);
    },
  );

  it.each(['ncl', 'mcl01'])(
    'closes a stream with %s, whose framing can’t be known (§3.1.2.3, §3.3.9)',
    (name) => {
      const frames = new StreamFramer().push(bytesOf(name));
      expect(frames.map(({ type }) => type)).toEqual(['error']);
    },
  );

  it('waits on a stream for the rest of clerr (§3.1.2.2)', () => {
    expect(new StreamFramer().push(bytesOf('clerr'))).toEqual([]);
  });

  it('names in Unsupported what bext01 requires, of a UAS what Require has (§3.3.5)', () => {
    const machine = new Endpoint({
      random: seeded(1),
      methods: ['OPTIONS'],
      addresses: [{ transport: 'udp', host: here.host, port: here.port }],
    });
    const response = sentResponse(
      machine.handle({ type: 'received', peer: there, bytes: bytesOf('bext01') }, T0),
    );
    expect(response.getAll(unsupported)).toEqual(['nothingSupportsThis', 'nothingSupportsThisEither']);
  });

  it('is judged as docs/torture.md says', () => {
    const page = new URL('../../docs/torture.md', import.meta.url);
    const text = torturePage({
      'RFC 4475 §3.1.1: valid messages': valid,
      'RFC 4475 §3.1.2: invalid messages': invalid,
      'RFC 4475 §3.2 to §3.4: transactions, applications, RFC 2543': semantic,
      'RFC 5118: IPv6': messages,
    });
    if (process.env['UPDATE_DOCS'] === '1') writeFileSync(page, text);
    expect(readFileSync(page, 'utf8')).toBe(text);
  });
});

describe('RFC 4475, field by field', () => {
  it('reads folded, compact and multiple values (§3.1.1.1)', () => {
    const message = parseMessage(bytesOf('wsinv'));
    expect(message.get(to)?.uri).toMatchObject({ user: 'vivekg', host: 'chair-dnrc.example.com' });
    expect(message.get(to)?.params.get('tag')).toBe('1918181833n');
    expect(message.get(from)?.displayName).toBe('J Rosenberg \\"');
    expect(message.get(maxForwards)).toBe(68);
    expect(message.get(cseq)).toEqual({ sequence: 9, method: 'INVITE' });
    const vias = message.getAll(via);
    expect(vias.map((value) => value.host)).toEqual(['192.0.2.2', 'spindle.example.com', '192.168.255.111']);
    expect(vias.map((value) => value.transport)).toEqual(['UDP', 'TCP', 'UDP']);
    expect(vias.map((value) => value.params.get('branch'))).toEqual([
      '390skdjuw',
      'z9hG4bK9ikj8',
      'z9hG4bK30239',
    ]);
    expect(message.raw('s')).toEqual(['']);
    expect(message.raw('NewFangledHeader')).toEqual(['newfangled value continued newfangled value']);
    const [address] = message.getAll(contact);
    expect(address === '*' ? undefined : address?.displayName).toBe('Quoted string ""');
    expect(address === '*' ? undefined : [...(address?.params ?? [])]).toEqual([
      ['newparam', 'newvalue'],
      ['secondparam', undefined],
      ['q', '0.33'],
    ]);
  });

  it('keeps odd methods, URIs and display names (§3.1.1.2)', () => {
    const message = parseMessage(bytesOf('intmeth'));
    expect(message).toMatchObject({ method: "!interesting-Method0123456789_*+`.%indeed'~" });
    expect(message.get(to)?.displayName).toBe('BEL:\u0007 NUL:\u0000 DEL:\u007f');
    expect(message.get(from)?.displayName).toBe("token1~` token2'+_ token3*%!.-");
    expect(message.get(from)?.uri).toMatchObject({ user: 'mundane', host: 'example.com' });
    expect(message.get(from)?.params.get('tag')).toBe("_token~1'+`*%!-.");
    expect(message.get(via)?.params.get('branch')).toBe("z9hG4bK-.!%66*_+`'~");
  });

  it('keeps escapes as they are, in a method too (§3.1.1.3 to §3.1.1.5)', () => {
    expect(parseMessage(bytesOf('esc01'))).toMatchObject({
      uri: 'sip:sips%3Auser%40example.com@example.net',
    });
    expect(parseMessage(bytesOf('esc02'))).toMatchObject({ method: 'RE%47IST%45R' });
    expect(parseMessage(bytesOf('escnull')).getAll(contact).length).toBe(2);
    expect(parseMessage(bytesOf('escnull')).get(to)?.uri).toMatchObject({ user: 'null-%00-null' });
  });

  it('takes escapes for what they stand for, once (§3.1.1.3)', () => {
    const uri = parseMessage(bytesOf('esc01')).get(contact);
    const found = uri !== '*' && uri?.uri.type === 'sip' ? uri.uri : undefined;
    expect(found?.params.has('lr')).toBe(true);
    const named = (value: string) => `sip:caller@host5.example.net;lr;name=${value}`;
    const same = (value: string) => found !== undefined && uriEquals(found, named(value));
    expect(same('value%25%34%31')).toBe(true);
    expect(same('value%2541')).toBe(true);
    expect(same('valueA')).toBe(false);
    const request = parseMessage(bytesOf('esc01'));
    expect(uriEquals(request.get(to)?.uri ?? '', 'sip:user@example.com')).toBe(true);
  });

  it('ends a datagram where Content-Length says (§3.1.1.8)', () => {
    const message = parseMessage(bytesOf('dblreq'));
    expect(message).toMatchObject({ method: 'REGISTER' });
    expect(message.body.length).toBe(0);
    expect(bytesOf('dblreq').length).toBeGreaterThan(message.toBytes().length);
  });

  it('keeps parameters in a user part (§3.1.1.9)', () => {
    const message = parseMessage(bytesOf('semiuri'));
    const uri = message.type === 'request' ? parseUri(message.uri) : undefined;
    expect(uri).toMatchObject({ user: 'user;par=u%40example.net', host: 'example.com' });
  });

  it('reads unknown transports and header fields of any length (§3.1.1.7, §3.1.1.10)', () => {
    const vias = parseMessage(bytesOf('transports')).getAll(via);
    expect(vias.map((value) => value.transport)).toEqual(['UDP', 'SCTP', 'TLS', 'UNKNOWN', 'TCP']);
    const long = parseMessage(bytesOf('longreq'));
    expect(
      long.raw(
        'Unknown-LongLongLongLongLongLongLongLongLongLongLongLongLongLongLongLongLongLongLongLong-Name',
      ).length,
    ).toBe(1);
    expect(long.getAll(via).length).toBe(34);
  });

  it('keeps a binary body and a reason phrase that is not ASCII (§3.1.1.11, §3.1.1.12)', () => {
    const message = parseMessage(bytesOf('mpart01'));
    expect(message.body.length).toBe(553);
    expect(message.body.some((byte) => byte > 127)).toBe(true);
    const response = parseMessage(bytesOf('unreason'));
    expect(response).toMatchObject({ status: 200 });
    expect(response.type === 'response' && response.reason).toBe(
      '= 2**3 * 5**2 но сто девяносто девять - простое',
    );
    expect(parseMessage(bytesOf('noreason'))).toMatchObject({ status: 100, reason: '' });
  });

  it('puts parameters outside of angle brackets to the header field, inside to the URI (§3.3.12, §3.3.13)', () => {
    const outside = parseMessage(bytesOf('cparam01')).get(contact);
    expect(outside !== '*' && outside?.params.has('unknownparam')).toBe(true);
    const inside = parseMessage(bytesOf('cparam02')).get(contact);
    expect(inside !== '*' && inside?.uri.type === 'sip' && inside.uri.params.has('unknownparam')).toBe(true);
  });

  it('keeps the escaped header of a contact (§3.3.14)', () => {
    const address = parseMessage(bytesOf('regescrt')).get(contact);
    expect(address !== '*' && address?.uri.type === 'sip' && address.uri.headers).toEqual([
      ['Route', '%3Csip:sip.example.com%3E'],
    ]);
  });

  it('keeps the body of a message that is UTF-8 around it', () => {
    expect(decode(parseMessage(bytesOf('sdp01')).body)).toContain('v=0');
  });
});
