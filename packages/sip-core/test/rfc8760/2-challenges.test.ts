import { describe, expect, test } from 'vitest';
import { digestResponse, ha1 } from '../../src/digest/response.ts';
import {
  append,
  authorization,
  createResponse,
  type HeaderType,
  proxyAuthorization,
  set,
  wwwAuthenticate,
} from '../../src/index.ts';
import { client, message, refusal, server } from '../support/digest.ts';

const challenge = (entries: Readonly<Record<string, string>>) =>
  append(wwwAuthenticate, { scheme: 'Digest', params: new Map(Object.entries(entries)) });
const sent = (
  request: ReturnType<typeof message>,
  header: HeaderType<{ params: ReadonlyMap<string, string | undefined> }>,
) =>
  request
    .getAll(header)
    .map(({ params }) => [params.get('realm'), params.get('algorithm') ?? '', params.get('qop') ?? '']);

describe('a server challenges (§2.3)', () => {
  test('with one header field for each hash, the preferred one first, all with qop (@req rfc8760:2.3:2, @req rfc8760:2.3:3, @req rfc8760:2.6:5, @req rfc7616:3.7:1, @req rfc7616:3.7:2, @req rfc7616:3.3:9, @req rfc3261:22.2:2, @req rfc3261:22.4:6)', () => {
    const first = message();
    const hashes = ['SHA-512-256', 'SHA-256', 'SHA-512-256', 'MD5'] as const;
    const response = refusal(first, server({ hashes }).challenge(0));
    expect(response.status).toBe(401);
    expect(
      response.raw('WWW-Authenticate').map((value) => value.replace(/nonce="[0-9a-f]*"/, 'nonce')),
    ).toEqual(
      ['SHA-512-256', 'SHA-256', 'MD5'].map(
        (hash) =>
          `Digest realm="biloxi.example.com", nonce, qop="auth,auth-int", algorithm=${hash}, charset=UTF-8`,
      ),
    );
  });

  test('quotes what has to be quoted and nothing else; stale only when asked to (@req rfc7616:3.3:13, @req rfc7616:3.3:14, @req rfc7616:4:1)', () => {
    const response = refusal(message(), server({ hashes: ['MD5'], realm: 'a "b"' }).challenge(0, true));
    expect(response.raw('WWW-Authenticate')).toEqual([
      expect.stringMatching(
        /^Digest realm="a \\"b\\"", nonce="[0-9a-f]+", qop="auth,auth-int", algorithm=MD5, charset=UTF-8, stale=true$/,
      ),
    ]);
  });

  test('as a proxy with 407 and Proxy-Authenticate, and reads Proxy-Authorization (@req rfc7616:3.8:1, @req rfc7616:3.8:2, @req rfc3261:22.3:2)', () => {
    const proxy = server({ proxy: true });
    const uac = client();
    const first = message();
    const response = refusal(first, proxy.challenge(0));
    expect([
      response.status,
      response.raw('Proxy-Authenticate').length,
      response.raw('WWW-Authenticate').length,
    ]).toEqual([407, 2, 0]);
    expect(uac.challenged(first, response)).toBe(true);
    const second = message(uac.authorize(first));
    expect(second.raw('Authorization')).toEqual([]);
    expect(proxy.claim(second, 0).type).toBe('claim');
    expect(server().claim(second, 0).type).toBe('none');
  });
});

describe('a client answers (§2.4)', () => {
  const both = (first: ReturnType<typeof message>) =>
    createResponse(first, 401, {
      headers: [
        challenge({ realm: '"a"', nonce: '"1"', algorithm: 'SHA-3000', qop: '"auth"' }),
        challenge({ realm: '"a"', nonce: '"2"', algorithm: 'SHA-256', qop: '"magic,auth"' }),
        challenge({ realm: '"a"', nonce: '"3"', algorithm: 'MD5', qop: '"auth"' }),
        challenge({ realm: '"b"', nonce: '"4"', qop: '"auth-int"' }),
        challenge({ realm: '"c"', nonce: '"5"', qop: '"magic"' }),
        set('X-Other', 'x'),
      ],
    });

  test('the topmost challenge of each realm that it supports, with qop, and passes over what it does not understand (@req rfc8760:2.4:1, @req rfc8760:2.4:2, @req rfc8760:2.4:3, @req rfc8760:2.6:4, @req rfc7616:3.3:8, @req rfc7616:3.3:10, @req rfc7616:3.4:2, @req rfc7616:3.7:3, @req rfc3261:22.3:16, @req rfc3261:22.4:7)', () => {
    const uac = client();
    const first = message();
    expect(uac.challenged(first, both(first))).toBe(true);
    expect(sent(message(uac.authorize(first)), authorization)).toEqual([
      ['"a"', 'SHA-256', 'auth'],
      ['"b"', 'MD5', 'auth-int'],
    ]);
  });

  test('what it can read beside what it cannot', () => {
    const first = message();
    const garbled = [append('WWW-Authenticate', 'garbage,,'), append('WWW-Authenticate', '"')];
    const refused = createResponse(first, 401, {
      headers: [...garbled, ...server({ hashes: ['MD5'] }).challenge(0).headers],
    });
    const uac = client();
    expect(uac.challenged(first, refused)).toBe(true);
    const second = message(uac.authorize(first));
    expect(sent(second, authorization)).toEqual([['"biloxi.example.com"', 'MD5', 'auth-int']]);
    const headers = [append('Authentication-Info', '=,=')];
    expect(uac.verify(createResponse(second, 200, { headers }))).toBe('absent');
    expect(uac.challenged(first, createResponse(first, 401, { headers: garbled }))).toBe(false);
  });

  test('nothing where it has no credentials or takes no such hash (@req rfc8760:2.4:4)', () => {
    const first = message();
    expect(client({ credentials: () => undefined }).challenged(first, both(first))).toBe(false);
    expect(client({ hashes: ['SHA-512-256'] }).challenged(first, both(first))).toBe(false);
  });

  test('no second time with what has been refused, unless the nonce was stale (@req rfc3261:22.1:13, @req rfc7616:3.3:7)', () => {
    const uas = server();
    const uac = client();
    const first = message();
    uac.challenged(first, refusal(first, uas.challenge(0)));
    const second = message(uac.authorize(first));
    expect(uac.challenged(second, refusal(second, uas.challenge(0)))).toBe(false);
    expect(uac.challenged(second, refusal(second, uas.challenge(0, true)))).toBe(true);
    const third = message(uac.authorize(second));
    expect(third.raw('Authorization')).toHaveLength(1);
    expect(uas.claim(third, 0).type).toBe('claim');
  });

  test('a server and a proxy in one request (@req rfc3261:22.3:5, @req rfc3261:22.3:7, @req rfc3261:22.3:11)', () => {
    const uas = server();
    const proxy = server({ proxy: true, realm: 'proxy.example.com' });
    const uac = client();
    const first = message();
    uac.challenged(first, refusal(first, proxy.challenge(0)));
    const second = message(uac.authorize(first));
    uac.challenged(second, refusal(second, uas.challenge(0)));
    const third = message(uac.authorize(second));
    expect(sent(third, authorization).map(([realm]) => realm)).toEqual(['"biloxi.example.com"']);
    expect(sent(third, proxyAuthorization).map(([realm]) => realm)).toEqual(['"proxy.example.com"']);
    // What is meant for another proxy on the way is neither taken nor refused.
    const next = server({ proxy: true, realm: 'next.example.com' });
    expect(next.claim(third, 0)).toEqual({ type: 'none' });
  });
});

test('the hash of no body is that of the empty string (§2.6 bullet 7)', () => {
  const input = {
    hash: 'SHA-256',
    isSession: false,
    nonce: 'n',
    nc: '00000001',
    cnonce: 'c',
    method: 'M',
    uri: 'u',
  } as const;
  const empty = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
  const secret = ha1('SHA-256', 'a', 'b', 'c');
  const withBody = digestResponse(secret, { ...input, qop: 'auth-int', body: new Uint8Array(0) });
  // H(A2) of auth-int, spelt out as the A2 of a URI that ends with the hash.
  const spelt = digestResponse(secret, {
    ...input,
    nc: '00000001',
    cnonce: 'c:auth-int',
    qop: undefined,
    nonce: 'n:00000001:c:auth-int',
    uri: `u:${empty}`,
    body: new Uint8Array(0),
  });
  expect(withBody).toBe(spelt);
});
