import {
  createRequest,
  createResponse,
  type HeaderEdit,
  type Peer,
  type SipRequest,
  set,
} from '@sip-simple/sip-core';
import { DigestClient, ha1 } from '@sip-simple/sip-core/digest';
import { random } from '@sip-simple/sip-core/node';
import { describe, expect, test } from 'vitest';
import { type Admission, Gate } from '../../src/sip/gate.ts';

const peer: Peer = { transport: 'udp', host: '192.0.2.1', port: 5060 };
const gate = () =>
  new Gate({
    domains: ['example.com', 'example.net'],
    random,
    hashes: ['SHA-256', 'MD5'],
    secret: async (user, domain, hash) =>
      user === 'alice' ? ha1(hash, user, domain, `${domain} password`) : undefined,
  });
const publish = (
  edits: readonly HeaderEdit[] = [],
  from = '<sip:alice@example.com>;tag=1',
  method = 'PUBLISH',
) => createRequest({ method, uri: 'sip:alice@example.com', headers: [set('From', from), ...edits] });
const status = (admission: Admission) => (admission.type === 'admitted' ? 'admitted' : admission.status);

/** Sends, and answers the challenge with this name and password. */
async function authenticate(
  at: Gate,
  first: SipRequest,
  username = 'alice',
  password = 'example.com password',
  second?: SipRequest,
) {
  const client = new DigestClient({ credentials: () => ({ username, password }), random });
  const refused = await at.admit(first, peer, 0);
  if (refused.type === 'admitted') return 'admitted at once';
  expect(refused.status).toBe(401);
  client.challenged(first, createResponse(first, refused.status, refused.init));
  return status(await at.admit((second ?? first).with(...client.authorize(second ?? first)), peer, 0));
}

describe('a user of this server', () => {
  test('is challenged, and admitted with the right password (RFC 3261 §22.2)', async () => {
    expect(await authenticate(gate(), publish())).toBe('admitted');
    expect(await authenticate(gate(), publish([], '"A" <pres:alice@example.com>;tag=1'))).toBe('admitted');
  });

  test.each([
    ['a wrong password', 'alice', 'guess', 401],
    ['a name that does not exist', 'mallory', 'example.com password', 401],
  ])('is not, with %s', async (_, username, password, expected) => {
    expect(await authenticate(gate(), publish(), username, password)).toBe(expected);
  });

  test('is not believed to be another', async () => {
    const asBob = publish([], '<sip:bob@example.com>;tag=1');
    expect(await authenticate(gate(), asBob)).toBe(403);
  });

  test('in a domain has no account in the other: each is a realm of its own', async () => {
    expect(await authenticate(gate(), publish([], '<sip:alice@example.net>;tag=1'))).toBe(401);
    expect(
      await authenticate(
        gate(),
        publish([], '<sip:alice@example.net>;tag=1'),
        'alice',
        'example.net password',
      ),
    ).toBe('admitted');
  });

  test('can sign another URI of this server, as behind a proxy, and none of elsewhere (@req rfc8760:2.6:3)', async () => {
    const elsewhere = createRequest({
      method: 'PUBLISH',
      uri: 'sip:x@elsewhere.example',
      headers: [set('From', '<sip:alice@example.com>;tag=1')],
    });
    const here = createRequest({
      method: 'PUBLISH',
      uri: 'sip:x@example.net',
      headers: [set('From', '<sip:alice@example.com>;tag=1')],
    });
    const signs = async (signed: SipRequest) => {
      const at = gate();
      const client = new DigestClient({
        credentials: () => ({ username: 'alice', password: 'example.com password' }),
        random,
      });
      const refused = await at.admit(signed, peer, 0);
      if (refused.type === 'admitted') throw new Error('admitted at once');
      client.challenged(signed, createResponse(signed, refused.status, refused.init));
      return status(await at.admit(publish().with(...client.authorize(signed)), peer, 0));
    };
    expect(await signs(here)).toBe('admitted');
    expect(await signs(elsewhere)).toBe(400);
  });

  test('is admitted with one nonce many times, never with the same request again', async () => {
    const at = gate();
    const client = new DigestClient({
      credentials: () => ({ username: 'alice', password: 'example.com password' }),
      random,
    });
    const refused = await at.admit(publish(), peer, 0);
    if (refused.type === 'admitted') throw new Error('admitted at once');
    client.challenged(publish(), createResponse(publish(), refused.status, refused.init));
    const [first, second] = [
      publish().with(...client.authorize(publish())),
      publish().with(...client.authorize(publish())),
    ];
    expect([
      status(await at.admit(first, peer, 0)),
      status(await at.admit(second, peer, 0)),
      status(await at.admit(first, peer, 0)),
    ]).toEqual(['admitted', 'admitted', 401]);
  });
});

describe('others', () => {
  test('are proved by the certificate of their domain (RFC 5922 §7.4), or not at all', async () => {
    const request = publish([], '<sip:bob@biloxi.example.com>;tag=1');
    expect(status(await gate().admit(request, peer, 0))).toBe(403);
    expect(status(await gate().admit(request, { ...peer, identities: ['biloxi.example.com'] }, 0))).toBe(
      'admitted',
    );
    expect(status(await gate().admit(request, { ...peer, identities: ['atlanta.example.com'] }, 0))).toBe(
      403,
    );
    expect(await authenticate(gate(), publish())).toBe('admitted');
  });

  test.each(['<tel:+12015550123>;tag=1', '<sip:example.com>;tag=1', '<broken'])(
    'who call themselves %s are refused',
    async (from) => {
      expect(status(await gate().admit(publish([], from), peer, 0))).toBe(403);
    },
  );

  test.each(['ACK', 'CANCEL'])(
    'are not challenged for %s (@req rfc3261:22.1:9, @req rfc3261:22.1:10)',
    async (method) => {
      expect(status(await gate().admit(publish([], undefined, method), peer, 0))).toBe('admitted');
    },
  );
});

test('malformed credentials are answered 400 (RFC 7616 §3.4)', async () => {
  const credentials = 'Digest username="alice", realm="example.com", nonce="n"';
  expect(status(await gate().admit(publish([set('Authorization', credentials)]), peer, 0))).toBe(400);
});
