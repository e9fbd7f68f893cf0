import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  callId,
  checkRequest,
  checkResponse,
  contact,
  cseq,
  date,
  from,
  maxForwards,
  parseMessage,
  parseUri,
  SipError,
  type SipMessage,
  to,
  via,
} from '../../src/index.ts';

const folder = new URL('../../../../tools/conformance/fixtures/rfc4475/', import.meta.url);
const names = readdirSync(folder).filter((name) => name.endsWith('.dat'));
const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

function bytesOf(name: string): Uint8Array {
  const file = names.find((candidate) => candidate.endsWith(`-${name}.dat`));
  if (file === undefined) throw new Error(`no fixture ${name}`);
  return new Uint8Array(readFileSync(new URL(file, folder)));
}

function check(message: SipMessage): void {
  if (message.type === 'request') checkRequest(message);
  else checkResponse(message);
}

function faultOf(action: () => unknown): SipError {
  try {
    action();
  } catch (error) {
    if (error instanceof SipError) return error;
    throw error;
  }
  throw new Error('no error');
}

/** Accepted: read, checked, and given back byte for byte. */
const accepted = [
  ...[
    'wsinv',
    'intmeth',
    'esc01',
    'escnull',
    'esc02',
    'lwsdisp',
    'longreq',
    'dblreq',
    'semiuri',
    'transports',
  ],
  ...[
    'mpart01',
    'unreason',
    'noreason',
    'badbranch',
    'unkscm',
    'novelsc',
    'unksm2',
    'bext01',
    'invut',
    'regaut01',
  ],
  ...['bcast', 'zeromf', 'cparam01', 'cparam02', 'regescrt', 'sdp01', 'inv2543'],
];

/** Refused: what the error's code is, the status to answer with, and whether enough was read to answer. */
const refused: Readonly<Record<string, readonly [code: string, status: number]>> = {
  badinv01: ['value', 400],
  clerr: ['length', 400],
  ncl: ['value', 400],
  scalar02: ['value', 400],
  scalarlg: ['value', 400],
  quotbal: ['value', 400],
  ltgtruri: ['start-line', 400],
  lwsruri: ['start-line', 400],
  lwsstart: ['start-line', 400],
  trws: ['start-line', 400],
  escruri: ['uri', 400],
  badaspec: ['uri', 400],
  badvers: ['version', 505],
  mismatch01: ['mismatch', 400],
  mismatch02: ['mismatch', 400],
  bigcode: ['start-line', 400],
  insuf: ['missing', 400],
  multi01: ['duplicate', 400],
  mcl01: ['duplicate', 400],
};

/** Accepted as messages; the broken header field is refused when it is read, as the RFC leaves open. */
const whenRead = { baddate: date, regbadct: contact } as const;

describe('RFC 4475', () => {
  it('has each fixture in one list of verdicts', () => {
    const judged = [...accepted, ...Object.keys(refused), ...Object.keys(whenRead), 'baddn'].sort();
    expect(names.map((name) => name.replace(/^.*-|\.dat$/g, '')).sort()).toEqual(judged);
    expect(judged.length).toBe(49);
  });

  it.each(accepted)('accepts %s', (name) => {
    const bytes = bytesOf(name);
    const message = parseMessage(bytes);
    check(message);
    expect(message.get(callId)).toBeTypeOf('string');
    expect(message.toBytes()).toEqual(bytes.subarray(0, message.toBytes().length));
  });

  it.each(Object.entries(refused))('refuses %s', (name, [code, status]) => {
    const error = faultOf(() => check(parseMessage(bytesOf(name))));
    expect([error.code, error.status]).toEqual([code, status]);
    expect(error.rfc).toMatch(/^RFC \d+ §/);
  });

  it.each(['clerr', 'ncl', 'ltgtruri', 'lwsruri', 'lwsstart', 'trws', 'mcl01'])(
    'reads enough of %s to answer it',
    (name) => {
      const { received } = faultOf(() => parseMessage(bytesOf(name)));
      expect(received?.type).toBe('request');
      expect(received?.get(via)?.transport).toMatch(/^(UDP|TCP)$/);
    },
  );

  it.each(Object.entries(whenRead))(
    'accepts %s and refuses its broken header field when it is read',
    (name, header) => {
      const message = parseMessage(bytesOf(name));
      check(message);
      expect(faultOf(() => message.getAll<unknown>(header)).code).toBe('value');
    },
  );

  it('refuses a comma in an unquoted display name (§3.1.2.15, the archive leaves the empty line out)', () => {
    expect(faultOf(() => parseMessage(bytesOf('baddn'))).code).toBe('header');
    const whole = parseMessage(new Uint8Array([...bytesOf('baddn'), 13, 10]));
    expect(faultOf(() => check(whole)).code).toBe('value');
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
