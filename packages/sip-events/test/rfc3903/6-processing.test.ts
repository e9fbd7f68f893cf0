import { describe, expect, test } from 'vitest';
import { CompositorWorld } from '../compositor-world.ts';

describe('RFC 3903 §6 processing PUBLISH requests', () => {
  test('an initial publication is answered 200 with one SIP-ETag and the Expires chosen (@req rfc3903:6:8 rfc3903:6:23 rfc3903:6:24 rfc3903:6:11)', () => {
    const made = new CompositorWorld();
    const { status, etag, expires } = made.publish('here', ['Expires: 600']);
    expect(status).toBe(200);
    expect(etag).toMatch(/^[-\w.!%*+`'~]+$/);
    expect(expires).toBe('600');
    expect(made.state).toBe('here');
    expect(made.server.all('published').at(-1)).toMatchObject({
      event: 'note',
      resource: 'alice@example.com',
    });
  });

  test('without Expires, the default is taken (@req rfc3903:6:12)', () => {
    expect(new CompositorWorld().publish('here').expires).toBe('1800');
  });

  test('an interval longer than the maximum is shortened (@req rfc3903:6:13)', () => {
    expect(new CompositorWorld().publish('here', ['Expires: 4294967295']).expires).toBe('7200');
  });

  test('an interval above zero and below the minimum is answered 423 with Min-Expires (@req rfc3903:6:14 rfc3903:6:15)', () => {
    const made = new CompositorWorld();
    const { status, header } = made.publish('here', ['Expires: 59']);
    expect(status).toBe(423);
    expect(header('Min-Expires')).toBe('60');
    expect(made.state).toBe('');
    expect(made.publish('here', ['Expires: 60']).status).toBe(200);
  });

  test('step 1: a resource that is not ours is answered 404, whatever else is wrong (@req rfc3903:6:6)', () => {
    const made = new CompositorWorld();
    made.send(['Event: unknown', 'SIP-If-Match: x'], '', 'sip:alice@elsewhere.example');
    expect(made.outcome().status).toBe(404);
  });

  test.each([
    ['missing', []],
    ['unknown', ['Event: weather']],
    ['in other case', ['Event: Note']],
  ])(
    'step 2: an event package that is %s is answered 489 with Allow-Events (@req rfc3903:6:7)',
    (_case, lines) => {
      const made = new CompositorWorld();
      made.send([...lines, 'Content-Type: text/plain', 'SIP-If-Match: x'], 'here');
      const { status, header } = made.outcome();
      expect(status).toBe(489);
      expect(header('Allow-Events')).toBe('note');
      expect(made.state).toBe('');
    },
  );

  test.each([
    ['two values', ['SIP-If-Match: TAG, other']],
    ['two header fields', ['SIP-If-Match: TAG', 'SIP-If-Match: other']],
    ['no token', ['SIP-If-Match: "TAG"']],
  ])(
    'step 3: more or less than one entity-tag is answered 400, and changes nothing: %s (@req rfc3903:6:9)',
    (_case, lines) => {
      const made = new CompositorWorld();
      const { etag = '' } = made.publish('here');
      const filled = lines.map((line) => line.replace('TAG', etag));
      expect(made.publish('there', filled).status).toBe(400);
      expect(made.state).toBe('here');
      expect(made.publish('there', [`SIP-If-Match: ${etag}`]).status).toBe(200);
    },
  );

  test('step 3: an entity-tag that matches nothing is answered 412 (@req rfc3903:6:10)', () => {
    const made = new CompositorWorld();
    made.publish('here');
    const { status, etag } = made.publish('there', ['SIP-If-Match: unknown']);
    expect(status).toBe(412);
    expect(etag).toBeUndefined();
    expect(made.state).toBe('here');
  });

  test('step 3: an entity-tag of another resource matches nothing here (@req rfc3903:6:10)', () => {
    const made = new CompositorWorld();
    const { etag } = made.publish('here');
    made.send(
      ['Event: note', 'Content-Type: text/plain', `SIP-If-Match: ${etag}`],
      'x',
      'sip:bob@example.com',
    );
    expect(made.outcome().status).toBe(412);
  });

  test.each([
    ['of another type', ['Content-Type: application/pidf+xml'], 415],
    ['of no type', [], 415],
    ['with an encoding', ['Content-Type: text/plain', 'Content-Encoding: gzip'], 415],
  ])(
    'step 5: a body %s is answered 415 with what is understood (@req rfc3903:6:16)',
    (_case, lines, status) => {
      const made = new CompositorWorld();
      made.send(['Event: note', ...lines], 'here');
      const outcome = made.outcome();
      expect(outcome.status).toBe(status);
      expect(outcome.header('Accept') ?? outcome.header('Accept-Encoding')).toMatch(
        /^(text\/plain|identity)$/,
      );
      expect(made.state).toBe('');
    },
  );

  test('step 5: a malformed body is answered as the package says, and changes nothing (@req rfc3903:6:16 rfc3903:6:5)', () => {
    const made = new CompositorWorld();
    const { etag } = made.publish('here');
    expect(made.publish('bad one').status).toBe(400);
    expect(made.publish('bad two', [`SIP-If-Match: ${etag}`]).status).toBe(400);
    expect(made.state).toBe('here');
    expect(made.publish('', [`SIP-If-Match: ${etag}`]).status).toBe(200);
  });

  test('step 5: neither body nor entity-tag is answered 400 (@req rfc3903:6:17)', () => {
    expect(new CompositorWorld().publish('').status).toBe(400);
  });

  test('step 5: a body that is too large is answered 413', () => {
    const made = new CompositorWorld({ limits: { bodyBytes: 10 } });
    expect(made.publish('12345678901').status).toBe(413);
    expect(made.publish('1234567890').status).toBe(200);
  });

  test('a refresh extends the time and leaves the state; nobody is told of a change (@req rfc3903:6:18)', () => {
    const made = new CompositorWorld();
    const { etag } = made.publish('here', ['Expires: 60']);
    made.world.advance(59);
    const told = made.server.all('published').length;
    const refreshed = made.publish('', [`SIP-If-Match: ${etag}`, 'Expires: 60']);
    expect(refreshed.status).toBe(200);
    made.world.advance(59);
    expect(made.state).toBe('here');
    expect(made.server.all('published').length).toBe(told);
    made.world.advance(1);
    expect(made.state).toBe('');
  });

  test('a modification replaces the state, and is told (@req rfc3903:6:25)', () => {
    const made = new CompositorWorld();
    const { etag } = made.publish('here');
    expect(made.publish('there', [`SIP-If-Match: ${etag}`]).status).toBe(200);
    expect(made.state).toBe('there');
    expect(
      made.server
        .all('published')
        .at(-1)
        ?.publications.map((each) => each.document),
    ).toEqual(['there']);
  });

  test('Expires 0 removes the state at once (@req rfc3903:6:19)', () => {
    const made = new CompositorWorld();
    const { etag } = made.publish('here');
    const removed = made.publish('', [`SIP-If-Match: ${etag}`, 'Expires: 0']);
    expect(removed.status).toBe(200);
    expect(removed.expires).toBe('0');
    expect(made.state).toBe('');
    expect(made.server.all('published').at(-1)?.publications).toEqual([]);
    expect(made.publish('', [`SIP-If-Match: ${etag}`]).status).toBe(412);
    expect(made.publish('', [`SIP-If-Match: ${removed.etag}`]).status).toBe(412);
    expect(made.compositor.deadline).toBeUndefined();
  });

  test('Expires 0 stores nothing, even with a body and no entity-tag (@req rfc3903:6:20)', () => {
    const made = new CompositorWorld();
    const { status, etag } = made.publish('here', ['Expires: 0']);
    expect(status).toBe(200);
    expect(etag).toBeDefined();
    expect(made.state).toBe('');
    expect(made.server.all('save')).toEqual([]);
    expect(made.compositor.deadline).toBeUndefined();
  });

  test('a publication that is not refreshed expires to the millisecond, and that is told', () => {
    const made = new CompositorWorld();
    const { etag } = made.publish('here', ['Expires: 60']);
    made.world.advance(59.999);
    expect(made.state).toBe('here');
    made.world.advance(0.001);
    expect(made.state).toBe('');
    expect(made.server.all('published').at(-1)?.publications).toEqual([]);
    expect(made.server.all('forget')).toHaveLength(1);
    expect(made.publish('', [`SIP-If-Match: ${etag}`]).status).toBe(412);
  });

  test('each success has an entity-tag that was never there before (@req rfc3903:6:25 rfc3903:6:26)', () => {
    const made = new CompositorWorld();
    const seen = new Set<string>();
    let { etag = '' } = made.publish('0');
    for (let i = 1; i <= 100; i++) {
      expect(seen.has(etag)).toBe(false);
      seen.add(etag);
      const old = etag;
      const body = i % 3 === 0 ? '' : String(i);
      const next = made.publish(body, [`SIP-If-Match: ${old}`]);
      expect(next.status).toBe(200);
      etag = next.etag ?? '';
      expect(made.publish('x', [`SIP-If-Match: ${old}`]).status).toBe(412);
    }
  });

  test('several publications of one resource stand beside each other', () => {
    const made = new CompositorWorld();
    const desk = made.publish('desk');
    made.publish('phone');
    expect(made.state).toBe('desk+phone');
    made.publish('DESK', [`SIP-If-Match: ${desk.etag}`]);
    expect(made.state).toBe('DESK+phone');
  });

  test('Record-Route and Contact are ignored, and come back in no response (@req rfc3903:6:1 rfc3903:6:2 rfc3903:6:3 rfc3903:4:2)', () => {
    const made = new CompositorWorld();
    made.send(
      [
        'Event: note',
        'Content-Type: text/plain',
        'Record-Route: <sip:p.example;lr>',
        'Contact: <sip:x@192.0.2.99>',
      ],
      'here',
    );
    const { status, header } = made.outcome();
    expect(status).toBe(200);
    expect(header('Record-Route')).toBeUndefined();
    expect(header('Contact')).toBeUndefined();
    expect(made.world.wire.at(-1)?.to).toBe('192.0.2.77');
  });
});

describe('RFC 3903 §6 order and wholeness', () => {
  test('PUBLISHes for one resource are processed as they came, whatever the order of decisions (@req rfc3903:6:4)', () => {
    const made = new CompositorWorld({ policy: 'ask' });
    made.send(['Event: note', 'Content-Type: text/plain'], 'first');
    made.send(['Event: note', 'Content-Type: text/plain'], 'second');
    made.send(['Event: note', 'Content-Type: text/plain'], 'of bob', 'sip:bob@example.com');
    const [first, second, third] = made.server.all('authorize').map((asked) => asked.publication);
    made.input({ type: 'decision', publication: second ?? '', decision: 'allow' });
    expect(made.state).toBe('');
    made.input({ type: 'decision', publication: third ?? '', decision: 'allow' });
    expect(made.compositor.size).toBe(1);
    made.input({ type: 'decision', publication: first ?? '', decision: 'allow' });
    expect(made.state).toBe('first+second');
    expect(made.compositor.deadline).toBeGreaterThan(made.world.now);
  });

  test('who may not publish gets 403 (§14.1)', () => {
    const made = new CompositorWorld({ policy: 'ask' });
    made.send(['Event: note', 'Content-Type: text/plain'], 'here');
    const [asked] = made.server.all('authorize');
    expect(asked).toMatchObject({
      publisher: 'sip:alice@example.com',
      resource: 'alice@example.com',
      event: 'note',
    });
    made.input({ type: 'decision', publication: asked?.publication ?? '', decision: 'block' });
    expect(made.outcome().status).toBe(403);
    expect(made.state).toBe('');
  });

  test('a policy that stays silent is answered 504, and nothing is stored (@req rfc3903:6:22)', () => {
    const made = new CompositorWorld({ policy: 'ask' });
    made.send(['Event: note', 'Content-Type: text/plain'], 'here');
    made.world.advance(9.999);
    // RFC 4320 §4.1: a 100 that stops retransmissions may come before
    const finals = () => made.phone.inbox.filter((each) => each.type === 'response' && each.status >= 200);
    expect(finals()).toEqual([]);
    made.world.advance(0.001);
    expect(finals()).toMatchObject([{ status: 504 }]);
    expect(made.state).toBe('');
    const [asked] = made.server.all('authorize');
    made.input({ type: 'decision', publication: asked?.publication ?? '', decision: 'allow' });
    expect(made.state).toBe('');
  });

  test('a success is saved before it is answered (@req rfc3903:6:21 rfc3903:6:22)', () => {
    const made = new CompositorWorld();
    const { etag } = made.publish('here');
    made.publish('there', [`SIP-If-Match: ${etag}`]);
    expect(made.server.actions.map((action) => action.type)).toEqual([
      'save',
      'respond',
      'published',
      'save',
      'respond',
      'published',
    ]);
  });

  test('what could not be stored is taken back to what is (@req rfc3903:6:22)', () => {
    const made = new CompositorWorld();
    const { etag } = made.publish('here');
    const [saved] = made.server.all('save');
    made.publish('unsaved', [`SIP-If-Match: ${etag}`]);
    made.input({ type: 'restore', key: saved?.key ?? '', record: saved?.record });
    expect(made.state).toBe('here');
    expect(
      made.server
        .all('published')
        .at(-1)
        ?.publications.map((each) => each.document),
    ).toEqual(['here']);
    expect(made.publish('', [`SIP-If-Match: ${etag}`]).status).toBe(200);
    made.publish('new');
    const key = made.server.all('save').at(-1)?.key ?? '';
    made.input({ type: 'restore', key, record: undefined });
    expect(made.state).toBe('here');
  });
});

describe('limits (§9, §14.2)', () => {
  test('more publications of a resource than allowed are answered 503 with Retry-After', () => {
    const made = new CompositorWorld({ limits: { perResource: 2, retryAfterSeconds: 7 } });
    const { etag } = made.publish('one');
    made.publish('two');
    const { status, header } = made.publish('three');
    expect(status).toBe(503);
    expect(header('Retry-After')).toBe('7');
    expect(made.state).toBe('one+two');
    expect(made.publish('uno', [`SIP-If-Match: ${etag}`]).status).toBe(200);
  });

  test('more publications in all are answered 503', () => {
    const made = new CompositorWorld({ limits: { publications: 1 } });
    made.publish('one');
    made.send(['Event: note', 'Content-Type: text/plain'], 'x', 'sip:bob@example.com');
    expect(made.outcome().status).toBe(503);
  });

  test('more PUBLISHes that wait for a decision are answered 503', () => {
    const made = new CompositorWorld({ policy: 'ask', limits: { waiting: 1 } });
    made.send(['Event: note', 'Content-Type: text/plain'], 'one');
    expect(made.publish('two').status).toBe(503);
  });
});

describe('after a restart', () => {
  test('an acknowledged publication is there, under its entity-tag and with the time it had left', () => {
    const before = new CompositorWorld();
    const { etag } = before.publish('höre', ['Expires: 600']);
    const [saved] = before.server.all('save');
    const after = new CompositorWorld();
    after.world.advance(100);
    after.input({ type: 'restore', key: saved?.key ?? '', record: saved?.record });
    expect(after.state).toBe('höre');
    after.world.advance(499.999);
    expect(after.state).toBe('höre');
    const refreshed = after.publish('', [`SIP-If-Match: ${etag}`, 'Expires: 600']);
    expect(refreshed.status).toBe(200);
    expect(after.server.all('save').at(-1)?.key).toBe(saved?.key);
    after.world.advance(600);
    expect(after.state).toBe('');
  });

  test('one that expired meanwhile is removed, and that is told', () => {
    const before = new CompositorWorld();
    before.publish('here', ['Expires: 60']);
    const [saved] = before.server.all('save');
    const after = new CompositorWorld();
    after.world.advance(61);
    after.input({ type: 'restore', key: saved?.key ?? '', record: saved?.record });
    after.world.advance(0);
    expect(after.state).toBe('');
    expect(after.server.all('published').at(-1)?.publications).toEqual([]);
  });

  test.each([
    ['', 'no line of fields'],
    ['{"v":1}', 'no line of fields'],
    ['not json\n', 'not JSON'],
    ['[1]\n', 'not an object'],
    ['{"event":"note"}\n', 'field resource'],
    [
      '{"event":"note","resource":"r","entityTag":"t","mediaType":"m","receivedAt":0,"expiresAt":"soon"}\n',
      'field expiresAt',
    ],
  ])('a record that is none is an error that says so: %j', (record, message) => {
    const made = new CompositorWorld();
    const restore = () =>
      made.input({ type: 'restore', key: 'pub/x', record: new TextEncoder().encode(record) });
    expect(restore).toThrow(message);
    expect(restore).toThrow(expect.objectContaining({ name: 'EventsError', code: 'record' }));
  });

  test('a record of a package that is served no longer is forgotten', () => {
    const made = new CompositorWorld();
    const record = new TextEncoder().encode(
      '{"event":"old","resource":"r","entityTag":"t","mediaType":"m","receivedAt":0,"expiresAt":1}\n',
    );
    made.input({ type: 'restore', key: 'pub/x', record });
    expect(made.server.all('forget')).toEqual([{ type: 'forget', key: 'pub/x' }]);
  });
});
