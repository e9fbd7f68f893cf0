import {
  createResponse,
  cseq,
  Dialogs,
  type EndpointAction,
  parseMessage,
  type SipRequest,
  set,
} from '@sip-simple/sip-core';
import { DigestClient, DigestServer, ha1 } from '@sip-simple/sip-core/digest';
import { describe, expect, test } from 'vitest';
import { Publisher, Subscriber, type SubscriberAction } from '../../src/index.ts';
import { notePackage } from '../note-package.ts';

const random = (length: number) => Uint8Array.from({ length }, () => Math.floor(Math.random() * 256));
const realm = 'example.com';
type Send = { readonly type: 'send'; readonly id: string; readonly request: SipRequest };

const server = () => new DigestServer({ realm, secret: random(32), random });
const client = (password = 'secret') =>
  new DigestClient({ credentials: () => ({ username: 'alice', password }), random });

/** Answers as a server with Digest does, with 200 for who is let in. */
function answer(
  at: DigestServer,
  { id, request: sent }: Send,
  headers: readonly string[] = [],
): Extract<EndpointAction, { type: 'response' }> {
  const request = parseMessage(sent.toBytes());
  if (request.type !== 'request') throw new TypeError('no request');
  const claim = at.claim(request, 0);
  const isRight =
    claim.type === 'claim' && at.check(claim, ha1(claim.hash, 'alice', realm, 'secret'), 0) === 'authentic';
  const { status, headers: challenges } = at.challenge(0, claim.type === 'stale');
  const edits = headers.map((line) => set(line.split(': ')[0] ?? '', line.split(': ')[1] ?? ''));
  const response = isRight
    ? createResponse(request, 200, { toTag: 't', headers: edits })
    : createResponse(request, status, { toTag: 't', headers: challenges });
  return { type: 'response', id, response };
}

const sentBy = (actions: readonly { readonly type: string }[]): Send[] =>
  actions.filter((action): action is Send => action.type === 'send');
const sequence = ({ request }: Send) => request.get(cseq)?.sequence;

describe('a publisher that is challenged (RFC 3261 §22.2)', () => {
  const publish = {
    type: 'publish',
    publication: 'mine',
    uri: 'sip:alice@example.com',
    event: 'note',
    body: new TextEncoder().encode('in'),
    mediaType: 'text/plain',
  } as const;

  test('sends the same again with credentials and the next CSeq, and later ones at once (@req rfc3261:22.2:3, @req rfc3261:22.2:8, @req rfc3903:14.2:2)', () => {
    const at = server();
    const publisher = new Publisher({ random, authenticator: client() });
    const [first] = sentBy(publisher.handle(publish, 0));
    if (first === undefined) throw new Error('nothing sent');
    const [second] = sentBy(publisher.handle(answer(at, first), 0));
    if (second === undefined) throw new Error('not sent again');
    expect([sequence(first), sequence(second)]).toEqual([1, 2]);
    expect(second.request.raw('Call-ID')).toEqual(first.request.raw('Call-ID'));
    expect(second.request.body).toEqual(publish.body);
    const done = publisher.handle(answer(at, second, ['SIP-ETag: one', 'Expires: 600']), 0);
    expect(done).toMatchObject([{ type: 'publication', state: 'published', entityTag: 'one' }]);
    const [third] = sentBy(publisher.handle(publish, 0));
    if (third === undefined) throw new Error('nothing sent');
    expect(third.request.has('Authorization')).toBe(true);
    expect(answer(at, third).response.status).toBe(200);
  });

  test.each([
    ['a wrong password', client('guess')],
    ['nobody to answer', undefined],
  ])('ends with %s', (_, authenticator) => {
    const at = server();
    const publisher = new Publisher({ random, authenticator });
    let sent = sentBy(publisher.handle(publish, 0));
    for (let turn = 0; turn < 5; turn += 1) {
      const [request] = sent;
      if (request === undefined) break;
      const actions = publisher.handle(answer(at, request), 0);
      sent = sentBy(actions);
      if (sent.length > 0) continue;
      expect(actions).toMatchObject([{ type: 'publication', state: 'failed', status: 401 }]);
      expect(turn).toBe(authenticator === undefined ? 0 : 1);
      return;
    }
    throw new Error('it never ended');
  });

  test('does not go on for ever with a server that calls every nonce stale', () => {
    const at = server();
    const publisher = new Publisher({ random, authenticator: client() });
    let sent = sentBy(publisher.handle(publish, 0));
    for (let turn = 1; ; turn += 1) {
      const [request] = sent;
      if (request === undefined) throw new Error('nothing sent');
      const { status, headers } = at.challenge(0, true);
      const actions = publisher.handle(
        { type: 'response', id: request.id, response: createResponse(request.request, status, { headers }) },
        0,
      );
      sent = sentBy(actions);
      if (sent.length > 0) continue;
      expect(actions).toMatchObject([{ state: 'failed', status: 401 }]);
      expect(turn).toBeLessThan(6);
      return;
    }
  });
});

describe('a subscriber that is challenged', () => {
  const asked = {
    type: 'subscribe',
    subscription: 'mine',
    uri: 'sip:bob@example.com',
    from: 'sip:alice@example.com',
    event: 'note',
  } as const;

  test('subscribes with credentials in the same attempt (@req rfc3856:9.2:2, @req rfc3856:9.4:4)', () => {
    const at = server();
    const subscriber = new Subscriber({
      random,
      dialogs: new Dialogs(),
      packages: [notePackage],
      contact: () => '<sip:alice@192.0.2.1>',
      authenticator: client(),
    });
    const [first] = sentBy(subscriber.handle(asked, 0));
    if (first === undefined) throw new Error('nothing sent');
    const [second] = sentBy(subscriber.handle(answer(at, first), 0));
    if (second === undefined) throw new Error('not sent again');
    expect([sequence(first), sequence(second)]).toEqual([1, 2]);
    for (const name of ['Call-ID', 'From', 'Event', 'Expires', 'Contact']) {
      expect(second.request.raw(name)).toEqual(first.request.raw(name));
    }
    const told: readonly SubscriberAction[] = subscriber.handle(answer(at, second, ['Expires: 600']), 0);
    expect(told).toEqual([]);
  });
});
