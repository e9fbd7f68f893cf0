import { describe, expect, test } from 'vitest';
import { createResponse, type HeaderEdit, set } from '../../src/index.ts';
import { forked, peerAt, requestOf } from '../support/proxies.ts';

const www = (...realms: string[]): HeaderEdit =>
  set(
    'WWW-Authenticate',
    ...realms.map((realm) => `Digest  realm="${realm}",nonce="n,1", algorithm=SHA-256`),
  );
const proxied = (...realms: string[]): HeaderEdit =>
  set('Proxy-Authenticate', ...realms.map((realm) => `Digest realm="${realm}"`));

/** What Alice gets when the branches answer so. */
function challenged(branches: readonly { status: number; headers: readonly HeaderEdit[] }[]) {
  const { world, alice, bobs, proxy } = forked(branches.map((_, index) => `b${index}`));
  for (const [index, bob] of bobs.entries()) {
    const { status = 500, headers = [] } = branches[index] ?? {};
    bob.answers = (request) => [createResponse(request, status, { toTag: `t${index}`, headers })];
  }
  alice.send(requestOf('MESSAGE', 'sip:bob@b.example'), peerAt(proxy));
  world.run();
  const [status] = alice.finals();
  const response = world.response('alice', Number(status));
  const realms = (name: string) => response.raw(name).map((value) => /realm="(.*?)"/.exec(value)?.[1]);
  return { status, response, www: realms('WWW-Authenticate'), proxied: realms('Proxy-Authenticate') };
}

describe('challenges of a forked request (RFC 8760 §2.5, RFC 3261 §16.7 step 7, §22.3)', () => {
  test('all of them are in the one response, each as it came (@req rfc8760:2.5:1, @req rfc3261:22.3:14, @req rfc3261:16.7:34, @req rfc3261:16.7:18, @req rfc3261:16.7:29)', () => {
    const got = challenged([
      { status: 401, headers: [www('a')] },
      { status: 407, headers: [proxied('b')] },
      { status: 404, headers: [www('not-this')] },
      { status: 401, headers: [www('c'), proxied('d')] },
    ]);
    expect(got.status).toBe(401);
    expect(got.www).toEqual(['a', 'c']);
    expect(got.proxied).toEqual(['b', 'd']);
    expect(got.response.raw('WWW-Authenticate')[1]).toBe('Digest  realm="c",nonce="n,1", algorithm=SHA-256');
  });

  test('those of one branch keep their order, whichever response is chosen (@req rfc8760:2.5:2)', () => {
    for (const chosen of [401, 407]) {
      const got = challenged([
        { status: chosen, headers: [www('a1', 'a2', 'a3'), proxied('p1', 'p2')] },
        { status: 407, headers: [proxied('q3', 'q1', 'q2'), www('b2', 'b1')] },
      ]);
      expect(got.www).toEqual(['a1', 'a2', 'a3', 'b2', 'b1']);
      expect(got.proxied).toEqual(['p1', 'p2', 'q3', 'q1', 'q2']);
    }
  });

  test('the same realm twice stays twice: the challenges differ', () => {
    const got = challenged([
      { status: 407, headers: [proxied('same')] },
      { status: 407, headers: [proxied('same')] },
    ]);
    expect(got.proxied).toEqual(['same', 'same']);
  });

  test('another response than 401 and 407 gets none', () => {
    const got = challenged([
      { status: 401, headers: [www('a')] },
      { status: 302, headers: [set('Contact', '<sip:x@y>')] },
    ]);
    expect([got.status, got.www]).toEqual([302, []]);
  });
});
