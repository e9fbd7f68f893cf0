import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type DigestClient,
  type DigestHash,
  type DigestServer,
  ha1,
  userhash,
} from '../../src/digest/index.ts';
import { algorithmOf, type DigestInput, digestResponse } from '../../src/digest/response.ts';
import { authorization, createResponse, set, unquote, wwwAuthenticate } from '../../src/index.ts';
import {
  client,
  counting,
  edited,
  message,
  overTheWire,
  PASSWORD,
  REALM,
  refusal,
  server,
  stored,
} from '../support/digest.ts';

const none = new Uint8Array(0);
const mufasa: Omit<DigestInput, 'hash'> = {
  isSession: false,
  nonce: '7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v',
  qop: 'auth',
  nc: '00000001',
  cnonce: 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ',
  method: 'GET',
  uri: '/dir/index.html',
  body: none,
};

describe('the computation (§3.4)', () => {
  test.each<[DigestHash, string]>([
    ['MD5', '8ca523f5e9506fed4657c9700eebdbec'],
    ['SHA-256', '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1'],
  ])('with %s gives what §3.9.1 prints', (hash, response) => {
    const secret = ha1(hash, 'Mufasa', 'http-auth@example.org', 'Circle of Life');
    expect(digestResponse(secret, { ...mufasa, hash })).toBe(response);
  });

  test('with SHA-512-256 hashes names and passwords in UTF-8, composed (§3.9.2, §4, @req rfc7616:4:2, @req rfc7616:4:3)', () => {
    const name = 'Ja\u0308s\u00f8n Doe';
    const realm = 'api@example.org';
    // The response and name that §3.9.2 prints were not made with SHA-512/256 (RFC 7616 errata 4897);
    // these are the digests of the strings that §3.4 names, by an implementation that is not ours.
    expect(userhash('SHA-512-256', name, realm)).toBe(
      '793263caabb707a56211940d90411ea4a575adeccb7e360aeb624ed06ece9b0b',
    );
    const input: DigestInput = {
      ...mufasa,
      hash: 'SHA-512-256',
      nonce: '5TsQWLVdgBdmrQ0XsxbDODV+57QdFR34I9HAbC/RVvkK',
      cnonce: 'NTg6RKcb9boFIAS3KrFK9BGeh+iDa/sm6jUMp2wds69v',
      uri: '/doe.json',
    };
    expect(digestResponse(ha1('SHA-512-256', name, realm, 'Secret, or not?'), input)).toBe(
      '3798d4131c277846293534c3edc11bd8a5e4cdcbff78b05db9d95eeb1cec68a5',
    );
  });

  test('without qop is that of RFC 2069 (@req rfc3261:22.4:1)', () => {
    const input: DigestInput = {
      ...mufasa,
      hash: 'MD5',
      qop: undefined,
      nonce: 'n',
      uri: 'sip:b',
      method: 'REGISTER',
    };
    const other = { ...input, nc: '00000009', cnonce: 'else' };
    expect(digestResponse('a1', input)).toBe(digestResponse('a1', other));
  });

  test('takes all algorithms of the registry, in any case, and MD5 where none is named', () => {
    expect(algorithmOf(undefined)).toEqual({ hash: 'MD5', isSession: false });
    expect(algorithmOf('sha-256-sess')).toEqual({ hash: 'SHA-256', isSession: true });
    expect(algorithmOf('SHA-512-256')).toEqual({ hash: 'SHA-512-256', isSession: false });
    expect(algorithmOf('AKAv1-MD5')).toBeUndefined();
    expect(algorithmOf('constructor')).toBeUndefined();
  });
});

describe('a client that knows the password', () => {
  const hashes: DigestHash[] = ['SHA-512-256', 'SHA-256', 'MD5'];
  test.each(hashes.flatMap((hash) => [['auth', hash] as const, ['auth-int', hash] as const]))(
    'is let in with %s and %s, and told that the server knows it too (@req rfc7616:3.6:2, @req rfc7616:3.5:8, @req rfc7616:3.5:9, @req rfc7616:3.5:10)',
    (qop, hash) => {
      const uas = server({ hashes: [hash], qop: [qop] });
      const uac = client();
      const first = message();
      expect(uas.claim(first, 0)).toEqual({ type: 'none' });
      expect(uac.challenged(first, refusal(first, uas.challenge(0)))).toBe(true);
      const second = message(uac.authorize(first));
      const claim = uas.claim(second, 10);
      if (claim.type !== 'claim') throw new Error(claim.type);
      expect(claim).toMatchObject({
        username: 'bob',
        isHashed: false,
        hash,
        uri: 'sip:alice@biloxi.example.com',
      });
      expect(uas.check(claim, stored(hash), 10)).toBe('authentic');
      const body = new TextEncoder().encode('Coming');
      const ok = createResponse(second, 200, {
        headers: [uas.info(claim, stored(hash), body)],
        body,
        contentType: 'text/plain',
      });
      expect(new TextDecoder().decode(ok.toBytes())).toMatch(
        new RegExp(
          `\r\nAuthentication-Info: rspauth="[0-9a-f]+", qop=${qop}, cnonce="[^"]+", nc=00000001\r\n`,
        ),
      );
      expect(uac.verify(overTheWire(ok))).toBe('authentic');
      const stranger = uas.info(claim, stored(hash, 'bob', 'guess'), body);
      expect(uac.verify(createResponse(second, 200, { headers: [stranger] }))).toBe('wrong');
      expect(uac.verify(createResponse(second, 200))).toBe('absent');
    },
  );

  test('counts up, and keeps nonce and opaque for later requests (@req rfc7616:3.6:3, @req rfc7616:3.3:4, @req rfc3261:22.2:4)', () => {
    const uac = client();
    const first = message();
    const params = new Map([
      ['realm', '"r"'],
      ['nonce', '"n"'],
      ['opaque', '"a \\"b"'],
      ['qop', '"auth"'],
    ]);
    uac.challenged(
      first,
      createResponse(first, 401, { headers: [set(wwwAuthenticate, { scheme: 'Digest', params })] }),
    );
    for (const nc of ['00000001', '00000002', '00000003']) {
      const sent = message(uac.authorize(message())).get(authorization)?.params;
      expect([sent?.get('nc'), sent?.get('nonce'), sent?.get('opaque')]).toEqual([nc, '"n"', '"a \\"b"']);
    }
  });

  test('writes quoted what has to be quoted and nothing else (@req rfc7616:3.4:6, @req rfc7616:3.4:7, @req rfc7616:3.5:13, @req rfc8760:2.6:2, @req rfc3261:22.4:3)', () => {
    const uas = server();
    const uac = client();
    const first = message();
    uac.challenged(first, refusal(first, uas.challenge(0)));
    const second = message(uac.authorize(first));
    expect(second.raw('Authorization')).toEqual([
      expect.stringMatching(
        /^Digest username="bob", realm="biloxi\.example\.com", nonce="[0-9a-f]{60}", uri="sip:alice@biloxi\.example\.com", response="[0-9a-f]{64}", algorithm=SHA-256, cnonce="[a-z2-9]{16}", nc=00000001, qop=auth-int$/,
      ),
    ]);
  });

  test('sends no cnonce where no qop was offered (@req rfc3261:22.4:5)', () => {
    const uac = client();
    const first = message();
    const params = new Map([
      ['realm', '"r"'],
      ['nonce', '"n"'],
    ]);
    uac.challenged(
      first,
      createResponse(first, 401, { headers: [set(wwwAuthenticate, { scheme: 'Digest', params })] }),
    );
    const sent = message(uac.authorize(first)).get(authorization)?.params;
    expect([...(sent?.keys() ?? [])]).toEqual(['username', 'realm', 'nonce', 'uri', 'response', 'algorithm']);
  });

  test('hides its name when asked to (§3.4.4, @req rfc7616:3.4.4:2), and encodes what no quoted-string has', () => {
    const uac = client({ credentials: () => ({ username: 'jäsøn', password: PASSWORD }) });
    const first = message();
    const challenge = (extra: [string, string][]) =>
      createResponse(first, 401, {
        headers: [
          set(wwwAuthenticate, {
            scheme: 'Digest',
            params: new Map([['realm', `"${REALM}"`], ['nonce', '"n"'], ['algorithm', 'SHA-256'], ...extra]),
          }),
        ],
      });
    uac.challenged(first, challenge([['userhash', 'true']]));
    const hidden = message(uac.authorize(first)).get(authorization)?.params;
    expect(unquote(hidden?.get('username'))).toBe(userhash('SHA-256', 'jäsøn', REALM));
    expect(hidden?.get('userhash')).toBe('true');
    uac.challenged(first, challenge([]));
    const plain = message(uac.authorize(first)).get(authorization)?.params;
    expect(plain?.get('username*')).toBe("UTF-8''j%C3%A4s%C3%B8n");
    expect(plain?.has('username')).toBe(false);
  });

  test('can do with what ha1 made of the password', () => {
    const uas = server();
    const uac = client({ credentials: () => ({ username: 'bob', ha1: { 'SHA-256': stored('SHA-256') } }) });
    const first = message();
    uac.challenged(first, refusal(first, uas.challenge(0)));
    const claim = uas.claim(message(uac.authorize(first)), 0);
    expect(claim.type === 'claim' && uas.check(claim, stored('SHA-256'), 0)).toBe('authentic');
  });
});

describe('a server', () => {
  const authorized = (uas: DigestServer, uac: DigestClient, now = 0) => {
    const first = message();
    uac.challenged(first, refusal(first, uas.challenge(now)));
    return message(uac.authorize(first));
  };
  const verdict = (
    uas: DigestServer,
    request: ReturnType<typeof message>,
    now: number,
    password = PASSWORD,
  ) => {
    const claim = uas.claim(request, now);
    return claim.type === 'claim' ? uas.check(claim, stored(claim.hash, 'bob', password), now) : claim.type;
  };

  test('refuses another password, an unknown name, a changed method, URI or body', () => {
    const uas = server();
    const request = authorized(uas, client());
    expect(verdict(uas, request, 0, 'other')).toBe('wrong');
    const claim = uas.claim(request, 0);
    if (claim.type !== 'claim') throw new Error(claim.type);
    expect(uas.check(claim, undefined, 0)).toBe('wrong');
    for (const [from, to] of [
      ['Watson', 'Holmes'],
      ['uri="sip:alice', 'uri="sip:carol'],
      ['MESSAGE sip', 'PUBLISH sip'],
    ] as const) {
      expect(verdict(server(), edited(request, from, to), 0)).toBe('wrong');
    }
    expect(verdict(uas, request, 0)).toBe('authentic');
  });

  test('takes each count once, in any order within 32 (@req rfc7616:3.4:4)', () => {
    const uas = server();
    const uac = client();
    const requests = [
      authorized(uas, uac),
      ...Array.from({ length: 40 }, () => message(uac.authorize(message()))),
    ];
    const use = (index: number) => verdict(uas, requests[index] ?? message(), 0);
    expect([use(0), use(0), use(2), use(1), use(1), use(2)]).toEqual([
      'authentic',
      'replayed',
      'authentic',
      'authentic',
      'replayed',
      'replayed',
    ]);
    expect([use(40), use(3), use(12), use(12)]).toEqual(['authentic', 'replayed', 'authentic', 'replayed']);
  });

  test('says stale of nonces that are too old, forged, or of another server, and of nothing else (@req rfc7616:3.3:6)', () => {
    const uas = server();
    const request = authorized(uas, client());
    expect(uas.claim(request, 300_000).type).toBe('claim');
    expect(uas.claim(request, 300_001)).toEqual({ type: 'stale' });
    expect(server({ secret: new Uint8Array(32) }).claim(request, 0)).toEqual({ type: 'stale' });
    expect(server({ realm: 'other.example.com' }).claim(request, 0)).toEqual({ type: 'none' });
    const nonce = unquote(request.get(authorization)?.params.get('nonce')) ?? '';
    expect(uas.claim(edited(request, nonce, `f${nonce.slice(1)}`), 0)).toEqual({ type: 'stale' });
    expect(verdict(uas, request, 0, 'wrong')).toBe('wrong');
  });

  test('keeps count of a bounded number of nonces; older ones become stale, never replayable', () => {
    const uas = server({ nonces: 3 });
    const requests = [0, 1, 2, 3, 4].map((now) => authorized(uas, client({ random: counting() }), now));
    expect(requests.map((request) => verdict(uas, request, 10))).toEqual(Array(5).fill('authentic'));
    expect(requests.map((request) => verdict(uas, request, 10))).toEqual([
      'stale',
      'stale',
      'replayed',
      'replayed',
      'replayed',
    ]);
  });

  test.each([
    [
      'username and username*',
      'Digest username="a", username*=UTF-8\'\'a, realm="R", nonce="n", uri="u", response="r"',
    ],
    ['no response', 'Digest username="a", realm="R", nonce="n", uri="u"'],
    [
      'no nc with qop',
      'Digest username="a", realm="R", nonce="n", uri="u", response="r", qop=auth, cnonce="c"',
    ],
    [
      'nc of 7 digits',
      'Digest username="a", realm="R", nonce="n", uri="u", response="r", qop=auth, cnonce="c", nc=0000001',
    ],
    [
      'no cnonce with qop',
      'Digest username="a", realm="R", nonce="n", uri="u", response="r", qop=auth, nc=00000001',
    ],
    ['no auth-params', 'Digest ,,"'],
    [
      'an unknown qop',
      'Digest username="a", realm="R", nonce="n", uri="u", response="r", qop=magic, cnonce="c", nc=00000001',
    ],
  ])('calls malformed: %s (§3.4, @req rfc7616:3.4:1, @req rfc7616:3.4:3)', (_, value) => {
    const request = message([set('Authorization', value.replace('"R"', `"${REALM}"`))]);
    expect(server().claim(request, 0)).toMatchObject({ type: 'malformed' });
  });

  test('never takes Basic, nor challenges with it (@req rfc8760:2.6:1, @req rfc3261:22:3, @req rfc3261:22.4:2)', () => {
    const basic = `Basic realm="${REALM}", username="bob", nonce="n", uri="u", response="r"`;
    expect(server().claim(message([set('Authorization', 'Basic Ym9iOnphbnppYmFy')]), 0)).toEqual({
      type: 'none',
    });
    expect(server().claim(message([set('Authorization', basic)]), 0)).toEqual({ type: 'none' });
    const first = message();
    const schemes = refusal(first, server().challenge(0))
      .getAll(wwwAuthenticate)
      .map(({ scheme }) => scheme);
    expect(schemes).toEqual(['Digest', 'Digest']);
    const uac = client();
    const offer = createResponse(first, 401, {
      headers: [set('WWW-Authenticate', `Basic realm="${REALM}"`)],
    });
    expect(uac.challenged(first, offer)).toBe(false);
    expect(uac.authorize(first)).toEqual([]);
  });

  test('goes with any client and order of arrival: what it lets in, the password was right for', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string({ unit: 'grapheme' }), (right, given, username) => {
        const uas = server();
        const uac = client({ credentials: () => ({ username, password: given }) });
        const claim = uas.claim(authorized(uas, uac), 0);
        if (claim.type !== 'claim') throw new Error(claim.type);
        expect(claim.username.normalize('NFC')).toBe(username.normalize('NFC'));
        const isRight = right.normalize('NFC') === given.normalize('NFC');
        expect(uas.check(claim, stored(claim.hash, username, right), 0)).toBe(
          isRight ? 'authentic' : 'wrong',
        );
        expect(uas.check(claim, stored(claim.hash, username, given), 0)).toBe(
          isRight ? 'replayed' : 'authentic',
        );
      }),
      { numRuns: 100 * Number(process.env['FUZZ_RUNS'] ?? 1) },
    );
  });
});
