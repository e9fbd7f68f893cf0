import { describe, expect, test } from 'vitest';
import { NotifierWorld } from '../notifier-world.ts';
import { text } from '../world.ts';

describe('RFC 6665 §4.2.1.1 initial SUBSCRIBE', () => {
  test('is answered 200 with Expires, then a NOTIFY goes out at once in the same dialog (@req rfc6665:3.1.1:3 rfc6665:4.2.1.2:1 rfc6665:4.2.2:1 rfc6665:8.3:1 rfc6665:8.3:2)', () => {
    const { world, watcher } = setUp();
    watcher.subscribe(['Event: note', 'Expires: 600']);
    const response = watcher.phone.response();
    const notify = watcher.phone.next();
    expect(response.status).toBe(200);
    expect(response.raw('Expires')).toEqual(['600']);
    expect(notify.method).toBe('NOTIFY');
    expect(notify.uri).toBe('sip:bob@192.0.2.77:5060');
    expect(notify.raw('Call-ID')).toEqual(['call-bob']);
    expect(notify.raw('To')).toEqual(['<sip:bob@example.com>;tag=bob']);
    expect(notify.raw('From')).toEqual(response.raw('To'));
    expect(text(notify)).toBe('here');
    // both left at the same moment, the response first
    expect(world.wire.map((sent) => sent.message.type)).toEqual(['request', 'response', 'request']);
    expect(world.wire.every((sent) => sent.at === world.now)).toBe(true);
  });

  test('has Event and Subscription-State with the time left in its NOTIFY (@req rfc6665:3.2.1:1 rfc6665:3.2.1:2 rfc6665:4.2.2:5 rfc6665:4.2.2:6 rfc6665:4.1.3:3)', () => {
    const { world, watcher, publish } = setUp();
    watcher.watch(['Event: note', 'Expires: 600']);
    world.advance(100.5);
    publish('later');
    const notify = watcher.phone.next();
    expect(notify.raw('Event')).toEqual(['note']);
    // rounded down, so that nothing is lengthened
    expect(notify.raw('Subscription-State')).toEqual(['active;expires=499']);
  });

  test('without Expires lasts as long as the package says (@req rfc6665:3.1.1:2 rfc6665:5.4.4:2)', () => {
    const { watcher } = setUp();
    watcher.subscribe();
    expect(watcher.phone.response().raw('Expires')).toEqual(['3600']);
  });

  test.each([
    [7201, 7200],
    [4_294_967_295, 7200],
    [7200, 7200],
    [61, 61],
  ])(
    'that asks for %i seconds gets %i: shortened, never lengthened (§3.1.1, @req rfc6665:3.1.1:4)',
    (asked, granted) => {
      const { watcher } = setUp();
      watcher.subscribe(['Event: note', `Expires: ${asked}`]);
      expect(watcher.phone.response().raw('Expires')).toEqual([String(granted)]);
      expect(watcher.phone.next().raw('Subscription-State')).toEqual([`active;expires=${granted}`]);
    },
  );

  test('for an unknown event package is answered 489 with all that are known (@req rfc6665:4.2.1.1:3 rfc6665:4.4.4:1)', () => {
    const { watcher } = setUp();
    watcher.subscribe(['Event: Note']);
    const response = watcher.phone.response();
    expect(response.status).toBe(489);
    expect(response.reason).toBe('Bad Event');
    expect(response.raw('Allow-Events')).toEqual(['note']);
    expect(watcher.phone.waiting).toBe(0);
  });

  test('without Event is answered 489 (§4.2.3, @req rfc6665:4.2.3:2)', () => {
    const { watcher } = setUp();
    watcher.subscribe(['Expires: 600']);
    expect(watcher.phone.response().status).toBe(489);
  });

  test('with two Event header fields is answered 400 (§8.2.1, @req rfc6665:8.2.1:2)', () => {
    const { watcher } = setUp();
    watcher.subscribe(['Event: note', 'Event: note']);
    expect(watcher.phone.response().status).toBe(400);
    expect(watcher.phone.waiting).toBe(0);
  });

  test('that is too brief is answered 423 with Min-Expires (@req rfc6665:4.2.1.1:6)', () => {
    const { watcher } = setUp();
    watcher.subscribe(['Event: note', 'Expires: 59']);
    const response = watcher.phone.response();
    expect(response.status).toBe(423);
    expect(response.reason).toBe('Interval Too Brief');
    expect(response.raw('Min-Expires')).toEqual(['60']);
    expect(watcher.phone.waiting).toBe(0);
  });

  test('that accepts no body type of the package is answered 406 (§4.1.2.1)', () => {
    const { watcher } = setUp();
    watcher.subscribe(['Event: note', 'Accept: application/pidf+xml, text/*;q=0']);
    expect(watcher.phone.response().status).toBe(406);
    expect(watcher.phone.waiting).toBe(0);
  });

  test.each([
    ['absent', [], 'text/plain', 'here'],
    ['listed', ['Accept: text/upper'], 'text/upper', 'HERE'],
    ['preferred by q', ['Accept: text/plain;q=0.3, text/upper;q=0.7'], 'text/upper', 'HERE'],
    ['a range', ['Accept: text/*'], 'text/plain', 'here'],
    ['anything', ['Accept: */*'], 'text/plain', 'here'],
    ['anything but the default', ['Accept: */*, text/plain;q=0'], 'text/upper', 'HERE'],
  ])(
    'is answered with a body that Accept allows: %s (@req rfc6665:3.2.1:3 rfc6665:3.1.3:2 rfc6665:5.4.5:3)',
    (_case, lines, type, body) => {
      const { watcher } = setUp();
      watcher.subscribe(['Event: note', ...lines]);
      const notify = watcher.phone.next();
      expect(notify.raw('Content-Type')).toEqual([type]);
      expect(text(notify)).toBe(body);
    },
  );

  test('for nobody of ours is answered 404', () => {
    const { watcher } = setUp();
    watcher.subscribe(['Event: note'], 'sip:alice@elsewhere.example');
    expect(watcher.phone.response().status).toBe(404);
  });

  test.each([
    ['none', ['Contact: none']],
    ['two', ['Contact: <sip:a@192.0.2.77>, <sip:b@192.0.2.77>']],
    ['a star', ['Contact: *']],
    ['malformed', ['Contact: <sip:>>']],
  ])('with a Contact that is no target is answered 400: %s', (_case, lines) => {
    const { watcher } = setUp();
    watcher.subscribe(['Event: note', ...lines]);
    expect(watcher.phone.response().status).toBe(400);
    expect(watcher.phone.waiting).toBe(0);
  });

  test.each([
    ['Event: note;;'],
    ['Event: note\r\nExpires: soon'],
    ['Event: note\r\nAccept: nothing'],
    ['Event: "note"'],
  ])('with a malformed header field is answered 400: %s', (lines) => {
    const { watcher } = setUp();
    watcher.subscribe(lines.split('\r\n'));
    expect(watcher.phone.response().status).toBe(400);
  });

  test('creates nothing unless it is accepted, and nothing but SUBSCRIBE creates a subscription (@req rfc6665:4.2.1:1)', () => {
    const { watcher, notifier, publish } = setUp();
    watcher.phone.request('NOTIFY sip:alice@example.com', [
      'From: <sip:bob@example.com>;tag=bob',
      'To: <sip:alice@example.com>',
      'Call-ID: c',
      'CSeq: 1 NOTIFY',
      'Event: note',
      'Subscription-State: active',
    ]);
    watcher.subscribe(['Event: unknown']);
    publish('changed');
    expect(notifier.size).toBe(0);
    expect(watcher.phone.waiting).toBe(0);
  });

  test('has Contact, the Record-Route of the request and Allow-Events in its 200, and no Event (§4.4.4, §8.2.1, @req rfc6665:4.4.4:2 rfc6665:8.2.1:3 rfc6665:8.2.3:1 rfc6665:4.5.1:1)', () => {
    const { watcher } = setUp();
    watcher.subscribe(['Event: note', 'Record-Route: <sip:p2.example;lr>, <sip:p1.example;lr>']);
    const response = watcher.phone.response();
    expect(response.raw('Contact')).toEqual(['<sip:192.0.2.1:5060;gr>']);
    expect(response.raw('Record-Route').join(', ')).toBe('<sip:p2.example;lr>, <sip:p1.example;lr>');
    expect(response.raw('Allow-Events')).toEqual(['note']);
    expect(response.has('Event')).toBe(false);
    expect(response.has('Subscription-State')).toBe(false);
  });

  test('has NOTIFYs that follow its route set, a GRUU of ours as target (@req rfc6665:4.5.1:1)', () => {
    const { world, watcher } = setUp();
    watcher.subscribe(['Event: note', 'Record-Route: <sip:192.0.2.77;lr>, <sip:p1.example;lr>']);
    const notify = watcher.phone.next();
    expect(notify.raw('Route').join(', ')).toBe('<sip:192.0.2.77;lr>, <sip:p1.example;lr>');
    expect(notify.raw('Contact')).toEqual(['<sip:192.0.2.1:5060;gr>']);
    expect(world.wire.at(-1)?.to).toBe('192.0.2.77');
  });
});

function setUp() {
  const made = new NotifierWorld();
  made.states.set('alice@example.com', 'here');
  const { world, notifier } = made;
  return { world, notifier, watcher: made.watcher('bob'), publish: (state: string) => made.publish(state) };
}
